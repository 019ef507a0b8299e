import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenMirror } from '../../src/adapters/polymarket/books/mirror-token.ts'
import { parseMarketMessage } from '../../src/adapters/polymarket/books/wire-market.ts'
import { isFault } from '../../src/adapters/polymarket/wire.ts'
import { readBook } from '../../src/adapters/polymarket/wire-clob.ts'
import { type OrderBook, orderBook } from '../../src/core/market/book.ts'
import { instant, tokenId } from '../../src/core/units/ids.ts'
import { levelsOf, NOW, TOKEN, tokenNumber } from './book-venue.ts'
import { wire } from './stand-in.ts'

const FOLDER = join(process.env.REMORA_RECORDED_DATA ?? '', 'wire')
const isThere = (process.env.REMORA_RECORDED_DATA ?? '') !== '' && existsSync(FOLDER)

const kinds = (message: string) => parseMarketMessage(message).map(frame => frame.kind)
const row = (changes: object) => JSON.stringify({ ...wire('clob-book'), event_type: 'book', ...changes })
const change = (changes: object) => ({ asset_id: TOKEN, price: '0.5', size: '7', side: 'BUY', ...changes })
const changeFrame = (...changes: readonly object[]) =>
  JSON.stringify({ event_type: 'price_change', timestamp: String(NOW), price_changes: changes })

