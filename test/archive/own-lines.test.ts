import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inOrder } from '../../src/adapters/archive/in-order.ts'
import { openRecording } from '../../src/adapters/archive/open.ts'
import { archiveWriter } from '../../src/adapters/archive/write.ts'
import { type ConditionId, instant, type TokenId } from '../../src/core/units/ids.ts'
import { price, shares } from '../../src/core/units/money.ts'
import type { Archived } from '../../src/ports/archive.ts'
import { anyEvent } from './arbitrary.ts'
import { eventsOf, outline, readFiles, refusalOf, withFiles } from './made.ts'

const CONDITION = `0x${'ab'.repeat(32)}` as ConditionId
const MARKET = {
  ...{ kind: 'market', at: 1_000, conditionId: CONDITION, tokens: ['1', '2'], outcomes: ['Yes', 'No'] },
  ...{ title: 'Rain?', slug: 'rain', category: 'weather', tick: 0.01, minSize: 5, feeRate: 0.05, closesAt: 9_000 },
}
const BOOK = { kind: 'book', at: 1_500, token: '1', bids: [[0.4, 10]], asks: [['0.42', '7.5']] }
const TRADE = {
  ...{ kind: 'trade', at: 2_000, tx: '0x1', wallet: `0x${'1f'.repeat(20)}`, token: '2', conditionId: CONDITION },
  ...{ side: 'SELL', price: 0.6, size: 12 },
}
const RESOLUTION = { kind: 'resolution', at: 9_500, conditionId: CONDITION, payouts: [0, 1] }

function lines(...rows: readonly object[]): string {
  return rows.map(row => `${JSON.stringify(row)}\n`).join('')
}

function bookAt(at: number): Archived {
  const levels = [{ price: price('0.5'), size: shares('1') }]
  return {
    kind: 'book',
    at: instant(at),
    book: { token: '1' as TokenId, bids: levels, asks: [], happenedAt: instant(at) },
  }
}

/** Payouts in the order that the market before them gives its outcomes: the one thing that a file decides. */
function settled(events: readonly Archived[]): readonly Archived[] {
  const orders = new Map<ConditionId, readonly TokenId[]>()
  return events.map(event => {
    if (event.kind === 'market')
      orders.set(
        event.market.condition,
        event.market.outcomes.map(({ token }) => token),
      )
    if (event.kind !== 'resolution') return event
    const order = orders.get(event.condition) ?? []
    const placeOf = (token: TokenId): number => Math.max(0, order.lastIndexOf(token))
    return { ...event, payouts: [...event.payouts].sort((one, other) => placeOf(one.token) - placeOf(other.token)) }
  })
}

describe('what is written', () => {
  test('is read as it was, in the order of a recording', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 40 }), async events => {
        await withFiles({}, async folder => {
          const writer = archiveWriter(join(folder, 'it.jsonl'))
          for (const event of events) writer.write(event)
          await writer.close()
          const recording = await openRecording(join(folder, 'it.jsonl'))
          expect(recording.notes()).toEqual([])
          expect(await eventsOf(recording)).toEqual(inOrder(settled(events)))
          expect(recording.total).toBe(events.length)
        })
      }),
      { numRuns: 150 },
    )
  })

  test('goes behind what the file has, and a line that a crash cut is cut off', async () => {
    await withFiles({}, async folder => {
      const path = join(folder, 'deep', 'it.jsonl')
      const first = archiveWriter(path)
      first.write(bookAt(1))
      await first.close()
      await appendFile(path, '{"kind":"book","at":2,"tok')
      const second = archiveWriter(path)
      second.write(bookAt(3))
      await second.close()
      expect((await eventsOf(await openRecording(path))).map(({ at }) => at)).toEqual([1, 3])
      expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(3)
    })
  })

  test('is lost and counted, not waited for, where the disk is too slow', async () => {
    await withFiles({}, async folder => {
      const writer = archiveWriter(join(folder, 'it.jsonl'))
      for (let index = 0; index < 300_000 && writer.lost() === 0; index += 1) writer.write(bookAt(index))
      expect(writer.lost()).toBe(1)
      await writer.room()
      writer.write(bookAt(7))
      expect(writer.lost()).toBe(1)
      await writer.close()
      writer.write(bookAt(8))
      expect(writer.lost()).toBe(2)
    })
  })

  test('cannot go where there is no file to be, and says so', async () => {
    await withFiles({ 'it.jsonl': `${'x'.repeat(2_000_000)}`, plain: '' }, async folder => {
      expect(() => archiveWriter(join(folder, 'plain', 'it.jsonl'))).toThrow('it cannot be written')
      expect(() => archiveWriter(join(folder, 'it.jsonl'))).toThrow('its end is no line of a recording')
      expect(() => archiveWriter(join(folder, 'it.jsonl.gz'))).toThrow('packed afterwards')
    })
  })
})

