import { describe, expect, test } from 'vitest'
import { prismaChatMemory } from '../../../src/adapters/prisma/chat-memory.ts'
import type { Database } from '../../../src/adapters/prisma/client.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import type { ChatMemory } from '../../../src/ports/chat-memory.ts'
import { useFolder } from '../../db/folder.ts'
import { memoryOfChats } from '../../support/chat-memory.ts'
import { ANN, useHouses } from './house.ts'

const folder = useFolder()
const { house } = useHouses()

async function onDisk(): Promise<ChatMemory> {
  const { connection } = await folder.database('remora.db', { lockWaitMs: 20 })
  return prismaChatMemory(connection, systemClock.now)
}

describe('a stop', () => {
  test('is in force within a quarter of a second, whatever else hangs', async () => {
    const { ann, deeds, until, observed } = await house()
    for (let number = 0; number < 20; number += 1) ann.say('/slow')
    await ann.say('/status').reply
    const from = performance.now()
    const said = ann.say('STOP!')
    await until(() => deeds.stoppedAt !== undefined)
    expect((deeds.stoppedAt ?? Number.POSITIVE_INFINITY) - from).toBeLessThan(250)
    await until(() => ann.id === ANN && said)
    expect(observed).toBeDefined()
  })

  test('is in force and answered while nothing can be kept, and kept when that ends', async () => {
    const memory = memoryOfChats(systemClock.now)
    let isLocked = true
    const locked: ChatMemory = {
      ...memory,
      take: async letters => {
        if (isLocked) throw new Error('SQLITE_BUSY: database is locked')
        return memory.take(letters)
      },
    }
    const { telegram, ann, deeds, until, notes } = await house({ memory: locked })
    await until(() => telegram.isPolled())
    ann.say('/approve a7')
    const from = performance.now()
    const said = ann.say('/stop')
    expect((await said.reply).text).toBe('PAPER · STOPPED')
    expect((deeds.stoppedAt ?? Number.POSITIVE_INFINITY) - from).toBeLessThan(250)
    // Asked for again and again, and heard once.
    const polls = telegram.callsOf('getUpdates').length
    await until(() => telegram.callsOf('getUpdates').length > polls + 3)
    expect(telegram.confirmedBelow()).toBeLessThanOrEqual(said.update.update_id)
    expect(deeds.done.map(({ what }) => what)).toEqual(['stop'])
    // A stop of later is heard although what came before it still waits.
    ann.say('/stop again')
    await until(() => deeds.done.length === 2)
    isLocked = false
    await until(() => deeds.done.length === 3)
    expect(deeds.done.map(({ what }) => what)).toEqual(['stop', 'stop again', 'approve a7'])
    await until(() => telegram.confirmedBelow() > said.update.update_id)
    await until(() => telegram.messages(ANN).filter(({ text }) => text === 'PAPER · STOPPED').length === 2)
    expect(notes.filter(note => note.includes('could not be kept'))).toHaveLength(1)
    expect(await memory.unsettled('telegram')).toEqual([])
  })

  test('is in force while a database hangs', async () => {
    const memory = memoryOfChats(systemClock.now)
    const [hanging, goOn] = opening()
    const slow: ChatMemory = { ...memory, take: async letters => hanging.then(() => memory.take(letters)) }
    const { telegram, ann, deeds, until } = await house({ memory: slow })
    await until(() => telegram.isPolled())
    ann.say('/approve a7')
    await until(() => telegram.callsOf('getUpdates').length > 4)
    const from = performance.now()
    ann.say('/stop')
    await until(() => deeds.stoppedAt !== undefined)
    expect((deeds.stoppedAt ?? Number.POSITIVE_INFINITY) - from).toBeLessThan(250)
    goOn()
    await until(() => deeds.done.length === 2)
    await until(() => telegram.pending().length === 0)
    expect(deeds.done.map(({ what }) => what)).toEqual(['stop', 'approve a7'])
  })

  test('is in force while another process holds the lock of the database, and kept by the next process', async () => {
    const other = await folder.database('remora.db', { lockWaitMs: 20 })
    const first = await house({ memory: await onDisk() })
    const { telegram, ann, deeds, until } = first
    await until(() => telegram.isPolled())
    const lock = await lockOf(other.connection)
    const from = performance.now()
    const said = ann.say('/stop')
    expect((await said.reply).text).toBe('PAPER · STOPPED')
    expect((deeds.stoppedAt ?? Number.POSITIVE_INFINITY) - from).toBeLessThan(250)
    await until(() => first.notes.some(note => note.includes('could not be kept')))
    expect(telegram.confirmedBelow()).toBeLessThanOrEqual(said.update.update_id)
    await first.leave()
    await lock.release()
    // A connection that met a lock is of no use any more (libsql 0.5 leaves its statement unfinished): the process begins anew.
    const second = await house({ telegram, memory: await onDisk() })
    await second.until(() => telegram.confirmedBelow() > said.update.update_id)
    expect(second.deeds.done.map(({ what }) => what)).toEqual(['stop'])
    await second.until(() => second.open() === 0)
  })
})

/** Holds the lock for writing until it is released. */
async function lockOf(connection: Database['connection']): Promise<{ readonly release: () => Promise<void> }> {
  const [held, letGo] = opening()
  const [begun, isHeld] = opening()
  const done = connection.transaction(() => {
    isHeld()
    return held
  })
  await begun
  return {
    release: () => {
      letGo()
      return done
    },
  }
}

function opening(): readonly [opened: Promise<void>, open: () => void] {
  let open: () => void = () => undefined
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return [opened, open]
}
