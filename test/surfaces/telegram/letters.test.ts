import { describe, expect, test } from 'vitest'
import { prismaChatMemory } from '../../../src/adapters/prisma/chat-memory.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { seeded } from '../../../src/core/units/seeded.ts'
import type { ChatMemory } from '../../../src/ports/chat-memory.ts'
import { useFolder } from '../../db/folder.ts'
import { memoryOfChats } from '../../support/chat-memory.ts'
import { ANN, personIn, useHouses } from './house.ts'

const folder = useFolder()
const { house, world } = useHouses()
const from = { id: ANN, is_bot: false, first_name: 'Ann' }
const chat = { id: ANN, type: 'private' }
const date = Math.floor(Date.now() / 1_000)
const HOURS_12 = 12 * 60 * 60_000

async function onDisk(): Promise<ChatMemory> {
  const { connection } = await folder.database('remora.db', { lockWaitMs: 20 })
  return prismaChatMemory(connection, systemClock.now)
}

describe('T3: what is delivered more than once', () => {
  test('is handled once, whether in one batch, later, or under another number', async () => {
    const { telegram, ann, deeds, until, memory, open } = await house({ memory: await onDisk() })
    const said = ann.say('/approve a7')
    telegram.again(said.update)
    telegram.again(said.update)
    await said.reply
    telegram.again(said.update)
    telegram.deliver({ message: said.update.message })
    ann.say('/status')
    await until(() => deeds.done.some(({ what }) => what === 'status'))
    const approvals = deeds.done.filter(({ what }) => what === 'approve a7')
    // The one of another number is another saying to the surface, and the same press to the engine.
    expect(approvals).toHaveLength(2)
    expect(new Set(approvals.map(({ press }) => press)).size).toBe(1)
    await until(() => open() === 0)
    expect(await memory.unsettled('telegram')).toEqual([])
  })

  test('is heard once, though it is a stop', async () => {
    const { telegram, ann, deeds, until } = await house()
    const said = ann.say('/stop')
    telegram.again(said.update)
    await said.reply
    telegram.again(said.update)
    ann.say('/status')
    await until(() => deeds.done.some(({ what }) => what === 'status'))
    expect(deeds.done.map(({ what }) => what)).toEqual(['stop', 'status'])
  })

  test('is known after a restart', async () => {
    const memory = await onDisk()
    const first = await house({ memory })
    const said = first.ann.say('/approve a7')
    await said.reply
    await first.until(() => first.telegram.confirmedBelow() > said.update.update_id)
    await first.leave()
    const second = await house({ telegram: first.telegram, memory, deeds: first.deeds })
    first.telegram.again(said.update)
    second.ann.say('/status')
    await second.until(() => first.deeds.done.some(({ what }) => what === 'status'))
    expect(first.deeds.done.map(({ what }) => what)).toEqual(['approve a7', 'status'])
    expect(first.telegram.callsOf('getUpdates').some(({ body }) => body.offset === undefined)).toBe(true)
  })
})

describe('T4: twelve hours of silence', () => {
  test('end with the stop honoured, and nothing bought', async () => {
    const telegram = await world()
    const ann = personIn(telegram, ANN, 'Ann')
    const first = await house({ telegram })
    const data = first.codec.write('approve a7 $40 card:1', false)
    await first.leave()
    for (let number = 0; number < 3; number += 1) ann.press(5, data, { forged: true, agoMs: HOURS_12 })
    for (let number = 0; number < 2; number += 1) ann.say(`/approve b${number}`, { agoMs: HOURS_12 })
    ann.say('/stop', { agoMs: HOURS_12 })
    const second = await house({ telegram, memory: await onDisk() })
    const late = () => telegram.messages(ANN).filter(({ text }) => text.includes('came too late'))
    await second.until(() => late().length === 5)
    expect(second.deeds.done.map(({ what }) => what)).toEqual(['stop'])
    expect(second.deeds.turnedAway.filter(({ why }) => why.includes('too late'))).toHaveLength(5)
    await second.until(() => telegram.messages(ANN).some(({ text }) => text === 'PAPER · STOPPED'))
    expect(telegram.callsOf('getUpdates').some(({ body }) => 'drop_pending_updates' in body)).toBe(false)
  })
})

