import { afterEach, describe, expect, test } from 'vitest'
import type { MirrorOptions } from '../../src/adapters/polymarket/books/mirror.ts'
import { decimal } from '../../src/core/units/money.ts'
import { seeded } from '../../src/core/units/seeded.ts'
import {
  arrivals,
  CONDITION as condition,
  type MirrorFixture,
  mirrorFixture,
  TOKEN,
  tokenNumber,
  type VenueSide,
} from './book-venue.ts'
import { forever } from './stand-in.ts'

const OTHER = tokenNumber(2)
const BIDS = [['0.4', '100'] as const, ['0.41', '50'] as const]
const ASKS = [['0.45', '80'] as const, ['0.44', '20'] as const]
/** What is promised of a book that is given without a request. */
const BOUND_MS = 20_000

const made: MirrorFixture[] = []
afterEach(async () => {
  for (const one of made.splice(0)) await one.stop()
})

async function fixture(options: MirrorOptions = {}): Promise<MirrorFixture> {
  const one = await mirrorFixture(options)
  made.push(one)
  one.venue.list(TOKEN, BIDS, ASKS)
  one.venue.list(OTHER, BIDS, ASKS)
  return one
}

/** A mirror that is trusted with the first token. */
async function trustedFixture(options: MirrorOptions = {}): Promise<MirrorFixture> {
  const one = await fixture(options)
  await one.book(TOKEN)
  await one.until(() => one.trusted() === 1)
  return one
}

const kinds = ({ notes }: MirrorFixture) => notes.map(note => note.kind)

describe('a book', () => {
  test('is asked for first, and given without a request once the socket has told it and a question agreed', async () => {
    const { look, until, trusted, clock } = await fixture()
    expect(await look(TOKEN)).toMatchObject({ isMirrored: false, shown: '50@0.41 100@0.4 | 20@0.44 80@0.45' })
    await until(() => trusted() === 1)
    const given = await look(TOKEN)
    expect(given).toMatchObject({ isMirrored: true, shown: '50@0.41 100@0.4 | 20@0.44 80@0.45' })
    expect(given.book?.happenedAt).toBe(clock.now())
  })

  test('shows every change that was told, without a request', async () => {
    const { venue, look, until, views } = await trustedFixture()
    venue.change(TOKEN, [
      ['BUY', '0.42', '7'],
      ['BUY', '0.41', '0'],
      ['SELL', '0.44', '33'],
    ])
    await until(() => views()[0]?.lastFrameAgeMs === 0)
    expect(await look(TOKEN)).toMatchObject({ isMirrored: true, shown: '7@0.42 100@0.4 | 33@0.44 80@0.45' })
  })

  test('is what a question would give after thousands of random changes, with frames of two tokens mixed', async () => {
    const { venue, look, pass, until, book, trusted, notes, views } = await trustedFixture()
    await book(OTHER)
    await until(() => trusted() === 2)
    const chance = seeded('mirror')
    for (let turn = 0; turn < 4_000; turn += 1) {
      const token = chance.chance(0.5) ? TOKEN : OTHER
      const side: VenueSide = chance.chance(0.5) ? 'BUY' : 'SELL'
      const cents = side === 'BUY' ? 1 + chance.whole(43) : 44 + chance.whole(56)
      venue.change(token, [[side, String(cents / 100), chance.chance(0.4) ? '0' : String(1 + chance.whole(500))]])
      if (turn % 50 === 0) await pass(1_000)
      if (turn % 700 === 0) venue.tell(token, venue.bookFrame(token))
    }
    await pass(1_000)
    for (const token of [TOKEN, OTHER])
      expect(await look(token)).toMatchObject({ isMirrored: true, shown: venue.shown(token) })
    expect(views()[0]).toMatchObject({ status: 'live', tokens: 2, trusted: 2, disagreements: 0 })
    expect(notes).toEqual([])
  })

  test('that the exchange does not have is none, and is not subscribed to for long', async () => {
    const { venue, book, pass, until } = await fixture()
    await book(TOKEN)
    expect(await book(tokenNumber(9))).toBeUndefined()
    await until(() => venue.subscribed().includes(TOKEN))
    await pass(1_000)
    expect(venue.subscribed()).toEqual([TOKEN])
  })
})

