import { describe, expect, test } from 'vitest'
import { only, outline, readFiles, refusalOf } from './made.ts'

const CONDITION = `0x${'ab'.repeat(32)}`
const WALLET = `0x${'1f'.repeat(20)}`
const OTHER = `0x${'2e'.repeat(20)}`

function lines(...rows: readonly object[]): string {
  return rows.map(row => `${JSON.stringify(row)}\n`).join('')
}

describe('large buys and how they ended', () => {
  const buy = {
    ...{ tx: '0x01', wallet: WALLET, name: 'heron', usd: 100.0, price: 0.3, timestamp: 1_767_600_000 },
    ...{ title: 'Morra Herons vs. Rovers', outcome: 'Rovers', eventSlug: 'herons-rovers' },
  }
  const ending = {
    ...{ id: `${CONDITION}:1`, title: buy.title, outcome: 'Rovers', eventSlug: 'herons-rovers', won: true },
    resolvedAt: '2026-01-05T10:00:00+00:00',
  }

  test('are buys, sized by dollars over price rounded down, that join their ending by name', async () => {
    const known = {
      ...buy,
      tx: '0x02',
      wallet: OTHER,
      outcome: 'Morra Herons',
      conditionId: CONDITION,
      outcomeIndex: 0,
    }
    const { recording, events } = await readFiles({
      'whale-trades-1.jsonl.gz': lines(buy, { ...known, timestamp: buy.timestamp + 60 }),
      'resolutions-1.jsonl.gz': lines(ending, { ...ending, id: `0x${'cd'.repeat(32)}:0`, title: 'Never traded' }),
    })
    expect(outline(events)).toEqual([
      '08:00:00 market Morra Herons vs. Rovers',
      '08:00:00 trade buy 333.333333 Rovers at 0.3',
      '08:01:00 trade buy 333.333333 Morra Herons at 0.3',
      '10:00:00 resolution 0 1',
    ])
    expect(only(events, 'trade').map(({ trade }) => trade.condition)).toEqual([CONDITION, CONDITION])
    expect(only(events, 'market')[0]?.market.outcomes.map(({ name }) => name)).toEqual(['Morra Herons', 'Rovers'])
    expect(recording.whales).toEqual([WALLET, OTHER])
    expect(recording.notes()).toContain('resolutions of markets without a trade here: left out (1)')
  })

  test('have ids derived from their names where none was recorded, the same each time', async () => {
    const read = async (): Promise<unknown> => {
      const { events } = await readFiles({ 'whale-trades-1.jsonl': lines(buy, { ...buy, outcome: 'Morra Herons' }) })
      return only(events, 'trade').map(({ trade }) => [trade.condition, trade.token])
    }
    expect(await read()).toEqual(await read())
  })

  test('end in nothing where two rows contradict each other', async () => {
    const files = { 'a.jsonl': lines(buy), 'b.jsonl': lines(ending, { ...ending, won: false }) }
    const { recording, events } = await readFiles(files)
    expect(only(events, 'resolution')).toEqual([])
    expect(recording.notes()).toContain('markets whose resolutions contradict each other: no resolution (1)')
  })

  test('are left out at a price of 1, and refused with a wallet that is none', async () => {
    const { recording } = await readFiles({ 'a.jsonl': lines({ ...buy, price: 1 }) })
    expect(recording.total).toBe(0)
    expect(await refusalOf({ 'a.jsonl': lines(buy, { ...buy, wallet: 'heron' }) })).toBe(
      'RecordingError: …/a.jsonl:2: wallet must be a wallet address',
    )
  })

  test('cannot be read from the endings alone', async () => {
    expect(await refusalOf({ 'b.jsonl': lines(ending) })).toMatch(/it tells only how markets ended/)
  })
})

