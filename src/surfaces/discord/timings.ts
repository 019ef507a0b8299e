/** How long Discord's surface waits for what, in milliseconds. Tests wait less. */
export type Timings = {
  /** For the first answer to an interaction. Discord gives three seconds from the press on, and the press had a way to come. */
  readonly acknowledgeMs: number
  /** For any other answer of Discord. */
  readonly requestMs: number
  /** Without a heartbeat acknowledged, or without being ready, a connection is given up: two heartbeats of 41 s, and some. */
  readonly watchdogMs: number
  /** How often that is looked at. */
  readonly lookMs: number
  /** A gateway asks its clients to come again every few hours; it is down when it has been away for so long. */
  readonly downMs: number
  /** Between one login that failed and the next, doubling each time. */
  readonly loginFirstMs: number
  readonly loginMaxMs: number
  /** Between one IDENTIFY and the next at least, as Discord asks; far more where there were many. */
  readonly identifyMs: number
  /** Between one try to register the commands and the next, doubling each time. */
  readonly registerFirstMs: number
  readonly registerMaxMs: number
  /** After a change of channels or permissions, for all that belongs to it to arrive. */
  readonly selfTestMs: number
  /** A channel that would not take a message is not asked again for so long: 403s count towards a ban of the address. */
  readonly badChannelMs: number
  /** The same trouble is noted once in so long. */
  readonly noteMs: number
  /** How long the goodbye of a socket is waited for, and answers that are on their way at the end. */
  readonly closeMs: number
}

export const TIMINGS: Timings = {
  acknowledgeMs: 2_000,
  requestMs: 8_000,
  watchdogMs: 120_000,
  lookMs: 5_000,
  downMs: 15_000,
  loginFirstMs: 1_000,
  loginMaxMs: 60_000,
  identifyMs: 5_000,
  registerFirstMs: 5_000,
  registerMaxMs: 3_600_000,
  selfTestMs: 500,
  badChannelMs: 60_000,
  noteMs: 60_000,
  closeMs: 1_500,
}

/** The wait after so many failures in a row, between half and all of it by chance, so that not everybody comes back at once. */
export function backoffMs(
  failures: number,
  { firstMs, maxMs }: { readonly firstMs: number; readonly maxMs: number },
  chance: () => number,
): number {
  return Math.min(maxMs, firstMs * 2 ** Math.max(0, failures - 1)) * (0.5 + chance() / 2)
}
