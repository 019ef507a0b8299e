import fc from 'fast-check'
import type { Level, OrderBook } from '../../src/core/market/book.ts'
import type { Market } from '../../src/core/market/market.ts'
import { type ConditionId, type Instant, instant, type TokenId, type WhaleAddress } from '../../src/core/units/ids.ts'
import type { Price, Shares, Usd } from '../../src/core/units/money.ts'
import type { Archived } from '../../src/ports/archive.ts'

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: 0n, max: 16n ** BigInt(digits) - 1n }).map(value => `0x${value.toString(16).padStart(digits, '0')}`)

export const anyCondition = fc
  .oneof(hex(64), fc.constantFrom(`0x${'a'.repeat(64)}`, `0x${'b'.repeat(62)}`))
  .map(text => text as ConditionId)
export const anyToken = fc
  .oneof(fc.constantFrom('1', '2', '3'), fc.bigInt({ min: 0n, max: 10n ** 77n }).map(String))
  .map(text => text as TokenId)
const anyWhale = hex(40).map(text => text as WhaleAddress)
const anyInstant: fc.Arbitrary<Instant> = fc.oneof(
  fc.integer({ min: 0, max: 4 }).map(instant),
  fc.integer({ min: 0, max: 8_640_000_000_000_000 }).map(instant),
)
const anyPrice = fc.bigInt({ min: 1n, max: 999_999n }).map(value => value as Price)
const anySize = fc.bigInt({ min: 1n, max: 10n ** 20n }).map(value => value as Shares)
const anyText = fc.string({ unit: 'binary', maxLength: 12 })

const anyMarket: fc.Arbitrary<Market> = fc.record({
  condition: anyCondition,
  title: anyText,
  slug: anyText,
  category: anyText,
  outcomes: fc.tuple(fc.record({ token: anyToken, name: anyText }), fc.record({ token: anyToken, name: anyText })),
  status: fc.constantFrom('open', 'paused', 'closed'),
  tick: anyPrice,
  sizeMin: anySize,
  feeRate: fc.bigInt({ min: 0n, max: 1_000_000n }).map(value => value as Price),
  closesAt: fc.option(anyInstant, { nil: undefined }),
  liquidity: fc.bigInt({ min: 0n, max: 10n ** 18n }).map(value => value as Usd),
  isNegRisk: fc.boolean(),
})

/** Levels that no price is twice in, cut in two where bids end and asks begin. */
const anyBook: fc.Arbitrary<OrderBook> = fc
  .record({
    token: anyToken,
    levels: fc.uniqueArray(fc.record({ price: anyPrice, size: anySize }), {
      selector: ({ price }) => price,
      maxLength: 30,
    }),
    cut: fc.nat({ max: 15 }),
    happenedAt: anyInstant,
  })
  .map(({ token, levels, cut, happenedAt }) => {
    const rising = [...levels].sort((one: Level, other: Level) => (one.price < other.price ? -1 : 1))
    return { token, bids: rising.slice(0, cut).reverse(), asks: rising.slice(cut, cut + 15), happenedAt }
  })

const anyTrade = fc.record({
  transaction: anyText,
  whale: anyWhale,
  name: anyText,
  token: anyToken,
  condition: anyCondition,
  side: fc.constantFrom('buy' as const, 'sell' as const),
  price: anyPrice,
  size: anySize,
  title: anyText,
  outcome: anyText,
  happenedAt: anyInstant,
  source: fc.constantFrom('archive', 'activity', 'sweep', ''),
})

const anyPayouts = fc.uniqueArray(
  fc.record({ token: anyToken, price: fc.bigInt({ min: 0n, max: 1_000_000n }).map(value => value as Price) }),
  { selector: ({ token }) => token, minLength: 2, maxLength: 2 },
)

export const anyEvent: fc.Arbitrary<Archived> = fc.oneof(
  fc.record({ kind: fc.constant('market' as const), at: anyInstant, market: anyMarket }),
  fc.record({ kind: fc.constant('book' as const), at: anyInstant, book: anyBook }),
  fc.record({ kind: fc.constant('trade' as const), at: anyInstant, trade: anyTrade }),
  fc.record({ kind: fc.constant('resolution' as const), at: anyInstant, condition: anyCondition, payouts: anyPayouts }),
)
