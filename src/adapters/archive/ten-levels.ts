import { type Level, type OrderBook, orderBook } from '../../core/market/book.ts'
import { type ConditionId, conditionId, type Instant, type TokenId } from '../../core/units/ids.ts'
import { notional, plus, type Usd, usd } from '../../core/units/money.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import type { Archived } from '../../ports/archive.ts'
import { recordedPrice, recordedSize } from './amounts.ts'
import { closingOfSlug } from './closing.ts'
import { asInstant, asToken, type Fields, fieldsIn, known, sideIn, textIn, timeIn } from './fields.ts'
import type { Loaded } from './in-order.ts'
import { linesOf } from './lines.ts'
import { type MarketStory, marketStory, plainMarket, resolutionOf, winnerOf } from './market-story.ts'
import { type Place, RecordingError } from './recording-error.ts'
import { syntheticCondition, syntheticToken, syntheticTransaction, syntheticWhale } from './synthetic.ts'
import { type Tally, tally } from './tally.ts'

/** Lines one such file may have: what still fits in memory as books. */
const LINES_MAX = 250_000
const WHALE = syntheticWhale('tape')
const NAMES = ['Up', 'Down'] as const

type Taped = {
  readonly slug: string
  condition: ConditionId | undefined
  readonly tokens: Map<string, TokenId>
  readonly lastBooks: Map<string, OrderBook>
  readonly story: MarketStory
  readonly closesAt: Instant | undefined
  readonly trades: { readonly at: Instant; readonly trade: Omit<WhaleTrade, 'condition' | 'title'> }[]
}

/**
 * Reads samples of the ten best levels of short markets and the tape of all their trades. The tape names no wallet, so one
 * stands for everybody; it is taken in when it was received, and happened when the exchange says.
 */
export async function readTenLevels(files: readonly string[]): Promise<Loaded> {
  const markets = new Map<string, Taped>()
  const notes = tally()
  const events: Archived[] = []
  for (const file of files) {
    for await (const { first, texts } of linesOf(file)) {
      for (const [index, text] of texts.entries()) {
        if (text.trim() === '') continue
        const place = { file, line: first + index }
        if (place.line > LINES_MAX) throw new RecordingError(`there are more than ${LINES_MAX} lines`, { file })
        takeLine(markets, fieldsIn(text, place), place, events, notes)
      }
    }
  }
  for (const market of markets.values()) finish(market, events, notes)
  const assumed = [
    'the tape names no wallet: one wallet stands for everybody who took',
    'fee rate 0.07, tick 0.01 and least size 5 are assumed; a market resolves when it closes, by its last bids',
  ]
  return { events, notes: [...assumed, ...notes.words()] }
}

function takeLine(markets: Map<string, Taped>, row: Fields, place: Place, events: Archived[], notes: Tally): void {
  switch (row.type) {
    case 'meta':
      return
    case 'sample':
      takeSample(tapedOf(markets, row, place), row, place, events, notes)
      return
    case 'trade':
      takeTrade(tapedOf(markets, row, place), row, place, notes)
      return
    default:
      notes.add('lines of a kind that is not known: left out')
  }
}

function tapedOf(markets: Map<string, Taped>, row: Fields, place: Place): Taped {
  const slug = textIn(row, 'slug', place)
  const before = markets.get(slug)
  if (before !== undefined) return before
  const market: Taped = {
    slug,
    condition: undefined,
    tokens: new Map(),
    lastBooks: new Map(),
    story: marketStory(),
    closesAt: closingOfSlug(slug),
    trades: [],
  }
  markets.set(slug, market)
  return market
}

function takeSample(market: Taped, row: Fields, place: Place, events: Archived[], notes: Tally): void {
  if (row.data_ready === false) {
    notes.add('samples before the recorder had its data: left out')
    return
  }
  const at = timeIn(row.ts_utc, 'ts_utc', place)
  const { name, token } = outcomeIn(market, row, place)
  const happenedAt = at
  const bids = levelsIn(row, 'bids', place, notes)
  const asks = levelsIn(row, 'asks', place, notes)
  const made = orderBook(token, bids, asks, happenedAt)
  if ('fault' in made) notes.add(`samples whose book is none (${made.fault}): told as empty`)
  const book = 'fault' in made ? { token, bids: [], asks: [], happenedAt } : made
  events.push({ kind: 'book', at, book })
  market.lastBooks.set(name, book)
  const [first, second] = NAMES.map(each => market.lastBooks.get(each))
  if (first === undefined || second === undefined) market.story.seen(at)
  else market.story.rests(at, plus(restingIn(first), restingIn(second)))
}

