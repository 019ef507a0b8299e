import { describe, expect, test } from 'vitest'
import type { Database } from '../../src/adapters/prisma/client.ts'
import { APPEND_MAX, prismaJournal } from '../../src/adapters/prisma/journal.ts'
import { ENGINE_VERSION, emptyState } from '../../src/core/engine/state.ts'
import { InvariantError } from '../../src/core/units/brand.ts'
import type { Instant } from '../../src/core/units/ids.ts'
import { type Journal, JournalError } from '../../src/ports/journal.ts'
import { copiedBuy, entry } from './entries.ts'
import { all, failureOf, useFolder } from './folder.ts'

const folder = useFolder()

async function journalOf(database: Database): Promise<Journal> {
  return prismaJournal(database.connection)
}

describe('entries', () => {
  test('are read back as they were, over several pages and after a restart', async () => {
    const entries = Array.from({ length: 300 }, (_, index) => copiedBuy(1 + 4 * index, index)).flat()
    const first = await folder.database()
    const journal = await journalOf(first)
    for (let from = 0; from < entries.length; from += APPEND_MAX)
      await journal.append(entries.slice(from, from + APPEND_MAX))
    await first.close()

    const second = await journalOf(await folder.database())
    expect(await all(second.readFrom(1))).toEqual(entries)
    expect(await all(second.readFrom(1_199))).toEqual(entries.slice(1_198))
    expect(await all(second.readFrom(1_201))).toEqual([])
  })

  test('are refused where a number is missing or comes twice', async () => {
    const journal = await journalOf(await folder.database())
    await journal.append([entry(1, []), entry(2, [])])
    await expect(journal.append([entry(4, [])])).rejects.toThrow(InvariantError)
    await expect(journal.append([entry(2, [])])).rejects.toThrow(InvariantError)
    await expect(journal.append([entry(3, []), entry(5, [])])).rejects.toThrow(InvariantError)
    await journal.append([])
    await journal.append([entry(3, [])])
    expect(await all(journal.readFrom(1))).toHaveLength(3)
  })

  test('are recorded together or not at all', async () => {
    const database = await folder.database()
    const journal = await journalOf(database)
    await journal.append([entry(1, [])])
    // Another writer took number 3, so the second of the batch cannot be written.
    await database.connection.run(`INSERT INTO "Entry" VALUES (3, 1, 0, 'x', '{}', '[]', '[]', '1')`, [])
    const failure = await failureOf(journal.append([entry(2, []), entry(3, [])]))
    expect(failure.message).toBe(
      `Writing the database failed: ${database.file} was written by another process at the same time`,
    )
    const [row] = await database.connection.rows('SELECT count(*) AS n FROM "Entry" WHERE "seq" = 2', [])
    expect(row?.n).toBe(0n)
    expect((await failureOf(journal.append([entry(2, [])]))).message).toBe('an earlier append failed')
  })

  test('with one missing on the disk are not opened', async () => {
    const database = await folder.database()
    const journal = await journalOf(database)
    await journal.append([entry(1, []), entry(2, []), entry(3, [])])
    await database.connection.run('DELETE FROM "Entry" WHERE "seq" = 2', [])
    expect((await failureOf(all(journal.readFrom(1)))).message).toContain('entry 2 is missing')
    expect((await failureOf(journalOf(database))).message).toContain('has 2 entries but its last is number 3')
  })

  test('that cannot be read are named', async () => {
    const database = await folder.database()
    const journal = await journalOf(database)
    await journal.append([entry(1, []), entry(2, [])])
    await database.connection.run(`UPDATE "Entry" SET "facts" = '[{"kind":' WHERE "seq" = 2`, [])
    const failure = await failureOf(all(journal.readFrom(1)))
    expect(failure).toBeInstanceOf(JournalError)
    expect(failure.message).toContain('entry 2')
    expect(failure.advice).toContain('Restore the last backup')
  })

  test('of numbers beyond 2^31 and amounts up to 2^200 are kept', async () => {
    const database = await folder.database()
    const journal = await journalOf(database)
    const hold = { by: 'operator', effect: 'halt', since: 0 as Instant, until: 'released by hand', why: '~5n' } as const
    const huge = entry(1, [
      { kind: 'holdPlaced', hold },
      {
        kind: 'profitRealised',
        account: 'paper',
        token: '1' as never,
        whale: undefined,
        profit: (1n << 200n) as never,
        fee: -1n as never,
        at: 0 as Instant,
      },
    ])
    await journal.append([huge])
    expect(await all(journal.readFrom(1))).toEqual([huge])
  })
})

