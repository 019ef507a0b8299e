import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { ACCESSES } from '../../src/chat/access.ts'
import type { Access } from '../../src/chat/desk.ts'
import { fitsPress } from '../../src/chat/press-codec.ts'
import { type Reply, ROWS_MAX, rowsOf } from '../../src/chat/reply.ts'
import { createRouter, type Fault } from '../../src/chat/router.ts'
import { accountKey } from '../../src/core/engine/state.ts'
import { PLAIN_SETTINGS } from '../../src/core/whale/whale.ts'
import { whaleListText } from '../../src/run/live/whale-list.ts'
import { render } from '../../src/surfaces/console/render.ts'
import { actor, first, NEWCOMER, NOW, newWorld, SWISS, standIn, type World } from './stand-in.ts'

const waiting = newWorld().pending[0]?.signal.short ?? ''

/** Each line, and the least that may have it done. */
const LINES: readonly (readonly [string, Access])[] = [
  ['help', 'viewer'],
  ['status', 'viewer'],
  ['mode', 'viewer'],
  ['mode paper on', 'guardian'],
  ['mode paper off', 'owner'],
  ['mode approval', 'owner'],
  ['mode live', 'owner'],
  ['whales', 'viewer'],
  ['whales find', 'trader'],
  ['whales find politics', 'trader'],
  ['whales export', 'trader'],
  ['whales import', 'trader'],
  ['whales import yes', 'trader'],
  [`whale ${SWISS}`, 'trader'],
  [`whale ${NEWCOMER}`, 'trader'],
  [`whale ${SWISS} mute 1h`, 'trader'],
  [`whale ${SWISS} weight 0.5`, 'trader'],
  [`follow ${NEWCOMER}`, 'trader'],
  ['follow newcomer', 'trader'],
  ['follow gemini', 'trader'],
  [`unfollow ${SWISS}`, 'trader'],
  ['pending', 'viewer'],
  [`approve ${waiting}`, 'trader'],
  [`reject ${waiting}`, 'guardian'],
  ['positions', 'viewer'],
  ['orders', 'viewer'],
  ['close bitcoin', 'trader'],
  ['pnl', 'viewer'],
  ['answers', 'viewer'],
  [`why ${first.short}`, 'viewer'],
  ['stop', 'guardian'],
  ['pause', 'guardian'],
  ['resume', 'owner'],
  ['limits', 'viewer'],
  ['limits set stakeMax 900', 'guardian'],
  ['limits set stakeMax 1100 phrase:"I ACCEPT stakeMax 1100"', 'owner'],
  ['limits preset conservative', 'guardian'],
  ['limits preset aggressive phrase:"I ACCEPT preset aggressive"', 'owner'],
  ['breakers', 'viewer'],
  ['breakers reset drawdown', 'owner'],
  ['breakers accept why:checked', 'owner'],
  ['ack', 'viewer'],
  ['notify', 'viewer'],
  ['notify reset', 'viewer'],
  ['link', 'viewer'],
  ['people', 'viewer'],
  ['people unlink telegram:42', 'owner'],
  ['health', 'viewer'],
]

/** A file of whales in which one is to be followed. */
const LISTED = whaleListText([{ address: NEWCOMER, name: 'newcomer', settings: PLAIN_SETTINGS }])

function prepared(line: string): World {
  const world = newWorld()
  world.file = LISTED
  world.pages = [{ id: 'p1', at: NOW, title: 'Telegram cannot be reached' }]
  world.links.set(accountKey('telegram', '42'), actor().person)
  if (line === 'mode paper on') world.mode = { ...world.mode, approvals: false }
  for (const by of ['operator', 'drawdown', 'reconciliation'] as const) {
    if (line !== 'stop') world.holds.set(by, { by, effect: 'halt', since: NOW, until: 'released by hand', why: '' })
  }
  return world
}

async function say(line: string, access: Access): Promise<{ said: Reply; world: World; faults: readonly Fault[] }> {
  const world = prepared(line)
  const faults: Fault[] = []
  const router = createRouter({ commands, desk: standIn(world), report: fault => faults.push(fault) })
  return { said: await router.hear(line, actor(access)), world, faults }
}

