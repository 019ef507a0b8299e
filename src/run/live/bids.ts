import type { Bids } from '../../chat/desk.ts'
import { EXIT_SLIP } from '../../core/engine/candidate.ts'
import { averagePrice, bestBid, walk } from '../../core/market/book.ts'
import type { TokenId } from '../../core/units/ids.ts'
import { greatest, minus, type Shares, ZERO } from '../../core/units/money.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketData } from '../../ports/feeds.ts'
import { withDeadline } from '../deadline.ts'

/** Somebody waits for it with a finger over the button. */
const BOOK_MS = 2_000

/** What the book would give for so many shares now, as far down as an exit sells; `undefined` where it cannot be had in time. */
export async function bidsFor(
  options: { readonly clock: Clock; readonly data: Pick<MarketData, 'book'>; readonly signal: AbortSignal },
  token: TokenId,
  size: Shares,
): Promise<Bids | undefined> {
  try {
    const book = await withDeadline(options.clock, BOOK_MS, options.signal, until => options.data.book(token, until))
    const best = book === undefined ? undefined : bestBid(book)
    if (book === undefined || best === undefined) return undefined
    const met = walk(book, 'sell', size, greatest(minus(best, EXIT_SLIP), ZERO))
    return { best, average: averagePrice(met, 'sell'), met: met.size, proceeds: met.notional }
  } catch {
    // The closing itself asks a price again, and says what was in the way.
    return undefined
  }
}
