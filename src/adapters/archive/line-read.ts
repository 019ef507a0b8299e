import { type Level, orderBook } from '../../core/market/book.ts'
import type { Market } from '../../core/market/market.ts'
import type { Payout } from '../../core/order/answer.ts'
import { type ConditionId, type Instant, type TokenId, tokenId } from '../../core/units/ids.ts'
import { MILLION, type Price, type Usd } from '../../core/units/money.ts'
import type { Archived } from '../../ports/archive.ts'
import { recordedMillionths, recordedPrice, recordedSize } from './amounts.ts'
import {
  asInstant,
  asToken,
  conditionIn,
  type Fields,
  known,
  millisecondsIn,
  sideIn,
  textIn,
  textOrNone,
  walletIn,
} from './fields.ts'
import { type Place, RecordingError } from './recording-error.ts'

/** What of a market the lines after it leave out. */
export type Introduced = { readonly title: string; readonly outcomes: Market['outcomes'] }

/** A line that says something, or why it says nothing that can be used. */
export type LineRead = Archived | { readonly kind: 'unusable'; readonly why: string }

/**
 * Reads one line of our own. What a line lacks is taken from the market line before it (`introduced`); a value of the wrong
 * kind throws a `RecordingError`, a value that no book or trade can have makes the line unusable.
 */
export function readLine(
  fields: Fields,
  at: Place,
  introduced: (condition: ConditionId) => Introduced | undefined,
): LineRead {
  switch (fields.kind) {
    case 'market':
      return readMarket(fields, at)
    case 'book':
      return readBook(fields, at)
    case 'trade':
      return readTrade(fields, at, introduced)
    case 'resolution':
      return readResolution(fields, at, introduced)
    default:
      return unusable('lines of a kind that is not known: left out')
  }
}

function unusable(why: string): LineRead {
  return { kind: 'unusable', why }
}

function readMarket(fields: Fields, at: Place): LineRead {
  const [tokens, names] = [pairIn(fields, 'tokens', at), pairIn(fields, 'outcomes', at)]
  const tick = recordedPrice(fields.tick)
  const sizeMin = recordedSize(fields.minSize)
  const feeRate = recordedMillionths(fields.feeRate)
  const liquidity = fields.liquidity === undefined ? 0n : recordedMillionths(fields.liquidity)
  if (tick === undefined || sizeMin === undefined) return unusable('markets without a tick or a least size: left out')
  if (feeRate === undefined || feeRate < 0n || feeRate > MILLION)
    return unusable('markets without a fee rate: left out')
  const outcome = (index: 0 | 1): Market['outcomes'][0] => {
    const name = names[index]
    if (typeof name !== 'string') throw new RecordingError('outcomes must be two texts', at)
    return { token: asToken(tokens[index], 'tokens', at), name }
  }
  const market: Market = {
    condition: conditionIn(fields, 'conditionId', at),
    title: textIn(fields, 'title', at),
    slug: textIn(fields, 'slug', at),
    category: textIn(fields, 'category', at),
    outcomes: [outcome(0), outcome(1)],
    status: statusIn(fields, at),
    tick,
    sizeMin,
    feeRate: feeRate as Price,
    closesAt: (fields.closesAt ?? undefined) === undefined ? undefined : millisecondsIn(fields, 'closesAt', at),
    liquidity: known(liquidity, 'liquidity must be a decimal', at) as Usd,
    isNegRisk: fields.isNegRisk === true,
  }
  return { kind: 'market', at: millisecondsIn(fields, 'at', at), market }
}

function statusIn(fields: Fields, at: Place): Market['status'] {
  const { status = 'open' } = fields
  if (status === 'open' || status === 'paused' || status === 'closed') return status
  throw new RecordingError('status must be open, paused or closed', at)
}

