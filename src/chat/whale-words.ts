import { fraction } from '../core/units/money.ts'
import { type Quality, qualityOf } from '../core/whale/quality.ts'
import type { WhaleRecord } from '../core/whale/record.ts'
import { percent, signedDollars } from './format.ts'
import type { Reply, Row } from './reply.ts'

/** A whale's past in a few lines. */
export function recordRows(record: WhaleRecord): readonly Row[] {
  if (record.resolved === 0) return [['Record', 'no resolved market yet: it would not be copied until there is one']]
  const roi = percent(fraction(record.profit, record.cost))
  const won = `${record.won} of ${record.resolved} resolved markets won (${percent(record.won / record.resolved)})`
  return [
    ['Record', `${won}, at an average price of ${(record.pricePaid * 100).toFixed(1)}¢`],
    ['Profit', `${signedDollars(record.profit)}, ${roi} of what it staked; ${percent(record.recentReturn)} in 30 days`],
    ['Risk', `Sharpe ${record.sharpe.toFixed(2)} a market, deepest fall ${percent(record.drawdown)}`],
  ]
}

export function qualityOfRecord(record: WhaleRecord): Quality {
  return qualityOf(record)
}

/** The parts that a quality is the sum of, each with what it was found from. */
export function withQuality(base: Reply, quality: Quality): Reply {
  const rows = quality.parts.map(({ name, points, of, reason }) => [name, of === 0 ? '' : `${points} of ${of}`, reason])
  return base.table([`Quality ${quality.score}`, 'Points', 'Why'], rows)
}
