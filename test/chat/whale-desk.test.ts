import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { memoryJournal } from '../../src/adapters/memory/journal.ts'
import { polymarketHistory } from '../../src/adapters/polymarket/wallets/history.ts'
import { jumpingClock, systemClock } from '../../src/adapters/system/clock.ts'
import type { Told } from '../../src/chat/desk.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { createRouter } from '../../src/chat/router.ts'
import { emptyState } from '../../src/core/engine/state.ts'
import { PRESETS } from '../../src/core/risk/limits.ts'
import { instant, type WhaleAddress } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { FeedError, type WhaleHistory } from '../../src/ports/feeds.ts'
import { createIntake } from '../../src/run/intake.ts'
import { findCandidates } from '../../src/run/live/candidates.ts'
import { createDesk } from '../../src/run/live/desk.ts'
import { openHalt } from '../../src/run/live/halt.ts'
import { createLoop } from '../../src/run/loop.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { createPairing } from '../../src/voices/pairing.ts'
import { clientOf, leapingClock } from '../polymarket/stand-in.ts'
import { GOOD_RECORD, prepare, wallet } from '../support/made.ts'
import { actor, first, signalFrom, trade } from './stand-in.ts'

const folder = mkdtempSync(join(tmpdir(), 'remora-desk-'))
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'whales', strangersPerSecond: 0, whales: 6 })
})
afterAll(async () => {
  await sandbox.stop()
  rmSync(folder, { recursive: true })
})
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A whole Remora as commands know it, with the engine, the intake and the simulated market's own services behind it. */
function remora(dataDir: string, history: WhaleHistory = sandboxHistory(), story?: Told) {
  const state = emptyState()
  const intake = createIntake(systemClock)
  const end = new AbortController()
  const nothing = { dispatch: () => undefined, readers: [] }
  const loop = createLoop({ state, seq: 0, term: 1, intake, journal: memoryJournal(), prepare, ...nothing })
  const running = loop.run(end.signal)
  ends.push(async () => {
    end.abort()
    await running
  })
  intake.offer({ kind: 'started', deposit: usd('10000'), limits: PRESETS.standard })
  const none = async () => []
  const unknown = async () => undefined
  const records = {
    story: async () => story,
    signals: none,
    asked: none,
    orders: none,
    profitByDay: none,
    profitByWhale: none,
    equityByHour: none,
  }
  const desk = createDesk({
    clock: systemClock,
    state,
    intake,
    records,
    history,
    data: { market: unknown, book: unknown, payouts: unknown },
    isSimulated: true,
    dataDir,
    feeds: () => [],
    health: () => Promise.reject(new Error('nobody asks')),
    people: () => [],
    pairing: createPairing(() => 0),
    halt: openHalt(join(dataDir, 'HALT'), () => undefined),
    draw: () => Promise.reject(new Error('nobody asks')),
    note: () => undefined,
    signal: end.signal,
  })
  const faults: unknown[] = []
  const router = createRouter({ commands, desk, report: fault => faults.push(fault.error) })
  let presses = 0
  const say = async (line: string): Promise<Reply> => {
    presses += 1
    const said = await router.hear(line, actor('owner', `press-${presses}`))
    expect(faults).toEqual([])
    return said
  }
  return { state, desk, say }
}

function sandboxHistory(): WhaleHistory {
  return polymarketHistory(clientOf(sandbox.hosts, leapingClock(Date.now()), () => undefined))
}

function settingsIn({ state }: ReturnType<typeof remora>) {
  return [...state.whales.values()].map(({ address, name, settings }) => ({ address, name, settings }))
}

test('a name shows whose it is, and only the press follows it', async () => {
  const one = remora(join(folder, 'name'))
  const [trader] = sandbox.whales
  const shown = await one.say(`follow "${trader?.name.toUpperCase()}"`)
  expect(shown.title).toContain('not followed')
  expect(one.state.whales.size).toBe(0)
  const rows = shown.blocks.flatMap(block => (block.kind === 'rows' ? block.rows : []))
  expect(rows).toContainEqual(['Wallet', trader?.address])
  expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(['Profile', 'Bio', 'Record']))
  const [press] = shown.presses
  await one.say(press?.line ?? '')
  expect([...one.state.whales.keys()]).toEqual([trader?.address])
  expect((await one.say(`whale "${trader?.name}"`)).title).toContain('quality')
})

test('what one Remora exports another imports, settings and all, and nobody is unfollowed', async () => {
  const data = join(folder, 'shared')
  const one = remora(data)
  const [first, second, third] = sandbox.whales.map(({ address }) => address)
  await one.say(`follow ${first}`)
  await one.say(`follow ${second}`)
  for (const set of ['off', 'mute 2h', 'weight 0.25', 'cap $120.50', 'note only politics']) {
    expect((await one.say(`whale ${first} ${set}`)).tone).toBe('good')
  }
  expect((await one.say('whales export')).title).toMatch(/^2 whales written/)

  const other = remora(data)
  await other.say(`follow ${second}`)
  await other.say(`whale ${second} weight 2`)
  await other.say(`follow ${third}`)
  const shown = await other.say('whales import')
  expect(shown.title).toBe('It would follow 1 wallet and change 1')
  expect(other.state.whales.size).toBe(2)
  expect((await other.say(shown.presses[0]?.line ?? '')).title).toBe('Took in 2 of 2 wallets')
  const [kept, ...rest] = [third, first, second].map(address => settingsIn(other).find(one => one.address === address))
  expect(kept).toBeDefined()
  expect(rest).toEqual(settingsIn(one))
  expect((await other.say('whales import yes')).title).toBe('The file of whales changes nothing')
})

