import type { Join, WhalePast } from '../../adapters/archive/whale-records.ts'
import { signedDollars } from '../../chat/format.ts'
import { decimal, fraction, NO_USD, plus, type Usd, usd } from '../../core/units/money.ts'
import { brierOf, calibrationOf, type Forecast, squaredError } from '../../core/whale/calibration.ts'
import { edgeOf } from '../../core/whale/edge.ts'
import type { Quality } from '../../core/whale/quality.ts'
import { type Interval, pairedInterval } from './calibrate-bootstrap.ts'
import { type Judged, profitOfCopy, STAKE, type Standing } from './calibrate-walk.ts'

/** Wallets printed; the worst of a long list have all the same nothing. */
const SHOWN = 25
/** Dollars a share that a copy pays beside the whale's own price. */
const DEARER: readonly (readonly [string, Usd])[] = [
  ['at the whale’s price', usd('0')],
  ['at 1¢ more', usd('0.01')],
  ['at 2¢ more', usd('0.02')],
]

/** How a forecaster is called, and the chance that it gave. */
type Forecaster = readonly [string, (judged: Judged) => number]

const BY_PRICE: Forecaster = ['by the price alone', judged => judged.price]
const BY_RECORD: Forecaster = ['by the stored record', judged => judged.chance]
const BY_ENDED: Forecaster = ['by its ended purchases', judged => judged.chanceOfEnded]
const BY_NOBODY: Forecaster = ['with every edge at 0', judged => judged.chanceOfNobody]

/** All that a calibration prints, line by line. */
export function reportOf(
  past: WhalePast,
  judged: readonly Judged[],
  standings: readonly Standing[],
  seed: string,
): readonly string[] {
  const known = judged.filter(({ record }) => record !== undefined)
  return [
    ...sourceLines(past, judged),
    '',
    ...rankingLines(standings),
    '',
    ...tableLines(BY_PRICE, judged),
    ...tableLines(BY_RECORD, judged),
    '',
    ...scoreLines(`all ${judged.length} purchases`, judged, seed),
    ...scoreLines(`the ${known.length} with a stored record`, known, seed),
    '',
    ...copyLines('every purchase copied', judged, seed),
    ...copyLines('only those thought likelier than what a share costs', judged, seed, one => one.chance),
    '',
    verdictOn(judged, seed),
  ]
}

function sourceLines(past: WhalePast, judged: readonly Judged[]): readonly string[] {
  const joined = (join: Join): number => judged.filter(({ purchase }) => purchase.end.join === join).length
  const markets = new Set(judged.map(({ purchase }) => purchase.end.market)).size
  const recorded = judged.filter(({ record }) => record !== undefined).length
  return [
    `purchases     ${past.purchases.length}, of which ${judged.length} have their ending on record, in ${markets} markets`,
    `joined        ${joined('id')} by the market’s id, ${joined('name')} by the names of event, market and outcome`,
    `records       ${recorded} of them had a stored record by then, ${judged.filter(({ chance, price }) => chance !== price).length} one that shows an edge`,
    ...past.notes.map(note => `note          ${note}`),
    'note          what a wallet staked was not stored: the mean of its large purchases’ prices stands for all its prices',
    'note          wallets with a loss were not stored, so what is stored looks better than wallets are',
  ]
}

function rankingLines(standings: readonly Standing[]): readonly string[] {
  const lines = standings.slice(0, SHOWN).map(({ whale, name, record, quality }) => {
    const shown = (name.replace(/[^\x20-\x7e]/g, '') || whale).slice(0, 18).padEnd(18)
    const past = `${record.won}/${record.resolved} at ${record.pricePaid.toFixed(2)}`
    return `  ${String(quality.score).padStart(3)}  ${shown}  ${past.padEnd(16)}  edge ${signed(edgeOf(record))}  ${partsOf(quality)}`
  })
  return [
    `quality of ${standings.length} wallets at the end; 85 of the 100 points are for what this recording does not tell`,
    ...lines,
  ]
}

function partsOf({ parts }: Quality): string {
  return parts
    .filter(({ of }) => of !== 0)
    .map(({ name, points, of }) => `${name} ${points}/${of}`)
    .join(', ')
}

