import { createHash } from 'node:crypto'
import type { Outcome } from '../../core/market/market.ts'
import type { ConditionId, TokenId, WhaleAddress } from '../../core/units/ids.ts'

/**
 * Identities for recordings that lost theirs: derived from what names the thing, so that the same file always gives the
 * same ones, and shaped like real ones, so that nothing downstream needs to know.
 */
export function syntheticCondition(name: string): ConditionId {
  return `0x${digest(`condition/${name}`)}` as ConditionId
}

export function syntheticToken(condition: ConditionId, outcome: string): TokenId {
  return BigInt(`0x${digest(`token/${condition}/${outcome}`)}`).toString() as TokenId
}

export function syntheticWhale(name: string): WhaleAddress {
  return `0x${digest(`wallet/${name}`).slice(0, 40)}` as WhaleAddress
}

export function syntheticTransaction(name: string): string {
  return `0x${digest(`transaction/${name}`)}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const OPPOSITES: readonly (readonly [string, string])[] = [
  ['Yes', 'No'],
  ['Up', 'Down'],
  ['Over', 'Under'],
]

/** The other side of a market of which only one was ever traded. */
export function oppositeOf(name: string): string {
  for (const [first, second] of OPPOSITES) {
    if (name === first) return second
    if (name === second) return first
  }
  return 'Other'
}

/** Whether it is the second of its pair by custom, as No is to Yes. */
export function isSecond(name: string): boolean {
  return OPPOSITES.some(([, second]) => second === name)
}

/** Outcomes named so, with tokens derived from the names. */
export function syntheticOutcomes(
  condition: ConditionId,
  names: readonly [string, string],
): readonly [Outcome, Outcome] {
  return [
    { token: syntheticToken(condition, names[0]), name: names[0] },
    { token: syntheticToken(condition, names[1]), name: names[1] },
  ]
}
