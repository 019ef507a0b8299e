import { type Level, type OrderBook, orderBook } from '../../core/market/book.ts'
import type { Market } from '../../core/market/market.ts'
import { type Instant, instant, type TokenId } from '../../core/units/ids.ts'
import { notional, type Price, plus, type Shares, usd } from '../../core/units/money.ts'
import type { Archived } from '../../ports/archive.ts'
import { recordedMillionths, recordedPrice, recordedSize } from './amounts.ts'
import { timeIn } from './fields.ts'
import type { Loaded } from './in-order.ts'
import { type LastQuote, type MarketStory, marketStory, plainMarket, resolutionOf, winnerOf } from './market-story.ts'
import { type Place, RecordingError } from './recording-error.ts'
import { syntheticCondition, syntheticOutcomes, syntheticTransaction, syntheticWhale } from './synthetic.ts'
import { tableOf } from './table.ts'
import { type Tally, tally } from './tally.ts'

/** What the two tables of the shape begin with. */
export const UP_DOWN_TRADES = ['timestamp', 'trade_side', 'quantity', 'price', 'TargetTime', 'ExpirationTime']
export const UP_DOWN_BOOKS = [
  'Timestamp',
  'TargetTime',
  'Expiration',
  ...['UpBid', 'UpAsk', 'UpMid', 'UpSpread', 'UpBidLiquidity', 'UpAskLiquidity'],
  ...['DownBid', 'DownAsk', 'DownMid', 'DownSpread', 'DownBidLiquidity', 'DownAskLiquidity'],
]

/**
 * How much later than the books the trades are stamped: prices of trades agree best with the books of 5 to 6 seconds
 * before (mean distance from the middle 0.018, against 0.035 at the same second). A trade's stamp is when it was settled, a
 * book's when it was seen. Who hears of settled trades hears of them at the stamp, so nothing is moved unless asked for.
 */
export const TRADE_LAG_MS = 5_000

const NO_DOLLARS = usd('0')
const WHALE = syntheticWhale('up-down')
const NAMES = ['Up', 'Down'] as const

type Window = {
  readonly market: Market
  readonly story: MarketStory
  readonly closesAt: Instant
  lastQuote: LastQuote | undefined
}

/**
 * Reads one wallet's trades in markets of up or down, and those markets' books. A market is its window of time; there are
 * no ids and no transactions, so they are derived. Rows that are equal in every column are separate fills (they are here in
 * numbers that add up), so each row is a trade of its own.
 */
export async function readUpDown(
  files: { readonly trades: readonly string[]; readonly books: readonly string[] },
  tradeLagMs: number,
): Promise<Loaded> {
  const windows = new Map<string, Window>()
  const notes = tally()
  const events: Archived[] = []
  for (const file of files.books) {
    for await (const { at, cells } of tableOf(file, UP_DOWN_BOOKS)) takeBooks(windows, cells, at, events, notes)
  }
  let row = 0
  for (const file of files.trades) {
    for await (const { at, cells } of tableOf(file, UP_DOWN_TRADES)) {
      row += 1
      const trade = tradeOf(windows, cells, at, row, tradeLagMs, notes)
      if (trade !== undefined) events.push(trade)
    }
  }
  for (const window of windows.values()) {
    for (const told of window.story.told(window.market)) events.push(told)
    const winner = winnerOf(window.lastQuote, window.closesAt)
    if (winner === undefined) notes.add('markets whose last quotes do not say which side won: no resolution')
    else events.push(resolutionOf(window.market, winner, window.closesAt))
  }
  return { events, notes: [...assumptions(files, tradeLagMs), ...notes.words()] }
}

function assumptions(
  files: { readonly trades: readonly unknown[]; readonly books: readonly unknown[] },
  tradeLagMs: number,
): readonly string[] {
  return [
    'one level a side, with the size of all levels together: what is taken at the best price is overstated',
    'fee rate 0.07, tick 0.01 and least size 5 are assumed; a market resolves when it closes',
    tradeLagMs === 0
      ? `trades stand at their recorded stamps, about ${TRADE_LAG_MS / 1000} s behind the books`
      : `trades are moved ${tradeLagMs} ms before their recorded stamps`,
    ...(files.books.length === 0 ? ['there is no table of books'] : []),
    ...(files.trades.length === 0 ? ['there is no table of trades'] : []),
  ]
}

