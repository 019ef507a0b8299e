import { closeSync, createWriteStream, fstatSync, ftruncateSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ConditionId } from '../../core/units/ids.ts'
import type { Archived } from '../../ports/archive.ts'
import type { Introduced } from './line-read.ts'
import { lineOf } from './line-write.ts'
import { RecordingError } from './recording-error.ts'

/** What may wait for the disk. A disk that is slower than the market for this long loses lines, not the bot its memory. */
const WAITING_MAX_BYTES = 16 * 1024 * 1024
/** Markets whose names and tokens are remembered, so that later lines can leave them out. */
const MARKETS_MAX = 20_000
/** How far from the end of a file its last line break is looked for. */
const TAIL_BYTES = 1024 * 1024

export type ArchiveWriter = {
  /** Takes it, and never waits or throws: an archive that cannot be written must not stop what it records. */
  readonly write: (event: Archived) => void
  /** Resolves once there is room again. Whoever writes faster than time passes awaits it now and then. */
  readonly room: () => Promise<void>
  /** How many events were not taken, for want of room or since the file failed. */
  readonly lost: () => number
  /** Ends the file. Throws a `RecordingError` if any of it could not be written. */
  readonly close: () => Promise<void>
}

/**
 * Writes a recording of our own as plain JSON lines, after those that the file has already. A last line that a crash left
 * half written is cut off first, since the next one would be glued to it. Throws a `RecordingError` where that cannot be done.
 */
export function archiveWriter(path: string): ArchiveWriter {
  if (path.endsWith('.gz'))
    throw new RecordingError('a recording is written as plain lines and packed afterwards', { file: path })
  const stream = createWriteStream(path, { fd: opened(path), highWaterMark: 256 * 1024 })
  const markets = new Map<ConditionId, Introduced>()
  let failure: Error | undefined
  let lost = 0
  let freed: Promise<void> | undefined
  stream.on('error', error => {
    failure ??= error
  })
  return {
    write: event => {
      if (failure !== undefined || stream.writableEnded || stream.writableLength > WAITING_MAX_BYTES) {
        lost += 1
        return
      }
      stream.write(`${lineOf(event, introduction(markets, event))}\n`)
    },
    room: async () => {
      if (!stream.writableNeedDrain || failure !== undefined) return
      freed ??= new Promise<void>(resolve => {
        const free = (): void => {
          freed = undefined
          stream.off('drain', free).off('close', free)
          resolve()
        }
        stream.once('drain', free).once('close', free)
      })
      await freed
    },
    lost: () => lost,
    close: async () => {
      if (!stream.closed) {
        await new Promise<void>(resolve => {
          stream.once('close', () => resolve())
          stream.end()
        })
      }
      if (failure !== undefined) throw new RecordingError('it could not be written', { file: path }, failure)
    },
  }
}

/** The market that the event is of, if its line is in the file; a market's own line becomes the one. */
function introduction(markets: Map<ConditionId, Introduced>, event: Archived): Introduced | undefined {
  if (event.kind === 'trade') return markets.get(event.trade.condition)
  if (event.kind === 'resolution') return markets.get(event.condition)
  if (event.kind === 'book') return undefined
  const { condition, title, outcomes } = event.market
  markets.delete(condition)
  markets.set(condition, { title, outcomes })
  const [oldest] = markets.keys()
  if (markets.size > MARKETS_MAX && oldest !== undefined) markets.delete(oldest)
  return undefined
}

/** The file, open behind its last whole line. */
function opened(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(path, 'a+')
    const cut = wholeLength(file)
    if (cut === undefined) {
      closeSync(file)
      throw new RecordingError('its end is no line of a recording: nothing is added to it', { file: path })
    }
    ftruncateSync(file, cut)
    return file
  } catch (cause) {
    if (cause instanceof RecordingError) throw cause
    throw new RecordingError('it cannot be written', { file: path }, cause)
  }
}

/** How many bytes the file has up to its last line break, or `undefined` where there is none near its end. */
function wholeLength(file: number): number | undefined {
  const { size } = fstatSync(file)
  if (size === 0) return 0
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES))
  const read = readSync(file, tail, 0, tail.length, size - tail.length)
  const last = tail.subarray(0, read).lastIndexOf(0x0a)
  if (last < 0) return size <= TAIL_BYTES && tail[0] === 0x7b ? 0 : undefined
  return size - tail.length + last + 1
}
