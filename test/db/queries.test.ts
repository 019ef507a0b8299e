import { describe, expect, test } from 'vitest'
import { prismaJournal } from '../../src/adapters/prisma/journal.ts'
import { prismaRecords } from '../../src/adapters/prisma/queries.ts'
import { openTables } from '../../src/adapters/prisma/tables.ts'
import type { Entry } from '../../src/core/engine/entry.ts'
import { explain } from '../../src/core/engine/explain.ts'
import { signalOf } from '../../src/core/engine/fact.ts'
import { dayOf, shortOf, signalIdOf } from '../../src/core/units/ids.ts'
import type { Records } from '../../src/ports/records.ts'
import { dayOfCards, eventfulDay } from './driven.ts'
import { copiedBuy, NOON, tradeNumber, whaleNumber } from './entries.ts'
import { useFolder } from './folder.ts'

const folder = useFolder()
const day = eventfulDay()

async function records(entries: readonly Entry[] = day.entries): Promise<Records> {
  const database = await folder.database()
  const journal = await prismaJournal(database.connection)
  for (let from = 0; from < entries.length; from += 64) await journal.append(entries.slice(from, from + 64))
  await openTables(database.connection).catchUp()
  return prismaRecords(database)
}

describe('the story of a signal', () => {
  test('is every fact about it, and what became of its position until that was closed', async () => {
    const id = signalIdOf(tradeNumber(1))
    const story = await (await records()).story(shortOf(id))
    const own = day.entries.flatMap(({ seq, input, facts }) =>
      facts.filter(fact => signalOf(fact) === id).map(fact => ({ seq, at: input.at, fact })),
    )
    expect(own.length).toBeGreaterThan(5)
    expect(story?.signal).toBe(id)
    expect(story?.facts.filter(({ fact }) => signalOf(fact) === id)).toEqual(own)
    const others = story?.facts.filter(({ fact }) => signalOf(fact) !== id).map(({ fact }) => fact.kind)
    // The purchase's fee, the whale's part sold, the settlement of what was left.
    expect(others).toEqual(['profitRealised', 'profitRealised', 'marketSettled', 'profitRealised', 'positionClosed'])
    const seqs = story?.facts.map(({ seq }) => seq) ?? []
    expect(seqs).toEqual([...seqs].sort((one, other) => one - other))
  })

  test('can be explained to its end', async () => {
    const id = signalIdOf(tradeNumber(1))
    const story = await (await records()).story(shortOf(id))
    const kinds = explain(id, story?.facts ?? []).chapters.map(chapter => chapter.kind)
    for (const kind of ['opened', 'weighed', 'sent', 'filled', 'copied', 'settled', 'closed'])
      expect(kinds).toContain(kind)
  })

  test('of a signal that was refused ends with why', async () => {
    const id = signalIdOf(tradeNumber(5, { whale: whaleNumber(2) }))
    const story = await (await records()).story(shortOf(id))
    expect(story?.facts.at(-1)?.fact.kind).toBe('signalRefused')
  })

  test('has every press about its card, also those that came to nothing', async () => {
    const { entries } = dayOfCards()
    const story = await (await records(entries)).story(shortOf(signalIdOf(tradeNumber(1))))
    const presses = story?.facts.filter(({ fact }) => 'by' in fact)
    expect(presses?.map(({ fact }) => fact.kind)).toEqual([
      'approvalVoted',
      'approvalAsked',
      'instructionRefused',
      'approvalGiven',
    ])
  })

  test('does not go on into a later life of the same position', async () => {
    const id = signalIdOf(tradeNumber(2))
    const story = await (await records()).story(shortOf(id))
    expect(story?.facts.filter(({ fact }) => fact.kind === 'positionClosed')).toHaveLength(1)
    expect(story?.facts.at(-1)?.fact.kind).toBe('positionClosed')
  })

  test('of a name that nobody has is none', async () => {
    expect(await (await records()).story('zzzzzz')).toBeUndefined()
  })
})

