import { appendFileSync, cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { describe, expect, test } from 'vitest'
import { databaseFile, driverUrl, migrationsFolder } from '../../src/adapters/prisma/location.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { JournalError } from '../../src/ports/journal.ts'
import { failureOf, useFolder } from './folder.ts'

const folder = useFolder()
const FIRST = '20261121000000_journal_and_tables'
const ALL = [FIRST, '20261129000000_chats_and_equity']

/** A copy of the program's migrations, to be tampered with. */
function copied(): string {
  const path = folder.path('migrations')
  cpSync(migrationsFolder(), path, { recursive: true })
  return path
}

function add(migrations: string, name: string, sql: string): void {
  mkdirSync(join(migrations, name))
  writeFileSync(join(migrations, name, 'migration.sql'), sql)
}

/** The sentence, and the advice that comes with it. */
async function refusal(opening: Promise<unknown>): Promise<readonly [string, string | undefined]> {
  const failure = await failureOf(opening)
  expect(failure).toBeInstanceOf(JournalError)
  return [failure.message.replaceAll(`${folder.path('')}/`, ''), failure.advice]
}

describe('migrations', () => {
  test('are applied once, in the bookkeeping of Prisma', async () => {
    const first = await folder.database()
    expect(first.migrated).toEqual(ALL)
    const rows = await first.connection.rows('SELECT * FROM "_prisma_migrations" ORDER BY "migration_name"', [])
    expect(rows.map(row => row.migration_name)).toEqual(ALL)
    for (const row of rows) {
      expect(row).toMatchObject({ rolled_back_at: null, logs: null })
      expect(row.checksum).toMatch(/^[0-9a-f]{64}$/)
      expect(row.finished_at).not.toBeNull()
      expect(Number(row.applied_steps_count)).toBe(1)
    }
    expect((await folder.database()).migrated).toEqual([])
  })

  test('make the tables and columns that the schema names', async () => {
    const { connection } = await folder.database()
    for (const model of Object.values(Prisma.ModelName)) {
      const columns = await connection.rows(`SELECT name FROM pragma_table_info('${model}')`, [])
      expect([model, columns.map(({ name }) => name)]).toEqual([model, Object.keys(Prisma[`${model}ScalarFieldEnum`])])
    }
  })

  test('a further one is applied to a database that has data', async () => {
    const migrations = copied()
    const first = await folder.database('remora.db', { migrations })
    await first.connection.run(`INSERT INTO "Projection" VALUES ('kept', 7)`, [])
    add(migrations, '20270101000000_more', `-- a ; in a comment\nCREATE TABLE "More" ("x" TEXT DEFAULT ';');`)
    const second = await folder.database('remora.db', { migrations })
    expect(second.migrated).toEqual(['20270101000000_more'])
    expect(await second.connection.rows('SELECT * FROM "Projection"', [])).toEqual([{ name: 'kept', seq: 7n }])
  })

  test('a database of before the chats keeps what it has and gets their tables', async () => {
    const before = copied()
    for (const name of ALL.slice(1)) rmSync(join(before, name), { recursive: true })
    const old = await folder.database('remora.db', { migrations: before })
    expect(old.migrated).toEqual([FIRST])
    await old.connection.run(`INSERT INTO "Projection" VALUES ('kept', 7)`, [])
    const now = await folder.database('remora.db')
    expect(now.migrated).toEqual(ALL.slice(1))
    expect(await now.connection.rows('SELECT * FROM "Projection"', [])).toEqual([{ name: 'kept', seq: 7n }])
    expect(await now.connection.rows('SELECT * FROM "Letter"', [])).toEqual([])
  })

  test('an edited one is refused', async () => {
    const migrations = copied()
    await folder.database('remora.db', { migrations })
    appendFileSync(join(migrations, FIRST, 'migration.sql'), '\n-- edited')
    expect(await refusal(folder.database('remora.db', { migrations }))).toEqual([
      `the migration ${FIRST} was edited after it was applied to remora.db`,
      `Put prisma/migrations/${FIRST}/migration.sql back as it was; a change needs a migration of its own.`,
    ])
  })

  test('one that was begun and never finished is refused', async () => {
    const { connection } = await folder.database()
    await connection.run('UPDATE "_prisma_migrations" SET finished_at = NULL', [])
    expect(await refusal(folder.database())).toEqual([
      `the migration ${FIRST} of remora.db was begun and never finished`,
      `Restore the last backup, or repair the tables and run "npx prisma migrate resolve --rolled-back ${FIRST}".`,
    ])
  })

  test('one that a person has marked as rolled back is applied again', async () => {
    const { connection } = await folder.database()
    await connection.run(`UPDATE "_prisma_migrations" SET finished_at = NULL, rolled_back_at = '2026-11-21'`, [])
    for (const { name } of await connection.rows(`SELECT name FROM sqlite_master WHERE type = 'table'`, [])) {
      if (name !== '_prisma_migrations') await connection.run(`DROP TABLE "${name}"`, [])
    }
    expect((await folder.database()).migrated).toEqual(ALL)
  })

  test('a database that is newer than the program is refused', async () => {
    const migrations = copied()
    add(migrations, '20270101000000_more', 'CREATE TABLE "More" ("x" TEXT);')
    await folder.database('remora.db', { migrations })
    rmSync(join(migrations, '20270101000000_more'), { recursive: true })
    expect(await refusal(folder.database('remora.db', { migrations }))).toEqual([
      'remora.db was written by a newer Remora: it has the migration 20270101000000_more',
      'Start that version, or point DATABASE_URL to another file.',
    ])
  })

  test('one that fails on the way leaves nothing of itself, and can be tried again', async () => {
    const migrations = copied()
    const name = '20270101000000_wrong'
    add(migrations, name, 'CREATE TABLE "Half" ("x" TEXT);\nCREATE TABLE "Entry" ("x" TEXT);')
    const [sentence] = await refusal(folder.database('remora.db', { migrations }))
    expect(sentence).toContain(`Applying the migration ${name} failed (remora.db): table "Entry" already exists`)
    writeFileSync(join(migrations, name, 'migration.sql'), 'CREATE TABLE "Half" ("x" TEXT);')
    expect((await folder.database('remora.db', { migrations })).migrated).toEqual([name])
  })

  test('two programs that start at once both come up', async () => {
    const both = await Promise.all([folder.database(), folder.database()])
    expect(await both[0].connection.rows('SELECT * FROM "_prisma_migrations"', [])).toHaveLength(ALL.length)
  })
})

describe('a database', () => {
  test('that is none is refused', async () => {
    writeFileSync(folder.path('remora.db'), 'Dear diary, '.repeat(500))
    expect(await refusal(folder.database())).toEqual([
      'Reading the database failed: remora.db is not a database',
      'Point DATABASE_URL to another file, or move this one away.',
    ])
  })

  test('that is another program’s is refused', async () => {
    const adapter = await new PrismaLibSql({ url: driverUrl(folder.path('remora.db')) }).connect()
    await adapter.executeScript('CREATE TABLE "Order" (x TEXT)')
    await adapter.dispose()
    expect(await refusal(folder.database())).toEqual([
      'remora.db holds the tables of another program',
      'Point DATABASE_URL to another file; Remora makes it.',
    ])
  })

  test('that is damaged is refused', async () => {
    const { connection, close } = await folder.database()
    await connection.run(`INSERT INTO "Projection" VALUES ('x', 1)`, [])
    await close()
    const adapter = await new PrismaLibSql({ url: driverUrl(folder.path('remora.db')) }).connect()
    await adapter.executeScript(
      `PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 9999 WHERE name = '_prisma_migrations'`,
    )
    await adapter.dispose()
    expect(await refusal(folder.database())).toEqual([
      expect.stringMatching(/remora\.db is damaged$/),
      'Restore the last backup, or move the file away and start anew.',
    ])
  })

  test('that another program has locked is refused', async () => {
    await folder.database()
    const other = await new PrismaLibSql({ url: driverUrl(folder.path('remora.db')) }).connect()
    await other.executeRaw({ sql: 'BEGIN IMMEDIATE', args: [], argTypes: [] })
    const migrations = copied()
    add(migrations, '20270101000000_more', 'CREATE TABLE "More" ("x" TEXT);')
    expect(await refusal(folder.database('remora.db', { migrations, lockWaitMs: 1 }))).toEqual([
      'Applying the migration 20270101000000_more failed: remora.db is locked by another program',
      'Stop the other program that has it open, then start again.',
    ])
    await other.dispose()
  })

  test('in a place that is no folder is refused', async () => {
    writeFileSync(folder.path('file'), '')
    expect(await refusal(folder.database('file/remora.db'))).toEqual([
      'the folder file cannot be made',
      'Let the user that runs Remora write there, or set DATABASE_URL to another file.',
    ])
    mkdirSync(folder.path('remora.db'))
    expect(await refusal(folder.database())).toEqual([
      'Opening the database failed: remora.db cannot be opened',
      'Check that the folder exists and that the user that runs Remora may write to it.',
    ])
  })

  test('in a folder that is not there yet is made with it', async () => {
    await folder.database('new/folder/remora.db')
    renameSync(folder.path('new/folder/remora.db'), folder.path('moved.db'))
  })
})

describe('DATABASE_URL', () => {
  const other = (url: string) => () => databaseFile(url)

  test('names a file, absolute or relative to the working directory', () => {
    expect(databaseFile('file:./data.db')).toBe(join(process.cwd(), 'data.db'))
    expect(databaseFile('file:data.db')).toBe(join(process.cwd(), 'data.db'))
    expect(databaseFile('file:/tmp/data.db')).toBe('/tmp/data.db')
    expect(databaseFile('file:///tmp/data.db')).toBe('/tmp/data.db')
  })

  test.each(['postgres://user:secret@host/db', 'postgresql://user:secret@host/db'])(
    '%s is for another version',
    url => {
      expect(other(url)).toThrow('PostgreSQL is not in this version of Remora')
    },
  )

  test.each([
    '',
    'remora.db',
    'file:',
    'file::memory:',
    'file:x.db?mode=ro',
    'file:a#b',
    'libsql://host',
    'file:folder/',
  ])('%j names no file', url => {
    expect(other(url)).toThrow('DATABASE_URL does not name a file')
  })
})
