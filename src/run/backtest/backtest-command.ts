import { mkdirSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { archiveData } from '../../adapters/archive/data.ts'
import { openRecording } from '../../adapters/archive/open.ts'
import { jsonlJournal } from '../../adapters/jsonl/journal.ts'
import type { OrderBook } from '../../core/market/book.ts'
import { type Limits, PRESETS, type Preset } from '../../core/risk/limits.ts'
import { decimal, millionths, type Price, price, type Shares, shares, type Usd, usd } from '../../core/units/money.ts'
import type { Archived } from '../../ports/archive.ts'
import { backtest } from './backtest.ts'
import type { Summary } from './tally.ts'

const USAGE =
  'usage: npm run backtest -- <recording> [--mirror] [--deep] [--preset standard] [--deposit 10000] [--latency 250] [--journal file]'

type Options = {
  readonly recording: string
  readonly mirrors: boolean
  readonly isDeep: boolean
  readonly limits: Limits
  readonly deposit: Usd
  readonly latencyMs: number
  readonly journal: string
}

class BacktestUsageError extends Error {
  override readonly name = 'RecordingError'
}

/** `npm run backtest -- <recording>`: trades a recording and prints what came of it; the journal is left beside for `replay`. */
export async function runBacktest(args: readonly string[], print: (line: string) => void): Promise<void> {
  const options = optionsOf(args)
  const recording = await openRecording(options.recording)
  mkdirSync(dirname(options.journal), { recursive: true })
  rmSync(options.journal, { force: true })
  const bar =
    process.stderr.isTTY === true
      ? new SingleBar({
          format: '{bar} {percentage} % · {value} of {total} events · {duration_formatted}',
          hideCursor: true,
        })
      : undefined
  bar?.start(recording.total, 0)
  const data = archiveData()
  const summary = await backtest({
    recording,
    data: { ...data, take: event => data.take(altered(event, options)) },
    journal: await jsonlJournal(options.journal, { isDurable: false }),
    limits: options.limits,
    deposit: options.deposit,
    latencyMs: options.latencyMs,
    progress: done => bar?.update(done),
  })
  bar?.stop()
  for (const line of report(summary)) print(line)
  print(`journal            ${options.journal}`)
}

function optionsOf(args: readonly string[]): Options {
  const read = parse(args)
  const [recording, ...more] = read.positionals
  if (recording === undefined || more.length > 0) throw new BacktestUsageError(USAGE)
  const preset = read.values.preset as Preset
  if (!(preset in PRESETS)) throw new BacktestUsageError(`--preset is conservative, standard or aggressive. ${USAGE}`)
  const deposit = millionths(read.values.deposit, 'down')
  if (deposit === undefined || deposit <= 0n)
    throw new BacktestUsageError(`--deposit is an amount of dollars. ${USAGE}`)
  const latencyMs = Number(read.values.latency)
  if (!Number.isInteger(latencyMs) || latencyMs < 0 || latencyMs > 60_000) {
    throw new BacktestUsageError(`--latency is a whole number of milliseconds up to 60000. ${USAGE}`)
  }
  const name = basename(resolve(recording)).replace(/\.jsonl(\.gz)?$/, '')
  return {
    recording,
    mirrors: read.values.mirror,
    isDeep: read.values.deep,
    limits: read.values.mirror ? MIRROR : PRESETS[preset],
    deposit: deposit as Usd,
    latencyMs,
    journal: read.values.journal ?? join('data', 'backtests', `${name}.journal.jsonl`),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        mirror: { type: 'boolean', default: false },
        deep: { type: 'boolean', default: false },
        preset: { type: 'string', default: 'standard' },
        deposit: { type: 'string', default: '10000' },
        latency: { type: 'string', default: '250' },
        journal: { type: 'string' },
      },
    })
  } catch (error) {
    throw new BacktestUsageError(`${error instanceof Error ? error.message : String(error)}. ${USAGE}`)
  }
}

/** Every trade copied at its own size at the ask, as far as there is anything to buy: what copying costs before any judgement. */
const MIRROR: Limits = {
  ...PRESETS.standard,
  sizing: 'mirror',
  positionPctMax: 1,
  stakeMin: usd('0'),
  stakeMax: usd('1000000000'),
  exposurePctMax: 1,
  marketPctMax: 1,
  categoryPctMax: 1,
  positionsMax: 1_000_000,
  qualityMin: 0,
  confidenceMin: 0,
  priceMoveMax: price('1'),
  spreadMax: price('1'),
  liquidityMin: usd('0'),
  priceMax: price('1'),
  closesInMinMs: 0,
  dailyLossMax: usd('1000000000'),
  dailyLossPctMax: 1,
  hourlyLossMax: usd('1000000000'),
  lossesInARowMax: 1_000_000,
  drawdownPctMax: 1,
}

/**
 * A recording as a question wants it: mirrored, the market's smallest order must not be a gate either; deep, the best price has
 * no end, as studies assume that say what copying "at the ask" costs.
 */
function altered(event: Archived, { mirrors, isDeep }: Options): Archived {
  if (event.kind === 'market' && mirrors) return { ...event, market: { ...event.market, sizeMin: 10_000n as Shares } }
  if (event.kind !== 'book' || !isDeep) return event
  const deepen = (levels: OrderBook['asks']): OrderBook['asks'] =>
    levels.slice(0, 1).map(level => ({ ...level, size: shares('1000000000') }))
  return { ...event, book: { ...event.book, bids: deepen(event.book.bids), asks: deepen(event.book.asks) } }
}

function report(summary: Summary): readonly string[] {
  const { verdicts } = summary
  return [
    `recording          ${summary.recording}`,
    ...summary.notes.map(note => `note               ${note}`),
    `trades             ${summary.trades}: ${summary.signals} signals, ${summary.trades - summary.signals} further pieces of an order that was seen already`,
    `copied             ${verdicts.copied}`,
    `refused            ${verdicts.refused}`,
    ...summary.refusals.map(([code, count]) => `  ${String(count).padStart(7)}          ${code}`),
    `withdrawn          ${verdicts.withdrawn}, declined ${verdicts.declined}, expired ${verdicts.expired}`,
    `bought, sold       $${decimal(summary.bought)}, $${decimal(summary.sold)}`,
    `fees               $${decimal(summary.fees)}${partOf(summary.fees, summary.bought)}`,
    `slippage           $${decimal(summary.slippage)}${partOf(summary.slippage, summary.slippageOf)} against the whale's own prices`,
    `profit before fees $${decimal(summary.grossProfit)}${partOf(summary.grossProfit, summary.bought)}`,
    `profit after fees  $${decimal(summary.netProfit)}${partOf(summary.netProfit, summary.bought)}`,
    `positions          ${summary.won} won, ${summary.lost} lost, ${summary.openPositions} open`,
    `equity             $${decimal(summary.equity)}`,
  ]
}

function partOf(part: Usd, whole: Usd): string {
  if (whole === 0n) return ''
  const hundredths = (BigInt(part) * 1_000_000n) / BigInt(whole)
  return ` (${decimal((hundredths * 100n) as Price)} % of what was bought)`
}