/** An order to sell one outcome is one to buy the other, so the bids of both tokens are all that rests, once. */
function restingIn(book: OrderBook): Usd {
  return book.bids.reduce((sum, level) => plus(sum, notional(level.size, level.price, 'down')), usd('0'))
}

function levelsIn(row: Fields, name: 'bids' | 'asks', place: Place, notes: Tally): readonly Level[] {
  const listed = row[name]
  if (!Array.isArray(listed)) throw new RecordingError(`${name} must be a list`, place)
  const levels: Level[] = []
  for (const each of listed) {
    const price = Array.isArray(each) ? recordedPrice(each[0]) : undefined
    const size = Array.isArray(each) ? recordedSize(each[1]) : undefined
    if (price === undefined || size === undefined)
      notes.add('levels without a price between 0 and 1 or a size: left out')
    else levels.push({ price, size })
  }
  return levels.sort((one, other) => Number(name === 'bids' ? other.price - one.price : one.price - other.price))
}

function takeTrade(market: Taped, row: Fields, place: Place, notes: Tally): void {
  const happenedAt = known(
    asInstant(typeof row.exchange_timestamp === 'string' ? Number(row.exchange_timestamp) : row.exchange_timestamp),
    'exchange_timestamp must be milliseconds since 1970',
    place,
  )
  const received = row.received_timestamp_ns
  const at = known(
    asInstant(typeof received === 'number' ? Math.ceil(received / 1_000_000) : undefined),
    'received_timestamp_ns must be nanoseconds since 1970',
    place,
  )
  const { name, token } = outcomeIn(market, row, place)
  market.condition ??= conditionId(textIn(row, 'condition_id', place))
  const price = recordedPrice(row.price)
  const size = recordedSize(row.size)
  if (price === undefined) notes.add('trades without a price between 0 and 1: left out')
  else if (size === undefined) notes.add('trades without a size over 0: left out')
  if (price === undefined || size === undefined) return
  market.story.seen(at)
  market.trades.push({
    at,
    trade: {
      transaction: syntheticTransaction(`tape/${market.slug}/${sequenceIn(row.trade_seq, place)}`),
      whale: WHALE,
      name: 'tape',
      token,
      side: sideIn(row, place),
      price,
      size,
      outcome: name,
      happenedAt,
      source: 'archive',
    },
  })
}

function sequenceIn(sequence: unknown, place: Place): string {
  if (typeof sequence === 'number' && Number.isInteger(sequence)) return String(sequence)
  throw new RecordingError('trade_seq must be a whole number', place)
}

function outcomeIn(market: Taped, row: Fields, place: Place): { readonly name: string; readonly token: TokenId } {
  const name = textIn(row, 'outcome', place)
  if (name !== 'Up' && name !== 'Down') throw new RecordingError('outcome must be Up or Down', place)
  const token = asToken(row.token_id, 'token_id', place)
  const before = market.tokens.get(name) ?? token
  if (before !== token) throw new RecordingError(`${name} of ${market.slug} had another token before`, place)
  market.tokens.set(name, token)
  return { name, token }
}

function finish(taped: Taped, events: Archived[], notes: Tally): void {
  const condition = taped.condition ?? syntheticCondition(`tape/${taped.slug}`)
  const market = plainMarket({
    condition,
    title: taped.slug,
    slug: taped.slug,
    category: 'crypto',
    outcomes: [
      { token: taped.tokens.get('Up') ?? syntheticToken(condition, 'Up'), name: 'Up' },
      { token: taped.tokens.get('Down') ?? syntheticToken(condition, 'Down'), name: 'Down' },
    ],
    closesAt: taped.closesAt,
  })
  for (const told of taped.story.told(market)) events.push(told)
  for (const { at, trade } of taped.trades)
    events.push({ kind: 'trade', at, trade: { ...trade, condition, title: market.title } })
  const [up, down] = NAMES.map(name => taped.lastBooks.get(name))
  const last = up === undefined || down === undefined ? undefined : up.happenedAt < down.happenedAt ? up : down
  const bids = [up?.bids[0]?.price, down?.bids[0]?.price] as const
  const winner =
    last === undefined || taped.closesAt === undefined
      ? undefined
      : winnerOf({ at: last.happenedAt, bids }, taped.closesAt)
  if (winner === undefined || taped.closesAt === undefined)
    notes.add('markets whose last quotes do not say which side won: no resolution')
  else events.push(resolutionOf(market, winner, taped.closesAt))
}
