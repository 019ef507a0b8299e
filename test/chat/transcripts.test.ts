import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import type { Access } from '../../src/chat/desk.ts'
import { createRouter } from '../../src/chat/router.ts'
import type { Hold } from '../../src/core/risk/holds.ts'
import { later } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import { openConsole } from '../../src/surfaces/console/console.ts'
import { actor, first, NEWCOMER, NOW, newWorld, SWISS, standIn, type World } from './stand-in.ts'

type Script = { readonly as?: Access; readonly before?: (world: World) => void; readonly lines: readonly string[] }

const waiting = newWorld().pending[0]?.signal.short ?? ''
const refused = [...newWorld().stories.keys()][1] ?? ''
const left = [...newWorld().stories.keys()][2] ?? ''
const placed = (by: Hold['by']): Hold => ({
  by,
  effect: 'halt',
  since: NOW,
  until: 'released by hand',
  why: 'for the test',
})

const OTHER = `0x${'b'.repeat(40)}`
const FAULTY = JSON.stringify(
  {
    version: 1,
    whales: [
      { address: NEWCOMER, name: 'fine', settings: { isEnabled: true, weight: 1, note: '' } },
      { address: NEWCOMER, name: 'twice', settings: { isEnabled: true, weight: 1, note: '' } },
      { address: '0x12', name: 'short', settings: { isEnabled: 'yes', weight: 1, note: '', colour: 'red' } },
      { address: SWISS, name: 7, settings: { isEnabled: true, weight: 9, stakeMax: 250, note: '' } },
    ],
  },
  undefined,
  2,
)