describe('lines of our own', () => {
  test('are told in the order of their time; at one instant market, book, trade, resolution', async () => {
    const same = [RESOLUTION, TRADE, { ...BOOK, bids: [] }, BOOK, MARKET].map(row => ({ ...row, at: 5_000 }))
    const { events } = await readFiles({ 'a.jsonl': lines(MARKET, ...same, { ...BOOK, at: 4_000 }) })
    expect(outline(events)).toEqual([
      '00:00:01 market Rain?',
      '00:00:04 book 10 at 0.4 | 7.5 at 0.42',
      '00:00:05 market Rain?',
      '00:00:05 book  | 7.5 at 0.42',
      '00:00:05 book 10 at 0.4 | 7.5 at 0.42',
      '00:00:05 trade sell 12 No at 0.6',
      '00:00:05 resolution 0 1',
    ])
  })

  test('may come in several files, packed or not, and give the same each time', async () => {
    const files = { 'a.jsonl.gz': gzipSync(lines(MARKET, TRADE)), 'b.jsonl': lines(BOOK, RESOLUTION) }
    await withFiles(files, async folder => {
      const recording = await openRecording(folder)
      const events = await eventsOf(recording)
      expect(events.map(({ kind }) => kind)).toEqual(['market', 'book', 'trade', 'resolution'])
      expect(await eventsOf(recording)).toEqual(events)
    })
  })

  test('are a recording as long as it was when opened, though a bot writes on', async () => {
    await withFiles({ 'a.jsonl': lines(MARKET) }, async folder => {
      const recording = await openRecording(folder)
      await appendFile(join(folder, 'a.jsonl'), lines(BOOK))
      expect(await eventsOf(recording)).toHaveLength(1)
    })
  })

  test('that no market can have, or of other kinds, are left out and counted', async () => {
    const { recording } = await readFiles({
      'a.jsonl': `${lines(
        MARKET,
        { ...TRADE, price: 0 },
        { ...TRADE, price: '1' },
        { ...TRADE, size: 0 },
        { ...BOOK, bids: [[0.5, 1]] },
        {
          ...BOOK,
          bids: [
            [0.3, 1],
            [0.4, 1],
          ],
        },
        { ...BOOK, asks: [['NaN', 1]] },
        { ...RESOLUTION, conditionId: `0x${'cd'.repeat(32)}` },
        { kind: 'weather', at: 4 },
      )}{"kind":"book","at":77`,
    })
    expect(recording.total).toBe(1)
    expect(recording.notes()).toEqual([
      'trades without a price between 0 and 1: left out (2)',
      'trades without a size over 0: left out (1)',
      'books that are none (the best bid is not under the best ask): left out (1)',
      'books that are none (levels out of order): left out (1)',
      'books with a level without price or size: left out (1)',
      'resolutions of markets that were not told before: left out (1)',
      'lines of a kind that is not known: left out (1)',
      'lines at the end of a file that were not written to their end: left out (1)',
    ])
  })

  test.each([
    ['no JSON', '{"kind":', 'this is not JSON'],
    ['no object', '3', 'an object was expected'],
    ['no time', JSON.stringify({ ...BOOK, at: '5' }), 'at must be milliseconds since 1970'],
    ['no token', JSON.stringify({ ...BOOK, token: 7 }), 'token must be a token id'],
    ['no list', JSON.stringify({ ...BOOK, asks: {} }), 'asks must be a list'],
    ['no side', JSON.stringify({ ...TRADE, side: 'buy' }), 'side must be BUY or SELL'],
    ['no wallet', JSON.stringify({ ...TRADE, wallet: '0x1' }), 'wallet must be a wallet address'],
    ['no condition', JSON.stringify({ ...TRADE, conditionId: 'x' }), 'conditionId must be a condition id'],
    ['no pair', JSON.stringify({ ...MARKET, tokens: ['1'] }), 'tokens must be two values'],
    ['no payouts', JSON.stringify({ ...RESOLUTION, payouts: [1] }), 'payouts must be one for each token'],
  ])('with %s are an error with its file and line', async (_name, line, message) => {
    expect(await refusalOf({ 'a.jsonl': `${lines(MARKET)}\n${line}\n` })).toBe(
      `RecordingError: …/a.jsonl:3: ${message}`,
    )
  })
})
