import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DERIVED } from '../../src/adapters/prisma/batch.ts'
import type { Database } from '../../src/adapters/prisma/client.ts'
import type { Row } from '../../src/adapters/prisma/connection.ts'
import { prismaJournal } from '../../src/adapters/prisma/journal.ts'
import { openTables } from '../../src/adapters/prisma/tables.ts'
import type { Entry } from '../../src/core/engine/entry.ts'
import { netProfit } from '../../src/core/ledger/ledger.ts'
import { usd } from '../../src/core/units/money.ts'
import { dayOfCards, eventfulDay } from './driven.ts'
import { useFolder } from './folder.ts'

const folder = useFolder()
const day = eventfulDay()

async function recorded(database: Database, entries: readonly Entry[]): Promise<void> {
  const journal = await prismaJournal(database.connection)
  for (let from = 0; from < entries.length; from += 64) await journal.append(entries.slice(from, from + 64))
}

async function contents({ connection }: Database): Promise<Readonly<Record<string, readonly Row[]>>> {
  const tables: Record<string, readonly Row[]> = {}
  for (const table of [...DERIVED, 'Projection']) {
    const rows = await connection.rows(`SELECT * FROM "${table}"`, [])
    tables[table] = [...rows].sort((one, other) => (keyed(one) < keyed(other) ? -1 : 1))
  }
  return tables
}

function keyed(row: Row): string {
  return Object.values(row).map(String).join('|')
}

test('a day has something for every table, or the tests below would prove nothing', async () => {
  const database = await folder.database()
  await openTables(database.connection).project(day.entries)
  for (const [table, rows] of Object.entries(await contents(database)))
    expect([table, rows.length > 0]).toEqual([table, true])
})

describe('the tables say what the state says', () => {
  test('of positions and what they cost', async () => {
    const database = await folder.database()
    await openTables(database.connection).project(day.entries)
    const rows = await database.connection.rows('SELECT * FROM "Position" WHERE "closedAt" IS NULL', [])
    const held = [...(day.state.accounts.get('paper')?.positions.values() ?? [])]
    expect(held.length).toBeGreaterThan(2)
    expect(rows).toHaveLength(held.length)
    for (const { token, shares, cost, fees, realised, category, openedAt } of held) {
      const row = rows.find(each => each.token === token)
      expect(row).toMatchObject({ shares, cost, fees, realised, category, openedAt: BigInt(openedAt) })
    }
  })

  test('of orders, holds, whales and profit', async () => {
    const database = await folder.database()
    await openTables(database.connection).project(day.entries)
    const tables = await contents(database)
    const { state } = day
    for (const [key, order] of state.orders) {
      const row = tables.Order?.find(each => each.key === key)
      expect(row).toMatchObject({ id: order.id, status: order.status, filled: order.filled, notional: order.notional })
    }
    expect(tables.Order).toHaveLength(state.orders.size)
    expect(state.holds.size).toBe(2)
    expect(tables.Hold?.map(row => row.holder)).toEqual([...state.holds.keys()].sort())
    expect(tables.Hold?.map(row => row.until === null)).toEqual([false, true])
    expect(tables.Whale?.filter(row => row.unfollowedAt === null).map(row => row.address)).toEqual([
      ...state.whales.keys(),
    ])
    const ledger = state.accounts.get('paper')?.ledger
    const total = ledger === undefined ? 0n : netProfit(ledger)
    expect(total).not.toBe(0n)
    for (const table of ['DayProfit', 'WhaleProfit']) {
      expect(tables[table]?.reduce((sum, row) => sum + BigInt(row.profit ?? 0), 0n)).toBe(total)
      expect(tables[table]?.reduce((sum, row) => sum + BigInt(row.fees ?? 0), 0n)).toBe(ledger?.fees)
    }
  })

  test('of a closed position: what it brought, and a further life of the same token is another row', async () => {
    const database = await folder.database()
    await openTables(database.connection).project(day.entries)
    const closed = day.entries.flatMap(({ facts }) => facts.filter(fact => fact.kind === 'positionClosed'))
    const rows = await database.connection.rows('SELECT * FROM "Position" WHERE "closedAt" IS NOT NULL', [])
    expect(closed.length).toBeGreaterThan(1)
    expect(rows.map(({ token, profit }) => [token, profit]).sort()).toEqual(
      closed.map(({ token, profit }) => [token, profit]).sort(),
    )
    for (const row of rows) expect(row).toMatchObject({ shares: 0n, cost: 0n })
    const twice = rows.find(row => row.token === closed[0]?.token)
    const lives = await database.connection.rows('SELECT * FROM "Position" WHERE "token" = ?', [twice?.token ?? ''])
    expect(lives).toHaveLength(2)
  })
})

