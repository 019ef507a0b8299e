import { UsageError } from '../run/usage-error.ts'
import { addMarks, MARKS, missing, newMarks } from './marks.ts'
import { World, type WorldResult } from './world.ts'

const USAGE = 'usage: npm run sim -- [seed] [--seeds 500] [--from 1]'
const OPTIONS = ['--seeds', '--from']
const SEEDS = 500
/** Fewer seeds than this cannot be expected to meet every rare thing. */
const SEEDS_FOR_MARKS = 300

/**
 * `npm run sim`: many seeded worlds, one line for what broke and a count of the rare things that happened.
 * `npm run sim -- 8812` runs one seed and says what it came to; `npm run sim -- --seeds 1000 --from 1` chooses how many.
 */
export async function runSim(args: readonly string[], print: (line: string) => void): Promise<void> {
  const unknown = args.find(arg => arg.startsWith('-') && !OPTIONS.includes(arg))
  if (unknown !== undefined) throw new UsageError(`${unknown} is no option. ${USAGE}`)
  const single = args.find(arg => !arg.startsWith('--') && args[args.indexOf(arg) - 1]?.startsWith('--') !== true)
  if (single !== undefined) {
    for (const line of described(await new World(single).run())) print(line)
    return
  }
  const seeds = numberOf(args, '--seeds') ?? SEEDS
  const from = numberOf(args, '--from') ?? 1
  await runMany(from, seeds, print)
}

async function runMany(from: number, seeds: number, print: (line: string) => void): Promise<void> {
  const marks = newMarks()
  const startedAt = performance.now()
  let entries = 0
  let signals = 0
  let lives = 0
  let failed = 0
  for (let seed = from; seed < from + seeds; seed += 1) {
    try {
      const result = await new World(String(seed)).run()
      addMarks(marks, result.marks)
      entries += result.entries
      signals += result.signals
      lives += result.lives
    } catch (error) {
      failed += 1
      print(`seed ${seed}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`)
      print(`  again with: npm run sim -- ${seed}`)
    }
  }
  for (const mark of MARKS) print(`${String(marks.get(mark) ?? 0).padStart(8)}  ${mark}`)
  const away = seeds >= SEEDS_FOR_MARKS ? missing(marks) : []
  for (const mark of away) print(`never happened: ${mark}`)
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  print(`${seeds} seeds, ${lives} lives of the process, ${signals} signals, ${entries} entries in ${seconds} s`)
  print(`${seeds - failed} clean, ${failed} broken`)
  if (failed > 0 || away.length > 0) process.exitCode = 1
}

function described(result: WorldResult): readonly string[] {
  const verdicts = Object.entries(result.verdicts).map(([verdict, count]) => `${verdict} ${count}`)
  return [
    `seed ${result.seed}: clean`,
    `${result.lives} lives of the process, ${result.signals} signals (${verdicts.join(', ')}), ${result.entries} entries`,
    `journal ${result.digest}`,
    ...[...result.marks]
      .filter(([, count]) => count > 0)
      .map(([mark, count]) => `${String(count).padStart(8)}  ${mark}`),
  ]
}

function numberOf(args: readonly string[], name: string): number | undefined {
  const at = args.indexOf(name)
  if (at < 0) return undefined
  const value = Number(args[at + 1])
  if (!Number.isInteger(value) || value < 0) throw new UsageError(`${name} takes a whole number. ${USAGE}`)
  return value
}
