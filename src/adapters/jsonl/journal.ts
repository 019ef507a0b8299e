import { constants, type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises'
import { decodeState, encodeEntry, encodeState, UnreadableText } from '../../core/engine/codec.ts'
import type { Entry } from '../../core/engine/entry.ts'
import { ENGINE_VERSION } from '../../core/engine/state.ts'
import { assert } from '../../core/units/brand.ts'
import { type Journal, JournalError, type Snapshot } from '../../ports/journal.ts'
import { MORE_FOLLOWS, readBatches } from './lines.ts'

export type JsonlJournalOptions = {
  /** Whether an append waits for the disk. A recording of a rehearsal need not; money would. */
  readonly isDurable?: boolean
}

const ADVICE = 'Check the disk and the rights to the file, then start again.'

/** The entries of a recorded file, oldest first. Changes nothing, not even a last line that is torn. */
export async function* readJsonl(file: string): AsyncGenerator<Entry> {
  for await (const batch of readBatches(file)) yield* batch.entries
}

/** A recorded file as a journal that is only read: what is replayed must not change under the reader. */
export function recordedJournal(file: string): Journal {
  const refuse = (): Promise<never> =>
    Promise.reject(new JournalError(`${file} is only read`, 'Open it as a journal of its own to write to it.'))
  return {
    append: refuse,
    readFrom: seq => readFrom(file, seq),
    saveSnapshot: refuse,
    latestSnapshot: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  }
}

async function* readFrom(file: string, seq: number): AsyncGenerator<Entry> {
  for await (const entry of readJsonl(file)) if (entry.seq >= seq) yield entry
}

/**
 * A journal as a file of JSON lines, one entry each: to record what a rehearsal did and replay it. The newest snapshot lies
 * beside it as `<file>.snapshot`. A last append that a crash has torn is cut off when the file is opened.
 */
export async function jsonlJournal(file: string, { isDurable = true }: JsonlJournalOptions = {}): Promise<Journal> {
  const { handle, ...found } = await opened(file)
  let { last, size } = found
  let hasFailed = false
  return {
    append: async entries => {
      if (entries.length === 0) return
      if (hasFailed)
        throw new JournalError('an earlier append failed', 'Start again: recovery reads what is on record.')
      for (const [index, entry] of entries.entries()) {
        assert(entry.seq === last + 1 + index, 'an entry has the number after the one before')
      }
      const text = Buffer.from(`${entries.map(encodeEntry).join(`${MORE_FOLLOWS}\n`)}\n`)
      try {
        await writeAll(handle, text, size)
        if (isDurable) await handle.datasync()
      } catch (cause) {
        hasFailed = true
        throw new JournalError(`writing ${file} failed`, ADVICE, cause)
      }
      last += entries.length
      size += text.length
    },
    readFrom: seq => readFrom(file, seq),
    saveSnapshot: snapshot => saveSnapshot(file, snapshot),
    latestSnapshot: () => latestSnapshot(file, last),
    close: () => handle.close(),
  }
}

type Opened = { readonly handle: FileHandle; readonly last: number; readonly size: number }

/** The file with what was torn off at its end cut away. It is made where there is none. */
async function opened(file: string): Promise<Opened> {
  let last = 0
  let size = 0
  const handle = await openForWriting(file)
  try {
    for await (const { entries, end } of readBatches(file)) {
      last = entries.at(-1)?.seq ?? last
      size = end
    }
    await handle.truncate(size)
    return { handle, last, size }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Neither truncates nor appends blindly: writes go where the last whole append ended. */
async function openForWriting(file: string): Promise<FileHandle> {
  try {
    return await open(file, constants.O_RDWR | constants.O_CREAT)
  } catch (cause) {
    throw new JournalError(`${file} cannot be opened for writing`, ADVICE, cause)
  }
}

async function writeAll(handle: FileHandle, text: Buffer, from: number): Promise<void> {
  let written = 0
  while (written < text.length) {
    const { bytesWritten } = await handle.write(text, written, text.length - written, from + written)
    written += bytesWritten
  }
}

/** Written beside and renamed, so that there is always one that is whole. */
async function saveSnapshot(file: string, { seq, engine, state }: Snapshot): Promise<void> {
  await writeFile(`${file}.snapshot.part`, `${seq} ${engine}\n${encodeState(state)}`, { flush: true })
  await rename(`${file}.snapshot.part`, `${file}.snapshot`)
}

async function latestSnapshot(file: string, last: number): Promise<Snapshot | undefined> {
  const text = await readFile(`${file}.snapshot`, 'utf8').catch(() => '')
  const [, seq, engine] = /^(\d+) (.*)\n/.exec(text) ?? []
  if (engine !== ENGINE_VERSION || Number(seq) > last) return undefined
  try {
    return { seq: Number(seq), engine, state: decodeState(text.slice(text.indexOf('\n') + 1)) }
  } catch (error) {
    if (error instanceof UnreadableText) return undefined
    throw error
  }
}
