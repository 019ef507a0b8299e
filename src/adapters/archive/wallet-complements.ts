import { type ConditionId, type Instant, type WhaleAddress, whaleAddress } from '../../core/units/ids.ts'
import { MILLION, type Price, plus, type Shares } from '../../core/units/money.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import { recordedPrice, recordedSize } from './amounts.ts'
import {
  asFields,
  conditionIn,
  type Fields,
  known,
  parsed,
  secondsIn,
  sideIn,
  textIn,
  textOrNone,
  walletIn,
} from './fields.ts'
import { wholeOf } from './lines.ts'
import { type Place, RecordingError } from './recording-error.ts'
import { syntheticToken, syntheticWhale } from './synthetic.ts'

/** The most text of one such file: it is one value, and has to be read at once. */
const CHARACTERS_MAX = 16 * 1024 * 1024

/** How the order that a market's list tells of a transaction stands to the wallet's own. */
export type Relation =
  /** It is the wallet's own order: the wallet was the taker. */
  | 'own'
  /** It bought the other outcome at one less the price: the two paid a dollar together, and a pair was minted. */
  | 'minted'
  /** It sold to the wallet what the wallet bought, or the other way round. */
  | 'handedOver'
  /** It sold the other outcome at one less the price: the two gave up a pair, which was merged. */
  | 'merged'
  /** None of these; the two cannot be one match. */
  | 'unrelated'

/**
 * One fill of a wallet, as its own activity tells it and as the market's list of trades tells the same transaction.
 *
 * The market's list tells one order a transaction, that of the taker. Where the wallet was the maker, that is a stranger's order in the
 * same transaction and not another telling of the wallet's: the comparison found them by the transaction alone. So `market.whale` is the
 * wallet only where the relation is `own`; else it is invented, since the file does not name the stranger.
 */
export type Complement = {
  readonly relation: Relation
  readonly own: WhaleTrade
  readonly market: WhaleTrade
}

type Joined = { readonly condition: ConditionId; readonly at: Instant; readonly title: string }

/**
 * Reads a comparison of a wallet's activity with the trades of its market: the fills that both tell alike, then those they tell
 * differently, in the order of the file. Token ids are derived from condition and outcome, since the file has none. Throws a
 * `RecordingError`.
 */
export async function readComplements(file: string): Promise<readonly Complement[]> {
  const whole = asFields(parsed(await wholeOf(file, CHARACTERS_MAX), { file }), { file, line: 1 })
  const whale = walletIn(whole, 'wallet', { file, line: 1 })
  const rows = rowsByFill(listIn(whole, 'wallet_trades', file))
  const compared = [...listIn(whole, 'matches', file), ...listIn(whole, 'discrepancies', file)]
  return compared.map(({ fields, at }) => complementIn(fields, at, whale, rows))
}

type Listed = { readonly fields: Fields; readonly at: Place }

/** The objects of a list; their places are counted within it. */
function listIn(whole: Fields, name: string, file: string): readonly Listed[] {
  const list = whole[name]
  if (!Array.isArray(list)) throw new RecordingError(`${name} must be a list`, { file })
  return list.map((value: unknown, index) => {
    const at = { file: `${file} ${name}`, line: index + 1 }
    return { fields: asFields(value, at), at }
  })
}

/** The wallet's rows by transaction and size: one transaction may have filled its order twice. */
function rowsByFill(rows: readonly Listed[]): ReadonlyMap<string, Joined> {
  const joined = new Map<string, Joined>()
  for (const { fields, at } of rows) {
    if (fields.type !== 'TRADE') continue
    joined.set(fillKey(textIn(fields, 'tx_hash', at), sizeIn(fields, at)), {
      condition: conditionIn(fields, 'conditionId', at),
      at: secondsIn(fields.timestamp, 'timestamp', at),
      title: textOrNone(fields, 'title'),
    })
  }
  return joined
}

function complementIn(fields: Fields, at: Place, whale: WhaleAddress, rows: ReadonlyMap<string, Joined>): Complement {
  const transaction = textIn(fields, 'tx_hash', at)
  const activity = asFields(fields.activity_api, at)
  const joined = known(rows.get(fillKey(transaction, sizeIn(activity, at))), 'the fill must be in wallet_trades', at)
  const own = tradeIn(activity, at, joined, transaction, whale)
  const market = tradeIn(asFields(fields.filtered_trades, at), at, joined, transaction, whale)
  const relation = relationOf(own, market)
  if (relation === 'own') return { relation, own, market }
  const stranger = known(whaleAddress(syntheticWhale(`taker/${transaction}`)), 'an invented wallet is an address', at)
  return { relation, own, market: { ...market, whale: stranger, name: stranger } }
}

/** The same in everything is the same order; the taker of a match pays what the maker does not, or takes what it gives. */
function relationOf(own: WhaleTrade, market: WhaleTrade): Relation {
  const isSameSide = own.side === market.side
  const [isSameToken, isSamePrice] = [own.token === market.token, own.price === market.price]
  if (isSameSide && isSameToken) return isSamePrice && own.size === market.size ? 'own' : 'unrelated'
  // A taker takes at least what one maker gives; it may take from others as well.
  if (market.size < own.size) return 'unrelated'
  if (!isSameSide && isSameToken && isSamePrice) return 'handedOver'
  if (!isSameSide || isSameToken || plus(own.price, market.price) !== MILLION) return 'unrelated'
  return own.side === 'buy' ? 'minted' : 'merged'
}

function tradeIn(fields: Fields, at: Place, joined: Joined, transaction: string, whale: WhaleAddress): WhaleTrade {
  const outcome = textIn(fields, 'outcome', at)
  return {
    transaction,
    whale,
    name: whale,
    token: syntheticToken(joined.condition, outcome),
    condition: joined.condition,
    side: sideIn(fields, at),
    price: known<Price>(recordedPrice(fields.price), 'price must lie between 0 and 1', at),
    size: sizeIn(fields, at),
    title: joined.title,
    outcome,
    happenedAt: joined.at,
    source: 'archive',
  }
}

function sizeIn(fields: Fields, at: Place): Shares {
  return known(recordedSize(fields.size), 'size must be over 0', at)
}

function fillKey(transaction: string, size: Shares): string {
  return `${transaction} ${size}`
}
