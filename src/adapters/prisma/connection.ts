import type { ArgType, SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { JournalError } from '../../ports/journal.ts'
import { failure } from './failure.ts'

export type Value = string | number | bigint | boolean | null

/** A row as the columns are declared: BIGINT is a bigint, INTEGER a number, BOOLEAN a boolean, TEXT a string. */
export type Row = Readonly<Record<string, Value>>

/** What may be asked inside a transaction and out of one. */
export type Statements = {
  readonly rows: (sql: string, values: readonly Value[]) => Promise<readonly Row[]>
  /** How many rows it touched. */
  readonly run: (sql: string, values: readonly Value[]) => Promise<number>
}

/** One open connection to the database file. Whoever asks while a transaction is open waits for its end. */
export type Connection = Statements & {
  readonly file: string
  readonly transaction: <T>(work: (statements: Statements) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

/**
 * A statement's native memory is given back between turns of the event loop, and a caller that never lets go of a turn
 * would hold all of it: 10,000 appends in one turn came to 95 MB (libsql 0.5.29). So every so many statements one is let by.
 */
const STATEMENTS_A_TURN = 64

/**
 * Opens a connection that writes through the driver itself, past the query engine: one append takes half the time of
 * `createMany`, a batch of 64 an eighth (1.5 ms for 13), and none of the engine's memory.
 *
 * The adapter's own transactions are not used: each of them makes libsql leave its connection for a new one, and with it every
 * PRAGMA that was set. That goes for the array form, the interactive one, and a `createMany` long enough to be split. Here BEGIN
 * and COMMIT are statements like any other, so one connection is all there ever is.
 */
export async function openConnection(factory: SqlDriverAdapterFactory, file: string): Promise<Connection> {
  let adapter = await open(factory, file)
  let statements = statementsOf(adapter, file)
  let last: Promise<unknown> = Promise.resolve()
  let asked = 0
  let isSpent = false

  /**
   * A statement that failed, as while another program holds the lock, is left unfinished by libsql, and no COMMIT succeeds on its
   * connection any more (0.5.29). So whatever comes after a failure begins on a new one.
   */
  const renewed = async (): Promise<void> => {
    if (!isSpent) return
    await adapter.dispose()
    adapter = await open(factory, file)
    statements = statementsOf(adapter, file)
    isSpent = false
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    asked += 1
    const letBy = asked % STATEMENTS_A_TURN === 0
    const mine = last
      .then(() => (letBy ? nextTurn() : undefined))
      .then(() => (isSpent ? renewed() : undefined))
      .then(work)
    last = mine.catch(() => {
      isSpent = true
    })
    return mine
  }
  return {
    file,
    rows: (sql, values) => inTurn(() => statements.rows(sql, values)),
    run: (sql, values) => inTurn(() => statements.run(sql, values)),
    transaction: work => inTurn(() => transaction(statements, work)),
    close: async () => {
      await last
      await adapter.dispose()
    },
  }
}

/** Opens the driver with durable writes: WAL, and a commit that returns only after the disk has it. Both are read back. */
export async function open(factory: SqlDriverAdapterFactory, file: string): Promise<SqlDriverAdapter> {
  let adapter: SqlDriverAdapter | undefined
  try {
    adapter = await factory.connect()
    const statements = statementsOf(adapter, file)
    const mode = await pragma(statements, 'journal_mode = WAL', 'journal_mode')
    await statements.rows('PRAGMA synchronous = FULL', [])
    const synchronous = await pragma(statements, 'synchronous', 'synchronous')
    if (mode === 'wal' && Number(synchronous) === SYNCHRONOUS_FULL) return adapter
    throw new JournalError(
      `${file} cannot be written durably here (journal_mode ${mode}, synchronous ${synchronous})`,
      'Put the database on a local disk: a network drive has no write-ahead log.',
    )
  } catch (error) {
    await adapter?.dispose()
    throw failure(file, 'Opening the database', error)
  }
}

const SYNCHRONOUS_FULL = 2

async function pragma(statements: Statements, asked: string, column: string): Promise<string> {
  const [row] = await statements.rows(`PRAGMA ${asked}`, [])
  return String(row?.[column])
}

/** Takes the lock for writing at once: a transaction that first reads could later find that it may not write. */
async function transaction<T>(statements: Statements, work: (inside: Statements) => Promise<T>): Promise<T> {
  await statements.run('BEGIN IMMEDIATE', [])
  try {
    const result = await work(statements)
    await statements.run('COMMIT', [])
    return result
  } catch (error) {
    // SQLite has already rolled back after some errors, such as a full disk; then there is nothing to undo.
    await statements.run('ROLLBACK', []).catch(() => 0)
    throw error
  }
}

function statementsOf(adapter: SqlDriverAdapter, file: string): Statements {
  return {
    rows: async (sql, values) => {
      try {
        const { columnNames, columnTypes, rows } = await adapter.queryRaw(query(sql, values))
        return rows.map(row =>
          Object.fromEntries(row.map((value, at) => [columnNames[at], read(value, columnTypes[at])])),
        )
      } catch (error) {
        throw failure(file, 'Reading the database', error)
      }
    },
    run: async (sql, values) => {
      try {
        return await adapter.executeRaw(query(sql, values))
      } catch (error) {
        throw failure(file, 'Writing the database', error)
      }
    },
  }
}

function query(sql: string, values: readonly Value[]): { sql: string; args: unknown[]; argTypes: ArgType[] } {
  return { sql, args: values.map(bound), argTypes: values.map(() => AS_IT_IS) }
}

/** The driver binds every number as a float; a whole one belongs in the table as what it is. */
function bound(value: Value): Value {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value
}

const AS_IT_IS: ArgType = { scalarType: 'unknown', arity: 'scalar' }

/** The column types of the driver adapters that our tables use. Source: `ColumnTypeEnum` of @prisma/driver-adapter-utils 7.10. */
const INT64 = 1
const BOOLEAN = 5

/** The adapter gives every whole number as text; which kind it is says the column's declared type. */
function read(value: unknown, type: number | undefined): Value {
  if (value === null) return null
  if (type === INT64) return BigInt(String(value))
  if (type === BOOLEAN) return String(value) === '1' || value === true
  return type === INT32 ? Number(value) : String(value)
}

const INT32 = 0

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