const SCRIPTS: Readonly<Record<string, Script>> = {
  help: {
    as: 'viewer',
    lines: ['help', '/help close', 'help clse', 'hepl', 'stop', 'gibberish and more', ''].filter(Boolean),
  },
  status: { lines: ['status', 'status now'] },
  mode: {
    lines: ['mode', 'mode live', 'mode approval', 'mode paper approvals:off', 'mode paper approvals:off', 'mode papr'],
  },
  whales: {
    before: world => {
      const swiss = world.whales.get(SWISS)
      if (swiss === undefined) return
      const settings = { ...swiss.settings, mutedUntil: later(NOW, 3_000_000), weight: 0.5, stakeMax: usd('100') }
      world.whales.set(SWISS, { ...swiss, settings: { ...settings, note: 'quiet before the Fed' } })
    },
    lines: [
      'whales',
      'whales list all',
      'whales find',
      'whales find Pop Culture',
      'whales find chess',
      'whales find a/b',
      'whales import',
      'whales export',
      'whales import',
      `unfollow ${SWISS}`,
      `whale ${OTHER} off`,
      'whales import',
      'whales import no',
      'whales import yes',
      'whales',
    ],
  },
  'whales-faulty': {
    before: world => {
      world.file = FAULTY
    },
    lines: ['whales import', 'whales import yes', 'whales'],
  },
  'whales-away': {
    before: world => {
      world.isVenueAway = true
    },
    lines: ['whales find', 'follow gemini', 'whale swisstony'],
  },
  whale: {
    before: world => {
      const swiss = world.whales.get(SWISS)
      const own = { copies: 14, closed: 11, staked: usd('1210'), profit: usd('84.2') }
      if (swiss !== undefined) world.whales.set(SWISS, { ...swiss, own })
    },
    lines: [
      'whale SwissTony',
      'whale swistony',
      'whale 0xbbbb…bbbb',
      `whale ${NEWCOMER}`,
      `whale ${NEWCOMER} off`,
      'whale swisstony off',
      'whale swisstony off',
      'whale swisstony on now',
      'whale swisstony on',
      'whale swisstony mute',
      'whale swisstony mute 2h',
      'whale swisstony mute 90s',
      'whale swisstony mute 60d',
      'whale swisstony mute off',
      'whale swisstony mute off',
      'whale swisstony weight 0.5',
      'whale swisstony weight 3',
      'whale swisstony cap $100',
      'whale swisstony cap 0',
      'whale swisstony note wait for the Fed',
      'whale swisstony',
      'whale swisstony cap none',
      'whale swisstony note none',
      'whale swisstony volume 3',
    ],
  },
  follow: {
    lines: [
      'follow newcomer',
      `follow ${NEWCOMER}`,
      `follow ${SWISS}`,
      'follow swisstony',
      'follow gemini',
      'follow https://polymarket.com/@newcomer?tab=activity',
      'follow nobody at all',
      'follow 0xcccc…cccc',
      `follow ${NEWCOMER.slice(0, 20)}`,
      'unfollow swisstony',
      'unfollow swisstony',
      `unfollow ${SWISS}`,
    ],
  },
  pending: { lines: ['pending', `reject ${waiting} the price ran away, don't chase`, 'pending'] },
  approve: {
    lines: [`approve ${waiting}`, `approve ${waiting}`, `approve ${first.short}`, 'approve zzzzzz', 'approve'],
  },
  positions: { lines: ['positions'] },
  orders: { lines: ['orders', 'orders 1', 'orders many'] },
  close: {
    lines: [
      `close ${first.short} 50%`,
      'close "fed january"',
      'close fed',
      'close #333444 0.5',
      'close #333444 why:"seen enough"',
      'close xrp',
    ],
  },
  pnl: { lines: ['pnl', 'pnl 30'] },
  why: { lines: [`why ${first.short}`, `why ${refused}`, `why ${left}`, 'why nobody'] },
  stop: { as: 'guardian', lines: ['STOP!', '/stop again, to be sure', 'status', 'resume'] },
  resume: {
    before: world => world.holds.set('drawdown', placed('drawdown')),
    lines: ['stop "lunch"', 'resume', 'resume'],
  },
  limits: {
    lines: [
      'limits',
      'limits set stakemax 250',
      'limits set stakeMax 2000',
      'limits set stakeMax 2000 phrase:"I ACCEPT stakeMax 2000"',
      'limits set spreadMax 4c',
      'limits set exposurePctMax 60%',
      'limits set approvalWaitMs 60',
      'limits set approvalWaitMs 60s',
      'limits set stakeMx 5',
      'limits set qualityMin 40',
      'limits preset conservative',
      'limits preset aggressive',
      'limits preset aggressive phrase:"I ACCEPT preset aggressive"',
    ],
  },
  breakers: {
    before: world => {
      world.holds.set('losing-streak', placed('losing-streak'))
      world.holds.set('reconciliation', placed('reconciliation'))
    },
    lines: [
      'breakers',
      'breakers reset losing-streak',
      'breakers accept',
      'breakers accept why:"the venue was late"',
      'breakers reset drawdown',
      'breakers',
    ],
  },
  health: { lines: ['health'] },
}

test.each(Object.entries(SCRIPTS))('the conversation about %s is the one on record', async (name, script) => {
  const said = await converse(script)
  const file = new URL(`./transcripts/${name}.txt`, import.meta.url)
  if (process.env.UPDATE_TRANSCRIPTS === '1') writeFileSync(file, said)
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(said)
})

test('every command is on record', () => {
  const typed = Object.values(SCRIPTS).flatMap(script => script.lines.map(line => line.split(' ')[0]?.toLowerCase()))
  for (const { name } of commands) expect(typed).toContain(name)
})

async function converse({ as = 'owner', before, lines }: Script): Promise<string> {
  const world = newWorld()
  before?.(world)
  const faults: unknown[] = []
  const router = createRouter({ commands, desk: standIn(world), report: fault => faults.push(fault.error) })
  const input = new PassThrough()
  const output = new PassThrough()
  const end = new AbortController()
  const opened = openConsole({
    input,
    output,
    router,
    actor: actor(as, 'console'),
    announcements: () => () => undefined,
    colours: true,
    leave: () => end.abort(),
    signal: end.signal,
  })
  const parts: string[] = []
  for (const line of lines) {
    const shown = once(output, 'data')
    input.write(`${line}\n`)
    parts.push(`> ${line}\n${String((await shown)[0])}`)
  }
  const shown = once(output, 'data')
  input.write('exit\n')
  await shown
  await opened.done
  expect(faults).toEqual([])
  return parts.join('\n')
}
