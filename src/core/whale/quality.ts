import { fraction } from '../units/money.ts'
import type { WhaleRecord } from './record.ts'

/** One part of a score, with what it was found from. */
export type QualityPart = {
  readonly name: string
  readonly points: number
  readonly of: number
  readonly reason: string
}

/** A whale's worth, 0 to 100, and the parts that it is the sum of. */
export type Quality = { readonly score: number; readonly parts: readonly QualityPart[] }

/** With this many resolved markets half of what a record shows is believed. */
const HALF_BELIEVED = 30

/**
 * How much of a record is skill as far as its length can tell: `n ÷ (n + 30)`, 0 to 1.
 * A record of five markets is mostly luck, one of three hundred hardly.
 */
export function belief(record: WhaleRecord): number {
  return record.resolved / (record.resolved + HALF_BELIEVED)
}

/**
 * A whale's quality: points for return on cost, Sharpe, winning more than the prices paid say, consistency, recent return
 * and shallow drawdowns, each pulled towards nothing by how short the record is.
 *
 * The weights are a first judgement and not fitted to anything.
 */
export function qualityOf(record: WhaleRecord): Quality {
  const believed = belief(record)
  const roi = fraction(record.profit, record.cost)
  const beat = record.resolved === 0 ? 0 : record.won / record.resolved - record.pricePaid
  const parts = [
    part('return', 35, roi / 0.12, `${percent(roi)} on what was staked`),
    part('sharpe', 20, record.sharpe / 0.15, `${record.sharpe.toFixed(2)} a market`),
    part('beats the price', 15, beat / 0.05, `won ${percent(beat)} more often than the prices paid`),
    part('consistency', 10, (record.consistency - 0.3) / 0.5, `${percent(record.consistency)} of weeks without a loss`),
    part('recent', 10, record.recentReturn / 0.15, `${percent(record.recentReturn)} in 30 days`),
    part('drawdown', 10, 1 - record.drawdown / 0.3, `fell ${percent(record.drawdown)} of all that was staked`),
  ].map(({ points, reason, ...rest }) => ({ ...rest, points: rounded(points * believed), reason }))
  const sum = parts.reduce((total, { points }) => total + points, 0)
  return { score: Math.round(sum), parts: [...parts, lengthPart(record, believed)] }
}

function part(name: string, of: number, share: number, reason: string): QualityPart {
  return { name, points: of * Math.min(1, Math.max(0, share)), of, reason }
}

function lengthPart(record: WhaleRecord, believed: number): QualityPart {
  return {
    name: 'length',
    points: 0,
    of: 0,
    reason: `${record.resolved} resolved markets, believed ${percent(believed)}`,
  }
}

function rounded(points: number): number {
  return Math.round(points * 10) / 10
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
