import { afterEach, describe, expect, test } from 'vitest'
import type { MirrorOptions } from '../../src/adapters/polymarket/books/mirror.ts'
import { mirroredData } from '../../src/adapters/polymarket/books/mirror.ts'
import { polymarketData } from '../../src/adapters/polymarket/feeds.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { tokenId } from '../../src/core/units/ids.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { levelsOf, type MirrorFixture, mirrorFixture, TOKEN, tokenNumber } from './book-venue.ts'
import { clientOf, forever } from './stand-in.ts'

const BIDS = [['0.4', '100'] as const]
const ASKS = [['0.45', '80'] as const]

const made: MirrorFixture[] = []
afterEach(async () => {
  for (const one of made.splice(0)) await one.stop()
})

async function fixture(tokens = 1, options: MirrorOptions = {}): Promise<MirrorFixture> {
  const one = await mirrorFixture(options)
  made.push(one)
  for (let token = 1; token <= tokens; token += 1) one.venue.list(tokenNumber(token), BIDS, ASKS)
  for (let token = 1; token <= tokens; token += 1) await one.book(tokenNumber(token))
  await one.until(() => one.trusted() === tokens)
  return one
}

const endings = ({ notes }: MirrorFixture) =>
  notes.flatMap(note => (note.kind === 'marketSocketEnded' ? [note.ending] : []))

