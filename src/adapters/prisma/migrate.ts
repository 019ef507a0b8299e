import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import { JournalError } from '../../ports/journal.ts'
import { failure } from './failure.ts'

/** One folder of `prisma/migrations`. The checksum is Prisma's: SHA-256 of the file. */
type Migration = { readonly name: string; readonly sql: string; readonly checksum: string }

/** One row of Prisma's bookkeeping. */
type Applied = {
  readonly name: string
  readonly checksum: string
  readonly isFinished: boolean
  readonly isRolledBack: boolean
}

/** Prisma's own table, word for word, so that `prisma migrate` finds in it what it would have written. */
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);`

/**
 * Brings the database to the program's schema, as `prisma migrate deploy` would, but without its engine, which is a download
 * that a server may not be allowed. Gives the names of what was applied.
 *
 * Each migration is one transaction together with its bookkeeping: a crash or a full disk leaves all of it or nothing.
 * Two programs that start at once both try; the second finds the first's row in its way and goes on.
 */
export async function migrate(adapter: SqlDriverAdapter, file: string, folder: string): Promise<readonly string[]> {
  const migrations = migrationsIn(folder)
  try {
    const rows = await bookkeeping(adapter, file)
    refuse(file, migrations, rows)
    const done = new Set(rows.filter(row => !row.isRolledBack).map(row => row.name))
    const missing = migrations.filter(migration => !done.has(migration.name))
    for (const migration of missing) await apply(adapter, file, migration, rows)
    return missing.map(migration => migration.name)
  } catch (error) {
    throw failure(file, 'Preparing the database', error)
  }
}

function migrationsIn(folder: string): readonly Migration[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter(each => each.isDirectory())
  const migrations = names.map(({ name }) => {
    const sql = readFileSync(resolve(folder, name, 'migration.sql'), 'utf8')
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
  return migrations.sort((one, other) => (one.name < other.name ? -1 : 1))
}

async function bookkeeping(adapter: SqlDriverAdapter, file: string): Promise<readonly Applied[]> {
  const tables = (await select(adapter, `SELECT name FROM sqlite_master WHERE type = 'table'`)).map(([name]) => name)
  if (tables.length > 0 && !tables.includes('_prisma_migrations')) {
    throw new JournalError(
      `${file} holds the tables of another program`,
      'Point DATABASE_URL to another file; Remora makes it.',
    )
  }
  await adapter.executeScript(BOOKKEEPING)
  const columns = 'migration_name, checksum, finished_at, rolled_back_at'
  const rows = await select(adapter, `SELECT ${columns} FROM "_prisma_migrations" ORDER BY started_at, rowid`)
  return rows.map(([name, checksum, finishedAt, rolledBackAt]) => ({
    name: String(name),
    checksum: String(checksum),
    isFinished: finishedAt !== null,
    isRolledBack: rolledBackAt !== null,
  }))
}

async function select(adapter: SqlDriverAdapter, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await adapter.queryRaw({ sql, args: [], argTypes: [] })).rows
}

/** Going on would be guessing what the database looks like. */
function refuse(file: string, migrations: readonly Migration[], rows: readonly Applied[]): void {
  for (const { name, checksum, isFinished, isRolledBack } of rows) {
    if (isRolledBack) continue
    if (!isFinished) {
      throw new JournalError(
        `the migration ${name} of ${file} was begun and never finished`,
        `Restore the last backup, or repair the tables and run "npx prisma migrate resolve --rolled-back ${name}".`,
      )
    }
    const own = migrations.find(migration => migration.name === name)
    if (own === undefined) {
      throw new JournalError(
        `${file} was written by a newer Remora: it has the migration ${name}`,
        'Start that version, or point DATABASE_URL to another file.',
      )
    }
    if (own.checksum !== checksum) {
      throw new JournalError(
        `the migration ${name} was edited after it was applied to ${file}`,
        `Put prisma/migrations/${name}/migration.sql back as it was; a change needs a migration of its own.`,
      )
    }
  }
}

async function apply(
  adapter: SqlDriverAdapter,
  file: string,
  migration: Migration,
  rows: readonly Applied[],
): Promise<void> {
  const attempt = rows.filter(row => row.name === migration.name).length
  const now = `strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')`
  const script = `BEGIN IMMEDIATE;
INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at)
VALUES ('${idOf(migration, attempt)}', '${migration.checksum}', ${quoted(migration.name)}, ${now});
${migration.sql}
;UPDATE "_prisma_migrations" SET finished_at = ${now}, applied_steps_count = 1
WHERE id = '${idOf(migration, attempt)}';
COMMIT;`
  try {
    await adapter.executeScript(script)
  } catch (error) {
    const after = await bookkeeping(adapter, file)
    if (after.some(row => row.name === migration.name && row.isFinished && !row.isRolledBack)) return
    throw failure(file, `Applying the migration ${migration.name}`, error)
  }
}

/** Derived, not drawn, so that two programs that apply the same migration at once collide. In the form of a UUID, as Prisma's are. */
function idOf({ name, checksum }: Migration, attempt: number): string {
  const hex = createHash('sha256').update(`${name}/${checksum}/${attempt}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
