import { expect, test } from 'vitest'
import { TRADE_LAG_MS } from '../../src/adapters/archive/up-down.ts'
import { only, outline, readFiles, refusalOf } from './made.ts'

const TRADES = 'timestamp,trade_side,quantity,price,TargetTime,ExpirationTime'
const BOOKS = [
  'Timestamp,TargetTime,Expiration,UpBid,UpAsk,UpMid,UpSpread,UpBidLiquidity,UpAskLiquidity',
  'DownBid,DownAsk,DownMid,DownSpread,DownBidLiquidity,DownAskLiquidity',
].join(',')
const WINDOW = '2026-01-05 08:00:00,2026-01-05 08:15:00'

function trade(time: string, rest: string): string {
  return `2026-01-05 ${time},${rest},${WINDOW}`
}

function book(time: string, up: string, down: string): string {
  return `2026-01-05 ${time},${WINDOW},${up},${down}`
}

function table(header: string, ...rows: readonly string[]): string {
  return [header, ...rows, ''].join('\n')
}

const GOOD = {
  'trades-2026-01-05.csv.gz': table(TRADES, trade('08:00:05', 'Up,30.0,0.41'), trade('08:00:05', 'Up,30.0,0.41')),
  'books-2026-01-05.csv': table(
    BOOKS,
    book('08:00:03', '0.4,0.41,0.405,0.01,100.0,200.0', '0.59,0.6,0.595,0.01,200.0,100.0'),
    book('08:14:59', '0.0,0.01,0.0,0.0,0.0,900.0', '0.99,0.0,0.0,0.0,900.0,0.0'),
  ),
}

test('a window is a market: told when it opens, quoted, traded, and resolved when it closes', async () => {
  const { recording, events } = await readFiles(GOOD)
  expect(outline(events)).toEqual([
    '08:00:00 market Up or Down, 2026-01-05 08:00:00 to 2026-01-05 08:15:00 UTC',
    '08:00:03 market Up or Down, 2026-01-05 08:00:00 to 2026-01-05 08:15:00 UTC',
    '08:00:03 book 100 at 0.4 | 200 at 0.41',
    '08:00:03 book 200 at 0.59 | 100 at 0.6',
    '08:00:05 trade buy 30 Up at 0.41',
    '08:00:05 trade buy 30 Up at 0.41',
    '08:14:59 market Up or Down, 2026-01-05 08:00:00 to 2026-01-05 08:15:00 UTC',
    '08:14:59 book  | 900 at 0.01',
    '08:14:59 book 900 at 0.99 | ',
    '08:15:00 resolution 0 1',
  ])
  expect(recording.total).toBe(10)
  expect(recording.whales).toHaveLength(1)
  expect(recording.notes()).toContain(
    'quotes of 0.0, which mean that there was none: that side of the book is empty (2)',
  )
})

test('no market knows the liquidity of a later book', async () => {
  const { events } = await readFiles(GOOD)
  expect(only(events, 'market').map(({ market }) => market.liquidity)).toEqual([0n, 158_000_000n, 891_000_000n])
})

test('rows that are equal are trades of their own, with tokens of the books', async () => {
  const { events } = await readFiles(GOOD)
  const [one, other] = only(events, 'trade')
  expect(one?.trade.transaction).not.toBe(other?.trade.transaction)
  expect(one?.trade.token).toBe(only(events, 'book')[0]?.book.token)
})

test('trades are moved only if asked for, and then it is said', async () => {
  const { recording, events } = await readFiles(GOOD, { tradeLagMs: TRADE_LAG_MS })
  expect(outline(only(events, 'trade'))[0]).toBe('08:00:00 trade buy 30 Up at 0.41')
  expect(recording.notes()).toContain('trades are moved 5000 ms before their recorded stamps')
})

test('a crossed book is emptied, a bad quote empties its side, and both are counted', async () => {
  const { recording, events } = await readFiles({
    ...GOOD,
    'books-2026-01-05.csv': table(
      BOOKS,
      book('08:00:03', '0.5,0.5,0.5,0,10,10', '1.0,0.6,0,0,10,10'),
      book('08:00:04', '0.4,0.41,0,0,0.0,10', 'nan,0.6,0,0,10,10'),
    ),
  })
  expect(outline(only(events, 'book'))).toEqual([
    '08:00:03 book  | ',
    '08:00:03 book  | 10 at 0.6',
    '08:00:04 book  | 10 at 0.41',
    '08:00:04 book  | 10 at 0.6',
  ])
  expect(recording.notes().slice(3)).toEqual([
    'books with the bid at or over the ask: both sides are empty, since either may be the wrong one (1)',
    'quotes that are no price between 0 and 1: that side of the book is empty (2)',
    'quotes without a size: that side of the book is empty (1)',
    'markets whose last quotes do not say which side won: no resolution (1)',
  ])
})

test('a recording that stops long before the close does not say who won', async () => {
  const last = book('08:10:00', '0.95,0.96,0,0,10,10', '0.04,0.05,0,0,10,10')
  const { events } = await readFiles({ ...GOOD, 'books-2026-01-05.csv': table(BOOKS, last) })
  expect(only(events, 'resolution')).toEqual([])
})

test('float noise goes to the nearest millionth; prices of 0 and 1 and sizes of nothing are left out', async () => {
  const { recording, events } = await readFiles({
    'trades-1.csv': table(
      TRADES,
      trade('08:00:05', 'Up,2.9999999999999996,0.3200000190459075'),
      trade('08:00:06', 'Down,1e1,0.06999999999999999'),
      trade('08:00:07', 'Up,5,0.0'),
      trade('08:00:07', 'Up,5,1.0'),
      trade('08:00:07', 'Up,5,NaN'),
      trade('08:00:07', 'Up,0.0,0.5'),
      trade('08:00:07', 'Up,-3,0.5'),
    ),
  })
  expect(outline(only(events, 'trade'))).toEqual([
    '08:00:05 trade buy 3 Up at 0.32',
    '08:00:06 trade buy 10 Down at 0.07',
  ])
  expect(recording.notes()).toContain('there is no table of books')
  expect(recording.notes()).toContain('trades without a price between 0 and 1: left out (3)')
  expect(recording.notes()).toContain('trades without a size over 0: left out (2)')
})

test.each([
  ['a time that is none', 'not a time,Up,1,0.5', 'timestamp must be a time in UTC such as 2026-01-31 23:59:59'],
  ['a side that is none', '2026-01-05 08:00:05,Sideways,1,0.5', 'trade_side must be Up or Down'],
])('%s is an error with its file and line', async (_name, row, message) => {
  const text = table(TRADES, trade('08:00:05', 'Up,30.0,0.41'), `${row},${WINDOW}`)
  expect(await refusalOf({ 'trades-1.csv': text })).toBe(`RecordingError: …/trades-1.csv:3: ${message}`)
})

test('a row with a cell too few is an error with its line', async () => {
  const text = table(TRADES, '2026-01-05 08:00:05,Up,1,0.5')
  expect(await refusalOf({ 'trades-1.csv': text })).toMatch(/trades-1\.csv:2: Invalid Record Length/)
})
