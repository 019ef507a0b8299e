import { UP_DOWN_BOOKS, UP_DOWN_TRADES } from './up-down.ts'
import { WALLET_TABLE } from './wallet-table.ts'

/** What a file is, by how it begins: which recording it belongs to, and which part of it it is. */
export type FileShape = {
  readonly recording: 'own' | 'up-down' | 'whales' | 'wallet' | 'ten-levels'
  readonly part: 'lines' | 'trades' | 'books' | 'resolutions' | 'table' | 'rows'
  /** How the name of the other half comes from this one's. */
  readonly sibling?: readonly [string, string]
}

const OWN: FileShape = { recording: 'own', part: 'lines' }
const TEN_LEVELS: FileShape = { recording: 'ten-levels', part: 'lines' }
const WALLET_ROWS: FileShape = { recording: 'wallet', part: 'rows' }
const WHALE_TRADES: FileShape = { recording: 'whales', part: 'trades', sibling: ['whale-trades', 'resolutions'] }
const RESOLUTIONS: FileShape = { recording: 'whales', part: 'resolutions' }

const TABLES: ReadonlyMap<string, FileShape> = new Map<string, FileShape>([
  [UP_DOWN_TRADES.join(','), { recording: 'up-down', part: 'trades', sibling: ['trades', 'books'] }],
  [UP_DOWN_BOOKS.join(','), { recording: 'up-down', part: 'books', sibling: ['books', 'trades'] }],
  [WALLET_TABLE.join(','), { recording: 'wallet', part: 'table' }],
])

const OWN_KINDS: readonly unknown[] = ['market', 'book', 'trade', 'resolution']

/** Recognises a file by its first characters, or does not. */
export function shapeOf(beginning: string): FileShape | undefined {
  const text = beginning.replace(/^\uFEFF/, '').trimStart()
  const line = (text.split('\n', 1)[0] ?? '').trim()
  if (text.startsWith('['))
    return text.includes('"proxyWallet"') && text.includes('"transactionHash"') ? WALLET_ROWS : undefined
  if (!text.startsWith('{')) return TABLES.get(line)
  const fields = objectIn(line)
  if (OWN_KINDS.includes(fields.kind)) return OWN
  if (fields.type === 'meta' || 'sample_seq' in fields) return TEN_LEVELS
  if ('tx' in fields && 'wallet' in fields && 'usd' in fields) return WHALE_TRADES
  if ('id' in fields && 'won' in fields && 'resolvedAt' in fields) return RESOLUTIONS
  return undefined
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
