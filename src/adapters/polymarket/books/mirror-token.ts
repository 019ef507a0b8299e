import { LEVELS_MAX, type Level, type OrderBook, orderBook } from '../../../core/market/book.ts'
import type { Side } from '../../../core/market/market.ts'
import { type Instant, instant, type TokenId } from '../../../core/units/ids.ts'
import type { Price, Shares } from '../../../core/units/money.ts'
import { type Fault, isFault } from '../wire.ts'
import type { ReadLevels } from '../wire-clob.ts'
import { matchedAt, type PastChange } from './mirror-match.ts'
import { mirrorSide } from './mirror-side.ts'
import type { MarketFrame, Touch } from './wire-market.ts'

/** A book by HTTP that the mirror was in no state to match, kept until the socket has had time to catch up with it. */
type Difference = { readonly told: OrderBook; readonly askedAt: Instant; readonly until: Instant }

/**
 * What a look came to. `differs` is undecided: the socket may still be on its way, or a second look is needed. `wrong` is decided:
 * two looks showed levels that the socket never told.
 */
export type Look = 'agrees' | 'differs' | 'wrong'

/** The book of one token as one connection told it. */
export type TokenMirror = {
  readonly token: TokenId
  /** A fault where the frame cannot be true of this book; the mirror is empty then, and waits for a new `book`. */
  readonly hear: (frame: MarketFrame, now: Instant) => Fault | undefined
  /** Compares with a book that was asked for at `askedAt`. */
  readonly look: (told: OrderBook, askedAt: Instant, now: Instant) => Look
  /** Looks again at what differed. */
  readonly settle: (now: Instant) => Look
  /** Takes over what another connection's mirror has proven, where both show the same book now. */
  readonly inherit: (other: TokenMirror, now: Instant) => void
  /** What was proven before now counts no more: something was told that could not be read, or contradicts the book. */
  readonly doubt: (now: Instant) => void
  readonly drop: () => void
  /** The book as of now; `undefined` while it is waited for, or where it is none. */
  readonly book: (now: Instant) => OrderBook | undefined
  /** Until when the mirror is known to have been right, on our own clock; `undefined` where nothing has been proven. */
  readonly agreedAt: () => Instant | undefined
  readonly hasBook: () => boolean
  readonly wantsLook: () => boolean
}

/** How long the socket may be behind HTTP before a difference counts; its trades were measured in 2026-09 to come within 0.1 s. */
const SETTLE_MS = 2_000
/**
 * An answer that shows a state which ended this long before the question is no late answer any more: the book may have gone back to
 * that state without our hearing of it.
 */
const LATE_MAX_MS = 5_000
/**
 * Changes that are remembered, so that an answer can be found among the states that the book was in while the question was on its
 * way. At 150 levels a second, a busy market, the half that is always kept is more than 3 s.
 */
const CHANGES_KEPT_MAX = 1_000

/**
 * ```
 * waiting ─ book ─▶ unproven ─ a look agrees ─▶ proven
 *    ▲                 │   ▲                       │
 *    │                 │   └── a look differs, ────┤
 *    │                 │       or a doubt          │
 *    └── dropped ◀─────┴───────────────────────────┘   a new tick, crossed, unreadable, or wrong in two looks
 * ```
 *
 * The rule of comparing. A book by HTTP shows the exchange at some moment that is not known: what advances its stamp is not
 * documented, clocks differ, and many changes share a millisecond. So stamps are not compared. Instead the answer must equal, in
 * every level that a decision could see, *some* state that the mirror was in: the present one, or one before, each change undone in
 * turn. The mirror was right until that state ended, or until the question was asked if that came first, and this is `agreedAt`: an
 * answer that the socket overtook on its way proves as much as it can, and no more. Where no state matches, the answer may be ahead
 * of the socket; it is compared again until `SETTLE_MS` later, and then a second question decides. A frame that was lost
 * makes every later state wrong, so no wait lets a wrong mirror match, unless the exchange itself overwrites the level, and then the
 * mirror is right again. What this cannot see is an answer that is itself old and shows just what a frozen socket told last.
 */