describe('lists', () => {
  test('of signals have the newest first, with verdict and reasons', async () => {
    const found = await (await records()).signals(100)
    const opened = day.entries.flatMap(({ facts }) => facts.filter(fact => fact.kind === 'signalOpened'))
    expect(found.map(({ id }) => id)).toEqual(opened.map(({ signal }) => signal.id).reverse())
    const refused = found.find(({ verdict }) => verdict === 'refused')
    expect(refused?.why).toContain('TRADING_HALTED: a hold is in place')
    const person = found.find(({ whale }) => whale === undefined)
    expect(person).toMatchObject({ side: 'sell', title: '{"$map":1}', outcome: 'Yes', verdict: 'copied' })
    expect(person?.size).toBeGreaterThan(0n)
    const whales = found.find(({ id }) => id === signalIdOf(tradeNumber(1)))
    expect(whales).toMatchObject({ title: 'Will "team 1" win? ~5n', price: 520_000n, size: 1_200_000_000n })
  })

  test('of orders have the newest first, with what was filled', async () => {
    const found = await (await records()).orders(3)
    const keys = [...day.state.orders.keys()].reverse().slice(0, 3)
    expect(found.map(({ key }) => key)).toEqual(keys)
    for (const order of found) {
      const own = day.state.orders.get(order.key)
      expect(order).toMatchObject({
        id: own?.id,
        account: 'paper',
        side: own?.intent.side,
        limit: own?.intent.limit,
        size: own?.intent.size,
        filled: own?.filled,
        notional: own?.notional,
        status: 'filled',
        fee: 10_000n,
        plannedAt: own?.plannedAt,
      })
    }
  })

  test('are as long as was asked for', async () => {
    const many = await records(Array.from({ length: 30 }, (_, index) => copiedBuy(1 + 4 * index, index)).flat())
    expect(await many.signals(7)).toHaveLength(7)
    expect(await many.orders(0)).toEqual([])
    expect(await many.signals(1_000_000)).toHaveLength(30)
  })

  test('of trades that people were asked about have how they answered, and how soon', async () => {
    const { entries } = dayOfCards()
    const tables = await records(entries)
    const found = await tables.asked(NOON, 100)
    const facts = entries.flatMap(({ facts }) => facts)
    const asked = facts.filter(fact => fact.kind === 'approvalAsked' && fact.round === 1)
    expect(found.map(({ id }) => id)).toEqual(asked.map(fact => 'signal' in fact && fact.signal).reverse())
    for (const { id, answer, verdict, answeredAt, askedAt } of found) {
      const own = facts.filter(fact => signalOf(fact) === id).map(({ kind }) => kind)
      const expected = own.includes('signalDeclined') ? 'no' : own.includes('approvalGiven') ? 'yes' : undefined
      expect(answer).toBe(expected)
      if (answer === undefined) expect(['expired', 'withdrawn', undefined]).toContain(verdict)
      else expect(Number(answeredAt) - askedAt).toBeGreaterThanOrEqual(0)
    }
    expect(new Set(found.map(({ answer }) => answer))).toEqual(new Set(['yes', 'no']))
    const [last] = found
    expect(last).toMatchObject({ answer: 'no', verdict: 'declined', why: 'too late' })
    expect(await tables.asked(((last?.askedAt ?? 0) + 1) as typeof NOON, 100)).toEqual([])
    expect(await tables.asked(NOON, 1)).toHaveLength(1)
  })

  test('of profit by day and by whale add up to the ledger', async () => {
    const found = await records()
    const days = await found.profitByDay('paper', 10)
    expect(days.map(each => each.day)).toEqual([dayOf(NOON) + 1, dayOf(NOON)])
    const fills = day.entries.flatMap(({ facts }) => facts.filter(fact => fact.kind === 'orderFilled'))
    expect(days.reduce((sum, each) => sum + each.fills, 0)).toBe(fills.length)
    const whales = await found.profitByWhale('paper', 10)
    expect(whales.map(({ name }) => name)).toEqual(expect.arrayContaining(['swordfish 12n', '~marlin', '']))
    expect(whales.find(({ whale }) => whale === undefined)?.name).toBe('')
    const profits = whales.map(({ profit }) => profit)
    expect(profits).toEqual([...profits].sort((one, other) => (one > other ? -1 : 1)))
    expect(profits.reduce((sum, each) => sum + BigInt(each), 0n)).toBe(
      days.reduce((sum, each) => sum + each.profit, 0n),
    )
    expect(await found.profitByDay('live', 10)).toEqual([])
  })
})