test('candidates are leaders that nobody follows, best first, and none is followed by looking', async () => {
  const one = remora(join(folder, 'find'))
  const [followed] = await sandboxHistory().leaders({ period: 'month', most: 1 }, new AbortController().signal)
  await one.say(`follow ${followed}`)
  const said = await one.say('whales find')
  const [table] = said.blocks.flatMap(block => (block.kind === 'table' ? [block.rows] : []))
  const scores = (table ?? []).map(([, , score]) => Number(score))
  expect(scores.length).toBeGreaterThan(3)
  expect(scores).toEqual([...scores].sort((high, low) => low - high))
  expect(JSON.stringify(said)).not.toContain(followed)
  expect(JSON.stringify(said)).toContain('1 followed already')
  expect([...one.state.whales.keys()]).toEqual([followed])
  const looked = await one.say(said.presses[0]?.line ?? '')
  expect(looked.presses.map(({ label }) => label)).toEqual(['Follow'])
})

test('a story names the whale as it is followed, whatever the trade called it', async () => {
  const signal = signalFrom(trade({ name: first.id, source: 'chain', whale: wallet(1) }))
  const facts = [{ seq: 1, at: instant(0), fact: { kind: 'signalOpened', signal } as const }]
  const one = remora(join(folder, 'story'), sandboxHistory(), { signal: signal.id, facts })
  const follow = { kind: 'follow', whale: wallet(1), name: 'swisstony', record: undefined } as const
  await one.desk.instruct(follow, actor())
  expect((await one.desk.story('x'))?.whaleName).toBe('swisstony')
  expect(JSON.stringify(await one.say(`why ${signal.short}`))).toContain('swisstony bought 2,000')
})

describe('a search', () => {
  const at = instant(1_800_000_000_000)
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1)

  /** A service whose every record takes so long by this clock, unless it is told to stop. */
  function slow(clock: Clock, ms: number, change: Partial<WhaleHistory> = {}): WhaleHistory {
    return {
      record: async (_whale, _at, signal) => {
        await clock.sleep(ms, signal)
        if (signal.aborted) throw new FeedError('data', 'no answer in time')
        return GOOD_RECORD
      },
      profile: async () => undefined,
      named: async () => [],
      leaders: async ({ period }) => numbers.map(number => wallet(period === 'month' ? number : number + 20)),
      ...change,
    }
  }

  async function searched(ms: number, change: Partial<WhaleHistory> = {}, category?: string) {
    const clock = jumpingClock(at)
    const found = findCandidates(
      { clock, state: emptyState(), history: slow(clock, ms, change), signal: new AbortController().signal },
      category,
    )
    let isOver = false
    const over = (): void => {
      isOver = true
    }
    found.then(over, over)
    while (!isOver) {
      await new Promise(resolve => setImmediate(resolve))
      if (!isOver) clock.jump()
    }
    return { found: await found, tookMs: clock.now() - at }
  }

  test('is refused while another is under way', async () => {
    const waiting: (() => void)[] = []
    const leaders: WhaleHistory['leaders'] = () => new Promise(resolve => waiting.push(() => resolve([])))
    const answer = (): void => {
      for (const one of waiting.splice(0)) one()
    }
    const { desk } = remora(join(folder, 'twice'), slow(systemClock, 0, { leaders }))
    const searching = desk.candidates(undefined)
    await expect(desk.candidates(undefined)).rejects.toThrow(/under way/)
    answer()
    await searching
    const again = desk.candidates(undefined)
    answer()
    await expect(again).resolves.toMatchObject({ ranked: 0 })
  })

  test('looks at twelve, from both rankings in turns', async () => {
    const { found } = await searched(100)
    expect(found).toMatchObject({ ranked: 60, followed: 0, failed: 0, isCut: false })
    expect(found.found.map(({ whale }) => whale)).toEqual(
      [1, 21, 2, 22, 3, 23, 4, 24, 5, 25, 6, 26].map(wallet) satisfies readonly WhaleAddress[],
    )
  })

  test('gives what the time allowed', async () => {
    const { found, tookMs } = await searched(6_000)
    expect(found).toMatchObject({ failed: 0, isCut: true })
    expect(found.found).toHaveLength(4)
    expect(tookMs).toBe(25_000)
  })

  test('is not held up by one that does not answer', async () => {
    const { found } = await searched(9_000)
    expect(found).toMatchObject({ found: [], isCut: true })
    expect(found.failed).toBe(3)
  })

  test('is content with one ranking, and says so where there is none', async () => {
    const away = () => Promise.reject(new FeedError('data', 'the service answered 400'))
    const week: WhaleHistory['leaders'] = ({ period }) => (period === 'week' ? Promise.resolve([wallet(7)]) : away())
    expect((await searched(10, { leaders: week })).found.found).toHaveLength(1)
    await expect(searched(10, { leaders: away }, 'chess')).rejects.toThrow(/answered 400.*without "chess"/)
  })
})