describe('a message of the market socket', () => {
  test('is one row or several, read in order', () => {
    const trade = { event_type: 'last_trade_price', asset_id: TOKEN, price: '0.5', size: '1', side: 'BUY' }
    expect(kinds(`[${row({})},${changeFrame(change({}))},${JSON.stringify(trade)}]`)).toEqual([
      'book',
      'change',
      'trade',
    ])
    expect(kinds('[]')).toEqual([])
  })

  test('of changes is told apart by token, each with its best prices', () => {
    const other = tokenNumber(2)
    const frames = parseMarketMessage(
      changeFrame(
        change({ best_bid: '0.4', best_ask: '0.6' }),
        change({ asset_id: other, price: '0.3', size: '0', side: 'SELL', best_bid: '0', best_ask: '1' }),
        change({ price: '0.49', best_bid: '0.5', best_ask: '0.6' }),
      ),
    )
    expect(frames).toMatchObject([
      { token: TOKEN, changes: [{ price: 500_000n }, { price: 490_000n }], touch: { bid: 500_000n, ask: 600_000n } },
      { token: other, changes: [{ side: 'sell', size: 0n }], touch: { bid: undefined, ask: undefined } },
    ])
  })

  test.each<[string, string, readonly string[]]>([
    ['an answer to a ping', 'PONG', []],
    ['nothing', '', []],
    ['words', 'INVALID OPERATION', ['garbage']],
    ['half a frame', row({}).slice(0, 90), ['garbage']],
    ['a number', '7', ['garbage']],
    ['a null', 'null', ['garbage']],
    ['lists in lists', '[[1],[2]]', ['garbage', 'garbage']],
    ['a new type', '{"event_type":"moon_phase"}', ['unknown']],
    ['a type that is a number', '{"event_type":7}', ['garbage']],
    ['a market that begins', '{"event_type":"new_market"}', ['aside']],
    ['a book of no token', row({ asset_id: 'moon' }), ['garbage']],
    [
      'a book with more levels than prices',
      row({ bids: Array(10_001).fill({ price: '0.1', size: '1' }) }),
      ['garbage'],
    ],
    ['more rows than anybody sends', JSON.stringify(Array(1_001).fill({ event_type: 'new_market' })), ['garbage']],
    ['more changes than anybody sends', changeFrame(...Array(5_001).fill(change({}))), ['garbage']],
    ['a change without a time', JSON.stringify({ event_type: 'price_change', price_changes: [] }), ['garbage']],
    ['a change of a negative size', changeFrame(change({ size: '-1' })), ['garbage']],
    ['a change to a trillion shares', changeFrame(change({ size: '1000000000000' })), ['garbage']],
    ['a change to nearly as many', changeFrame(change({ size: '999999999999.99' })), ['change']],
    ['a change at a price of 1', changeFrame(change({ price: '1' })), ['garbage']],
    ['one change that is none among others', changeFrame(change({}), change({ side: 'UP' })), ['change', 'garbage']],
    [
      'a tick that is no grid',
      `{"event_type":"tick_size_change","asset_id":"${TOKEN}","new_tick_size":"0.03"}`,
      ['garbage'],
    ],
    ['a resolution without its market', '{"event_type":"market_resolved"}', ['unknown']],
  ])('that is %s is no harm', (_name, message, expected) => {
    expect(kinds(message)).toEqual(expected)
  })

  test('is never so strange that reading it fails', () => {
    const types = [
      'book',
      'price_change',
      'last_trade_price',
      'tick_size_change',
      'best_bid_ask',
      'market_resolved',
      'x',
    ]
    const anyRow = fc.record(
      {
        event_type: fc.constantFrom(...types),
        asset_id: fc.oneof(fc.constant(TOKEN), fc.jsonValue()),
        timestamp: fc.oneof(fc.constant(String(NOW)), fc.jsonValue()),
        ...Object.fromEntries(
          [
            'bids',
            'asks',
            'price_changes',
            'new_tick_size',
            'best_bid',
            'best_ask',
            'market',
            'assets_ids',
            'size',
          ].map(field => [field, fc.jsonValue()]),
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(anyRow, fc.array(anyRow), fc.jsonValue()), fc.string(), (value, words) => {
        const mirror = tokenMirror(TOKEN)
        for (const frame of [...parseMarketMessage(JSON.stringify(value)), ...parseMarketMessage(words)])
          mirror.hear(frame, NOW)
        mirror.book(NOW)
      }),
    )
  })
})

describe('a mirror', () => {
  const anyChange = fc.record({
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    cents: fc.integer({ min: 1, max: 49 }),
    size: fc.integer({ min: 0, max: 3 }),
  })
  const told = (book: ReturnType<typeof model>): OrderBook => {
    const side = (levels: Map<number, number>, sign: number) =>
      [...levels]
        .sort(([one], [other]) => sign * (other - one))
        .map(([cents, size]) => ({ price: BigInt(cents) * 10_000n, size: BigInt(size) * 1_000_000n }))
    const made = orderBook(TOKEN, side(book.BUY, 1) as never, side(book.SELL, -1) as never, NOW)
    if ('fault' in made) throw new Error(made.fault)
    return made
  }
  const model = () => ({ BUY: new Map<number, number>(), SELL: new Map<number, number>() })
  const START = row({ asset_id: TOKEN, bids: [], asks: [], timestamp: String(NOW) })

  /** Plays changes into a mirror and into a plain map, and gives every state that the map was in. */
  function played(changes: readonly { side: 'BUY' | 'SELL'; cents: number; size: number }[]) {
    const mirror = tokenMirror(TOKEN)
    const book = model()
    for (const frame of parseMarketMessage(START)) mirror.hear(frame, NOW)
    const states = [told(book)]
    for (const [index, { side, cents, size }] of changes.entries()) {
      const at = side === 'BUY' ? cents : 100 - cents
      if (size === 0) book[side].delete(at)
      else book[side].set(at, size)
      const frame = changeFrame(change({ side, price: String(at / 100), size: String(size) }))
      for (const one of parseMarketMessage(frame)) mirror.hear(one, instant(NOW + 1 + index))
      states.push(told(book))
    }
    return { mirror, states, now: instant(NOW + changes.length) }
  }

  test('is the book that its changes make, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 300 }), changes => {
        const { mirror, states, now } = played(changes)
        expect(levelsOf(mirror.book(now))).toBe(levelsOf(states.at(-1)))
      }),
    )
  })

  test('is proven up to the end of the state that an answer shows, and by no answer that shows none of its states', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { minLength: 1, maxLength: 120 }), fc.nat(), (changes, pick) => {
        const { mirror, states, now } = played(changes)
        const index = pick % states.length
        const shown = states[index]
        if (shown === undefined) throw new Error('there is a state')
        expect(mirror.look(shown, now, now)).toBe('agrees')
        const same = states.findLastIndex(state => levelsOf(state) === levelsOf(shown))
        expect(mirror.agreedAt()).toBe(instant(Math.min(now, NOW + same + 1)))
        const wrong = { ...shown, bids: [{ price: 495_000n, size: 1n }, ...shown.bids].slice(0, 20) as never }
        expect(mirror.look(wrong, now, now)).toBe('differs')
        expect(mirror.agreedAt()).toBeUndefined()
      }),
    )
  })
})

