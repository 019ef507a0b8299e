import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { VenueRecord } from './exchange.ts'

/** Where the simulated venue keeps what happened, so that it survives a crash of ours as a real venue would. */
export type VenueMemory = {
  readonly load: () => readonly VenueRecord[]
  /** Durable when it returns. */
  readonly append: (record: VenueRecord) => void
  readonly close: () => void
}

/** For runs that end with the process: a backtest, a test, a simulated world. */
export function inMemory(): VenueMemory {
  const records: VenueRecord[] = []
  return { load: () => records, append: record => records.push(record), close: () => undefined }
}

/**
 * A file of one record a line, synced at each, and apart from the journal: it is the venue's side of the story and what
 * recovery compares ours with. A last line that a crash tore is cut off: what it told was never answered.
 */
export function inFile(path: string): VenueMemory {
  const records = existsSync(path) ? readWhole(path) : []
  const file = openSync(path, 'a')
  let size = fstatSync(file).size
  return {
    load: () => records,
    append: record => {
      const line = Buffer.from(`${JSON.stringify(record, amountsAsText)}\n`)
      try {
        writeWhole(file, line)
        fsyncSync(file)
      } catch (error) {
        // Half a line would spoil the next one, and then the file could not be read any more.
        ftruncateSync(file, size)
        throw error
      }
      size += line.length
    },
    close: () => closeSync(file),
  }
}

/** On a disk that is nearly full a write may take a part and say so without an error. */
function writeWhole(file: number, line: Buffer): void {
  let written = 0
  while (written < line.length) written += writeSync(file, line, written)
}

function readWhole(path: string): VenueRecord[] {
  const text = readFileSync(path, 'utf8')
  const end = text.lastIndexOf('\n') + 1
  if (end < text.length) {
    const file = openSync(path, 'r+')
    ftruncateSync(file, Buffer.byteLength(text.slice(0, end)))
    closeSync(file)
  }
  return text
    .slice(0, end)
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line, textAsAmounts) as VenueRecord)
}

/** Every whole number of this file that is an amount is written as `123n`; no text in it, an id or a hash, looks like that. */
function amountsAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}

function textAsAmounts(_key: string, value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value
}