function readBook(fields: Fields, at: Place): LineRead {
  const told = millisecondsIn(fields, 'at', at)
  const bids = levelsIn(fields.bids, 'bids', at)
  const asks = levelsIn(fields.asks, 'asks', at)
  if (bids === undefined || asks === undefined) return unusable('books with a level without price or size: left out')
  const book = orderBook(asToken(fields.token, 'token', at), bids, asks, happenedIn(fields, told, at))
  return 'fault' in book ? unusable(`books that are none (${book.fault}): left out`) : { kind: 'book', at: told, book }
}

function levelsIn(value: unknown, name: string, at: Place): readonly Level[] | undefined {
  if (!Array.isArray(value)) throw new RecordingError(`${name} must be a list`, at)
  const levels: Level[] = []
  for (const each of value) {
    const price = Array.isArray(each) ? recordedPrice(each[0]) : undefined
    const size = Array.isArray(each) ? recordedSize(each[1]) : undefined
    if (price === undefined || size === undefined) return undefined
    levels.push({ price, size })
  }
  return levels
}

function readTrade(
  fields: Fields,
  at: Place,
  introduced: (condition: ConditionId) => Introduced | undefined,
): LineRead {
  const told = millisecondsIn(fields, 'at', at)
  const condition = conditionIn(fields, 'conditionId', at)
  const token = asToken(fields.token, 'token', at)
  const market = introduced(condition)
  const price = recordedPrice(fields.price)
  const size = recordedSize(fields.size)
  if (price === undefined) return unusable('trades without a price between 0 and 1: left out')
  if (size === undefined) return unusable('trades without a size over 0: left out')
  return {
    kind: 'trade',
    at: told,
    trade: {
      transaction: textIn(fields, 'tx', at),
      whale: walletIn(fields, 'wallet', at),
      name: textOrNone(fields, 'name'),
      token,
      condition,
      side: sideIn(fields, at),
      price,
      size,
      title: typeof fields.title === 'string' ? fields.title : (market?.title ?? ''),
      outcome: typeof fields.outcome === 'string' ? fields.outcome : nameIn(market, token),
      happenedAt: happenedIn(fields, told, at),
      source: typeof fields.source === 'string' ? fields.source : 'archive',
    },
  }
}

/** What the market calls the token; empty where it was not told. */
export function nameIn(market: Introduced | undefined, token: TokenId): string {
  return market?.outcomes.find(outcome => outcome.token === token)?.name ?? ''
}

function readResolution(
  fields: Fields,
  at: Place,
  introduced: (condition: ConditionId) => Introduced | undefined,
): LineRead {
  const condition = conditionIn(fields, 'conditionId', at)
  const tokens: unknown = fields.tokens ?? introduced(condition)?.outcomes.map(outcome => outcome.token)
  if (!Array.isArray(tokens)) return unusable('resolutions of markets that were not told before: left out')
  const listed: unknown = fields.payouts
  if (!Array.isArray(listed) || listed.length !== tokens.length)
    throw new RecordingError('payouts must be one for each token', at)
  const payouts: Payout[] = []
  for (const [index, each] of listed.entries()) {
    const price = recordedMillionths(each)
    const token = typeof tokens[index] === 'string' ? tokenId(tokens[index]) : undefined
    if (token === undefined) throw new RecordingError('tokens must be token ids', at)
    if (price === undefined || price < 0n || price > MILLION)
      return unusable('resolutions without payouts of 0 to 1: left out')
    payouts.push({ token, price: price as Price })
  }
  return { kind: 'resolution', at: millisecondsIn(fields, 'at', at), condition, payouts }
}

function happenedIn(fields: Fields, told: Instant, at: Place): Instant {
  if (fields.happenedAt === undefined) return told
  return known(asInstant(fields.happenedAt), 'happenedAt must be milliseconds since 1970', at)
}

function pairIn(fields: Fields, name: string, at: Place): readonly [unknown, unknown] {
  const value = fields[name]
  if (Array.isArray(value) && value.length === 2) return [value[0], value[1]]
  throw new RecordingError(`${name} must be two values`, at)
}
