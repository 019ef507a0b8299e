import { PrismaLibSql } from '@prisma/adapter-libsql'
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { type Connection, open, openConnection } from './connection.ts'
import { databaseFile, driverUrl, migrationsFolder } from './location.ts'
import { migrate } from './migrate.ts'

/** The open database: one connection that writes, and Prisma's client, which only reads. */
export type Database = {
  readonly file: string
  readonly connection: Connection
  /**
   * Prisma's client on a connection of its own that refuses to write. Loaded when first asked for: its query engine takes some
   * 35 MB, which a bot that nobody asks can do without.
   */
  readonly client: () => Promise<PrismaClient>
  /** The migrations that this start has applied. */
  readonly migrated: readonly string[]
  readonly close: () => Promise<void>
}

export type DatabaseOptions = {
  /** The folder of the migrations; without it, that of the program. */
  readonly migrations?: string
  readonly lockWaitMs?: number
}

/** How long SQLite waits for another process's lock. It waits in the thread, so no longer than a watchdog allows. */
const LOCK_WAIT_MS = 5_000

/** Opens the database of a `file:` URL and brings it to the program's schema. Throws a `JournalError` that says what to do. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const file = databaseFile(url)
  const timeout = options.lockWaitMs ?? LOCK_WAIT_MS
  const factory = new PrismaLibSql({ url: driverUrl(file), intMode: 'bigint', timeout })
  const migrated = await migrateOnce(factory, file, options.migrations ?? migrationsFolder())
  const connection = await openConnection(factory, file)
  let client: Promise<PrismaClient> | undefined
  return {
    file,
    connection,
    migrated,
    client: () => {
      client ??= loadClient(factory, file)
      return client
    },
    close: async () => {
      await (await client)?.$disconnect()
      await connection.close()
    },
  }
}

async function migrateOnce(
  factory: SqlDriverAdapterFactory,
  file: string,
  migrations: string,
): Promise<readonly string[]> {
  const adapter = await open(factory, file)
  try {
    return await migrate(adapter, file, migrations)
  } finally {
    await adapter.dispose()
  }
}

async function loadClient(factory: SqlDriverAdapterFactory, file: string): Promise<PrismaClient> {
  const { PrismaClient } = await import('../../generated/prisma/client.ts')
  const { provider, adapterName } = factory
  const connect = async () => {
    const adapter = await open(factory, file)
    await adapter.executeScript('PRAGMA query_only = ON')
    return adapter
  }
  return new PrismaClient({ adapter: { provider, adapterName, connect } })
}