describe('comparing with HTTP', () => {
  test('a frame that was lost is found within the bound, and the book is told anew', async () => {
    const made = await trustedFixture()
    const { venue, look, until, notes, views, clock } = made
    const lostAt = clock.now()
    venue.change(TOKEN, [['SELL', '0.43', '9']], { isLost: true })
    await until(() => views()[0]?.trusted === 0)
    expect(clock.now() - lostAt).toBeLessThanOrEqual(BOUND_MS)
    expect(await look(TOKEN)).toMatchObject({ isMirrored: false, shown: venue.shown(TOKEN) })
    venue.change(OTHER, [['SELL', '0.43', '9']])
    await until(() => kinds(made).includes('bookDisagrees'))
    expect(notes.filter(note => note.kind === 'bookDisagrees')).toHaveLength(1)
    await until(() => views()[0]?.trusted === 1)
    expect(views()[0]).toMatchObject({ disagreements: 1 })
    expect(await look(TOKEN)).toMatchObject({ isMirrored: true, shown: venue.shown(TOKEN) })
  })

  test('an answer that the socket overtook is no disagreement', async () => {
    const { venue, views, pass, until, notes, look } = await trustedFixture()
    const questions = () => venue.asked.filter(one => one.path === '/books').length
    for (let round = 0; round < 4; round += 1) {
      let answer = () => {}
      venue.state.held = new Promise<void>(resolve => (answer = resolve))
      const before = questions()
      await until(() => questions() > before)
      for (let change = 0; change < 30; change += 1) {
        venue.change(TOKEN, [['SELL', '0.44', String(100 * round + change + 1)]])
        await pass(30)
      }
      venue.state.held = undefined
      answer()
      await pass(500)
    }
    expect(views()[0]).toMatchObject({ trusted: 1, disagreements: 0 })
    expect(await look(TOKEN)).toMatchObject({ isMirrored: true, shown: venue.shown(TOKEN) })
    expect(notes).toEqual([])
  })

  test('an answer that is ahead of the socket keeps the book from being given until the socket has caught up', async () => {
    const { venue, views, until, notes, look, clock } = await trustedFixture()
    venue.change(TOKEN, [['SELL', '0.43', '9']], { isLost: true })
    await until(() => views()[0]?.trusted === 0)
    expect(await look(TOKEN)).toMatchObject({ isMirrored: false })
    const timestamp = String(clock.now())
    const late = { asset_id: TOKEN, price: '0.43', size: '9', side: 'SELL' }
    venue.tell(TOKEN, { event_type: 'price_change', market: condition, price_changes: [late], timestamp })
    await until(() => views()[0]?.trusted === 1, 1_000)
    expect(await look(TOKEN)).toMatchObject({ isMirrored: true, shown: venue.shown(TOKEN) })
    expect(notes).toEqual([])
  })

  test('is done every 15 s for all tokens in one question, and seldom enough', async () => {
    const { venue, book, until, trusted, pass } = await fixture()
    for (let token = 3; token <= 60; token += 1) venue.list(tokenNumber(token), BIDS, ASKS)
    for (let token = 1; token <= 60; token += 1) await book(tokenNumber(token))
    await until(() => trusted() === 60)
    venue.asked.length = 0
    await pass(60_000)
    const questions = venue.asked.filter(one => one.path === '/books')
    expect(questions.length).toBeGreaterThanOrEqual(4)
    expect(questions.length).toBeLessThanOrEqual(20)
    for (let token = 1; token <= 60; token += 1)
      expect(questions.filter(one => one.tokens.includes(tokenNumber(token))).length).toBeGreaterThanOrEqual(3)
    expect(trusted()).toBe(60)
  })

  test('that is not possible for long ends the trust', async () => {
    const { venue, views, until, book } = await trustedFixture()
    venue.state.refusesHttp = true
    await until(() => views()[0]?.trusted === 0, BOUND_MS + 1_000)
    await expect(book(TOKEN)).rejects.toMatchObject({ source: 'clob' })
    venue.state.refusesHttp = false
    await until(() => views()[0]?.trusted === 1)
  })
})