function takeBooks(
  windows: Map<string, Window>,
  cells: readonly string[],
  place: Place,
  events: Archived[],
  notes: Tally,
): void {
  const [stamp, target, expiration] = cells
  const at = timeIn(stamp, 'Timestamp', place)
  const window = windowOf(windows, target, expiration, place)
  const books = NAMES.map((_, index) => {
    const from = 3 + index * 6
    const token = window.market.outcomes[index === 0 ? 0 : 1].token
    const bid = levelOf(cells[from], cells[from + 4], notes)
    const ask = levelOf(cells[from + 1], cells[from + 5], notes)
    return bookOf(token, bid, ask, at, notes)
  })
  let liquidity = NO_DOLLARS
  for (const book of books) {
    events.push({ kind: 'book', at, book })
    for (const level of book.bids) liquidity = plus(liquidity, notional(level.size, level.price, 'down'))
  }
  window.story.rests(at, liquidity)
  if (window.lastQuote === undefined || window.lastQuote.at <= at)
    window.lastQuote = { at, bids: [books[0]?.bids[0]?.price, books[1]?.bids[0]?.price] }
}

/** A quote and what rests behind it; `undefined` where there is none, or none that can be used. */
function levelOf(quote: string | undefined, resting: string | undefined, notes: Tally): Level | undefined {
  if (recordedMillionths(quote) === 0n) {
    notes.add('quotes of 0.0, which mean that there was none: that side of the book is empty')
    return undefined
  }
  const price: Price | undefined = recordedPrice(quote)
  const size: Shares | undefined = recordedSize(resting)
  if (price === undefined) notes.add('quotes that are no price between 0 and 1: that side of the book is empty')
  else if (size === undefined) notes.add('quotes without a size: that side of the book is empty')
  return price === undefined || size === undefined ? undefined : { price, size }
}

function bookOf(token: TokenId, bid: Level | undefined, ask: Level | undefined, at: Instant, notes: Tally): OrderBook {
  const book = orderBook(token, bid === undefined ? [] : [bid], ask === undefined ? [] : [ask], at)
  if (!('fault' in book)) return book
  notes.add('books with the bid at or over the ask: both sides are empty, since either may be the wrong one')
  return { token, bids: [], asks: [], happenedAt: at }
}

function tradeOf(
  windows: Map<string, Window>,
  cells: readonly string[],
  place: Place,
  row: number,
  tradeLagMs: number,
  notes: Tally,
): Archived | undefined {
  const [stamp, side, quantity, paid, target, expiration] = cells
  const stamped = timeIn(stamp, 'timestamp', place)
  const { market, story } = windowOf(windows, target, expiration, place)
  const outcome = market.outcomes.find(({ name }) => name === side)
  if (outcome === undefined) throw new RecordingError('trade_side must be Up or Down', place)
  const price = recordedPrice(paid)
  const size = recordedSize(quantity)
  if (price === undefined) notes.add('trades without a price between 0 and 1: left out')
  else if (size === undefined) notes.add('trades without a size over 0: left out')
  if (price === undefined || size === undefined) return undefined
  const at = instant(Math.max(0, stamped - tradeLagMs))
  story.seen(at)
  return {
    kind: 'trade',
    at,
    trade: {
      transaction: syntheticTransaction(`up-down/${row}`),
      whale: WHALE,
      name: 'up-down whale',
      token: outcome.token,
      condition: market.condition,
      side: 'buy',
      price,
      size,
      title: market.title,
      outcome: outcome.name,
      happenedAt: at,
      source: 'archive',
    },
  }
}

function windowOf(
  windows: Map<string, Window>,
  target: string | undefined,
  expiration: string | undefined,
  place: Place,
): Window {
  const name = `${target} to ${expiration}`
  const before = windows.get(name)
  if (before !== undefined) return before
  const opensAt = timeIn(target, 'TargetTime', place)
  const closesAt = timeIn(expiration, 'the expiration', place)
  const condition = syntheticCondition(`up-down/${name}`)
  const market = plainMarket({
    condition,
    title: `Up or Down, ${name} UTC`,
    slug: `up-down-${opensAt / 1000}`,
    category: 'crypto',
    outcomes: syntheticOutcomes(condition, NAMES),
    closesAt,
  })
  const window: Window = { market, story: marketStory(), closesAt, lastQuote: undefined }
  window.story.seen(opensAt)
  windows.set(name, window)
  return window
}
