import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { beginningOf } from '../../adapters/archive/lines.ts'
import { RecordingError } from '../../adapters/archive/recording-error.ts'
import { shapeOf } from '../../adapters/archive/shape.ts'
import { readWhalePast, type WhalePast } from '../../adapters/archive/whale-records.ts'
import type { Instant } from '../../core/units/ids.ts'
import { UsageError } from '../usage-error.ts'
import { reportOf } from './calibrate-report.ts'
import { standingsAt, walkForward } from './calibrate-walk.ts'

const USAGE = 'usage: npm run calibrate -- <folder of whale trades, resolutions and wallet records> [--seed 1]'

/** A first line is never longer. */
const BEGINNING = 65_536
/** Files of one folder that are looked into. */
const FILES_MAX = 100

/**
 * `npm run calibrate -- <folder>`: walks through recorded whales forward in time and prints how good what would have been thought of
 * their purchases was, against the price alone. Throws a `UsageError` or a `RecordingError`.
 */
export async function runCalibrate(args: readonly string[], print: (line: string) => void): Promise<void> {
  const { folder, seed } = optionsOf(args)
  const past = await openPast(folder)
  const judged = walkForward(past)
  if (judged.length === 0)
    throw new RecordingError('no purchase here has its ending on record: there is nothing to compare', { file: folder })
  for (const line of reportOf(past, judged, standingsAt(past, lastOf(past)), seed)) print(line)
}

function optionsOf(args: readonly string[]): { readonly folder: string; readonly seed: string } {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seed: { type: 'string', default: '1' } },
    })
    const [folder, ...more] = positionals
    if (folder === undefined || more.length > 0) throw new UsageError(USAGE)
    return { folder, seed: values.seed }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}. ${USAGE}`)
  }
}

/** Files are known by how they begin, whatever they are called. */
async function openPast(folder: string): Promise<WhalePast> {
  const files = { trades: [] as string[], resolutions: [] as string[], records: [] as string[] }
  for (const file of await filesIn(folder)) {
    const beginning = await beginningOf(file, BEGINNING)
    const shape = shapeOf(beginning)
    if (shape?.recording === 'whales' && shape.part === 'trades') files.trades.push(file)
    else if (shape?.recording === 'whales') files.resolutions.push(file)
    else if (/^\s*\{[^\n]*"wallet"[^\n]*"wins"/.test(beginning)) files.records.push(file)
  }
  for (const [what, found] of Object.entries(files)) {
    if (found.length === 0) throw new RecordingError(`there is no file of ${what} in this folder`, { file: folder })
  }
  return readWhalePast(files)
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    if (entries.length > FILES_MAX)
      throw new RecordingError(`there are more than ${FILES_MAX} files in it`, { file: folder })
    return entries
      .filter(entry => entry.isFile())
      .map(entry => join(folder, entry.name))
      .sort()
  } catch (cause) {
    if (cause instanceof RecordingError) throw cause
    throw new RecordingError('there is no such folder', { file: folder }, cause)
  }
}

function lastOf({ purchases, records }: WhalePast): Instant {
  const stored = [...records.values()].flatMap(kept => kept.at(-1)?.at ?? [])
  return [...purchases.map(({ at }) => at), ...stored].reduce((latest, at) => (at > latest ? at : latest))
}