describe('frames', () => {
  test('of a new tick change the market at once, and the book waits for a new one', async () => {
    const { venue, data, until, views, look, book } = await trustedFixture()
    expect(await data.market(condition, forever())).toMatchObject({ tick: 10_000n, sizeMin: 5_000_000n })
    venue.state.tick = '0.001'
    const told = { event_type: 'tick_size_change', asset_id: TOKEN, market: condition, timestamp: '1795132900000' }
    venue.tell(TOKEN, { ...told, old_tick_size: '0.01', new_tick_size: '0.001' })
    await until(() => views()[0]?.trusted === 0, 500)
    expect(await data.market(condition, forever())).toMatchObject({ tick: 1_000n, sizeMin: 5_000_000n })
    expect(await look(TOKEN)).toMatchObject({ isMirrored: false })
    venue.tell(TOKEN, venue.bookFrame(TOKEN))
    await until(() => views()[0]?.trusted === 1, 3_000)
    await book(TOKEN)
    expect(await data.market(condition, forever())).toMatchObject({ tick: 1_000n })
  })

  test('of a tick are not undone by an answer that was asked for before', async () => {
    const { venue, data, until, views } = await trustedFixture()
    await data.market(condition, forever())
    let answer = () => {}
    venue.state.held = new Promise<void>(resolve => (answer = resolve))
    const before = venue.asked.length
    await until(() => venue.asked.length > before)
    const told = { event_type: 'tick_size_change', asset_id: TOKEN, market: condition, timestamp: '1795132900000' }
    venue.tell(TOKEN, { ...told, old_tick_size: '0.01', new_tick_size: '0.005' })
    await until(() => views()[0]?.trusted === 0, 500)
    venue.state.held = undefined
    venue.state.tick = '0.005'
    answer()
    await arrivals()
    expect(await data.market(condition, forever())).toMatchObject({ tick: 5_000n })
  })

  test('of a resolution have the market asked for anew, and are taken for no more than a hint', async () => {
    const { venue, data, pass } = await trustedFixture()
    await data.market(condition, forever())
    const questions = () => venue.asked.filter(one => one.path === '/markets').length
    expect(questions()).toBe(1)
    await data.market(condition, forever())
    expect(questions()).toBe(1)
    venue.tell(TOKEN, { event_type: 'market_resolved', market: condition, assets_ids: [TOKEN], winning_outcome: 'Yes' })
    await pass(200)
    expect(await data.market(condition, forever())).toMatchObject({ status: 'open' })
    expect(questions()).toBe(2)
  })

  test.each<[string, (venue: MirrorFixture['venue']) => string | object]>([
    ['that is no JSON', () => '{"event_type":"price_cha'],
    ['of nothing but noise', () => '\u0000\u0001'],
    ['whose size is none', () => changed({ size: 'many' })],
    ['whose price is outside', () => changed({ price: '1.2' })],
    ['with an absurd size', () => changed({ size: '1e300' })],
    ['that crosses the book', () => changed({ price: '0.6', side: 'BUY' })],
    ['with a book that is crossed', v => ({ ...v.bookFrame(TOKEN), bids: [{ price: '0.9', size: '1' }] })],
    [
      'with a book in no order',
      v => ({ ...v.bookFrame(TOKEN), bids: ['.1', '.3', '.2'].map(p => ({ price: `0${p}`, size: '1' })) }),
    ],
    [
      'that names other best prices',
      () => ({ event_type: 'best_bid_ask', asset_id: TOKEN, best_bid: '0.3', best_ask: '0.44' }),
    ],
    ['older than the book', () => changed({}, '1795132800000')],
  ])('%s never make a book that is not the exchange’s, and the mirror heals', async (_name, frame) => {
    const { venue, until, look, views, pass } = await trustedFixture()
    venue.tell(TOKEN, frame(venue))
    for (let turn = 0; turn < 30; turn += 1) {
      await pass(100)
      expect((await look(TOKEN)).shown).toBe(venue.shown(TOKEN))
    }
    await until(() => views()[0]?.trusted === 1)
    expect(await look(TOKEN)).toMatchObject({ isMirrored: true, shown: venue.shown(TOKEN) })
  })

  test('that cannot be read at all put every book of the connection in doubt until a question is answered', async () => {
    const { venue, until, trusted, book, pass } = await trustedFixture()
    await book(OTHER)
    await until(() => trusted() === 2)
    let answer = () => {}
    venue.state.held = new Promise<void>(resolve => (answer = resolve))
    venue.tell(TOKEN, '{"event_type":"price_cha')
    await until(() => trusted() === 0, 300)
    await pass(2_000)
    expect(trusted()).toBe(0)
    venue.state.held = undefined
    answer()
    await until(() => trusted() === 2, 3_000)
  })

  test('of an unknown type are noted once', async () => {
    const made = await trustedFixture()
    for (let turn = 0; turn < 5; turn += 1) made.venue.tell(TOKEN, { event_type: 'moon_phase', asset_id: TOKEN })
    await made.pass(500)
    expect(made.notes).toEqual([{ kind: 'marketFrameUnknown', type: 'moon_phase' }])
    expect(made.views()[0]).toMatchObject({ trusted: 1 })
  })

  test('of best prices that agree do no harm', async () => {
    const { venue, views, pass, look } = await trustedFixture()
    venue.tell(TOKEN, { event_type: 'best_bid_ask', asset_id: TOKEN, best_bid: '0.41', best_ask: '0.44' })
    venue.change(TOKEN, [['BUY', '0.4', '5']], { extra: { best_bid: '0.41', best_ask: '0.44' } })
    await pass(300)
    expect(views()[0]).toMatchObject({ trusted: 1 })
    expect(await look(TOKEN)).toMatchObject({ isMirrored: true, shown: venue.shown(TOKEN) })
  })
})

