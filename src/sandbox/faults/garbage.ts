import type { Seeded } from '../../core/units/seeded.ts'

/** What may be wrong with what is sent: none of it must be believed, and none of it must end whoever reads it. */
export type Garbage = string | Buffer

/** Bytes of a binary frame: short, since any would do. */
const BINARY_BYTES_MAX = 64

/** One piece of garbage. `good` is something that was really sent, which half of the pieces are made of. */
export function garbageLike(good: string, chance: Seeded): Garbage {
  switch (chance.whole(6)) {
    case 0:
      return chance.pick(['no JSON at all', '<html><body>502 Bad Gateway</body></html>', '{]', 'NaN', 'null', '[[[['])
    case 1:
      return good.slice(0, Math.floor(good.length / 2)) || '{"half":'
    case 2:
      return Buffer.from(Array.from({ length: 1 + chance.whole(BINARY_BYTES_MAX) }, () => chance.whole(256)))
    case 3:
      return ''
    default:
      return JSON.stringify(broken(parsed(good), chance))
  }
}

/** Lists in answers, by the name of their field; the answer may also be a list itself. */
const LISTS = ['data', 'markets', 'events', 'bids', 'asks', 'result']

/** The same answer with a few rows that cannot be among its rows, all of which are still there. */
export function withBrokenRows(body: unknown, chance: Seeded): unknown {
  return withRows(body, LISTS, rows => {
    const sample = rows.length === 0 ? {} : chance.pick(rows)
    const added = Array.from({ length: 1 + chance.whole(3) }, () => broken(sample, chance))
    const place = chance.whole(rows.length + 1)
    return [...rows.slice(0, place), ...added, ...rows.slice(place)]
  })
}

/** An answer with its list changed; an answer without one as it is. */
export function withRows(
  body: unknown,
  lists: readonly string[],
  change: (rows: readonly unknown[]) => readonly unknown[],
): unknown {
  if (Array.isArray(body)) return change(body)
  if (!isRecord(body)) return body
  const rest = Object.entries(body).map(([name, value]) => {
    return [name, lists.includes(name) && Array.isArray(value) ? change(value) : value]
  })
  return Object.fromEntries(rest)
}

/** What no field of a trade, a market or a book can be. */
const ABSURD: readonly unknown[] = [
  -1,
  '-3',
  1e21,
  '1e400',
  'NaN',
  '',
  {},
  [[]],
  true,
  '0x',
  99_999_999_999_999,
  '\u0000\u202e',
]

/** A row like this one with fields gone or absurd: always something that cannot be, never a row that only looks odd. */
function broken(row: unknown, chance: Seeded): unknown {
  if (!isRecord(row)) return chance.pick([null, 7, 'row', [], {}])
  const inner = Object.entries(row).find(([, value]) => isRecord(value))
  if (inner !== undefined) return { ...row, [inner[0]]: broken(inner[1], chance) }
  const fields = Object.entries(row)
  if (chance.chance(0.5)) return Object.fromEntries(fields.filter(([name]) => !NEEDED.has(name)))
  return Object.fromEntries(
    // What kind of frame it is stays, so that it is read as one.
    fields.map(([name, value]) => [name, NEEDED.has(name) && name !== 'event_type' ? chance.pick(ABSURD) : value]),
  )
}

/** Without any one of these no row means anything, by whichever name a source calls it. */
const NEEDED: ReadonlySet<string> = new Set([
  'size',
  'price',
  'side',
  'timestamp',
  'clobTokenIds',
  'conditionId',
  'asset_id',
  'event_type',
  'price_changes',
  'bids',
  'asks',
  'topics',
  'data',
  'number',
  'hash',
])

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