describe('an answer', () => {
  const at = (ms: number) => instant(NOW + ms)
  const hear = (mirror: ReturnType<typeof tokenMirror>, text: string, now = NOW) => {
    for (const frame of parseMarketMessage(text)) mirror.hear(frame, now)
  }
  const started = () => {
    const mirror = tokenMirror(TOKEN)
    hear(mirror, row({ asset_id: TOKEN, timestamp: String(NOW) }))
    const shown = mirror.book(NOW)
    if (shown === undefined) throw new Error('the mirror has its book')
    return { mirror, shown }
  }
  const moved = changeFrame(change({ price: '0.49', size: '1' }))

  test('that shows a state which ended long before the question is no late answer: the book may have gone back to it', () => {
    const { mirror, shown } = started()
    hear(mirror, moved, at(1_000))
    expect(mirror.look(shown, at(2_000), at(2_100))).toBe('agrees')
    expect(mirror.look(shown, at(9_000), at(9_100))).toBe('differs')
    expect(mirror.settle(at(11_200))).toBe('differs')
    expect(mirror.look(shown, at(12_000), at(12_100))).toBe('differs')
    expect(mirror.settle(at(14_200))).toBe('wrong')
  })

  test('that was asked for before a doubt arose does not end it', () => {
    const { mirror, shown } = started()
    mirror.doubt(at(1_000))
    expect(mirror.look(shown, at(900), at(1_100))).toBe('differs')
    expect(mirror.agreedAt()).toBeUndefined()
    expect(mirror.look(shown, at(1_200), at(1_300))).toBe('agrees')
    expect(mirror.agreedAt()).toBe(at(1_200))
  })

  test('that was on its way when a whole new book came is found among the states before it', () => {
    const { mirror, shown } = started()
    const asks = [{ price: '0.7', size: '5' }]
    hear(mirror, row({ asset_id: TOKEN, asks, timestamp: String(NOW + 1_000) }), at(1_000))
    expect(mirror.look(shown, at(900), at(1_100))).toBe('agrees')
    expect(mirror.agreedAt()).toBe(at(900))
  })

  test('is needed anew after frames that came the wrong way round, and a book older than its changes is left', () => {
    const { mirror } = started()
    expect(mirror.look(mirror.book(NOW) as OrderBook, NOW, NOW)).toBe('agrees')
    const later = changeFrame(change({ price: '0.49', size: '2' })).replace(String(NOW), String(NOW + 500))
    hear(mirror, later, at(500))
    expect(mirror.agreedAt()).toBe(NOW)
    hear(mirror, moved.replace(String(NOW), String(NOW + 400)), at(600))
    expect(mirror.agreedAt()).toBeUndefined()
    hear(mirror, row({ asset_id: TOKEN, bids: [], timestamp: String(NOW + 100) }), at(700))
    expect(mirror.book(NOW)?.bids).not.toEqual([])
    hear(mirror, row({ asset_id: TOKEN, bids: [], timestamp: String(NOW + 800) }), at(800))
    expect(mirror.book(NOW)?.bids).toEqual([])
    hear(mirror, later, at(900))
    expect(mirror.book(NOW)?.bids).toEqual([])
  })

  test('is needed where the best prices told beside the book are others, and decides against them', () => {
    const { mirror, shown } = started()
    expect(mirror.look(shown, NOW, NOW)).toBe('agrees')
    hear(
      mirror,
      JSON.stringify({ event_type: 'best_bid_ask', asset_id: TOKEN, best_bid: '0.3', best_ask: '0.52' }),
      at(50),
    )
    expect(mirror.agreedAt()).toBeUndefined()
    expect(mirror.wantsLook()).toBe(true)
    expect(mirror.look(shown, at(40), at(60))).toBe('agrees')
    expect(mirror.agreedAt()).toBeUndefined()
    expect(mirror.look(shown, at(70), at(80))).toBe('agrees')
    expect(mirror.agreedAt()).toBe(at(70))
  })

  test('settles what differed once the socket has told it', () => {
    const { mirror, shown } = started()
    const ahead = { ...shown, bids: [{ price: 505_000n, size: 3_000_000n } as never, ...shown.bids] }
    expect(mirror.look(ahead, at(10), at(20))).toBe('differs')
    expect(mirror.settle(at(100))).toBe('differs')
    hear(mirror, changeFrame(change({ price: '0.505', size: '3' })), at(150))
    expect(mirror.settle(at(200))).toBe('agrees')
    expect(mirror.agreedAt()).toBe(at(10))
  })
})

