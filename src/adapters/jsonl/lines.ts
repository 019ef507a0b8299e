import { type FileHandle, open } from 'node:fs/promises'
import { decodeEntry, UnreadableText } from '../../core/engine/codec.ts'
import type { Entry } from '../../core/engine/entry.ts'
import { JournalError } from '../../ports/journal.ts'

/** How much of the file is read at once. */
const CHUNK_BYTES = 256 * 1024
/** A line beyond this is no entry: the largest holds one quote, some 10 KB. */
const LINE_BYTES_MAX = 16 * 1024 * 1024

const NEWLINE = 10
const SPACE = 32

/** A batch is one append: its lines end in a space, which JSON ignores, but for the last. So a torn batch is seen. */
export const MORE_FOLLOWS = ' '

/** Entries that were appended together, and where in the file they end. */
export type Batch = { readonly entries: readonly Entry[]; readonly end: number }

/**
 * The batches of a file that were written whole, in order. What a crash left of the last one is passed over; a line that
 * cannot be read and has others after it is damage and throws a `JournalError`.
 */
export async function* readBatches(file: string): AsyncGenerator<Batch> {
  const handle = await opened(file)
  try {
    let entries: Entry[] = []
    let next = 1
    for await (const { line, end, isLast } of linesOf(handle, file)) {
      const entry = parse(line)
      if (entry === undefined && isLast) return
      if (entry?.seq !== next) throw damaged(file, next)
      entries.push(entry)
      next += 1
      if (line.at(-1) === SPACE) continue
      yield { entries, end }
      entries = []
    }
  } finally {
    await handle.close()
  }
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r')
  } catch (cause) {
    throw new JournalError(`${file} cannot be read`, 'Check its name and the rights to it.', cause)
  }
}

function parse(line: Buffer): Entry | undefined {
  try {
    return decodeEntry(line.toString('utf8'))
  } catch (error) {
    if (error instanceof UnreadableText) return undefined
    throw error
  }
}

type Line = { readonly line: Buffer; readonly end: number; readonly isLast: boolean }

/** Whole lines only; what follows the last newline is the beginning of one that was never finished. */
async function* linesOf(handle: FileHandle, file: string): AsyncGenerator<Line> {
  const { size } = await handle.stat()
  let rest: Buffer = Buffer.alloc(0)
  let at = 0
  while (at < size) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - at))
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)])
    if (rest.length > LINE_BYTES_MAX) throw damaged(file, undefined)
    let begin = 0
    for (let newline = rest.indexOf(NEWLINE); newline >= 0; newline = rest.indexOf(NEWLINE, begin)) {
      const end = at - rest.length + newline + 1
      yield { line: rest.subarray(begin, newline), end, isLast: end === size }
      begin = newline + 1
    }
    rest = rest.subarray(begin)
  }
}

function damaged(file: string, seq: number | undefined): JournalError {
  const where = seq === undefined ? 'a line' : `the line of entry ${seq}`
  return new JournalError(`${where} in ${file} cannot be read`, 'Restore the file from a backup, or record it again.')
}
