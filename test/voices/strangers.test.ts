import { afterEach, expect, test } from 'vitest'
import { seeded } from '../../src/core/units/seeded.ts'
import { deal } from '../rig/cards.ts'
import { openRig, type Rig } from '../rig/rig.ts'

const SEED = 'strangers 1'
const ATTEMPTS = Number(process.env.REMORA_ATTEMPTS ?? 1_500)
const AT_ONCE = 25
const SOON_MS = 60_000

let rig: Rig | undefined
afterEach(async () => {
  await rig?.end()
  rig = undefined
})

/** What a stranger could want, typed or pressed; buttons of real cards among it, and buttons that never were. */
const WISHES = [
  '/stop',
  '/resume',
  '/approve {short}',
  '/mode live',
  '/limits set stakeMax 10000 phrase:"I ACCEPT stakeMax 10000"',
  '/close {short}',
  '/link 123456',
  'approve',
] as const

test(`D6: of ${ATTEMPTS} presses and commands by people who may not, none is executed, and all are on record (seed ${SEED})`, {
  timeout: 120_000 + ATTEMPTS * 100,
}, async () => {
  const chance = seeded(SEED)
  rig = await openRig()
  const { discord, telegram } = rig
  const process = await rig.boot()
  await discord.until(() => discord.commandPuts() === 1, SOON_MS)
  const cards = await deal(rig, process, [1, 2, 3, 4])
  const channel = discord.channels.approvals
  discord.grant(channel, 'ViewChannel', 'SendMessages')
  const outsiders = [1, 2, 3, 4].map(number =>
    discord.person({ id: `90000000000000000${number}`, name: `mallory ${number}` }),
  )
  const lurkers = [1, 2, 3, 4].map(number => telegram.person({ id: 9_000 + number, name: `Mallory ${number}` }))
  const before = process.entries.length
  /** The surface's own ids of what was pressed, and of what of that is on record. */
  const pressed = new Set<string>()
  const recorded = new Set<string>()
  let look: () => void = () => undefined
  process.watch(({ facts }) => {
    for (const fact of facts) if (fact.kind === 'pressTurnedAway') recorded.add(fact.press)
    look()
  })
  const allRecorded = (): Promise<void> =>
    new Promise(resolve => {
      look = () => {
        if ([...pressed].every(id => recorded.has(id))) resolve()
      }
      look()
    })
  for (let made = 0; made < ATTEMPTS; made += AT_ONCE) {
    for (let index = made; index < Math.min(ATTEMPTS, made + AT_ONCE); index += 1) {
      const card = chance.pick(cards)
      const begin = chance.pick(['Approve', 'Reject', 'Mute', 'Why', 'Half'])
      if (chance.chance(0.5)) {
        const who = chance.pick(outsiders)
        const isPress = chance.chance(0.7)
        const { id } = isPress
          ? who.press(card.discord, card.buttons.get(begin) ?? begin, { isForged: true })
          : who.slash('stop', {}, { channel: 'approvals' })
        pressed.add(`discord ${id}`)
      } else {
        const who = chance.pick(lurkers)
        const message = card.telegram.get(42)
        const data = message?.keyboard.flat().find(each => each.text.startsWith(begin))?.callback_data ?? 'made up'
        if (message === undefined) continue
        pressed.add(`telegram press ${who.press(message.id, data, { chat: 42, forged: true }).id}`)
        // Anybody in the world may write to a bot: of that only so much is kept on record, and none of it is done.
        who.say(chance.pick(WISHES).replace('{short}', 'abcdef'))
      }
    }
    await allRecorded()
  }
  const kinds = new Set(process.entries.slice(before).flatMap(({ facts }) => facts.map(({ kind }) => kind)))
  expect([...kinds].filter(kind => kind !== 'pressTurnedAway' && kind !== 'hourTurned')).toEqual([])
  expect(pressed.size).toBe(ATTEMPTS)
  expect(process.state.holds.size).toBe(0)
  expect([...process.state.signals.values()].map(({ stage }) => stage.kind)).toEqual([
    'waiting',
    'waiting',
    'waiting',
    'waiting',
  ])
})