describe('a process that is killed', () => {
  test('between keeping and handling leaves what the next one takes up', async () => {
    const memory = await onDisk()
    const dying: ChatMemory = {
      ...memory,
      take: async letters => {
        await memory.take(letters)
        return new Promise(() => undefined)
      },
    }
    const first = await house({ memory: dying })
    await first.until(() => first.telegram.isPolled())
    first.ann.say('/why a7')
    first.ann.say('/approve a7')
    first.ann.say('/approve b8', { agoMs: 60_000 })
    await first.until(() => first.telegram.callsOf('getUpdates').length > 4)
    first.kill()
    expect(first.deeds.done).toEqual([])
    expect(await memory.unsettled('telegram')).toHaveLength(3)
    const second = await house({ telegram: first.telegram, memory })
    await second.until(() => second.deeds.done.length === 2)
    await second.until(() => first.telegram.messages(ANN).filter(({ isFromBot }) => isFromBot).length === 3)
    expect(second.deeds.done.map(({ what }) => what)).toEqual(['why a7', 'approve a7'])
    const said = first.telegram.messages(ANN).map(({ text }) => text)
    expect(said.join('\n')).toContain('approve was interrupted by a restart, and is not done now')
    await second.until(() => second.open() === 0)
    expect(await memory.unsettled('telegram')).toEqual([])
  })

  test('after a press was done and before that is kept does not say that nothing was done', async () => {
    const memory = await onDisk()
    const first = await house({ memory: { ...memory, settle: () => new Promise(() => undefined) } })
    const shown = await first.card()
    await first.ann.press(shown, 'Approve $40').answered
    await first.until(() => first.deeds.done.length === 1)
    first.kill()
    const second = await house({ telegram: first.telegram, memory })
    await second.until(() => first.telegram.messages(ANN).length === 2)
    expect(second.deeds.done).toEqual([])
    expect(first.telegram.latest(ANN)?.text).toContain('approve was interrupted by a restart, and is not done now')
  })

  test('before it could tell what it has done leaves nothing to be done again', async () => {
    const memory = await onDisk()
    const first = await house({ memory })
    const { telegram, until } = first
    await until(() => telegram.isPolled())
    telegram.faults.add({ kind: 'error', code: 429, parameters: { retry_after: 600 } }, { method: 'sendMessage' })
    first.ann.say('/approve a7')
    first.ann.say('/why a7')
    await until(() => first.deeds.done.length === 2 && first.open() === 1)
    first.kill()
    const second = await house({ telegram, memory })
    await second.until(() => telegram.latest(ANN)?.text === 'because: why a7')
    await second.until(() => second.open() === 0)
    expect(second.deeds.done.map(({ what }) => what)).toEqual(['why a7'])
  })

  test('with a stop that was kept has stopped, and so has the next one', async () => {
    const memory = await onDisk()
    const dying: ChatMemory = {
      ...memory,
      take: async letters => {
        await memory.take(letters)
        return new Promise(() => undefined)
      },
    }
    const first = await house({ memory: dying })
    await first.until(() => first.telegram.isPolled())
    first.ann.say('/stop')
    await first.until(() => first.deeds.done.length === 1)
    first.kill()
    const second = await house({ telegram: first.telegram, memory })
    await second.until(() => second.deeds.done.length === 1)
    second.ann.say('/status')
    await second.until(() => second.deeds.done.length > 1)
    expect(second.deeds.done.map(({ what }) => what)).toEqual(['stop', 'status'])
  })

  test('loses no saying and doubles none, wherever it is killed', async () => {
    const draw = seeded('kills 1')
    const telegram = await world()
    const ann = personIn(telegram, ANN, 'Ann')
    const memory = await onDisk()
    const done: string[] = []
    let said = 0
    for (let life = 0; life < 30; life += 1) {
      const calls = telegram.calls.length + draw.whole(12)
      const one = await house({ telegram, memory })
      for (let left = draw.whole(4); left > 0; left -= 1) {
        said += 1
        ann.say(`/why w${said}`)
      }
      const isIdle = () => telegram.isPolled() && telegram.pending().length === 0 && one.open() === 0
      await one.until(() => telegram.calls.length >= calls || isIdle())
      for (let turns = draw.whole(6); turns > 0; turns -= 1) await new Promise(resolve => setImmediate(resolve))
      one.kill()
      done.push(...one.deeds.done.map(({ what, press }) => `${what} by ${press}`))
    }
    const last = await house({ telegram, memory })
    ann.say('/status')
    await last.until(() => last.deeds.done.some(({ what }) => what === 'status'))
    await last.until(() => last.open() === 0)
    done.push(...last.deeds.done.map(({ what, press }) => `${what} by ${press}`))
    const named = new Set(done.map(one => one.split(' by ')[0]))
    for (let number = 1; number <= said; number += 1) expect(named).toContain(`why w${number}`)
    // What is heard again is the same press, which the engine counts once.
    expect(new Set(done).size).toBe(said + 1)
  })
})