describe('a connection', () => {
  test('is not opened before a book is asked for, and is closed when none matters any more', async () => {
    const one = await mirrorFixture()
    made.push(one)
    one.venue.list(TOKEN, BIDS, ASKS)
    await one.pass(2_000)
    expect(one.venue.state.connections).toBe(0)
    expect(one.views()).toEqual([])
    await one.book(TOKEN)
    await one.until(() => one.trusted() === 1)
    expect(one.views()).toMatchObject([{ name: 'market socket 1', status: 'live', tokens: 1, trusted: 1 }])
    await one.pass(899_000)
    expect(one.venue.subscribed()).toContain(TOKEN)
    await one.pass(3_000)
    expect(one.venue.listeners.size).toBe(0)
    expect(one.views()).toEqual([])
  })

  test('says all that it wants on opening, and pings', async () => {
    const { venue, pass } = await fixture(3)
    const [listener] = venue.listeners
    const said = JSON.parse(listener?.said[0] ?? '')
    expect(said).toMatchObject({ type: 'market', initial_dump: true, level: 2, custom_feature_enabled: true })
    await pass(20_000)
    expect(listener?.said.filter(text => text === 'PING').length).toBeGreaterThanOrEqual(3)
  })

  test('that is open, answers pings and tells nothing while books change is made anew', async () => {
    const one = await fixture(2)
    const { venue, until, trusted, look, states, clock } = one
    venue.state.isFrozen = true
    await one.pass(11_000)
    expect(one.views()).toMatchObject([{ status: 'live' }])
    venue.change(TOKEN, [['BUY', '0.41', '9']])
    const frozenAt = clock.now()
    await until(() => endings(one).includes('frozen'))
    expect(clock.now() - frozenAt).toBeLessThan(25_000)
    expect(await look(TOKEN)).toMatchObject({ isMirrored: false, shown: venue.shown(TOKEN) })
    await until(() => one.views()[0]?.status === 'stale')
    venue.state.isFrozen = false
    await until(() => trusted() === 2)
    expect(await look(TOKEN)).toMatchObject({ isMirrored: true, shown: venue.shown(TOKEN) })
    expect(states).toEqual(['connecting', 'live', 'stale', 'live'])
  })

  test('that takes a subscription and never sends a book is made anew', async () => {
    const one = await mirrorFixture()
    made.push(one)
    one.venue.list(TOKEN, BIDS, ASKS)
    one.venue.state.isFrozen = true
    await one.book(TOKEN)
    await one.until(() => endings(one).includes('frozen'), 30_000)
    one.venue.state.isFrozen = false
    await one.until(() => one.trusted() === 1)
  })

  test('that tells nothing because nothing happens is left open', async () => {
    const one = await fixture()
    await one.pass(600_000)
    expect(one.venue.state.connections).toBe(1)
    expect(one.trusted()).toBe(1)
    expect(one.notes).toEqual([])
  })

  test('that is half-open is not believed for more than 8 s, and is made anew', async () => {
    const one = await fixture()
    const { venue, until, trusted, clock, look } = one
    venue.state.isDead = true
    const deadAt = clock.now()
    await until(() => trusted() === 0)
    expect(clock.now() - deadAt).toBeLessThanOrEqual(8_200)
    expect(await look(TOKEN)).toMatchObject({ isMirrored: false })
    await until(() => endings(one).includes('dead'))
    venue.state.isDead = false
    await until(() => trusted() === 1)
  })

  test('that is refused is tried again, later each time, and books go on by HTTP', async () => {
    const one = await mirrorFixture()
    made.push(one)
    one.venue.list(TOKEN, BIDS, ASKS)
    one.venue.state.refusesSockets = true
    await one.book(TOKEN)
    await one.until(() => endings(one).length === 6)
    expect(await one.look(TOKEN)).toMatchObject({ isMirrored: false, shown: one.venue.shown(TOKEN) })
    expect(one.views()).toMatchObject([{ status: 'down', why: expect.stringMatching(/503/) }])
    const waits = one.notes.flatMap(note => (typeof note.retryMs === 'number' ? [note.retryMs] : []))
    expect(waits).toEqual([375, 750, 1_500, 3_000, 6_000, 12_000])
    one.venue.state.refusesSockets = false
    await one.until(() => one.trusted() === 1)
    expect(one.states).toEqual(['connecting', 'down', 'live'])
  })

  test('that is never answered is given up after 10 s', async () => {
    const one = await mirrorFixture()
    made.push(one)
    one.venue.list(TOKEN, BIDS, ASKS)
    one.venue.state.isDeaf = true
    await one.book(TOKEN)
    await one.until(() => endings(one).length > 0, 11_000)
    expect(one.views()).toMatchObject([{ status: 'down', why: expect.stringMatching(/not open after 10 s/) }])
    one.venue.state.isDeaf = false
    await one.until(() => one.trusted() === 1)
  })

  test('that the exchange lets go because we are slow is not made anew at once', async () => {
    const one = await fixture()
    for (const { socket } of one.venue.listeners) socket.close(1013)
    await one.until(() => endings(one).includes('slow'))
    expect(one.notes).toMatchObject([{ ending: 'slow', retryMs: 22_500 }])
    expect(await one.look(TOKEN)).toMatchObject({ isMirrored: false })
    await one.until(() => one.trusted() === 1)
  })

  test('is renewed beside the old one, and the book is given without a request all the while', async () => {
    const one = await fixture(3)
    const { venue, pass, clock, look } = one
    const from = clock.now()
    while (venue.state.connections < 2 || venue.listeners.size > 1) {
      if (clock.now() - from > 1_000_000) throw new Error('it is renewed every quarter of an hour')
      venue.change(TOKEN, [['BUY', '0.41', String(1 + (clock.now() % 1_000))]])
      for (let token = 1; token <= 3; token += 1) await one.look(tokenNumber(token))
      await pass(500)
      expect(await look(TOKEN)).toMatchObject({ isMirrored: true, shown: venue.shown(TOKEN) })
    }
    expect(clock.now() - from).toBeGreaterThan(800_000)
    expect(venue.state.mostOpen).toBe(2)
    expect(one.trusted()).toBe(3)
    expect(one.states).toEqual(['connecting', 'live'])
  })

  test('that takes over takes along what was proven, without a question', async () => {
    const one = await fixture(3, { waits: { renewAfterMs: 60_000 } })
    await one.pass(50_000)
    one.venue.state.refusesHttp = true
    await one.until(() => one.venue.state.connections === 2 && one.venue.listeners.size === 1, 12_000)
    expect(one.trusted()).toBe(3)
    one.venue.change(TOKEN, [['BUY', '0.41', '9']])
    await one.pass(200)
    expect(await one.look(TOKEN)).toMatchObject({ isMirrored: true, shown: one.venue.shown(TOKEN) })
  })

  test('whose renewal brings no books stays', async () => {
    const one = await fixture(1, { waits: { renewAfterMs: 30_000 } })
    one.venue.state.refusesSockets = true
    await one.until(() => endings(one).length > 0)
    expect(endings(one)).toEqual(['refused'])
    expect(one.trusted()).toBe(1)
    expect(one.views()).toMatchObject([{ status: 'live' }])
    one.venue.state.refusesSockets = false
    await one.until(() => one.venue.state.connections === 2)
    await one.until(() => one.venue.listeners.size === 1)
    expect(one.trusted()).toBe(1)
  })

  test('leaves nothing open when it is called off', async () => {
    const one = await mirrorFixture()
    one.venue.list(TOKEN, BIDS, ASKS)
    await one.book(TOKEN)
    await one.until(() => one.trusted() === 1)
    const [listener] = one.venue.listeners
    const closed = new Promise<void>(resolve => listener?.socket.on('close', () => resolve()))
    await one.stop()
    await closed
    expect(one.views()).toEqual([])
  })
})

