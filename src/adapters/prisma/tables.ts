import type { Entry } from '../../core/engine/entry.ts'
import { type Batch, DERIVED, openBatch } from './batch.ts'
import type { Connection, Statements } from './connection.ts'
import { readPage } from './journal.ts'
import { writeEquity } from './write-equity.ts'
import { writeOrder } from './write-order.ts'
import { writePeople } from './write-people.ts'
import { writeSignal } from './write-signal.ts'

/** The tables that people and programs ask: derived from the journal, which alone is the truth. */
export type Tables = {
  /**
   * Takes entries into the tables and gives the number they have reached. What they already have is passed over, and so is what
   * does not follow: entries with a gap before them are left to `catchUp`.
   */
  readonly project: (entries: readonly Entry[]) => Promise<number>
  readonly reached: () => Promise<number>
  /** Takes from the journal what is missing. */
  readonly catchUp: () => Promise<number>
  /** Empties the tables and takes in the whole journal again. */
  readonly rebuild: () => Promise<number>
}

/** Entries in one transaction: a crash loses no more work than that, and an append waits no longer for its end. */
export const BATCH_MAX = 64

/** The one set of tables there is. Another set that is kept at its own pace would have another name. */
const NAME = 'tables'

export function openTables(connection: Connection): Tables {
  const project = async (entries: readonly Entry[]): Promise<number> => {
    let reached = 0
    for (let from = 0; from < Math.max(1, entries.length); from += BATCH_MAX) {
      const batch = entries.slice(from, from + BATCH_MAX)
      reached = await connection.transaction(statements => projectBatch(statements, batch))
    }
    return reached
  }
  const catchUp = async (): Promise<number> => {
    let reached = await reachedIn(connection)
    // A journal that was put back from a backup is shorter than what the tables have seen.
    const [newest] = await connection.rows('SELECT max("seq") AS seq FROM "Entry"', [])
    if (reached > Number(newest?.seq ?? 0)) reached = await clear(connection)
    for (;;) {
      const page = await readPage(connection, reached + 1, BATCH_MAX)
      if (page.length === 0) return reached
      reached = await project(page)
    }
  }
  return {
    project,
    reached: () => reachedIn(connection),
    catchUp,
    rebuild: async () => {
      await clear(connection)
      return catchUp()
    },
  }
}

async function projectBatch(statements: Statements, entries: readonly Entry[]): Promise<number> {
  const reached = await reachedIn(statements)
  const [first, ...others] = entries.filter(entry => entry.seq > reached)
  if (first === undefined || first.seq !== reached + 1) return reached
  const batch = openBatch(statements)
  for (const entry of [first, ...others]) await writeEntry(batch, entry)
  await batch.flush()
  const seq = (others.at(-1) ?? first).seq
  await setReached(statements, seq)
  return seq
}

async function writeEntry(batch: Batch, entry: Entry): Promise<void> {
  for (const [index, fact] of entry.facts.entries()) {
    const place = { seq: BigInt(entry.seq), at: BigInt(entry.input.at), place: index }
    await writeSignal(batch, fact, place)
    await writeOrder(batch, fact, place)
    await writePeople(batch, fact, place)
    writeEquity(batch, fact)
  }
}

async function reachedIn(statements: Statements): Promise<number> {
  const [row] = await statements.rows('SELECT "seq" FROM "Projection" WHERE "name" = ?', [NAME])
  return Number(row?.seq ?? 0)
}

async function setReached(statements: Statements, seq: number): Promise<void> {
  const sql =
    'INSERT INTO "Projection" ("name", "seq") VALUES (?, ?) ON CONFLICT ("name") DO UPDATE SET "seq" = excluded."seq"'
  await statements.run(sql, [NAME, BigInt(seq)])
}

async function clear(connection: Connection): Promise<number> {
  await connection.transaction(async statements => {
    for (const table of DERIVED) await statements.run(`DELETE FROM "${table}"`, [])
    await setReached(statements, 0)
  })
  return 0
}
