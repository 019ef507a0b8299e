/**
 * Rules of the run that can be broken on purpose, to see that the auditor notices: an auditor that never complains proves nothing.
 * Each is broken around the engine, which itself has no such switch. Only tests ask for any but `none`.
 */
export const SABOTAGES = [
  /** The memory of repeated trades is lost before every round. */
  'forget what was seen',
  /** Effects start before the entry that holds their fact is durable. */
  'act before recording',
  /** Every order goes out twice, the second under another identity, as a retry of a naive client would. */
  'send again under another identity',
  /** Whatever halts trading is not looked at when an order leaves. */
  'skip the last gate',
  /** A lost answer is taken for a rejection. */
  'take unknown for failed',
] as const

export type Sabotage = 'none' | (typeof SABOTAGES)[number]