test.each(LINES.flatMap(([line, needed]) => ACCESSES.map(access => [line, access, needed] as const)))(
  '"%s" by a %s, where %s is needed',
  async (line, access, needed) => {
    const { said, world, faults } = await say(line, access)
    const isAllowed = ACCESSES.indexOf(access) >= ACCESSES.indexOf(needed)
    expect(faults).toEqual([])
    expect(/takes an? \w+; you are/.test(said.title)).toBe(!isAllowed)
    if (!isAllowed) expect(world.instructions).toEqual([])
  },
)

test('every command is in the access table', () => {
  const named = LINES.map(([line]) => line.split(' ')[0])
  for (const { name } of commands) expect(named).toContain(name)
})

test('nothing is missing from the list, and no two share a word', () => {
  const files = readdirSync(new URL('../../commands', import.meta.url)).filter(file => file !== 'index.ts')
  expect(commands.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort())
  const words = commands.flatMap(({ name, also }) => [name, ...also])
  expect(new Set(words).size).toBe(words.length)
})

test.each(commands.map(each => [each.name, each] as const))(
  '%s fits every surface',
  (_name, { name, summary, options }) => {
    expect(name).toMatch(/^[a-z][a-z0-9_]{0,31}$/)
    expect(summary.length).toBeLessThanOrEqual(100)
    const asked = Object.entries(options)
    expect(asked.length).toBeLessThanOrEqual(25)
    for (const [option, { about, choices }] of asked) {
      expect(option).toMatch(/^[a-z][a-z0-9_]{0,31}$/)
      expect(about.length).toBeLessThanOrEqual(100)
      expect(choices.length).toBeLessThanOrEqual(25)
    }
    // Discord takes needed options first.
    const needs = asked.map(([, option]) => option.isNeeded)
    expect([...needs].sort((one, other) => Number(other) - Number(one))).toEqual(needs)
  },
)

test.each(LINES)('the answer to "%s" fits every surface, however much there is', async line => {
  const world = prepared(line)
  const [position] = world.positions
  const [pending] = world.pending
  if (position === undefined || pending === undefined) throw new Error('the stand-in holds something')
  const title = 'A title as long as they come, '.repeat(20)
  world.positions = [
    ...world.positions,
    ...Array.from({ length: 80 }, (_, index) => ({ ...position, title: `${title}${index}` })),
  ]
  world.pending = [...world.pending, ...Array.from({ length: 80 }, () => ({ ...pending, title }))]
  for (const one of [...world.whales.values()]) {
    for (let index = 10; index < 90; index += 1) {
      const address = `0x${String(index).repeat(20)}` as typeof one.address
      world.whales.set(address, { ...one, address, name: title })
    }
  }
  const router = createRouter({ commands, desk: standIn(world), report: fault => expect(fault).toBeUndefined() })
  const said = await router.hear(line, actor())
  expect(rowsOf(said.blocks)).toBeLessThanOrEqual(ROWS_MAX)
  expect(render(said, { width: 100, colours: false }).replace(/ {2,}/g, ' ').length).toBeLessThanOrEqual(4_096)
  for (const press of said.presses) expect(fitsPress(press.line), press.line).toBe(true)
})

test('a fault is apologised for with a reference, and its words are told to nobody', async () => {
  const faults: Fault[] = []
  const desk = { ...standIn(newWorld()), health: () => Promise.reject(new Error('postgres://user:secret@host')) }
  const router = createRouter({ commands, desk, report: fault => faults.push(fault) })
  const said = await router.hear('health', actor('owner', 'console-77'))
  expect(JSON.stringify(said)).toContain('console-77')
  expect(JSON.stringify(said)).not.toContain('secret')
  expect(faults.map(({ reference, command }) => [reference, command])).toEqual([['console-77', 'health']])
})

test('every press that a command offers is understood', async () => {
  for (const [line] of LINES) {
    const { said } = await say(line, 'owner')
    for (const press of said.presses) {
      const { said: after, faults } = await say(press.line, 'owner')
      expect(faults).toEqual([])
      expect(after.title).not.toMatch(/no command|Nothing was asked/)
    }
  }
})
