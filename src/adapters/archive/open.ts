import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { unreachable } from '../../core/units/brand.ts'
import type { Archived, Recording } from '../../ports/archive.ts'
import { inOrder, type Loaded, whalesIn } from './in-order.ts'
import { beginningOf } from './lines.ts'
import { openOwnLines } from './own-lines.ts'
import { RecordingError } from './recording-error.ts'
import { type FileShape, shapeOf } from './shape.ts'
import { readTenLevels } from './ten-levels.ts'
import { readUpDown } from './up-down.ts'
import { readWalletRows } from './wallet-rows.ts'
import { readWalletTable } from './wallet-table.ts'
import { readWhaleTrades } from './whale-trades.ts'

/** Files of one folder that are looked into. */
const FILES_MAX = 1_000
/** How much of a file is looked at to tell what it is: more than the longest first line. */
const BEGINNING = 65_536

const EXPECTED = [
  'JSON lines with kind market, book, trade or resolution',
  'trades-*.csv and books-*.csv of up-or-down markets',
  'whale-trades-*.jsonl with resolutions-*.jsonl',
  'a CSV table or a JSON list of a wallet’s activity',
  'JSON lines of ten-level samples and trades (any of them may be packed with gzip)',
].join('; ')

export type OpenOptions = {
  /** Moves the trades of up-or-down recordings this much before their stamps; see `TRADE_LAG_MS`. Nothing moves by default. */
  readonly tradeLagMs?: number
}

type Found = { readonly file: string; readonly shape: FileShape }

/**
 * Opens a recording, a file or a folder of files of one shape, whatever they are called: it is recognised by how the files
 * begin. Throws a `RecordingError` that says what was expected, or where a file is damaged.
 */
export async function openRecording(path: string, options: OpenOptions = {}): Promise<Recording> {
  const isFolder = await isFolderAt(path)
  const files = isFolder ? await filesOf(path) : [path]
  const unused: string[] = []
  const found: Found[] = []
  for (const file of files) {
    const shape = shapeOf(await beginningOf(file, BEGINNING))
    if (shape === undefined) unused.push(basename(file))
    else found.push({ file, shape })
  }
  const [first] = found
  if (first === undefined) throw new RecordingError(await nothingSaid(path, isFolder), { file: path })
  const other = found.find(({ shape }) => shape.recording !== first.shape.recording)
  if (other !== undefined) {
    const both = `${basename(first.file)} and ${basename(other.file)} are of different shapes`
    throw new RecordingError(`one recording was expected, but ${both}: name one file`, { file: path })
  }
  const name = basename(path)
  const paired = isFolder ? found : [first, ...(await siblingsOf(first))]
  const ofPart = (part: FileShape['part']): readonly string[] =>
    paired.filter(({ shape }) => shape.part === part).map(({ file }) => file)
  const skipped = unused.length === 0 ? [] : [`not used: ${unused.join(', ')}`]
  if (first.shape.recording === 'own') {
    const own = await openOwnLines(name, ofPart('lines'))
    return { ...own, notes: () => [...skipped, ...own.notes()] }
  }
  return held(name, await loaded(first.shape.recording, ofPart, options, path), skipped)
}

async function loaded(
  recording: Exclude<FileShape['recording'], 'own'>,
  ofPart: (part: FileShape['part']) => readonly string[],
  options: OpenOptions,
  path: string,
): Promise<Loaded> {
  switch (recording) {
    case 'up-down':
      return readUpDown({ trades: ofPart('trades'), books: ofPart('books') }, options.tradeLagMs ?? 0)
    case 'whales':
      if (ofPart('trades').length === 0)
        throw new RecordingError('it tells only how markets ended: name the file or the folder of the trades', {
          file: path,
        })
      return readWhaleTrades({ trades: ofPart('trades'), resolutions: ofPart('resolutions') })
    case 'wallet':
      return together(await readWalletTable(ofPart('table')), await readWalletRows(ofPart('rows')))
    case 'ten-levels':
      return readTenLevels(ofPart('lines'))
    default:
      return unreachable(recording)
  }
}

function together(one: Loaded, other: Loaded): Loaded {
  if (one.events.length === 0) return other
  if (other.events.length === 0) return one
  return { events: [...one.events, ...other.events], notes: [...one.notes, ...other.notes] }
}

function held(name: string, { events, notes }: Loaded, skipped: readonly string[]): Recording {
  const ordered: readonly Archived[] = inOrder(events)
  return {
    name,
    notes: () => [...skipped, ...notes],
    whales: whalesIn(ordered),
    total: ordered.length,
    events: () => ordered,
  }
}

async function isFolderAt(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (cause) {
    throw new RecordingError('there is no such file or folder', { file: path }, cause)
  }
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  if (entries.length > FILES_MAX)
    throw new RecordingError(`there are more than ${FILES_MAX} files in it`, { file: folder })
  return entries
    .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
    .map(entry => join(folder, entry.name))
    .sort()
}

async function nothingSaid(path: string, isFolder: boolean): Promise<string> {
  if (isFolder) return `there is no recording in this folder; expected ${EXPECTED}`
  return (await stat(path)).size === 0 ? 'the file is empty' : `this is no recording; expected ${EXPECTED}`
}

/** The other half of a recording in two files, where it stands beside and is named after the first. */
async function siblingsOf({ file, shape }: Found): Promise<readonly Found[]> {
  const name = basename(file)
  const other = shape.sibling === undefined ? name : name.replace(shape.sibling[0], shape.sibling[1])
  if (other === name) return []
  const beside = join(dirname(file), other)
  const found = await stat(beside).catch(() => undefined)
  if (found?.isFile() !== true) return []
  const theirs = shapeOf(await beginningOf(beside, BEGINNING))
  return theirs?.recording === shape.recording ? [{ file: beside, shape: theirs }] : []
}
