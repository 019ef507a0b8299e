import { expect, test } from 'vitest'
import type { Market } from '../../src/core/market/market.ts'
import type { ClearedIntent, OrderIntent } from '../../src/core/order/order.ts'
import type { Instant, OrderKey, SignalId } from '../../src/core/units/ids.ts'
import { minus, plus, price, type Shares, shares, type Usd } from '../../src/core/units/money.ts'
import type { Venue } from '../../src/ports/venue.ts'

/** What a venue under test is given to work with: one market, its book as the card wants it, and a way to lose an answer. */
export type Table = {
  readonly venue: Venue
  readonly market: Market
  readonly setBook: (bids: readonly (readonly [string, string])[], asks: readonly (readonly [string, string])[]) => void
  readonly setMarket: (change: Partial<Market>) => void
  readonly loseNext: (what: 'request' | 'answer') => void
}

const AT = 1_795_000_000_000 as Instant
const never = new AbortController().signal
let number = 0

/** The numbered cards that any venue must pass, be it simulated, a stand-in on loopback, or the real one. */
export function venueDeck(name: string, deal: () => Table): void {
  const order = (table: Table, change: Partial<OrderIntent>): ClearedIntent => {
    number += 1
    const intent: OrderIntent = {
      key: `card ${number}/1` as OrderKey,
      signal: `card ${number}` as SignalId,
      account: table.venue.account,
      condition: table.market.condition,
      token: table.market.outcomes[0].token,
      side: 'buy',
      limit: price('0.55'),
      size: shares('10'),
      lifetime: 'kill',
      feeRate: table.market.feeRate,
      ...change,
    }
    return intent as ClearedIntent
  }
  const send = (table: Table, change: Partial<OrderIntent>) => {
    const prepared = table.venue.prepare(order(table, change), AT)
    return table.venue.send(prepared, never).then(answer => ({ prepared, answer }))
  }
  const filled = (fills: readonly { readonly size: Shares }[]): Shares =>
    fills.reduce((sum, fill) => plus(sum, fill.size), shares('0'))

  test(`${name} 1: the same intent and instant prepare the same id, another instant another`, () => {
    const table = deal()
    const intent = order(table, {})
    expect(table.venue.prepare(intent, AT)).toEqual(table.venue.prepare(intent, AT))
    expect(table.venue.prepare(intent, (AT + 1) as Instant).id).not.toBe(table.venue.prepare(intent, AT).id)
  })

  test(`${name} 2: takes the book level by level with a fee at each, and pays what it says`, async () => {
    const table = deal()
    table.setBook(
      [['0.49', '100']],
      [
        ['0.50', '6'],
        ['0.52', '100'],
      ],
    )
    const before = await table.venue.books(never)
    const { answer } = await send(table, { size: shares('10') })
    expect(answer).toMatchObject({ kind: 'accepted', status: 'filled' })
    if (answer.kind !== 'accepted') return
    expect(answer.fills.map(fill => [fill.price, fill.size])).toEqual([
      [price('0.50'), shares('6')],
      [price('0.52'), shares('4')],
    ])
    const after = await table.venue.books(never)
    const paid = answer.fills.reduce((sum, fill) => plus(plus(sum, fill.notional), fill.fee), 0n as Usd)
    expect(minus(before.cash, after.cash)).toBe(paid)
    expect(after.positions).toEqual([{ token: table.market.outcomes[0].token, size: shares('10') }])
  })

  test(`${name} 3: fill and kill keeps what it gets within the limit, and rests nothing`, async () => {
    const table = deal()
    table.setBook(
      [],
      [
        ['0.55', '7'],
        ['0.56', '100'],
      ],
    )
    const { prepared, answer } = await send(table, { size: shares('10') })
    expect(answer).toMatchObject({ kind: 'accepted', status: 'killed' })
    expect(answer.kind === 'accepted' && filled(answer.fills)).toBe(shares('7'))
    expect(await table.venue.findOrder(prepared.id, never)).toMatchObject({ kind: 'found', status: 'cancelled' })
  })

  test(`${name} 4: all or none takes nothing where there is not all`, async () => {
    const table = deal()
    table.setBook([], [['0.55', '7']])
    const { answer } = await send(table, { lifetime: 'allOrNone', size: shares('10') })
    expect(answer).toMatchObject({ kind: 'accepted', status: 'killed', fills: [] })
    const { answer: less } = await send(table, { lifetime: 'allOrNone', size: shares('7') })
    expect(less).toMatchObject({ kind: 'accepted', status: 'filled' })
  })

  test(`${name} 5: what rests is filled at its own price when the book comes to it, and can be cancelled`, async () => {
    const table = deal()
    table.setBook([['0.40', '5']], [['0.60', '50']])
    const { prepared, answer } = await send(table, { lifetime: 'rest', size: shares('20') })
    expect(answer).toMatchObject({ kind: 'accepted', status: 'resting', fills: [] })
    table.setBook([['0.40', '5']], [['0.54', '12']])
    const met = await table.venue.findOrder(prepared.id, never)
    expect(met).toMatchObject({
      kind: 'found',
      status: 'resting',
      fills: [{ price: price('0.55'), size: shares('12'), fee: 0n }],
    })
    expect(await table.venue.cancel(prepared.id, never)).toMatchObject({ kind: 'found', status: 'cancelled' })
    table.setBook([], [['0.50', '100']])
    const late = await table.venue.findOrder(prepared.id, never)
    expect(late.kind === 'found' && filled(late.fills)).toBe(shares('12'))
  })

  test.each([
    ['a price off the grid', { limit: price('0.555') }],
    ['a size under the minimum', { size: shares('4.99') }],
    ['a sale of what is not held', { side: 'sell' as const }],
    ['more than there is cash for', { size: shares('100000000') }],
  ])(`${name} 6: rejects %s, and nothing changes hands`, async (_, change) => {
    const table = deal()
    table.setBook([['0.49', '100000000']], [['0.50', '100000000']])
    const before = await table.venue.books(never)
    const { prepared, answer } = await send(table, change)
    expect(answer).toMatchObject({ kind: 'rejected' })
    expect(await table.venue.books(never)).toEqual(before)
    expect(await table.venue.findOrder(prepared.id, never)).toEqual({ kind: 'absent' })
  })

  test(`${name} 7: rejects while the market takes no orders`, async () => {
    const table = deal()
    table.setBook([], [['0.50', '100']])
    table.setMarket({ status: 'paused' })
    expect((await send(table, {})).answer).toMatchObject({ kind: 'rejected' })
  })

  test(`${name} 8: a lost request never landed, a lost answer did, and asking by id tells them apart`, async () => {
    const table = deal()
    table.setBook([], [['0.50', '100']])
    table.loseNext('request')
    const lost = await send(table, {})
    expect(lost.answer).toMatchObject({ kind: 'unknown' })
    expect(await table.venue.findOrder(lost.prepared.id, never)).toEqual({ kind: 'absent' })
    table.loseNext('answer')
    const landed = await send(table, {})
    expect(landed.answer).toMatchObject({ kind: 'unknown' })
    expect(await table.venue.findOrder(landed.prepared.id, never)).toMatchObject({ kind: 'found', status: 'filled' })
  })

  test(`${name} 9: the same order twice is carried out once`, async () => {
    const table = deal()
    table.setBook([], [['0.50', '100']])
    const { prepared, answer } = await send(table, {})
    const again = await table.venue.send(prepared, never)
    expect(again).toEqual(answer)
    expect((await table.venue.books(never)).positions).toEqual([
      { token: table.market.outcomes[0].token, size: shares('10') },
    ])
  })

  test(`${name} 10: what is taken of a snapshot of the book cannot be taken again`, async () => {
    const table = deal()
    table.setBook([], [['0.50', '10']])
    expect((await send(table, { size: shares('8') })).answer).toMatchObject({ status: 'filled' })
    const { answer } = await send(table, { size: shares('8') })
    expect(answer.kind === 'accepted' && filled(answer.fills)).toBe(shares('2'))
  })

  test(`${name} 11: a resolved market pays each token its payout, once`, async () => {
    const table = deal()
    table.setBook([], [['0.50', '100']])
    await send(table, {})
    const before = await table.venue.books(never)
    const [winner, loser] = table.market.outcomes
    const payouts = [
      { token: winner.token, price: price('1') },
      { token: loser.token, price: price('0') },
    ]
    await table.venue.redeem(table.market.condition, payouts, never)
    await table.venue.redeem(table.market.condition, payouts, never)
    const after = await table.venue.books(never)
    expect(minus(after.cash, before.cash)).toBe(10_000_000n)
    expect(after.positions).toEqual([])
  })
}