test('what cannot be read at the start is read later, and nobody waits for it', async () => {
  const memory = memoryOfChats(systemClock.now)
  await memory.take([
    {
      surface: 'telegram',
      id: '5',
      at: systemClock.now(),
      text: JSON.stringify({ update_id: 5, message: { message_id: 3, chat, from, date, text: '/why old' } }),
    },
  ])
  let failures = 2
  const weak: ChatMemory = {
    ...memory,
    unsettled: async surface => {
      failures -= 1
      if (failures >= 0) throw new Error('SQLITE_BUSY: database is locked')
      return memory.unsettled(surface)
    },
  }
  const { ann, deeds, until } = await house({ memory: weak })
  ann.say('/stop')
  await until(() => deeds.done.length === 2)
  expect(deeds.done.map(({ what }) => what)).toEqual(['stop', 'why old'])
})

test('polls begin behind what was kept, and with nothing once numbers may have begun anew', async () => {
  const memory = await onDisk()
  const first = await house({ memory })
  const { telegram } = first
  const offsets = () => telegram.callsOf('getUpdates').map(({ body }) => body.offset)
  const said = first.ann.say('/status').update.update_id
  await first.until(() => first.open() === 0 && offsets().at(-1) === said + 1)
  expect(offsets()[0]).toBeUndefined()
  await first.leave()
  const calls = offsets().length
  const second = await house({ telegram, memory })
  await second.until(() => offsets().length > calls)
  expect(offsets()[calls]).toBe(said + 1)
  second.ahead(7 * 86_400_000)
  await second.until(() => offsets().at(-1) === undefined)
  const numbered = telegram.deliver({ update_id: 5, message: second.ann.say('/why a7').update.message })
  await second.until(() => second.deeds.done.length > 0)
  expect(numbered.update_id).toBe(5)
})

test('the chatter of a group is not kept', async () => {
  const memory = memoryOfChats(systemClock.now)
  const kept: string[] = []
  const watching: ChatMemory = {
    ...memory,
    take: async letters => {
      kept.push(...letters.map(({ text }) => text))
      return memory.take(letters)
    },
  }
  const { telegram, ann, ben } = await house({ memory: watching, group: -5 })
  telegram.group({ id: -5, title: 'Team' })
  ben.say('did you see the match?', { chat: -5 })
  ann.say('the second half was better', { chat: -5 })
  await ann.say('/status', { chat: -5 }).reply
  expect(kept).toHaveLength(1)
  expect(kept[0]).toContain('/status')
})

test('one account cannot have everything under way', async () => {
  const { ann, deeds, until, telegram } = await house()
  for (let number = 0; number < 203; number += 1) ann.say('/slow')
  await until(() => telegram.messages(ANN).filter(({ text }) => text.includes('Too many at once')).length === 3)
  ann.say('/stop')
  await until(() => deeds.stoppedAt !== undefined)
})
