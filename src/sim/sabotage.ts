import type { StateView } from '../core/engine/state.ts'
import { price, shares, usd } from '../core/units/money.ts'
import type { Journal } from '../ports/journal.ts'
import type { Dispatcher } from '../run/dispatch.ts'

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
  /** The no of a person does not reach the engine. */
  'lose a no',
  /** One person on two surfaces is taken for two. */
  'count accounts and not people',
  /** What people approved becomes more before the order is planned. */
  'let what was approved grow',
] as const

export type Sabotage = 'none' | (typeof SABOTAGES)[number]

/** The sabotage of an approval: what was said yes to is no longer what is held against the order. */
export function letBoundsGrow({ signals }: StateView): void {
  for (const [id, signal] of signals) {
    const { stage } = signal
    if (stage.kind !== 'quoting' || stage.bound === undefined) continue
    const bound = { ...stage.bound, limit: price('0.99'), size: shares('100000'), dollars: usd('100000') }
    ;(signals as Map<unknown, unknown>).set(id, { ...signal, stage: { ...stage, bound } })
  }
}

/** The sabotage of a journal: what is to be done is done before it is on record. */
export function actFirst(journal: Journal, dispatcher: Dispatcher): Journal {
  return {
    ...journal,
    append: async entries => {
      for (const entry of entries) dispatcher.start(entry.effects)
      await journal.append(entries)
    },
  }
}
