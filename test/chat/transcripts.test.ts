import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import type { Access, AskedView, Pending } from '../../src/chat/desk.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { createRouter, type Router } from '../../src/chat/router.ts'
import { accountKey } from '../../src/core/engine/state.ts'
import type { Hold } from '../../src/core/risk/holds.ts'
import type { Stake } from '../../src/core/sizing/stake.ts'
import { later } from '../../src/core/units/ids.ts'
import { price, shares, usd } from '../../src/core/units/money.ts'
import { openConsole } from '../../src/surfaces/console/console.ts'
import { discordText, telegramText } from './phone-text.ts'
import { actor, first, NEWCOMER, NOW, newWorld, SWISS, signalFrom, standIn, trade, type World } from './stand-in.ts'

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

const CARD: AskedView = {
  short: 'kx7phz',
  title: 'Will the Fed cut rates in December?',
  outcome: 'Yes',
  side: 'buy',
  size: shares('63.09'),
  limit: price('0.634'),
  expected: price('0.623'),
  askedAt: later(NOW, -86_400_000),
  answer: undefined,
  answeredAt: undefined,
  verdict: 'expired',
  why: 'nobody answered for 90 s',
  now: price('0.651'),
}
const decided = (answer: 'yes' | 'no', afterMs: number): AskedView => ({
  ...CARD,
  answer,
  answeredAt: later(CARD.askedAt, afterMs),
  verdict: answer === 'yes' ? 'copied' : 'declined',
  now: answer === 'yes' ? undefined : price('0.4'),
})
const ANSWERS: readonly AskedView[] = [
  CARD,
  { ...decided('no', 9_000), short: 'zc3vdg', why: 'the price' },
  { ...decided('no', 62_000), short: 'eqvrpx', why: 'Because @everyone <b>says</b> so, and for longer than fits' },
  { ...decided('no', 4_000), short: 'ut2xwe', why: '', title: 'Gone?', now: undefined },
  decided('yes', 3_000),
  decided('yes', 14_000),
  { ...CARD, verdict: undefined, now: undefined },
]

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
    lines: [
      `approve ${waiting} 5000`,
      `approve ${waiting} 20 card:7`,
      `approve ${waiting}`,
      `approve ${waiting}`,
      `approve ${first.short}`,
      'approve zzzzzz',
      'approve',
    ],
  },
  'decide-all': {
    before: world => {
      const card = world.pending[0] as Pending
      const other = (title: string): Pending => ({ ...card, title, signal: signalFrom(trade({ transaction: title })) })
      const better = { ...other('Will **bold** @everyone win?'), stake: { ...(card.stake as Stake), chance: 0.7 } }
      const exit = { ...other('Will Brazil win?'), bound: { ...card.bound, side: 'sell' }, stake: undefined } as const
      world.pending = [card, better, exit]
    },
    lines: ['pending', 'approve all', 'approve all $5', 'reject all "enough for today"', 'reject all', 'approve all'],
  },
  positions: { lines: ['positions'] },
  orders: { lines: ['orders', 'orders 1', 'orders many'] },
  close: {
    lines: [
      `close ${first.short} 50%`,
      'close "fed january"',
      'close fed',
      'close #333444 0.5',
      'close #333444 100% "seen enough"',
      'close #333444 100% sure:1-0e1605fa',
      'close xrp',
    ],
  },
  pnl: { lines: ['pnl', 'pnl 30'] },
  answers: {
    before: world => {
      world.answers = ANSWERS
    },
    lines: ['answers', 'answers 1', 'answers 400'],
  },
  'answers-none': { lines: ['answers'] },
  'answers-rarely-yes': {
    before: world => {
      const [, no] = ANSWERS
      world.answers = Array.from({ length: 24 }, () => ({ ...(no as AskedView), why: '', now: undefined }))
    },
    lines: ['answers 30'],
  },
  why: { lines: [`why ${first.short}`, `why ${refused}`, `why ${left}`, 'why nobody'] },
  stop: { as: 'guardian', lines: ['STOP!', '/stop again, to be sure', 'status', 'resume'] },
  pause: { as: 'owner', lines: ['pause', 'pause "the Fed speaks"', 'status', 'stop', 'pause', 'resume'] },
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
  ack: {
    before: world => {
      world.pages = [
        { id: 'p2', at: later(NOW, -90_000), title: 'A breaker opened: drawdown' },
        { id: 'p1', at: later(NOW, -900_000), title: 'Telegram cannot be reached' },
      ]
    },
    lines: ['ack', 'ack p9', 'ack p2', 'ack p1', 'ack', 'ack p1'],
  },
  notify: {
    lines: [
      'notify set filled on telegram',
      'notify set filled loudly',
      'notify set everything on',
      'notify set',
      'notify quiet 23:00-07:30 Europe/Rome',
      'notify quiet sometimes',
      'notify daily 07:30',
      'notify',
      'notify reset',
    ],
  },
  link: { as: 'viewer', lines: ['link', 'link 048213'] },
  people: {
    before: world => world.links.set(accountKey('telegram', '42'), actor().person),
    lines: ['people', 'people unlink', 'people unlink telegram:42', 'people unlink telegram:42'],
  },
  health: { lines: ['health'] },
}

/** What each surface shows of a conversation, by the folder of its transcripts. */
type Shown = Readonly<Record<'.' | './discord' | './telegram', string>>

test.each(Object.entries(SCRIPTS))(
  'the conversation about %s is the one on record, on every surface',
  async (name, script) => {
    for (const [folder, said] of Object.entries(await converse(script))) {
      const file = new URL(`./transcripts/${folder}/${name}.txt`, import.meta.url)
      if (process.env.UPDATE_TRANSCRIPTS === '1') {
        mkdirSync(new URL('.', file), { recursive: true })
        writeFileSync(file, said)
      }
      expect(existsSync(file) ? readFileSync(file, 'utf8') : '', folder).toBe(said)
    }
  },
)

test('every command is on record', () => {
  const typed = Object.values(SCRIPTS).flatMap(script => script.lines.map(line => line.split(' ')[0]?.toLowerCase()))
  for (const { name } of commands) expect(typed).toContain(name)
})

async function converse({ as = 'owner', before, lines }: Script): Promise<Shown> {
  const world = newWorld()
  before?.(world)
  const faults: unknown[] = []
  const replies: Reply[] = []
  const router = createRouter({ commands, desk: standIn(world), report: fault => faults.push(fault.error) })
  const input = new PassThrough()
  const output = new PassThrough()
  const end = new AbortController()
  const opened = openConsole({
    input,
    output,
    router: recording(router, replies),
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
  expect(replies).toHaveLength(lines.length)
  return {
    '.': parts.join('\n'),
    './discord': onPhone(lines, replies, discordText),
    './telegram': onPhone(lines, replies, telegramText),
  }
}

/** The same router, whose answers are kept: one conversation is shown on all surfaces. */
function recording(router: Router, replies: Reply[]): Router {
  return {
    ...router,
    hear: async (line, who) => {
      const said = await router.hear(line, who)
      replies.push(said)
      return said
    },
  }
}

function onPhone(lines: readonly string[], replies: readonly Reply[], show: (reply: Reply) => string): string {
  return replies
    .map((said, index) => `> ${lines[index]}${said.isPrivate ? '   (seen by whoever asked)' : ''}\n${show(said)}\n`)
    .join('\n')
}
