import { parseArgs } from 'node:util'
import { UsageError } from '../usage-error.ts'
import { type TrialResult, trial } from './trial.ts'

const USAGE = 'usage: npm run trial -- [--minutes 10] [--whales 200] [--seed 1] [--speed 1] [--calm] [--only chain]'
/** What is found and should not be is shown by its first few. */
const SHOWN_MAX = 5

/**
 * `npm run trial`: follows hundreds of whales of the simulated market while every fault of every source comes and goes, and says
 * what was lost, taken twice, invented, or acted on too late; how late each source is; and what was asked against the limits.
 */
export async function runTrial(
  args: readonly string[],
  entry: string,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { minutes, whales, speed, seed, calm, only } = optionsIn(args)
  const result = await trial({ entry, seed, minutes, whales, speed, isStormy: !calm, only, progress: print, signal })
  for (const line of report(result)) print(line)
  if (!isClean(result)) process.exitCode = 1
}

function optionsIn(args: readonly string[]) {
  const text = { type: 'string' } as const
  const options = {
    minutes: text,
    whales: text,
    seed: text,
    speed: text,
    only: text,
    calm: { type: 'boolean' },
  } as const
  const given = (() => {
    try {
      return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
    } catch (error) {
      throw new UsageError(`${error instanceof Error ? error.message : 'bad arguments'}. ${USAGE}`)
    }
  })()
  const number = (name: 'minutes' | 'whales' | 'speed', from: number, to: number, otherwise: number): number => {
    const value = given[name] === undefined ? otherwise : Number(given[name])
    if (!(value >= from && value <= to)) throw new UsageError(`--${name} is a number from ${from} to ${to}. ${USAGE}`)
    return value
  }
  if (given.only !== undefined && given.only !== 'chain' && given.only !== 'activity')
    throw new UsageError(`--only is chain or activity. ${USAGE}`)
  return {
    only: given.only as 'chain' | 'activity' | undefined,
    minutes: number('minutes', 0.1, 1_440, 10),
    whales: Math.floor(number('whales', 1, 2_000, 200)),
    speed: number('speed', 0.1, 100, 1),
    seed: given.seed ?? '1',
    calm: given.calm === true,
  }
}

export function isClean({ findings }: TrialResult): boolean {
  return [findings.lost, findings.twice, findings.invented, findings.tooOld].every(list => list.length === 0)
}

export function report(result: TrialResult): readonly string[] {
  const { findings, sources, ownPart, usage, switched } = result
  const faults = [...switched.values()]
  const shown = (what: string, list: readonly string[]): readonly string[] => [
    `${what.padEnd(34)} ${list.length}`,
    ...list.slice(0, SHOWN_MAX).map(one => `    ${one}`),
  ]
  return [
    '',
    `${findings.deals} deals of the followed whales: ${findings.signals} signals and ${findings.joined} further pieces; ${findings.copied} copied`,
    `${faults.reduce((sum, count) => sum + count, 0)} faults switched on, ${faults.filter(count => count > 0).length} of ${faults.length} kinds`,
    `problems noted: ${listed(result.problems)}`,
    ...shown('lost', findings.lost),
    ...shown('in two signals', findings.twice),
    ...shown('that never were', findings.invented),
    ...shown('acted on though too old', findings.tooOld),
    '',
    'source     first  confirmed  missed    late   from the trade to us (p50, p99)   our own part (p50, p99)',
    ...sources.map(view => {
      const own = ownPart.find(({ source }) => source === view.name)
      const counts = [view.toldFirst, view.confirmed, view.missed, view.late]
      const lag = `${seconds(view.lagP50Ms)}, ${seconds(view.lagP99Ms)}`
      const part = own === undefined ? '' : `${millis(own.p50Ms)}, ${millis(own.p99Ms)} of ${own.signals}`
      return `${view.name.padEnd(9)}${counts.map(count => String(count).padStart(8)).join('  ')}   ${lag.padStart(24)}   ${part.padStart(30)}`
    }),
    '',
    'requests in 10 s               most    limit',
    ...usage
      .filter(({ peak }) => peak > 0)
      .map(({ group, peak, limit }) => `${group.padEnd(28)}${String(peak).padStart(7)}  ${String(limit).padStart(7)}`),
    '',
    `refused: ${listed(findings.refused)}`,
    `holds placed: ${listed(findings.holds)}`,
    isClean(result) ? 'CLEAN' : 'BROKEN',
  ]
}

function listed(counts: ReadonlyMap<string, number>): string {
  const all = [...counts].sort(([, one], [, other]) => other - one).map(([name, count]) => `${name} ${count}`)
  return all.length === 0 ? 'none' : all.join(', ')
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${(ms / 1_000).toFixed(2)} s`
}

function millis(ms: number | undefined): string {
  return ms === undefined ? '-' : `${ms.toFixed(2)} ms`
}
