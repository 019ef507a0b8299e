import { expect, test } from 'vitest'
import { reply } from '../../../src/chat/reply.ts'
import { seeded } from '../../../src/core/units/seeded.ts'
import type { Fault } from '../../stand-ins/discord/faults.ts'
import { card, opened } from './opened.ts'

const FAULTS: readonly Fault[] = [
  { kind: 'cut' },
  { kind: 'cut', by: 'close' },
  { kind: 'lost' },
  { kind: 'lost', by: 'reset' },
  { kind: 'truncated' },
  { kind: 'html' },
  { kind: 'answer', status: 502 },
  { kind: 'answer', status: 503, path: '/callback' },
  { kind: 'late', ms: 60 },
  { kind: 'drop' },
  { kind: 'drop', code: 4_000 },
  { kind: 'drop', code: 4_009 },
]
const CHANNELS = ['approvals', 'fills', 'risk', 'log'] as const
/** As many as one channel takes at once. */
const ROUNDS = 4

test.each([8_812, 2])('seed %i: whatever breaks, each message is seen once and each press counts once', async seed => {
  const chance = seeded(`storm ${seed}`)
  const it = await opened()
  const message = await it.post(card(), { purpose: 'approvals' })
  await it.until(() => it.fates.length === 1)
  const pressed: string[] = []
  for (let round = 1; round < ROUNDS; round += 1) {
    for (const purpose of CHANNELS) {
      it.discord.faults.set({ ...chance.pick(FAULTS), times: 1 })
      it.offer(reply(`${purpose} ${round}`), { purpose, subject: `${purpose}:${round}` })
      pressed.push(it.tess.press(message, 'Approve $40').id)
    }
    await it.isLive()
  }
  await it.until(() => it.fates.length === 1 + CHANNELS.length * (ROUNDS - 1), 20_000)
  it.discord.faults.clear()
  await it.isLive()

  expect(it.fates).toEqual(it.fates.map(() => 'delivered'))
  for (const purpose of CHANNELS) {
    const seen = it.discord.messages(purpose).flatMap(({ id, content }) => (id === message.id ? [] : [content]))
    expect([...seen].sort()).toEqual(Array.from({ length: ROUNDS - 1 }, (_, at) => `${purpose} ${at + 1}`))
  }
  await it.until(() => it.done.length + it.turnedAway.length >= pressed.length, 20_000)
  const counted = it.done.map(each => /\(discord (\d+)\)/.exec(each)?.[1])
  expect(new Set(counted).size).toBe(counted.length)
  for (const id of counted) expect(pressed).toContain(id)
})