function changed(changes: object, timestamp = '1795132999999'): object {
  const one = { asset_id: TOKEN, price: '0.44', size: '77', side: 'SELL', ...changes }
  return { event_type: 'price_change', market: condition, price_changes: [one], timestamp }
}

describe('what is given', () => {
  test.each([1, 2, 3, 4, 5, 6])('was never so longer ago than the bound, whatever breaks (world %i)', async seed => {
    const { venue, pass, clock, data } = await trustedFixture()
    const chance = seeded(`bound ${seed}`)
    const signal = forever()
    let mirrored = 0
    for (let turn = 0; turn < 400; turn += 1) {
      const token = chance.chance(0.7) ? TOKEN : OTHER
      const side: VenueSide = chance.chance(0.5) ? 'BUY' : 'SELL'
      const cents = side === 'BUY' ? 38 + chance.whole(4) : 44 + chance.whole(4)
      const isLost = chance.chance(0.02)
      venue.change(token, [[side, String(cents / 100), chance.chance(0.3) ? '0' : String(1 + turn)]], { isLost })
      if (chance.chance(0.01)) venue.state.isFrozen = !venue.state.isFrozen
      if (chance.chance(0.01)) venue.state.isDead = !venue.state.isDead
      if (chance.chance(0.01)) venue.state.refusesSockets = !venue.state.refusesSockets
      if (chance.chance(0.02)) for (const { socket } of venue.listeners) socket.close(chance.chance(0.5) ? 1013 : 1001)
      if (chance.chance(0.02)) venue.tell(token, '{"cut')
      await pass(chance.chance(0.1) ? chance.whole(9_000) : 100)
      const before = venue.asked.filter(one => one.path === '/book').length
      const given = await data.book(token, signal)
      const isMirrored = venue.asked.filter(one => one.path === '/book').length === before
      if (!isMirrored || given === undefined) continue
      mirrored += 1
      const levels = [...given.bids, ...given.asks]
      const sizes = new Map(levels.map(({ price, size }) => [decimal(price), decimal(size)]))
      for (const [price, were] of venue.sizesSince(token, clock.now() - BOUND_MS))
        expect([...were]).toContain(sizes.get(price) ?? '0')
    }
    expect(mirrored).toBeGreaterThan(20)
  })
})