describe('everything one wallet did', () => {
  const HEADER =
    'id,collected_at,wallet_name,wallet_addr,tx_hash,timestamp,time_utc,side,outcome,price,size,usdc,market'
  const TITLE = '"Pebblecoin Up or Down - January 5, 3:00AM-3:05AM ET"'
  let id = 0
  const row = (seconds: number, side: string, outcome: string, paid: string, size: string): string => {
    id += 1
    return `${id},0,w,${WALLET},0x${id},${1_767_600_000 + seconds},x,${side},${outcome},${paid},${size},0,${TITLE}`
  }
  const table = (...rows: readonly string[]): string => [HEADER, ...rows, ''].join('\n')

  test('is trades, newest first in the file; a payout of what was bought of one side resolves after the close', async () => {
    const { recording, events } = await readFiles({
      'wallet-1.csv.gz': table(
        row(90, '', '', '0.0', '3.0'),
        row(60, 'BUY', 'Down', '0.20000000000000001', '7.0'),
        row(30, 'BUY', 'Up', '0.7', '10.0'),
        row(100, '', '', '0.0', '7.0'),
      ),
    })
    expect(outline(events)).toEqual([
      '08:00:30 market Pebblecoin Up or Down - January 5, 3:00AM-3:05AM ET',
      '08:00:30 trade buy 10 Up at 0.7',
      '08:01:00 trade buy 7 Down at 0.2',
      '08:05:00 resolution 1 0',
    ])
    expect(recording.notes()).toContain(
      'rows of payouts, merged or redeemed, which are no trades: they only tell how markets ended (2)',
    )
  })

  test('says nothing of a market whose payouts fit neither side', async () => {
    const files = { 'w.csv': table(row(30, 'BUY', 'Up', '0.7', '10'), row(900, '', '', '0', '4')) }
    const { recording, events } = await readFiles(files)
    expect(only(events, 'resolution')).toEqual([])
    expect(recording.notes()).toContain(
      'markets whose payouts do not equal what was bought of one side: no resolution (1)',
    )
  })

  test('is read from raw rows too, with their ids, types and repetitions', async () => {
    const raw = {
      ...{
        proxyWallet: WALLET,
        timestamp: 1_767_600_010,
        conditionId: CONDITION,
        type: 'TRADE',
        size: 12.5,
        price: 0.4,
      },
      ...{ asset: '77', side: 'BUY', outcomeIndex: 1, title: 'Pebblecoin', slug: 'pebble-updown-5m-1767600000' },
      ...{ outcome: 'Down', transactionHash: '0x05', name: 'heron' },
    }
    const paid = {
      ...raw,
      timestamp: 1_767_600_400,
      type: 'REDEEM',
      size: 12.5,
      price: 0,
      asset: '',
      side: '',
      outcome: '',
    }
    const { recording, events } = await readFiles({
      'raw.json.gz': JSON.stringify([paid, raw, { ...raw, side: 'SELL', size: 0 }]),
    })
    expect(outline(events)).toEqual([
      '08:00:10 market Pebblecoin',
      '08:00:10 trade buy 12.5 Down at 0.4',
      '08:06:40 resolution 0 1',
    ])
    expect(only(events, 'market')[0]?.market.outcomes[1]).toEqual({ token: '77', name: 'Down' })
    expect(only(events, 'market')[0]?.market.closesAt).toBe(1_767_600_300_000)
    expect(recording.notes()).toContain('rows of REDEEM, which are no trades: they only tell how markets ended (1)')
    expect(recording.notes()).toContain('trades without a size over 0: left out (1)')
    expect((await readFiles({ 'raw.json': JSON.stringify([raw, raw]) })).recording.notes()).toContain(
      'rows equal to an earlier one: told again, as a feed would (1)',
    )
  })
})

describe('samples of ten levels with their tape', () => {
  const SLUG = 'pebble-updown-5m-1767600000'
  const sample = (seconds: string, outcome: 'Up' | 'Down', bids: unknown, asks: unknown): object => ({
    ...{ type: 'sample', sample_seq: 0, ts_utc: `2026-01-05T08:0${seconds}+00:00`, slug: SLUG },
    ...{ token_id: outcome === 'Up' ? '11' : '22', outcome, bids, asks, data_ready: true },
  })
  const trade = {
    ...{ type: 'trade', trade_seq: 4, slug: SLUG, token_id: '22', condition_id: CONDITION, outcome: 'Down' },
    ...{
      price: 0.61,
      size: 3,
      side: 'SELL',
      exchange_timestamp: '1767600001500',
      received_timestamp_ns: 1_767_600_001_523_174_000,
    },
  }
  const META = { type: 'meta', book_depth: 10 }

  test('become books of both tokens, trades taken in when received, and an end by the last bids', async () => {
    const { recording, events } = await readFiles({
      'tape.jsonl.gz': lines(
        META,
        { ...trade, price: 1 },
        sample(
          '0:01.25',
          'Up',
          [
            [0.39, 10],
            [0.4, 5],
          ],
          [[0.41, 7.5]],
        ),
        sample('0:01.25', 'Down', [[0.59, 7.5]], []),
        { ...(sample('0:02', 'Up', [], []) as Record<string, unknown>), data_ready: false },
        trade,
        sample('4:59.5', 'Up', [], [[0.01, 1]]),
        sample('4:59.5', 'Down', [[0.99, 1]], []),
      ),
    })
    expect(outline(events)).toEqual([
      `08:00:01 market ${SLUG}`,
      '08:00:01 book 5 at 0.4, 10 at 0.39 | 7.5 at 0.41',
      '08:00:01 book 7.5 at 0.59 | ',
      '08:00:01 trade sell 3 Down at 0.61',
      `08:04:59 market ${SLUG}`,
      '08:04:59 book  | 1 at 0.01',
      '08:04:59 book 1 at 0.99 | ',
      '08:05:00 resolution 0 1',
    ])
    const [tape] = only(events, 'trade')
    expect([tape?.at, tape?.trade.happenedAt, tape?.trade.condition]).toEqual([
      1_767_600_001_524,
      1_767_600_001_500,
      CONDITION,
    ])
    expect(recording.notes()).toContain('samples before the recorder had its data: left out (1)')
    expect(recording.notes()).toContain('trades without a price between 0 and 1: left out (1)')
  })

  test('tell an empty book where bid and ask cross', async () => {
    const { events } = await readFiles({ 'tape.jsonl': lines(META, sample('0:01', 'Up', [[0.5, 1]], [[0.5, 1]])) })
    expect(outline(only(events, 'book'))).toEqual(['08:00:01 book  | '])
  })

  test('are refused where a token changes or a line is no JSON', async () => {
    const changed = { ...trade, outcome: 'Up' }
    expect(await refusalOf({ 't.jsonl': lines(META, trade, { ...changed, outcome: 'Down', token_id: '33' }) })).toBe(
      `RecordingError: …/t.jsonl:3: Down of ${SLUG} had another token before`,
    )
    expect(await refusalOf({ 't.jsonl': `${lines(META)}oh\n` })).toBe('RecordingError: …/t.jsonl:2: this is not JSON')
  })
})
