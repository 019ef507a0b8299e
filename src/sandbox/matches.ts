import type { WhaleOrder } from './conduct.ts'
import type { Life } from './life.ts'
import { transactionHash } from './market-ids.ts'
import { mix } from './mix.ts'
import { restingStranger, type StrangerMatch } from './strangers.ts'
import type { Whale } from './whales.ts'
import { type Execution, rounded, type Side, type TokenIndex, type Trader, takerFee } from './world.ts'

/** One party's part in a match, in the terms of the token it traded. */
type Leg = {
  readonly trader: Trader
  readonly token: TokenIndex
  readonly side: Side
  readonly price: number
  readonly size: number
}

/** Rows one match may take up: a taker and up to two makers, with one number to spare. */
const ROWS_A_MATCH = 4
/**
 * Strangers' matches are numbered from here, above any whale's, so that a row's place never depends on the other kind.
 */
const STRANGER_ROWS_FROM = 10_000_000
const STRANGER_ROWS_A_MINUTE = 4000

/** A whale's order and a number that no other match of a whale in its market has. */
export type PlacedOrder = WhaleOrder & { readonly whale: Whale; readonly place: number }

/** Acts one whale may be numbered for in one market: about five hundred are the most that the longest can hold. */
export const PLACES_A_WHALE = 1024

/** The rows of a whale's order: it crosses, or it rests and a stranger crosses. */
export function whaleMatch(life: Life, order: PlacedOrder, strangers: readonly Trader[]): readonly Execution[] {
  const { place } = order
  const whale = legOf(order)
  if (order.isTaker) return rowsOf(life, order.at, place * ROWS_A_MATCH, whale, makersOf(life, whale, place, strangers))
  const stranger = strangers[mix(life.quoting.key, 0x3b, place) % strangers.length]
  if (stranger === undefined) return []
  const crossing = against(whale, stranger, mix(life.quoting.key, 0x3c, place) % 3 === 0)
  return rowsOf(life, order.at, place * ROWS_A_MATCH, crossing, [whale])
}

/** The whale's own row of `whaleMatch`, without drawing those it met: most questions are about one wallet. */
export function whaleRow(life: Life, order: PlacedOrder): Execution {
  const index = order.place * ROWS_A_MATCH
  const transaction = transactionHash(life.quoting.key, life.listing.number, order.at, index)
  return rowOf(life, order.at, index, transaction, legOf(order), order.isTaker ? 0 : 1)
}

/** The rows of one meeting of strangers, the `place`-th of its minute. */
export function strangersMatch(
  life: Life,
  match: StrangerMatch,
  minute: number,
  place: number,
  strangers: readonly Trader[],
): readonly Execution[] {
  const taker = strangers[match.taker]
  if (taker === undefined) return []
  const index = STRANGER_ROWS_FROM + minute * STRANGER_ROWS_A_MINUTE + place * ROWS_A_MATCH
  const leg: Leg = { trader: taker, token: match.token, side: match.side, ...dollars(match) }
  return rowsOf(life, match.at, index, leg, makersOf(life, leg, index, strangers))
}

function makersOf(life: Life, taker: Leg, place: number, strangers: readonly Trader[]): readonly Leg[] {
  const key = life.quoting.key
  const takerIndex = strangers.indexOf(taker.trader)
  const hundredths = Math.round(taker.size * 100)
  const firstPart = mix(key, 0x3d, place) % 3 === 0 && hundredths > 1000 ? Math.floor(hundredths / 3) : hundredths
  return [firstPart, hundredths - firstPart].flatMap((size, part) => {
    const maker = strangers[restingStranger(key, place, part, strangers.length, takerIndex)]
    if (size === 0 || maker === undefined) return []
    return [against({ ...taker, size: size / 100 }, maker, mix(key, 0x3e, place, part) % 3 === 0)]
  })
}

/**
 * The other half of a trade. Either the same token the other way round, or, where shares are minted or merged, the
 * other token the same way round at what is left of the dollar: which is why a row must never be guessed from its
 * opposite.
 */
function against(leg: Leg, trader: Trader, isMintOrMerge: boolean): Leg {
  if (!isMintOrMerge) return { ...leg, trader, side: leg.side === 'BUY' ? 'SELL' : 'BUY' }
  return { ...leg, trader, token: leg.token === 0 ? 1 : 0, price: rounded(1 - leg.price) }
}

function rowsOf(life: Life, at: number, index: number, taker: Leg, makers: readonly Leg[]): readonly Execution[] {
  const transaction = transactionHash(life.quoting.key, life.listing.number, at, index)
  return [taker, ...makers].map((leg, part) => rowOf(life, at, index, transaction, leg, part))
}

/** One party's row of a match. The taker's is the first. */
function rowOf(life: Life, at: number, index: number, transaction: string, leg: Leg, part: number): Execution {
  const isTaker = part === 0
  return {
    kind: 'trade',
    at,
    market: life.listing,
    index: index + part,
    transaction,
    isTaker,
    fee: isTaker ? takerFee(leg.size, leg.price, life.listing.feeRate) : 0,
    ...leg,
  }
}

function legOf(order: PlacedOrder): Leg {
  return { trader: order.whale, token: order.token, side: order.side, ...dollars(order) }
}

function dollars(of: { readonly price: number; readonly size: number }): {
  readonly price: number
  readonly size: number
} {
  return { price: of.price / 1000, size: of.size / 100 }
}
