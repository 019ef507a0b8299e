import { inspect } from 'node:util'
import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import { decimal } from '../../core/units/money.ts'

export type Log = Logger

/** A value that can be used and never be seen: whatever prints it prints `[secret]`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The one way to the value itself. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}

/** What must not stand in a line, whoever put it there: keys, signatures and tokens by their shape, and by the name of their field. */
const SHAPES: readonly RegExp[] = [
  /\b(?:0x)?[0-9a-fA-F]{128,130}\b/g,
  /bot\d{5,}:[\w-]{20,}/g,
  /\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}\b/g,
]
const FIELD =
  /("(?:[^"\\]*(?:key|secret|token|passphrase|password|signature|authorization)[^"\\]*)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi
/** Control characters, as JSON writes them and as it leaves them; an escaped backslash is matched so that it can be kept. */
const CONTROLS = /\\(?:\\|u00[01][0-9a-f]|u007f)|[\u007f-\u009f]/gi
const BACKSLASH = '\\\\'
/** A token id is public, and the field's own word. */
const PUBLIC_FIELD = /^"(?:token|tokenId|tokens|key|orderKey)"/

/**
 * Takes out of a finished line whatever looks like a secret, and what a terminal would obey: the words of a server that failed
 * may stand in it. The last wall: nothing should ever come as far.
 */
export function scrub(line: string): string {
  const named = line.replace(FIELD, (whole, name: string) => (PUBLIC_FIELD.test(name) ? whole : `${name}"[secret]"`))
  return SHAPES.reduce((text, shape) => text.replace(shape, '[secret]'), named).replace(CONTROLS, found =>
    found === BACKSLASH ? found : '',
  )
}

/** Lines of JSON to stderr, in plain words on a terminal; stdout belongs to the chat. */
export function createLog(level: string | undefined, isTerminal: boolean): Log {
  const sink = isTerminal
    ? pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'UTC:HH:MM:ss' })
    : process.stderr
  const stream = { write: (line: string) => void sink.write(scrub(line)) }
  const formatters = { log: (fields: object) => plain(fields) as Record<string, unknown> }
  return pino({ level: level ?? (isTerminal ? 'warn' : 'info'), base: { pid: process.pid }, formatters }, stream)
}

/** Amounts as decimals: JSON has no whole numbers of that size. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return decimal(value as never)
  if (value instanceof Error || value instanceof Secret || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]))
}
