import {
  decodeEffects,
  decodeFacts,
  decodeInput,
  decodeState,
  encodeEffects,
  encodeFacts,
  encodeInput,
  encodeState,
  UnreadableText,
} from '../../core/engine/codec.ts'
import type { Entry } from '../../core/engine/entry.ts'
import { ENGINE_VERSION } from '../../core/engine/state.ts'
import { assert } from '../../core/units/brand.ts'
import { type Journal, JournalError, type Snapshot } from '../../ports/journal.ts'
import type { Connection, Row, Value } from './connection.ts'

/** Entries that one append takes: what the engine's loop drains at once. */
export const APPEND_MAX = 64
/** Entries that are read at once: some 2 MB. */
const PAGE = 500
/** Snapshots that are kept, in case the newest cannot be read. */
const SNAPSHOTS_KEPT = 3

const COLUMNS = ['seq', 'term', 'at', 'kind', 'input', 'facts', 'effects', 'engine'] as const

/**
 * The journal in the database. An append is one INSERT, committed by itself: SQLite makes it all or nothing and returns when the
 * disk has it. After an append that failed no other is taken, since only a reading of the table can say what is there.
 */
export async function prismaJournal(connection: Connection): Promise<Journal> {
  let last = await lastSeq(connection)
  let hasFailed = false
  return {
    append: async entries => {
      if (entries.length === 0) return
      if (hasFailed)
        throw new JournalError('an earlier append failed', 'Start again: recovery reads what is on record.')
      assertFollows(last, entries)
      try {
        await connection.run(insertSql(entries.length), entries.flatMap(valuesOf))
      } catch (error) {
        hasFailed = true
        throw error
      }
      last += entries.length
    },
    readFrom: seq => readEntries(connection, seq),
    saveSnapshot: snapshot => saveSnapshot(connection, snapshot),
    latestSnapshot: () => latestSnapshot(connection, last),
    close: () => Promise.resolve(),
  }
}

/** The number of the newest entry; 0 where there is none. Refuses a journal with a gap: its state could not be known. */
async function lastSeq(connection: Connection): Promise<number> {
  const [row] = await connection.rows('SELECT count(*) AS entries, max("seq") AS last FROM "Entry"', [])
  const last = Number(row?.last ?? 0)
  if (Number(row?.entries) === last) return last
  throw new JournalError(
    `the journal in ${connection.file} has ${row?.entries} entries but its last is number ${last}`,
    'Restore the last backup: without every entry the books cannot be known.',
  )
}

/** Asserts that the entries go on where the last left off. */
function assertFollows(last: number, entries: readonly Entry[]): void {
  assert(entries.length <= APPEND_MAX, `an append has at most ${APPEND_MAX} entries`)
  for (const [index, entry] of entries.entries()) {
    assert(entry.seq === last + 1 + index, 'an entry has the number after the one before')
  }
}

function insertSql(count: number): string {
  const names = COLUMNS.map(name => `"${name}"`).join(', ')
  const row = `(${COLUMNS.map(() => '?').join(', ')})`
  return `INSERT INTO "Entry" (${names}) VALUES ${Array.from({ length: count }, () => row).join(', ')}`
}

function valuesOf({ seq, term, input, facts, effects, engine }: Entry): readonly Value[] {
  return [
    BigInt(seq),
    BigInt(term),
    BigInt(input.at),
    input.kind,
    encodeInput(input),
    encodeFacts(facts),
    encodeEffects(effects),
    engine,
  ]
}

/** Every entry from `seq` on, a page at a time. Throws a `JournalError` at a gap, or at what cannot be read. */
export async function* readEntries(connection: Connection, seq: number): AsyncGenerator<Entry> {
  let next = seq
  for (;;) {
    const page = await readPage(connection, next, PAGE)
    for (const entry of page) {
      if (entry.seq !== next) throw gap(connection, next)
      next += 1
      yield entry
    }
    if (page.length < PAGE) return
  }
}

export async function readPage(connection: Connection, from: number, most: number): Promise<readonly Entry[]> {
  const sql = 'SELECT * FROM "Entry" WHERE "seq" >= ? ORDER BY "seq" LIMIT ?'
  const rows = await connection.rows(sql, [BigInt(from), BigInt(most)])
  return rows.map(row => entryOf(connection.file, row))
}

function gap(connection: Connection, seq: number): JournalError {
  return new JournalError(
    `entry ${seq} is missing from the journal in ${connection.file}`,
    'Restore the last backup: without every entry the books cannot be known.',
  )
}

export function entryOf(file: string, row: Row): Entry {
  try {
    return {
      seq: Number(row.seq),
      term: Number(row.term),
      input: decodeInput(String(row.input)),
      facts: decodeFacts(String(row.facts)),
      effects: decodeEffects(String(row.effects)),
      engine: String(row.engine),
    }
  } catch (cause) {
    if (!(cause instanceof UnreadableText)) throw cause
    const advice = 'Restore the last backup, or start the version of Remora that wrote it.'
    throw new JournalError(`entry ${row.seq} of the journal in ${file} cannot be read`, advice, cause)
  }
}

async function saveSnapshot(connection: Connection, { seq, engine, state }: Snapshot): Promise<void> {
  const text = encodeState(state)
  await connection.transaction(async ({ run }) => {
    const values = [BigInt(seq), engine, BigInt(state.now), text]
    await run('INSERT OR REPLACE INTO "Snapshot" ("seq", "engine", "at", "state") VALUES (?, ?, ?, ?)', values)
    const kept = `SELECT "seq" FROM "Snapshot" ORDER BY "seq" DESC LIMIT ${SNAPSHOTS_KEPT}`
    await run(`DELETE FROM "Snapshot" WHERE "seq" NOT IN (${kept})`, [])
  })
}

/**
 * The newest snapshot that this engine wrote and can read. Any other is passed over and costs only a longer fold: another
 * version's state may have another shape, and one beyond the last entry belongs to another journal.
 */
async function latestSnapshot(connection: Connection, last: number): Promise<Snapshot | undefined> {
  const sql = 'SELECT "seq" FROM "Snapshot" WHERE "engine" = ? AND "seq" <= ? ORDER BY "seq" DESC'
  const found = await connection.rows(sql, [ENGINE_VERSION, BigInt(last)])
  for (const row of found) {
    const seq = Number(row.seq)
    const [whole] = await connection.rows('SELECT "state" FROM "Snapshot" WHERE "seq" = ?', [BigInt(seq)])
    try {
      return { seq, engine: ENGINE_VERSION, state: decodeState(String(whole?.state)) }
    } catch (error) {
      if (!(error instanceof UnreadableText)) throw error
    }
  }
  return undefined
}
