import type { Statements, Value } from './connection.ts'

/** Rows of one table, held for the length of one transaction: each is read once and written once, and only if it changed. */
export type Sheet<R extends Columns<R>> = {
  readonly get: (...key: readonly Value[]) => Promise<R | undefined>
  /** The rows that match, as the table has them; what was put since is not among them. */
  readonly select: (where: string, values: readonly Value[]) => Promise<readonly R[]>
  readonly put: (row: R) => void
  readonly remove: (...key: readonly Value[]) => void
  readonly flush: () => Promise<void>
}

/** A row of the generated client: every column a plain value. */
export type Columns<R> = { readonly [Name in keyof R]: Value }

/** Rows in one statement: 500 of the widest table stay under SQLite's limit of 32,766 values. */
const ROWS_MAX = 500

export function sheet<R extends Columns<R>>(
  statements: Statements,
  table: string,
  key: readonly (keyof R & string)[],
): Sheet<R> {
  const before = new Map<string, R | undefined>()
  const after = new Map<string, R | undefined>()
  const removed = new Map<string, readonly Value[]>()
  const where = key.map(name => `"${name}" = ?`).join(' AND ')

  const select = async (condition: string, values: readonly Value[]): Promise<readonly R[]> =>
    (await statements.rows(`SELECT * FROM "${table}" WHERE ${condition}`, values)) as unknown as readonly R[]

  const idOf = (values: readonly Value[]): string => values.join('\n')
  const keyOf = (row: R): readonly Value[] => key.map(name => row[name])

  return {
    get: async (...values) => {
      const id = idOf(values)
      if (after.has(id)) return after.get(id)
      const [row] = await select(where, values)
      before.set(id, row)
      after.set(id, row)
      return row
    },
    select,
    put: row => {
      after.set(idOf(keyOf(row)), row)
    },
    remove: (...values) => {
      after.set(idOf(values), undefined)
      removed.set(idOf(values), values)
    },
    flush: async () => {
      const changed: R[] = []
      for (const [id, values] of removed) {
        if (after.get(id) === undefined) await statements.run(`DELETE FROM "${table}" WHERE ${where}`, values)
      }
      for (const [id, row] of after) if (row !== undefined && !isSame(row, before.get(id))) changed.push(row)
      for (let from = 0; from < changed.length; from += ROWS_MAX) {
        await upsert(statements, table, key, changed.slice(from, from + ROWS_MAX))
      }
    },
  }
}

function isSame<R extends Columns<R>>(row: R, other: R | undefined): boolean {
  if (row === other || other === undefined) return row === other
  return (Object.keys(row) as (keyof R)[]).every(name => row[name] === other[name])
}

async function upsert<R extends Columns<R>>(
  statements: Statements,
  table: string,
  key: readonly string[],
  rows: readonly R[],
): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  const columns = Object.keys(first) as (keyof R & string)[]
  const updates = columns.filter(name => !key.includes(name)).map(name => `"${name}" = excluded."${name}"`)
  const onConflict = updates.length === 0 ? 'NOTHING' : `UPDATE SET ${updates.join(', ')}`
  const row = `(${columns.map(() => '?').join(', ')})`
  const sql = `INSERT INTO "${table}" (${quoted(columns)}) VALUES ${rows.map(() => row).join(', ')}
    ON CONFLICT (${quoted(key)}) DO ${onConflict}`
  await statements.run(
    sql,
    rows.flatMap(each => columns.map(name => each[name])),
  )
}

function quoted(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ')
}

/** The one row of a group that is still open, such as the position that is held of a token, through changes not yet flushed. */
export type OpenRows<R> = {
  readonly get: (...group: readonly Value[]) => Promise<R | undefined>
  readonly put: (row: R) => void
}

export function openRows<R extends Columns<R>>(
  rows: Sheet<R>,
  group: readonly (keyof R & string)[],
  openWhile: keyof R & string,
): OpenRows<R> {
  const open = new Map<string, R | undefined>()
  const where = [...group.map(name => `"${name}" = ?`), `"${openWhile}" IS NULL`].join(' AND ')
  return {
    get: async (...values) => {
      const id = values.join('\n')
      if (!open.has(id)) open.set(id, (await rows.select(where, values)).at(-1))
      return open.get(id)
    },
    put: row => {
      rows.put(row)
      open.set(group.map(name => row[name]).join('\n'), row[openWhile] === null ? row : undefined)
    },
  }
}
