/** How long things take and may take, in milliseconds unless it says otherwise. Tests are in more of a hurry. */
export type Timings = {
  /** How long Telegram may keep a poll open when there is nothing to tell, in whole seconds; it takes 50 at most. */
  readonly pollSeconds: number
  /** How long beyond that an answer is waited for: then the connection is dead. With the backoff it stays under 40 s. */
  readonly graceMs: number
  /** Any other call. */
  readonly callMs: number
  /** The acknowledgement of a press: a thumb has given up after that. */
  readonly ackMs: number
  readonly backoffFirstMs: number
  readonly backoffMaxMs: number
  /** After another poll has ended ours. */
  readonly conflictMs: number
  /** So many of those within the window mean that another program goes on polling. */
  readonly conflictWindowMs: number
  /** How long a batch that is being kept is waited for before Telegram is asked again whether somebody said stop. */
  readonly keepMs: number
  /** Without a poll that succeeded for so long, the surface is down. */
  readonly downMs: number
  /** What was typed longer ago is late. */
  readonly lateMs: number
  /** How long a prompt waits for its answer. */
  readonly promptMs: number
  /** A chat that will not have us is asked again after so long. */
  readonly refusedMs: number
  /** How long what is under way may go on when the run ends. */
  readonly leaveMs: number
}

export const TIMINGS: Timings = {
  pollSeconds: 25,
  graceMs: 10_000,
  callMs: 10_000,
  ackMs: 2_000,
  backoffFirstMs: 500,
  backoffMaxMs: 4_000,
  conflictMs: 3_000,
  conflictWindowMs: 60_000,
  keepMs: 200,
  downMs: 60_000,
  lateMs: 12_000,
  promptMs: 60_000,
  refusedMs: 10 * 60_000,
  leaveMs: 2_000,
}