function tableLines([name, chance]: Forecaster, judged: readonly Judged[]): readonly string[] {
  const bins = calibrationOf(judged.map(one => forecastOf(one, chance)))
  return [
    `chance ${name}: given, came true, how many`,
    ...bins.map(({ from, count, meanChance, cameTrue }) => {
      const range = `${from.toFixed(1)}–${(from + 0.1).toFixed(1)}`
      return `  ${range}   ${meanChance.toFixed(3)}   ${cameTrue.toFixed(3)}   ${count}`
    }),
  ]
}

function scoreLines(which: string, judged: readonly Judged[], seed: string): readonly string[] {
  const price = brierOf(judged.map(one => forecastOf(one, ({ price }) => price)))
  if (price === undefined) return [`Brier score of ${which}: there is none`]
  return [
    `Brier score of ${which} (less is better)`,
    `  the price alone         ${price.toFixed(5)}`,
    ...[BY_RECORD, BY_ENDED, BY_NOBODY].map(([name, chance]) => {
      const score = brierOf(judged.map(one => forecastOf(one, chance))) ?? 0
      const interval = differenceOf(judged, chance, seed)
      const isSame = score === price ? ', exactly the price’s' : ''
      return `  ${name.padEnd(22)}  ${score.toFixed(5)}, ${intervalWords(interval)} beside the price${isSame}`
    }),
  ]
}

function copyLines(
  which: string,
  judged: readonly Judged[],
  seed: string,
  chance: (one: Judged) => number = () => 1,
): readonly string[] {
  return [
    `${which}, $${decimal(STAKE)} each, before fees`,
    ...DEARER.map(([where, dearer]) => {
      const cents = Number(dearer) / 1_000_000
      const taken = judged.filter(one => chance(one) > one.price + cents)
      const profits = taken.flatMap(({ purchase }) => {
        const profit = profitOfCopy(purchase, dearer)
        return profit === undefined ? [] : [{ profit, market: purchase.end.market }]
      })
      const sum = profits.reduce((total, { profit }) => plus(total, profit), NO_USD)
      const interval = pairedInterval(
        grouped(
          profits,
          one => one.market,
          one => fraction(one.profit, STAKE),
        ),
        seed,
      )
      return `  ${where.padEnd(22)}  ${profits.length} copies, ${signedDollars(sum)}${interval === undefined ? '' : `, ${percentWords(interval)} of the stake`}`
    }),
  ]
}

function verdictOn(judged: readonly Judged[], seed: string): string {
  const interval = differenceOf(judged, BY_RECORD[1], seed)
  if (interval === undefined) return 'There is nothing to judge.'
  if (interval.high < 0) return 'The chances by the stored record beat the price here, beyond what luck explains.'
  if (interval.low > 0)
    return 'The chances by the stored record are worse than the price here, beyond what luck explains.'
  return 'The chances by the stored record do not beat the price here: the difference is within what luck explains.'
}

function differenceOf(judged: readonly Judged[], chance: Forecaster[1], seed: string): Interval | undefined {
  const groups = grouped(
    judged,
    one => one.purchase.end.market,
    one => squaredError(forecastOf(one, chance)) - squaredError(forecastOf(one, ({ price }) => price)),
  )
  return pairedInterval(groups, seed)
}

function grouped<T>(
  all: readonly T[],
  group: (one: T) => string,
  value: (one: T) => number,
): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>()
  for (const one of all) groups.set(group(one), [...(groups.get(group(one)) ?? []), value(one)])
  return [...groups.values()]
}

function forecastOf(one: Judged, chance: Forecaster[1]): Forecast {
  return { chance: chance(one), isTrue: one.purchase.end.isWon }
}

function intervalWords(interval: Interval | undefined): string {
  if (interval === undefined) return 'nothing'
  return `${signed(interval.mean, 5)} (95 %: ${signed(interval.low, 5)} to ${signed(interval.high, 5)})`
}

function percentWords({ mean, low, high }: Interval): string {
  return `${signed(mean * 100, 1)} % (95 %: ${signed(low * 100, 1)} to ${signed(high * 100, 1)})`
}

function signed(value: number, places = 3): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(places)}`
}
