import type { Instant } from '../../core/units/ids.ts'
import { estimate, fraction, minus, NO_USD, type Usd } from '../../core/units/money.ts'
import type { EquityPoint } from './profit-picture.ts'

/** What a line of equity comes to. Amounts are exact; only what is drawn becomes a number. */
export type Figures = {
  readonly from: Instant
  readonly to: Instant
  readonly first: Usd
  readonly last: Usd
  readonly result: Usd
  /** The result as a part of what was there first; `undefined` where that was nothing or a debt. */
  readonly returned: number | undefined
  readonly peak: Usd
  /** The deepest that equity stood under the highest before it, as a part of that: 0 for a line that never fell. */
  readonly deepest: number
  readonly line: readonly Drawn[]
}

/** One point as it is drawn: dollars, and the distance from the peak before it as a part of that. */
export type Drawn = {
  readonly at: number
  readonly equity: number
  readonly peak: number
  readonly drawdown: number
}

/** Reads points in any order, the last word on an instant counting; `undefined` where there are not two instants to join. */
export function figuresOf(points: readonly EquityPoint[]): Figures | undefined {
  const inOrder = [...new Map(points.map(point => [point.at, point])).values()].sort((one, other) => one.at - other.at)
  const [start, end] = [inOrder[0], inOrder.at(-1)]
  if (start === undefined || end === undefined || start.at === end.at) return undefined
  let peak = start.equity
  const line = inOrder.map(({ at, equity }) => {
    if (equity > peak) peak = equity
    const drawdown = peak <= NO_USD ? 0 : fraction(minus(peak, equity), peak)
    return { at, equity: estimate(equity), peak: estimate(peak), drawdown }
  })
  const result = minus(end.equity, start.equity)
  return {
    from: start.at,
    to: end.at,
    first: start.equity,
    last: end.equity,
    result,
    returned: start.equity <= NO_USD ? undefined : fraction(result, start.equity),
    peak,
    deepest: line.reduce((most, { drawdown }) => Math.max(most, drawdown), 0),
    line,
  }
}

/**
 * At most `4 × parts` of the points: of each equal part of the list the first, the last, the lowest and the highest, in their
 * order. No extreme is lost, so that a line through them covers the same pixels. Source: Jugel et al. (2014), "M4".
 */
export function thinned<Point>(
  points: readonly Point[],
  heightOf: (point: Point) => number,
  parts: number,
): readonly Point[] {
  if (points.length <= 4 * parts) return points
  return Array.from({ length: parts }, (_, part) => {
    const begin = Math.floor((part * points.length) / parts)
    const end = Math.floor(((part + 1) * points.length) / parts)
    return extremes(points, heightOf, begin, end)
  }).flat()
}

function extremes<Point>(
  points: readonly Point[],
  heightOf: (point: Point) => number,
  begin: number,
  end: number,
): readonly Point[] {
  const values = points.slice(begin, end).map(heightOf)
  const lowest = values.indexOf(Math.min(...values))
  const highest = values.indexOf(Math.max(...values))
  const kept = [...new Set([0, lowest, highest, values.length - 1])].sort((one, other) => one - other)
  return kept.flatMap(index => points.slice(begin + index, begin + index + 1))
}