test('thousands of frames of a deep book leave the book that the last of each level makes', () => {
  const levels = (from: number, step: number) =>
    Array.from({ length: 400 }, (_, index) => ({ price: String((from + step * index) / 1_000), size: '10' }))
  const mirror = tokenMirror(TOKEN)
  const hear = (text: string) => {
    for (const frame of parseMarketMessage(text)) expect(mirror.hear(frame, NOW)).toBeUndefined()
  }
  hear(row({ asset_id: TOKEN, bids: levels(1, 1), asks: levels(999, -1), timestamp: String(NOW) }))
  for (let index = 0; index < 5_000; index += 1) {
    const [bid, ask] = [300 + (index % 100), 700 - (index % 100)].map(thousandths => String(thousandths / 1_000))
    hear(
      changeFrame(
        change({ price: bid, size: String(index) }),
        change({ price: ask, size: String(index), side: 'SELL' }),
      ),
    )
  }
  expect(levelsOf(mirror.book(NOW))).toMatch(/^10@0.4 4999@0.399 4998@0.398 .* \| 10@0.6 4999@0.601 4998@0.602 /)
})

describe.skipIf(!isThere)('recorded frames (skipped unless REMORA_RECORDED_DATA names their folder)', () => {
  const read = (path: string) => readFileSync(join(FOLDER, path), 'utf8')

  test.each<[string, readonly string[]]>([
    ['captured_book', ['book']],
    ['captured_book_snapshot', ['book']],
    ['captured_last_trade_price', ['trade']],
    ['captured_order_cancel', ['unknown']],
    ['captured_order_placement', ['unknown']],
    ['captured_price_change', ['change']],
    ['captured_price_change_v2', ['change']],
    ['captured_tick_size_change', ['tick']],
    ['captured_trades', ['unknown']],
    ['captured_user_trade1', ['unknown']],
    ['captured_user_trade2', ['unknown']],
    ['captured_user_trade3', ['unknown']],
    ['captured_user_trade4', ['unknown']],
    ['ws_book_snapshot', ['book']],
    ['ws_last_trade', ['unknown']],
    ['ws_market_best_bid_ask_msg', ['touch']],
    ['ws_market_book_msg', ['book']],
    ['ws_market_last_trade_msg', ['trade']],
    ['ws_market_new_market_msg', ['aside']],
    ['ws_market_price_change_msg', ['change']],
    ['ws_market_resolved_msg', ['resolved']],
    ['ws_market_tick_size_msg', ['tick']],
    ['ws_quotes', ['change', 'change']],
    ['ws_tick_size_change', ['tick']],
    ['ws_user_order_cancellation', ['unknown']],
    ['ws_user_order_fok_killed', ['unknown']],
    ['ws_user_order_matched', ['unknown']],
    ['ws_user_order_msg', ['unknown']],
    ['ws_user_order_placement', ['unknown']],
    ['ws_user_order_update', ['unknown']],
    ['ws_user_order_venue_cancel', ['unknown']],
    ['ws_user_trade', ['unknown']],
    ['ws_user_trade_msg', ['unknown']],
  ])('%s', (name, expected) => {
    expect(kinds(read(`websocket/${name}.json`))).toEqual(expected)
  })

  test('are all named above', () => {
    expect(readdirSync(join(FOLDER, 'websocket'))).toHaveLength(33)
  })

  test('of books make a book', () => {
    for (const name of ['captured_book', 'captured_book_snapshot', 'ws_book_snapshot', 'ws_market_book_msg']) {
      const [frame] = parseMarketMessage(read(`websocket/${name}.json`))
      if (frame?.kind !== 'book') throw new Error(`${name} is a book`)
      const mirror = tokenMirror(frame.token)
      expect(mirror.hear(frame, NOW)).toBeUndefined()
      expect(mirror.book(NOW)?.bids.length).toBeGreaterThan(0)
    }
  })

  test('of HTTP are a book too', () => {
    const id = tokenId('12345678901234567890')
    if (id === undefined) throw new Error('the token of the recorded book is one')
    const book = readBook(JSON.parse(read('clob/clob_book_response.json')), id)
    expect(isFault(book) ? book : levelsOf(book.book)).toBe('150@0.5 200@0.49 100@0.48 | 120@0.51 180@0.52 90@0.53')
  })
})
