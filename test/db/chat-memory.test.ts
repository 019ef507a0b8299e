import { describe, expect, test } from 'vitest'
import { prismaChatMemory } from '../../src/adapters/prisma/chat-memory.ts'
import type { Instant } from '../../src/core/units/ids.ts'
import type { Letter, Posted } from '../../src/ports/chat-memory.ts'
import { useFolder } from './folder.ts'

const folder = useFolder()
const NOON = Date.UTC(2026, 10, 29, 12) as Instant
const DAY = 86_400_000

const letter = (id: string, at: Instant = NOON): Letter => ({ surface: 'telegram', id, at, text: `{"said":"${id}"}` })
const posted = (subject: string, more: Partial<Posted> = {}): Posted => ({
  ...{
    surface: 'discord',
    place: '300',
    purpose: 'approvals',
    subject,
    message: 'm1',
    nonce: '1.0',
    version: 7,
    at: NOON,
  },
  ...{ isOpen: true, ...more },
})

async function opened() {
  const database = await folder.database()
  let now: number = NOON
  const memory = prismaChatMemory(database.connection, () => now as Instant)
  return { database, memory, wait: (ms: number) => (now += ms) }
}

describe('letters', () => {
  test('are taken once, and wait until they are settled, for the next process as well', async () => {
    const { memory } = await opened()
    expect(await memory.take([letter('1'), letter('2')])).toEqual([letter('1'), letter('2')])
    expect(await memory.take([letter('2'), letter('3')])).toEqual([letter('3')])
    await memory.settle('telegram', '2')
    const next = prismaChatMemory((await folder.database()).connection, () => NOON)
    expect(await next.unsettled('telegram')).toEqual([letter('1'), letter('3')])
    expect(await next.unsettled('discord')).toEqual([])
    expect(await next.take([letter('2')])).toEqual([])
  })

  test('that were answered are forgotten after days, and those that wait never', async () => {
    const { memory, wait, database } = await opened()
    await memory.take([letter('old'), letter('waits')])
    await memory.settle('telegram', 'old')
    wait(4 * DAY)
    for (let number = 0; number < 500; number += 1)
      await memory.take([letter(`n${number}`, (NOON + 4 * DAY) as Instant)])
    const rows = await database.connection.rows(`SELECT "id" FROM "Letter" WHERE "id" IN ('old', 'waits')`, [])
    expect(rows).toEqual([{ id: 'waits' }])
  })
})

test('messages are found where they stand, one for each purpose and subject, for a week', async () => {
  const { memory, wait } = await opened()
  await memory.keep(posted('card:a'))
  await memory.keep(posted('card:a', { message: 'm2', version: 9, isOpen: false }))
  await memory.keep(posted('card:b', { purpose: 'fills' }))
  expect(await memory.posted('discord')).toHaveLength(2)
  expect((await memory.posted('discord')).find(one => one.subject === 'card:a')).toEqual(
    posted('card:a', { message: 'm2', version: 9, isOpen: false }),
  )
  await memory.forget(posted('card:b', { purpose: 'fills' }))
  expect(await memory.posted('discord')).toHaveLength(1)
  wait(8 * DAY)
  expect(await memory.posted('discord')).toEqual([])
})

test('marks are the last that was set', async () => {
  const { memory } = await opened()
  expect(await memory.mark('offset')).toBeUndefined()
  await memory.setMark('offset', '7')
  await memory.setMark('offset', '8')
  expect(await memory.mark('offset')).toBe('8')
})

test('after another program has held the lock too long, all goes on as before', { timeout: 60_000 }, async () => {
  const { memory } = await opened()
  const other = await folder.database()
  await other.connection.transaction(async () => {
    await expect(memory.take([letter('1')])).rejects.toThrow(/is locked by another program/)
  })
  expect(await memory.take([letter('1')])).toEqual([letter('1')])
  expect(await memory.take([letter('1'), letter('2')])).toEqual([letter('2')])
})