export function tokenMirror(token: TokenId): TokenMirror {
  const sides = { buy: mirrorSide('buy'), sell: mirrorSide('sell') }
  let hasBook = false
  let agreedAt: Instant | undefined
  let doubtedAt: Instant | undefined
  let touch: (Touch & { readonly heardAt: Instant }) | undefined
  let changes: PastChange[] = []
  let difference: Difference | undefined
  let isSecond = false
  let bookStamp = 0
  let changeStamp = 0

  const drop = (): void => {
    hasBook = false
    agreedAt = undefined
    doubtedAt = undefined
    touch = undefined
    changes = []
    difference = undefined
    isSecond = false
    bookStamp = 0
    changeStamp = 0
    sides.buy.replace([])
    sides.sell.replace([])
  }

  const doubt = (now: Instant): void => {
    doubtedAt = now
    agreedAt = undefined
  }

  const remember = (side: Side, price: Price, before: Shares, heardAt: Instant): void => {
    changes.push({ side, price, before, heardAt })
    if (changes.length > CHANGES_KEPT_MAX) changes = changes.slice(-CHANGES_KEPT_MAX / 2)
  }

  const put = (side: Side, { price, size }: Level, now: Instant): void => {
    const before = sides[side].put(price, size)
    if (before !== size) remember(side, price, before, now)
  }

  /** Level by level, so that an answer that was on its way before the new book came can still be found. */
  const replace = (side: Side, next: readonly Level[], now: Instant): void => {
    if (hasBook) {
      const prices = new Set(next.map(level => level.price))
      for (const { price, size } of sides[side].levels()) if (!prices.has(price)) remember(side, price, size, now)
      for (const { price, size } of next) {
        const before = sides[side].sizeAt(price)
        if (before !== size) remember(side, price, before, now)
      }
    }
    sides[side].replace(next)
  }

  const hearBook = (levels: ReadLevels, now: Instant): Fault | undefined => {
    const read = orderBook(token, levels.bids, levels.asks, now)
    if (isFault(read)) return read
    if (hasBook && levels.happenedAt < changeStamp) {
      // Older than what was changed since: taking it would take the changes back.
      doubt(now)
      return undefined
    }
    replace('buy', levels.bids, now)
    replace('sell', levels.asks, now)
    hasBook = true
    touch = undefined
    bookStamp = levels.happenedAt
    changeStamp = levels.happenedAt
    return undefined
  }

  const hearChange = (frame: Extract<MarketFrame, { kind: 'change' }>, now: Instant): Fault | undefined => {
    if (!hasBook || frame.happenedAt < bookStamp) return undefined
    // Two changes that came the wrong way round may be of one level, and only a look can tell which was last.
    if (frame.happenedAt < changeStamp) doubt(now)
    else changeStamp = frame.happenedAt
    for (const change of frame.changes) put(change.side, change, now)
    touch = frame.touch && { ...frame.touch, heardAt: now }
    const [bid, ask] = [sides.buy.best(), sides.sell.best()]
    return bid !== undefined && ask !== undefined && bid >= ask ? { fault: 'the book is crossed' } : undefined
  }

  const hear = (frame: MarketFrame, now: Instant): Fault | undefined => {
    switch (frame.kind) {
      case 'book':
        return hearBook(frame.levels, now)
      case 'change':
        return hearChange(frame, now)
      case 'touch':
        if (hasBook) touch = { ...frame.touch, heardAt: now }
        return undefined
      case 'tick':
        return { fault: 'the tick has changed' }
      case 'garbage':
        return { fault: `a frame cannot be read: ${frame.fault}` }
      default:
        return undefined
    }
  }

  /** Whether the best prices are those that the exchange told last beside them. */
  const isAsTold = (): boolean =>
    touch === undefined || (touch.bid === sides.buy.best() && touch.ask === sides.sell.best())

  const proven = (told: OrderBook, askedAt: Instant): boolean => {
    const at = matchedAt(sides, changes, told, askedAt)
    if (at === undefined || at < askedAt - LATE_MAX_MS || (doubtedAt !== undefined && at <= doubtedAt)) return false
    agreedAt = instant(Math.max(at, agreedAt ?? 0))
    if (touch !== undefined && at > touch.heardAt) touch = undefined
    difference = undefined
    isSecond = false
    return true
  }

  const settle = (now: Instant): Look => {
    if (difference === undefined) return 'agrees'
    if (proven(difference.told, difference.askedAt)) return 'agrees'
    if (now < difference.until) return 'differs'
    difference = undefined
    const isWrong = isSecond
    isSecond = !isWrong
    return isWrong ? 'wrong' : 'differs'
  }

  const book = (now: Instant): OrderBook | undefined => {
    if (!hasBook) return undefined
    const read = orderBook(token, sides.buy.top(LEVELS_MAX), sides.sell.top(LEVELS_MAX), now)
    return isFault(read) ? undefined : read
  }

  return {
    token,
    hear: (frame, now) => {
      const fault = hear(frame, now)
      if (fault !== undefined) drop()
      return fault
    },
    look: (told, askedAt, now) => {
      if (!hasBook) return 'differs'
      if (proven(told, askedAt)) return 'agrees'
      agreedAt = undefined
      // The one that is being waited for decides first.
      difference ??= { told, askedAt, until: instant(now + SETTLE_MS) }
      return 'differs'
    },
    settle,
    inherit: (other, now) => {
      const [shown, at] = [other.book(now), other.agreedAt()]
      if (hasBook && shown !== undefined && at !== undefined && proven(shown, now))
        agreedAt = instant(Math.min(at, agreedAt ?? at))
    },
    doubt,
    drop,
    book,
    agreedAt: () => (hasBook && isAsTold() ? agreedAt : undefined),
    hasBook: () => hasBook,
    wantsLook: () => hasBook && difference === undefined && (agreedAt === undefined || !isAsTold()),
  }
}
