import { describe, expect, test } from 'vitest'
import { prismaJournal } from '../../src/adapters/prisma/journal.ts'
import { prismaRecords } from '../../src/adapters/prisma/queries.ts'
import { openTables } from '../../src/adapters/prisma/tables.ts'
import type { Entry } from '../../src/core/engine/entry.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import { equityOf } from '../../src/core/engine/state.ts'
import { PRESETS } from '../../src/core/risk/limits.ts'
import { type Day, type Hour, hourOf, later } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import type { Records } from '../../src/ports/records.ts'
import { Driven, eventfulDay } from './driven.ts'
import { entry, NOON } from './entries.ts'
import { useFolder } from './folder.ts'

const folder = useFolder()
const HOUR_MS = 3_600_000
const first = hourOf(NOON)

async function recorded(entries: readonly Entry[]): Promise<Records> {
  const database = await folder.database()
  const journal = await prismaJournal(database.connection)
  for (let from = 0; from < entries.length; from += 64) await journal.append(entries.slice(from, from + 64))
  await openTables(database.connection).catchUp()
  return prismaRecords(database)
}

function opened(deposit: string, minutes = 20): Fact {
  const at = later(NOON, minutes * 60_000)
  return { kind: 'accountOpened', account: 'paper', deposit: usd(deposit), limits: PRESETS.standard, at }
}

function turned(hour: number, paper: string, live?: string): Fact {
  const accounts = [
    { account: 'paper' as const, equity: usd(paper) },
    ...(live === undefined ? [] : [{ account: 'live' as const, equity: usd(live) }]),
  ]
  return { kind: 'hourTurned', hour: (first + hour) as Hour, day: Math.floor((first + hour) / 24) as Day, accounts }
}

async function hours(found: Records, most = 100, account: 'paper' | 'live' = 'paper') {
  return (await found.equityByHour(account, most)).map(({ hour, equity }) => [hour - first, equity])
}

describe('equity by the hour', () => {
  test('begins with the deposit, in the hour of it, and goes on with every hour that turned', async () => {
    const found = await recorded([
      entry(1, [opened('10000')]),
      entry(2, [turned(1, '10020.5')]),
      entry(3, [turned(2, '-3.000001')]),
    ])
    expect(await hours(found)).toEqual([
      [0, usd('10000')],
      [1, usd('10020.5')],
      [2, usd('-3.000001')],
    ])
  })

  test('has no hour in which nothing ran', async () => {
    const found = await recorded([
      entry(1, [opened('500')]),
      entry(2, [turned(1, '510')]),
      entry(3, [turned(30, '490')]),
    ])
    expect((await hours(found)).map(([hour]) => hour)).toEqual([0, 1, 30])
  })

  test('is of one account', async () => {
    const found = await recorded([entry(1, [opened('500')]), entry(2, [turned(1, '510', '77')])])
    expect(await hours(found, 100, 'live')).toEqual([[1, usd('77')]])
    expect(await hours(found)).toHaveLength(2)
  })

  test('is the newest hours, the oldest of them first, as many as were asked for', async () => {
    const many = Array.from({ length: 90 * 24 }, (_, index) => entry(2 + index, [turned(1 + index, String(index))]))
    const found = await recorded([entry(1, [opened('500')]), ...many])
    expect(await hours(found, 3)).toEqual([2_158, 2_159, 2_160].map(hour => [hour, usd(String(hour - 1))]))
    expect(await hours(found, 90 * 24)).toHaveLength(90 * 24)
    expect(await hours(found, 0)).toEqual([])
    expect(await hours(found, -5)).toEqual([])
    expect(await hours(found, 1e9)).toHaveLength(90 * 24 + 1)
  })

  test('of the engine itself is what the state was worth when each hour turned', async () => {
    const driven = new Driven()
    const expected: [number, bigint][] = [[0, usd('10000')]]
    for (let hour = 1; hour <= 5; hour += 1) {
      const books = driven.state.accounts.get('paper')
      driven.passMs(HOUR_MS)
      if (books !== undefined) expected.push([hour, equityOf(books)])
    }
    expect(await hours(await recorded(driven.entries))).toEqual(expected)
  })

  test('of a day on which much happened ends with what is left at its end', async () => {
    const day = eventfulDay()
    const turns = day.entries.flatMap(({ facts }) => facts.filter(fact => fact.kind === 'hourTurned'))
    const found = await recorded(day.entries)
    const last = turns.at(-1)
    expect((await found.equityByHour('paper', 1))[0]).toEqual({
      hour: last?.hour,
      equity: last?.accounts.find(({ account }) => account === 'paper')?.equity,
    })
  })
})
