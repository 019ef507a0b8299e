import { describe, expect, test } from 'vitest'
import { prismaChatMemory } from '../../../src/adapters/prisma/chat-memory.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { seeded } from '../../../src/core/units/seeded.ts'
import type { ChatMemory } from '../../../src/ports/chat-memory.ts'
import { useFolder } from '../../db/folder.ts'
import type { Fields } from '../../stand-ins/telegram/wire.ts'
import { ANN, personIn, useHouses } from './house.ts'

const folder = useFolder()
const { house, world } = useHouses()

async function onDisk(): Promise<ChatMemory> {
  const { connection } = await folder.database('remora.db', { lockWaitMs: 20 })
  return prismaChatMemory(connection, systemClock.now)
}

const from = { id: ANN, is_bot: false, first_name: 'Ann' }
const chat = { id: ANN, type: 'private' }
const date = Math.floor(Date.now() / 1_000)

const POISONS: readonly (readonly [name: string, update: Fields])[] = [
  ['nothing in it', {}],
  ['nothing that is known', { poll: { id: '1' } }],
  ['no sender', { message: { message_id: 1, chat, date, text: '/status' } }],
  ['no chat', { message: { message_id: 1, from, date, text: '/stop' } }],
  ['a text that is a number', { message: { message_id: 1, chat, from, date, text: 42 } }],
  ['a date beyond all calendars', { message: { message_id: 1, chat, from, date: 1e18, text: '/stop' } }],
  ['a list in place of a message', { message: [1, 2, 3] }],
  ['null in place of a message', { message: null }],
  ['a huge text', { message: { message_id: 1, chat, from, date, text: `/nonsense ${'☃'.repeat(500_000)}` } }],
  ['half a letter', { message: { message_id: 1, chat, from, date, text: 'nonsense \ud83d' } }],
  ['zeros', { message: { message_id: 1, chat, from, date, text: 'nonsense \u0000\u0000' } }],
  ['a deep reply', { message: { message_id: 1, chat, from, date, text: 'nonsense', reply_to_message: nested(2_000) } }],
  ['a press without data', { callback_query: { id: '1', from } }],
  ['a press of nothing', { callback_query: { id: '1', from, data: 'x', message: { chat, message_id: 1, date: 0 } } }],
  ['a press with a name for an id', { callback_query: { id: 7, from, data: 'x' } }],
  ['a change of nobody', { my_chat_member: { chat } }],
]

function nested(depth: number): unknown {
  let message: unknown = { message_id: 0 }
  for (let level = 0; level < depth; level += 1) message = { message_id: level, reply_to_message: message }
  return message
}

describe('T3: poison', () => {
  test.each(POISONS)('with %s is passed by', async (_, update) => {
    const { telegram, ann, deeds, until, memory, surface, open } = await house({ memory: await onDisk() })
    const poison = telegram.deliver(update)
    ann.say('/status')
    await until(() => deeds.done.some(({ what }) => what === 'status'))
    await until(() => telegram.confirmedBelow() > poison.update_id + 1)
    expect(deeds.stoppedAt).toBeUndefined()
    expect(surface.view().status).toBe('live')
    await until(() => open() === 0)
    expect(await memory.unsettled('telegram')).toEqual([])
  })

  test('without a number does not stop what has one', async () => {
    const { telegram, ann, deeds, until } = await house()
    await ann.say('/status').reply
    telegram.deliver({ update_id: 'seven', message: { message_id: 1, chat, from, date, text: '/why a7' } })
    ann.say('/why b8')
    await until(() => deeds.done.length > 1)
    expect(deeds.done.map(({ what }) => what)).toEqual(['status', 'why b8'])
  })

  test('among a hundred does no harm to the others', async () => {
    const telegram = await world()
    const ann = personIn(telegram, ANN, 'Ann')
    const draw = seeded('a hundred 1')
    const at = draw.whole(100)
    for (let number = 0; number < 100; number += 1) {
      if (number === at) telegram.deliver({ message: { message_id: 'odd', from, chat, text: 7 } })
      else ann.say(`/why w${number}`)
    }
    const { deeds, until, notes, open } = await house({ telegram, memory: await onDisk() })
    await until(() => deeds.done.length === 99, 20_000)
    expect(new Set(deeds.done.map(({ what }) => what)).size).toBe(99)
    expect(notes.filter(note => note.includes('is not as Telegram says'))).toHaveLength(1)
    await until(() => open() === 0)
    expect(telegram.callsOf('getUpdates')[0]?.outcome).toMatchObject({
      kind: 'done',
      result: expect.objectContaining({ length: 100 }),
    })
  })
})