test('every card, mode and limit is on record with who, where and how', async () => {
  const database = await folder.database()
  await openTables(database.connection).project(day.entries)
  const tables = await contents(database)
  const brief = (table: string, ...names: string[]) =>
    [...(tables[table] ?? [])]
      .sort((a, b) => Number(a.seq ?? a.askedAt) - Number(b.seq ?? b.askedAt))
      .map(row => names.map(name => row[name]))
  expect(brief('Approval', 'decision', 'person', 'surface', 'why')).toEqual([
    ['given', 'anna', 'console', ''],
    ['declined', 'anna', 'console', 'too late'],
    ['expired', null, null, expect.stringMatching(/^nobody answered for \d+ s$/)],
  ])
  expect(brief('ModeChange', 'before', 'after', 'accepted', 'person')).toEqual([
    ['paper', 'live', false, 'anna'],
    ['paper', 'paper with approvals', true, 'anna'],
    ['paper with approvals', 'approval', false, 'anna'],
    ['paper with approvals', 'paper', true, 'anna'],
  ])
  expect(brief('LimitChange', 'name', 'before', 'after', 'surface')).toEqual([
    ['stakeMax', '1000', '700', 'console'],
    ['hourlyLossMax', '1000', '1', 'console'],
  ])
  const verdicts = new Set(tables.Signal?.map(row => row.verdict))
  expect(verdicts).toEqual(new Set(['copied', 'refused', 'declined', 'expired']))
})

test('every version of a card is a row, with what it allowed, who answered it, and for how much', async () => {
  const cards = dayOfCards()
  const whole = await folder.database('whole.db')
  await openTables(whole.connection).project(cards.entries)
  const rows = await whole.connection.rows('SELECT * FROM "Approval" ORDER BY "askedAt"', [])
  const weighed = expect.any(BigInt)
  expect(rows.map(row => [Number(row.round), row.decision, row.person, row.why, row.dollars])).toEqual([
    [1, 'amount', 'bert', 'for $150', weighed],
    [2, 'given', 'anna', '', usd('150')],
    [1, 'given', 'bert', 'for $60', weighed],
    [2, 'declined', 'anna', 'too dear', expect.any(BigInt)],
    [1, 'given', 'anna', 'for $70', weighed],
    [1, 'declined', 'bert', '', weighed],
  ])
  expect(BigInt(rows[3]?.dollars ?? 0) <= usd('60')).toBe(true)
  const verdicts = await whole.connection.rows('SELECT "verdict", "why" FROM "Signal" ORDER BY "seq"', [])
  expect(verdicts.slice(1)).toEqual([
    { verdict: 'declined', why: 'too dear' },
    { verdict: 'declined', why: 'bert stopped it after a yes of anna: wait' },
    { verdict: 'declined', why: 'too late' },
  ])
  const single = await folder.database('single.db')
  const tables = openTables(single.connection)
  for (const entry of cards.entries) await tables.project([entry])
  expect(await contents(single)).toEqual(await contents(whole))
})

test('however the entries are cut into batches, and whatever comes twice, the tables are the same', async () => {
  const whole = await folder.database('whole.db')
  await openTables(whole.connection).project(day.entries)
  const expected = await contents(whole)
  const cut = await folder.database('cut.db')
  await recorded(cut, day.entries)
  const tables = openTables(cut.connection)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 3 })), { minLength: 5 }),
      async cuts => {
        await cut.connection.run('DELETE FROM "Projection"', [])
        for (const table of DERIVED) await cut.connection.run(`DELETE FROM "${table}"`, [])
        let from = 0
        for (const [size, again] of cuts) {
          const reached = await tables.project(day.entries.slice(Math.max(0, from - again), from + size))
          expect(reached).toBe(Math.min(from + size, day.entries.length))
          from = reached
        }
        expect(await tables.catchUp()).toBe(day.entries.length)
        expect(await contents(cut)).toEqual(expected)
      },
    ),
    { numRuns: 12 },
  )
})

test('tables that are rebuilt from the journal equal those that were projected live', async () => {
  const database = await folder.database()
  await recorded(database, day.entries)
  const tables = openTables(database.connection)
  for (const entry of day.entries) await tables.project([entry])
  const live = await contents(database)
  await database.connection.run(`UPDATE "Order" SET "filled" = 7, "title" = 'spoiled'`, [])
  expect(await tables.rebuild()).toBe(day.entries.length)
  expect(await contents(database)).toEqual(live)
})

test('entries with a gap before them are left alone, and so are tables that have them', async () => {
  const database = await folder.database()
  const tables = openTables(database.connection)
  expect(await tables.project(day.entries.slice(5, 9))).toBe(0)
  expect(await tables.project(day.entries.slice(0, 9))).toBe(9)
  const [before] = await database.connection.rows('SELECT total_changes() AS n', [])
  expect(await tables.project(day.entries.slice(2, 8))).toBe(9)
  expect(await tables.project([])).toBe(9)
  const [after] = await database.connection.rows('SELECT total_changes() AS n', [])
  expect(after).toEqual(before)
})

test('tables that are ahead of the journal, as after a backup was put back, are built anew', async () => {
  const database = await folder.database()
  await recorded(database, day.entries.slice(0, 10))
  const tables = openTables(database.connection)
  await tables.project(day.entries)
  expect(await tables.catchUp()).toBe(10)
  const short = await contents(database)
  expect(await tables.rebuild()).toBe(10)
  expect(await contents(database)).toEqual(short)
})

test('a batch that cannot be written leaves the tables as they were', async () => {
  const database = await folder.database()
  const tables = openTables(database.connection)
  await tables.project(day.entries.slice(0, 10))
  const before = await contents(database)
  await database.connection.run('ALTER TABLE "Fill" RENAME TO "Gone"', [])
  await expect(tables.project(day.entries.slice(10))).rejects.toThrow('no such table')
  await database.connection.run('ALTER TABLE "Gone" RENAME TO "Fill"', [])
  expect(await contents(database)).toEqual(before)
})
