import type { ConditionId, Instant, TokenId } from '../../core/units/ids.ts'
import type { Act, TokenPair } from '../../core/whale/holdings-act.ts'
import { isSecond, oppositeOf, syntheticToken } from './synthetic.ts'
import type { Span } from './wallet-span.ts'

/** A market as a wallet's activity tells of it. An outcome that was never traded has an invented token. */
export type ToldMarket = Span & {
  readonly condition: ConditionId
  readonly title: string
  readonly tokens: TokenPair
  readonly names: readonly [string, string]
}

/** All that a recording tells of one wallet. */
export type WalletTold = {
  readonly acts: readonly Act[]
  readonly markets: ReadonlyMap<ConditionId, ToldMarket>
  /** Rows by what they are, as recorded. */
  readonly kinds: ReadonlyMap<string, number>
  /** Rows that were provably told twice and are counted once. */
  readonly repeats: number
  /** Rows equal to the one before them, which are fills of their own. */
  readonly twins: number
  readonly notes: readonly string[]
}

/** An outcome as a row names it. */
export type Sighting = {
  readonly name: string
  readonly token: TokenId | undefined
  readonly index: 0 | 1 | undefined
}

/** A market while its rows are read. */
export type Sketch = Span & { readonly condition: ConditionId; readonly title: string; readonly seen: Sighting[] }

/** Notes an outcome, once. */
export function see({ seen }: Sketch, outcome: Sighting): void {
  if (!seen.some(({ name }) => name === outcome.name)) seen.push(outcome)
}

/** The market with its two outcomes, of which none, one or both were seen: by their recorded places, else as custom has it. */
export function drawn({ seen, ...market }: Sketch): ToldMarket {
  const { condition, closesAt } = market
  const usual = closesAt === undefined ? 'first' : 'Up'
  const one = seen[0] ?? { name: usual, token: undefined, index: undefined }
  const other = seen[1] ?? { name: oppositeOf(one.name), token: undefined, index: undefined }
  const isTurned = one.index === undefined ? isSecond(one.name) : one.index === 1
  const [first, second] = isTurned ? [other, one] : [one, other]
  const token = (each: Sighting): TokenId => each.token ?? syntheticToken(condition, each.name)
  return { ...market, tokens: [token(first), token(second)], names: [first.name, second.name] }
}

/** A stretch without a row: the wallet's own pause, or the recorder's. */
export type Pause = { readonly from: Instant; readonly to: Instant }

/** The stretches of at least `leastMs` without an act, in order of time. */
export function pausesOf(acts: readonly Act[], leastMs: number): readonly Pause[] {
  const times = acts.map(({ at }) => at).sort((one, other) => one - other)
  return times.flatMap((to, index) => {
    const from = times[index - 1]
    return from !== undefined && to - from >= leastMs ? [{ from, to }] : []
  })
}

/** Counts rows by what they are. */
export function count(kinds: Map<string, number>, kind: string): void {
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
}
