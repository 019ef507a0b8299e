import type { Candidate, Candidates } from '../../chat/desk.ts'
import { UserError } from '../../chat/user-error.ts'
import type { StateView } from '../../core/engine/state.ts'
import { InvariantError } from '../../core/units/brand.ts'
import type { WhaleAddress } from '../../core/units/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { WhaleHistory } from '../../ports/feeds.ts'
import { withDeadline } from '../deadline.ts'

type Parts = {
  readonly clock: Clock
  readonly state: StateView
  readonly history: WhaleHistory
  readonly signal: AbortSignal
}

/** Wallets that are looked at: each costs several questions, and nobody reads further. */
const LOOKED_AT_MAX = 12
/** Asked of each ranking, so that enough are left when those that are followed are out. */
const RANKED_MAX = 50
/** Somebody waits for the whole of it with a phone in the hand, and no wallet may take it all. */
const SEARCH_MS = 25_000
const LOOK_MS = 8_000

/**
 * Leaders of the month and the week, by profit, that are not followed, each with its record; one by one, so that a search is never
 * a burst of questions. What the time allows is given. Throws a `UserError` where no ranking can be had.
 */
export async function findCandidates(parts: Parts, category: string | undefined): Promise<Candidates> {
  const { clock, state, signal } = parts
  return withDeadline(clock, SEARCH_MS, signal, async until => {
    const ranked = await leaders(parts, category, until)
    const strangers = ranked.filter(whale => !state.whales.has(whale))
    const found: Candidate[] = []
    let failed = 0
    for (const whale of strangers.slice(0, LOOKED_AT_MAX)) {
      if (until.aborted) break
      const one = await candidate(parts, whale, until)
      if (one !== undefined) found.push(one)
      else if (!until.aborted) failed += 1
    }
    const followed = ranked.length - strangers.length
    return { found, ranked: ranked.length, followed, failed, isCut: until.aborted }
  })
}

/** Both rankings in turns, each wallet once. One of them is enough. */
async function leaders(
  { history }: Parts,
  category: string | undefined,
  until: AbortSignal,
): Promise<readonly WhaleAddress[]> {
  const answers = await Promise.allSettled(
    (['month', 'week'] as const).map(period => {
      const ranking = { period, most: RANKED_MAX }
      return history.leaders(category === undefined ? ranking : { ...ranking, category }, until)
    }),
  )
  const lists = answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value.slice(0, RANKED_MAX)] : []))
  const [failure] = answers.flatMap(answer => (answer.status === 'rejected' ? [answer.reason] : []))
  if (lists.length === 0) {
    const why = failure instanceof Error ? failure.message : String(failure)
    const advice = category === undefined ? 'Try again in a moment' : `Try again in a moment, or without "${category}"`
    throw new UserError(`The rankings could not be had: ${why}. ${advice}.`)
  }
  const turns = Array.from({ length: RANKED_MAX }, (_, rank) => lists.flatMap(list => list.slice(rank, rank + 1)))
  return [...new Set(turns.flat())]
}

/** `undefined` where its record cannot be read now. */
async function candidate(
  { clock, history }: Parts,
  whale: WhaleAddress,
  until: AbortSignal,
): Promise<Candidate | undefined> {
  try {
    return await withDeadline(clock, LOOK_MS, until, async each => {
      // A name is worth having, and not worth losing a record for.
      const profile = history.profile(whale, each).catch(() => undefined)
      const record = await history.record(whale, clock.now(), each)
      return { whale, name: (await profile)?.name ?? '', record }
    })
  } catch (error) {
    if (error instanceof InvariantError) throw error
    return undefined
  }
}
