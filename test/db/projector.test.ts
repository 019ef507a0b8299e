import { describe, expect, test } from 'vitest'
import type { Database } from '../../src/adapters/prisma/client.ts'
import { prismaJournal } from '../../src/adapters/prisma/journal.ts'
import { type Projector, startProjector } from '../../src/adapters/prisma/projector.ts'
import { openTables } from '../../src/adapters/prisma/tables.ts'
import type { Journal } from '../../src/ports/journal.ts'
import { copiedBuy, entry } from './entries.ts'
import { failureOf, useFolder } from './folder.ts'

const folder = useFolder()

type Running = {
  readonly database: Database
  readonly journal: Journal
  readonly projector: Projector
  readonly failures: unknown[]
}

async function running(): Promise<Running> {
  const database = await folder.database()
  const journal = await prismaJournal(database.connection)
  const failures: unknown[] = []
  const onFailure = (error: unknown) => failures.push(error)
  const projector = await startProjector(openTables(database.connection), { onFailure, retryAfterMs: 1 })
  return { database, journal, projector, failures }
}

async function orders({ database }: Running): Promise<number> {
  const [row] = await database.connection.rows('SELECT count(*) AS n FROM "Order"', [])
  return Number(row?.n)
}

describe('the projector', () => {
  test('follows what it is offered, in the order of the journal', async () => {
    const run = await running()
    for (let seq = 1; seq < 400; seq += 4) {
      const entries = copiedBuy(seq, seq)
      await run.journal.append(entries)
      run.projector.offer(entries)
    }
    await run.projector.drain()
    expect(run.projector.reached()).toBe(400)
    expect(await orders(run)).toBe(100)
    expect(run.failures).toEqual([])
  })

  test('begins with what the journal has beyond the tables', async () => {
    const first = await running()
    await first.journal.append(copiedBuy(1, 1))
    await first.database.close()
    const second = await running()
    expect(second.projector.reached()).toBe(4)
    expect(await orders(second)).toBe(1)
  })

  test('reads back from the journal what was too much to keep in memory', async () => {
    const run = await running()
    const many = Array.from({ length: 2_500 }, (_, index) => entry(index + 1, []))
    for (let from = 0; from < many.length; from += 50) {
      await run.journal.append(many.slice(from, from + 50))
    }
    run.projector.offer(many.slice(0, 900))
    run.projector.offer(many.slice(900, 2_000))
    run.projector.offer(many.slice(2_000))
    await run.projector.drain()
    expect(run.projector.reached()).toBe(2_500)
  })

  test('tells of a failure, tries again and catches up; the journal does not notice', async () => {
    const run = await running()
    await run.database.connection.run('ALTER TABLE "Order" RENAME TO "Away"', [])
    for (let seq = 1; seq < 20; seq += 4) {
      const entries = copiedBuy(seq, seq)
      await run.journal.append(entries)
      run.projector.offer(entries)
    }
    expect((await failureOf(run.projector.drain())).message).toContain('no such table')
    expect(run.projector.reached()).toBe(0)
    await run.database.connection.run('ALTER TABLE "Away" RENAME TO "Order"', [])
    await run.projector.drain()
    expect(run.projector.reached()).toBe(20)
    expect(await orders(run)).toBe(5)
    expect(run.failures.length).toBeGreaterThan(0)
  })

  test('tries again by itself', async () => {
    const run = await running()
    await run.database.connection.run('ALTER TABLE "Order" RENAME TO "Away"', [])
    await run.journal.append(copiedBuy(1, 1))
    run.projector.offer(copiedBuy(1, 1))
    await expect.poll(() => run.failures.length).toBeGreaterThan(0)
    await run.database.connection.run('ALTER TABLE "Away" RENAME TO "Order"', [])
    await expect.poll(() => run.projector.reached()).toBe(4)
  })

  test('once closed does no more', async () => {
    const run = await running()
    await run.projector.close()
    await run.journal.append(copiedBuy(1, 1))
    run.projector.offer(copiedBuy(1, 1))
    await run.projector.drain()
    expect(run.projector.reached()).toBe(0)
  })
})
