import { mix, mixHex } from './mix.ts'

/** Which protocol's tokens a market trades: `v2` markets have position ids and a shorter condition id. */
export type MarketVersion = 'v1' | 'v2'

/** What the venue calls one market and its two tokens. */
export type MarketNames = {
  readonly id: string
  readonly conditionId: string
  readonly questionId: string
  readonly tokens: readonly [string, string]
  readonly version: MarketVersion
}

const GAMMA_ID_BASE = 100_000
/** One market in this many is of the second protocol. */
const V2_ONE_IN = 8
const MARKER_DIGITS = 12
/** World milliseconds: 13 digits hold more than a hundred thousand years. */
const MOMENT_DIGITS = 13
/** Width of a token id before it is written in tens: 52 digits of hash, one of token, then the market's number. */
const TOKEN_HASH_DIGITS = 51
/** Of the 32 digits a position id has for its hash, those before the market's number. */
const POSITION_HASH_DIGITS = 20
/** Hexadecimal digits of a position id after its hash: arity 4, reserved 16, chain 4, condition index 4, side 2. */
const POSITION_TAIL_DIGITS = 30
const POSITION_DIGITS = 64

/** All the names of a market, from its key and its number alone. Politics markets may be of the negative-risk module. */
export function namesOf(key: number, number: number, isNegativeRisk: boolean): MarketNames {
  const version: MarketVersion = mix(key, 0x25) % V2_ONE_IN === 0 ? 'v2' : 'v1'
  const tokenAt = (token: 0 | 1) =>
    version === 'v1' ? tokenId(key, number, token) : positionId(key, number, token, isNegativeRisk)
  return {
    id: String(GAMMA_ID_BASE + number),
    conditionId: `0x${mixHex(version === 'v1' ? 52 : 50, key, 0x20)}${marker(number)}`,
    questionId: `0x${mixHex(64, key, 0x21)}`,
    tokens: [tokenAt(0), tokenAt(1)],
    version,
  }
}

/** A transaction's hash, which ends in when it was and in which market, so that it can be found by its hash alone. */
export function transactionHash(key: number, number: number, at: number, index: number): string {
  const moment = at.toString(16).padStart(MOMENT_DIGITS, '0')
  return `0x${mixHex(64 - MOMENT_DIGITS - MARKER_DIGITS, key, 0x60, index)}${moment}${marker(number)}`
}

/** When the transaction of this hash would have been, in the world's time. Any hash names some moment. */
export function momentInTransaction(hash: string): number | undefined {
  if (!/^0x[0-9a-f]{64}$/.test(hash)) return undefined
  return Number.parseInt(hash.slice(-MARKER_DIGITS - MOMENT_DIGITS, -MARKER_DIGITS), 16)
}

export function numberInCondition(conditionId: string): number | undefined {
  if (!/^0x[0-9a-f]{62}(?:[0-9a-f]{2})?$/.test(conditionId)) return undefined
  return Number.parseInt(conditionId.slice(-MARKER_DIGITS), 16)
}

export function numberInToken(token: string): number | undefined {
  if (!/^\d{10,78}$/.test(token)) return undefined
  const digits = BigInt(token).toString(16).padStart(POSITION_DIGITS, '0')
  const isPosition = digits.slice(-26, -10) === '0'.repeat(16)
  return Number.parseInt((isPosition ? digits.slice(0, -POSITION_TAIL_DIGITS) : digits).slice(-MARKER_DIGITS), 16)
}

export function numberInId(id: string): number | undefined {
  return /^\d{6,15}$/.test(id) ? Number(id) - GAMMA_ID_BASE : undefined
}

export function numberInSlug(slug: string): number | undefined {
  const found = /-(\d{1,15})$/.exec(slug)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** The market's number, readable from an id's end, so that an id alone is enough to find a market of any age. */
function marker(number: number): string {
  return number.toString(16).padStart(MARKER_DIGITS, '0')
}

function tokenId(key: number, number: number, token: 0 | 1): string {
  return BigInt(`0x${mixHex(TOKEN_HASH_DIGITS, key, 0x22, token)}${token}${marker(number)}`).toString()
}

/**
 * A position id of the second protocol, from high to low: module 8 bits, hash 128, arity 16, reserved 64 (zero), chain
 * of the resolution 16, condition index 16, side 8. The hash ends in the market's number.
 */
function positionId(key: number, number: number, token: 0 | 1, isNegativeRisk: boolean): string {
  const module = isNegativeRisk ? '02' : '01'
  const hash = `${mixHex(POSITION_HASH_DIGITS, key, 0x26)}${marker(number)}`
  return BigInt(`0x${module}${hash}0002${'0'.repeat(16)}00890000${token === 0 ? '00' : '01'}`).toString()
}
