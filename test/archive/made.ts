import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openRecording } from '../../src/adapters/archive/open.ts'
import type { Level } from '../../src/core/market/book.ts'
import { unreachable } from '../../src/core/units/brand.ts'
import { decimal } from '../../src/core/units/money.ts'
import type { Archived, Recording } from '../../src/ports/archive.ts'

/** Puts files of these names and texts into a folder of their own, packed where the name ends so, and removes it after. */
export async function withFiles<T>(
  files: Readonly<Record<string, string | Buffer>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'archive-'))
  try {
    for (const [name, content] of Object.entries(files)) {
      const isPackedHere = name.endsWith('.gz') && typeof content === 'string'
      await writeFile(join(folder, name), isPackedHere ? gzipSync(content) : content)
    }
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function eventsOf(recording: Recording): Promise<readonly Archived[]> {
  const events: Archived[] = []
  for await (const event of recording.events()) events.push(event)
  return events
}

export type Read = { readonly recording: Recording; readonly events: readonly Archived[] }

/** What is read of a folder of these files. */
export function readFiles(
  files: Readonly<Record<string, string | Buffer>>,
  options?: { tradeLagMs?: number },
): Promise<Read> {
  return withFiles(files, async folder => {
    const recording = await openRecording(folder, options)
    return { recording, events: await eventsOf(recording) }
  })
}

/** The message with which a folder of these files is refused. */
export async function refusalOf(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  return withFiles(files, async folder => {
    try {
      await openRecording(folder)
      return 'it was read'
    } catch (error) {
      return String(error).replaceAll(folder, '…')
    }
  })
}

/** The events of one kind. */
export function only<K extends Archived['kind']>(
  events: readonly Archived[],
  kind: K,
): readonly Extract<Archived, { kind: K }>[] {
  return events.filter((event): event is Extract<Archived, { kind: K }> => event.kind === kind)
}

/** One line for each event: enough to see what was told and when. */
export function outline(events: readonly Archived[]): readonly string[] {
  return events.map(event => `${new Date(event.at).toISOString().slice(11, 19)} ${wordsOf(event)}`)
}

function wordsOf(event: Archived): string {
  switch (event.kind) {
    case 'market':
      return `market ${event.market.title}`
    case 'book':
      return `book ${sideOf(event.book.bids)} | ${sideOf(event.book.asks)}`
    case 'trade':
      return `trade ${event.trade.side} ${decimal(event.trade.size)} ${event.trade.outcome} at ${decimal(event.trade.price)}`
    case 'resolution':
      return `resolution ${event.payouts.map(({ price }) => decimal(price)).join(' ')}`
    default:
      return unreachable(event)
  }
}

function sideOf(levels: readonly Level[]): string {
  return levels.map(({ price, size }) => `${decimal(size)} at ${decimal(price)}`).join(', ')
}