describe('tokens', () => {
  test('that come and go are subscribed and unsubscribed, at most 200 on a connection and 400 in all', async () => {
    const one = await mirrorFixture()
    made.push(one)
    for (let token = 1; token <= 450; token += 1) one.venue.list(tokenNumber(token), BIDS, ASKS)
    await one.books(1, 400)
    await one.until(() => one.trusted() === 400)
    expect(one.views().map(view => view.tokens)).toEqual([200, 200])
    await one.books(401, 450)
    await one.until(() => one.trusted() === 400 && one.venue.subscribed().includes(tokenNumber(450)))
    expect(one.venue.listeners.size).toBe(2)
    for (const { tokens } of one.venue.listeners) expect(tokens.size).toBeLessThanOrEqual(200)
    const subscribed = one.venue.subscribed()
    expect(new Set(subscribed).size).toBe(400)
    for (let token = 1; token <= 50; token += 1) expect(subscribed).not.toContain(tokenNumber(token))
    expect(one.venue.state.connections).toBe(2)
  })

  test('that are asked for again and again stay, and those that are not go first', async () => {
    const one = await mirrorFixture({ tokensMax: 3 })
    made.push(one)
    for (let token = 1; token <= 5; token += 1) one.venue.list(tokenNumber(token), BIDS, ASKS)
    for (const token of [1, 2, 3, 1, 4, 1, 5]) await one.book(tokenNumber(token))
    await one.until(() => one.trusted() === 3)
    expect(one.venue.subscribed().toSorted()).toEqual([1, 4, 5].map(tokenNumber))
  })
})

describe('the sandbox’s market socket', () => {
  test('is mirrored as its HTTP shows it, without a disagreement', async () => {
    const sandbox = await startSandbox({ seed: 'mirror', speed: 1 })
    const notes: Record<string, unknown>[] = []
    const client = clientOf(sandbox.hosts, systemClock, happening => notes.push(happening))
    const stop = new AbortController()
    try {
      const answer = await fetch(`${sandbox.hosts.gamma}/markets?limit=20&closed=false`)
      const rows = (await answer.json()) as { clobTokenIds: string }[]
      const tokens = rows.flatMap(row => (JSON.parse(row.clobTokenIds) as string[]).flatMap(id => tokenId(id) ?? []))
      const rest = polymarketData(client, systemClock)
      const mirrored = mirroredData(client, systemClock, rest, { waits: { lookEveryMs: 300 } })
      const running = mirrored.run(stop.signal)
      for (const token of tokens) await mirrored.data.book(token, forever())
      const enough = () => mirrored.views().reduce((sum, view) => sum + view.trusted, 0) >= tokens.length / 2
      while (!enough()) await new Promise<void>(resolve => setTimeout(resolve, 20))
      const [token] = tokens
      if (token === undefined) throw new Error('the sandbox has markets')
      expect(levelsOf(await mirrored.data.book(token, forever()))).toMatch(/@/)
      expect(mirrored.views()[0]).toMatchObject({ status: 'live', disagreements: 0 })
      expect(notes).toEqual([])
      stop.abort()
      await running
    } finally {
      stop.abort()
      await sandbox.stop()
    }
  })
})
