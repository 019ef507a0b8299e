import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Level, Side } from '../world.ts'

/**
 * One line of a recording. Amounts are read from their decimal text into numbers: here they are shown, never kept
 * books on.
 */
export type RecordedLine =
  | {
      readonly kind: 'market'
      readonly at: number
      readonly conditionId: string
      readonly tokens: readonly [string, string]
      readonly outcomes: readonly [string, string]
      readonly title: string
      readonly slug: string
      readonly category: string
      readonly tick: number
      readonly minSize: number
      readonly feeRate: number
      readonly closesAt: number
    }
  | {
      readonly kind: 'book'
      readonly at: number
      readonly token: string
      readonly bids: readonly Level[]
      readonly asks: readonly Level[]
    }
  | {
      readonly kind: 'trade'
      readonly at: number
      readonly tx: string
      readonly wallet: string
      readonly name: string
      readonly token: string
      readonly conditionId: string
      readonly side: Side
      readonly price: number
      readonly size: number
    }
  | {
      readonly kind: 'resolution'
      readonly at: number
      readonly conditionId: string
      readonly payouts: readonly [number, number]
    }

/** Lines one recording may have: what still fits in memory next to the bot. */
const LINES_MAX = 200_000
const LEVELS_MAX = 50

/** A recording that cannot be played, and where in it. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

/** Reads a recording, a file or the first JSON-lines file of a folder. Kinds it does not know are skipped. */
export async function readRecording(path: string): Promise<readonly RecordedLine[]> {
  const file = await fileAt(path)
  const lines: RecordedLine[] = []
  let count = 0
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    count += 1
    if (count > LINES_MAX) throw new RecordingError(`${file} has more than ${LINES_MAX} lines, the most that is played`)
    if (text.trim() === '') continue
    const line = parsedLine(text, `${file}:${count}`)
    if (line !== undefined) lines.push(line)
  }
  if (lines.length === 0) throw new RecordingError(`${file} holds nothing to play`)
  return lines.sort((a, b) => a.at - b.at)
}

async function fileAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new RecordingError(`there is no recording at ${path}`)
  if (!found.isDirectory()) return path
  const [first] = (await readdir(path)).filter(name => name.endsWith('.jsonl') || name.endsWith('.ndjson')).sort()
  if (first === undefined) throw new RecordingError(`${path} holds no .jsonl file`)
  return join(path, first)
}

type Fields = Readonly<Record<string, unknown>>

/** A market whose end the recording does not know is taken to end long after it. */
const OPEN_END_MS = 30 * 86_400_000

function parsedLine(text: string, where: string): RecordedLine | undefined {
  const fields = objectIn(text, where)
  const word = (name: string): string => {
    const value = fields[name]
    if (typeof value === 'string') return value
    throw new RecordingError(`${where}: ${name} must be text`)
  }
  const amount = (name: string): number => amountIn(fields[name], `${where}: ${name}`)
  const pair = (name: string): readonly [unknown, unknown] => {
    const value: unknown = fields[name]
    if (Array.isArray(value) && value.length === 2) return [value[0], value[1]]
    throw new RecordingError(`${where}: ${name} must be two values`)
  }
  const words = (name: string): readonly [string, string] => {
    const [first, second] = pair(name)
    return [String(first), String(second)]
  }
  const at = amount('at')
  switch (fields.kind) {
    case 'market':
      return {
        kind: 'market',
        at,
        conditionId: word('conditionId').toLowerCase(),
        tokens: words('tokens'),
        outcomes: words('outcomes'),
        title: word('title'),
        slug: word('slug'),
        category: word('category'),
        tick: amount('tick'),
        minSize: amount('minSize'),
        feeRate: amount('feeRate'),
        closesAt: fields.closesAt === undefined ? at + OPEN_END_MS : amount('closesAt'),
      }
    case 'book':
      return {
        kind: 'book',
        at,
        token: word('token'),
        bids: levelsIn(fields.bids, where),
        asks: levelsIn(fields.asks, where),
      }
    case 'trade':
      return {
        kind: 'trade',
        at,
        tx: word('tx'),
        wallet: word('wallet').toLowerCase(),
        name: typeof fields.name === 'string' ? fields.name : '',
        token: word('token'),
        conditionId: word('conditionId').toLowerCase(),
        side: word('side') === 'SELL' ? 'SELL' : 'BUY',
        price: amount('price'),
        size: amount('size'),
      }
    case 'resolution': {
      const [first, second] = pair('payouts')
      const payouts = [amountIn(first, where), amountIn(second, where)] as const
      return { kind: 'resolution', at, conditionId: word('conditionId').toLowerCase(), payouts }
    }
    default:
      return undefined
  }
}

function objectIn(text: string, where: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    throw new RecordingError(`${where}: not a line of JSON`)
  }
  throw new RecordingError(`${where}: not an object`)
}

function amountIn(value: unknown, where: string): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw new RecordingError(`${where} must be a number`)
}

function levelsIn(value: unknown, where: string): readonly Level[] {
  if (!Array.isArray(value)) throw new RecordingError(`${where}: a side of a book must be a list`)
  return value.slice(0, LEVELS_MAX).map((level: unknown): Level => {
    if (!Array.isArray(level)) throw new RecordingError(`${where}: a level must be a price and a size`)
    return [amountIn(level[0], where), amountIn(level[1], where)]
  })
}