describe('snapshots', () => {
  const at = (now: number) => ({ ...emptyState(), now: now as Instant })

  test('the newest is given, three are kept', async () => {
    const database = await folder.database()
    const journal = await journalOf(database)
    await journal.append([1, 2, 3, 4, 5].map(seq => entry(seq, [])))
    expect(await journal.latestSnapshot()).toBeUndefined()
    for (const seq of [1, 2, 3, 4, 5]) await journal.saveSnapshot({ seq, engine: ENGINE_VERSION, state: at(seq) })
    await journal.saveSnapshot({ seq: 5, engine: ENGINE_VERSION, state: at(50) })
    expect(await journal.latestSnapshot()).toEqual({ seq: 5, engine: ENGINE_VERSION, state: at(50) })
    const rows = await database.connection.rows('SELECT "seq" FROM "Snapshot" ORDER BY "seq"', [])
    expect(rows.map(row => row.seq)).toEqual([3n, 4n, 5n])
  })

  test('one of another engine, damaged, or beyond the journal is passed over', async () => {
    const database = await folder.database()
    const journal = await journalOf(database)
    await journal.append([1, 2, 3].map(seq => entry(seq, [])))
    await journal.saveSnapshot({ seq: 1, engine: ENGINE_VERSION, state: at(1) })
    await journal.saveSnapshot({ seq: 2, engine: ENGINE_VERSION, state: at(2) })
    await journal.saveSnapshot({ seq: 3, engine: 'of the future', state: at(3) })
    await database.connection.run(`UPDATE "Snapshot" SET "state" = '{"now":' WHERE "seq" = 2`, [])
    expect(await journal.latestSnapshot()).toEqual({ seq: 1, engine: ENGINE_VERSION, state: at(1) })
    await journal.saveSnapshot({ seq: 9, engine: ENGINE_VERSION, state: at(9) })
    expect((await journal.latestSnapshot())?.seq).toBeUndefined()
  })
})

describe('the connection', () => {
  test('lets nobody between the statements of a transaction, and undoes one that fails', async () => {
    const { connection } = await folder.database()
    const put = (name: string) => ['INSERT INTO "Projection" VALUES (?, 0)', [name]] as const
    const failing = connection.transaction(async ({ run }) => {
      await run(...put('inside'))
      throw new Error('on the way')
    })
    const other = connection.run(...put('outside'))
    await expect(failing).rejects.toThrow('on the way')
    await other
    expect(await connection.rows('SELECT "name" FROM "Projection"', [])).toEqual([{ name: 'outside' }])
  })

  test('commits to the disk, and so does every other that is opened', async () => {
    const database = await folder.database()
    const [row] = await database.connection.rows('PRAGMA synchronous', [])
    expect(row?.synchronous).toBe(2n)
    const client = await database.client()
    for (let times = 0; times < 3; times += 1) {
      expect(await client.$queryRaw`PRAGMA synchronous`).toEqual([{ synchronous: 2n }])
      expect(await client.$queryRaw`PRAGMA journal_mode`).toEqual([{ journal_mode: 'wal' }])
      await client.entry.findMany()
    }
    await expect(client.projection.create({ data: { name: 'x', seq: 1 } })).rejects.toThrow(/readonly|read.?only/i)
  })
})
