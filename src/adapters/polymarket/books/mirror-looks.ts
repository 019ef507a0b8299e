import type { OrderBook } from '../../../core/market/book.ts'
import { type Instant, instant, type TokenId } from '../../../core/units/ids.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Note } from '../client.ts'
import type { PolymarketData } from '../feeds.ts'
import { type Fault, isFault } from '../wire.ts'
import type { MarketGroup } from './market-socket-group.ts'

export type LookWaits = {
  /** Between two looks at a token whose mirror is proven. */
  readonly lookEveryMs: number
  /** Between two looks at one that is not, and after questions that were not answered. */
  readonly lookAgainMs: number
  /** How long a subscription may be without a book before it is asked whether there is one. */
  readonly bookWithinMs: number
}

/** The comparing of mirrors with HTTP. */
export type Looks = {
  /** Compares with a book that somebody asked for anyway. */
  readonly compare: (token: TokenId, told: OrderBook, askedAt: Instant) => void
  /** Decides what waits to be decided, and starts the next question where one is due. */
  readonly tick: (now: Instant, signal: AbortSignal) => void
  readonly disagreements: () => number
  readonly forget: (token: TokenId) => void
}

export type LookParts = {
  readonly clock: Clock
  readonly rest: PolymarketData
  readonly note: Note
  readonly groupOf: (token: TokenId) => MarketGroup | undefined
  readonly tokens: () => Iterable<TokenId>
  /** The exchange has no book for this token. */
  readonly absent: (token: TokenId) => void
}

/** Books in one question: an answer of some 1 MB. With one question under way at a time it stays far under the 500 in 10 s. */
const BATCH_MAX = 100

export function mirrorLooks(parts: LookParts, waits: LookWaits): Looks {
  const { clock, rest, note, groupOf } = parts
  const lookedAt = new Map<TokenId, Instant>()
  let isAsking = false
  let pausedUntil = clock.now()
  let disagreements = 0

  const isWrong = (token: TokenId, group: MarketGroup, now: Instant): void => {
    disagreements += 1
    note({ kind: 'bookDisagrees', token, disagreements })
    group.distrust(token, now)
  }

  const compare = (token: TokenId, told: OrderBook, askedAt: Instant): void => {
    const group = groupOf(token)
    const mirror = group?.mirror(token)
    if (group === undefined || mirror === undefined || !mirror.hasBook()) return
    mirror.look(told, askedAt, clock.now())
  }

  const isDue = (token: TokenId, now: Instant): boolean => {
    const mirror = groupOf(token)?.mirror(token)
    if (mirror === undefined) return false
    // What is seen for the first time may be looked at as soon as it has a book.
    const at = lookedAt.get(token) ?? now - waits.lookAgainMs
    if (!lookedAt.has(token)) lookedAt.set(token, instant(at))
    if (!mirror.hasBook()) return now - at >= waits.bookWithinMs
    return now - at >= (mirror.wantsLook() ? waits.lookAgainMs : waits.lookEveryMs)
  }

  const take = (token: TokenId, told: OrderBook | Fault | undefined, askedAt: Instant): void => {
    const group = groupOf(token)
    const mirror = group?.mirror(token)
    if (group === undefined || mirror === undefined) return
    if (told === undefined || isFault(told)) {
      if (mirror.hasBook()) mirror.doubt(clock.now())
      else if (told === undefined) parts.absent(token)
    } else if (mirror.hasBook()) compare(token, told, askedAt)
    else group.distrust(token, clock.now())
  }

  const ask = async (tokens: readonly TokenId[], signal: AbortSignal): Promise<void> => {
    const askedAt = clock.now()
    try {
      const books = await rest.books(tokens, signal)
      if (!signal.aborted) for (const token of tokens) take(token, books.get(token), askedAt)
    } catch (error) {
      pausedUntil = instant(clock.now() + waits.lookAgainMs)
      if (!signal.aborted)
        note({ kind: 'booksUnanswered', why: error instanceof Error ? error.message : String(error) })
    } finally {
      isAsking = false
    }
  }

  return {
    compare,
    disagreements: () => disagreements,
    forget: token => void lookedAt.delete(token),
    tick: (now, signal) => {
      const due: TokenId[] = []
      for (const token of parts.tokens()) {
        const group = groupOf(token)
        if (group?.mirror(token)?.settle(now) === 'wrong') isWrong(token, group, now)
        if (due.length < BATCH_MAX && isDue(token, now)) due.push(token)
      }
      if (isAsking || due.length === 0 || now < pausedUntil) return
      isAsking = true
      for (const token of due) lookedAt.set(token, now)
      void ask(due, signal)
    },
  }
}
