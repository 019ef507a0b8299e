import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evolve } from '../../src/core/engine/evolve.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import { emptyState } from '../../src/core/engine/state.ts'
import type { Limits } from '../../src/core/risk/limits.ts'
import { orderKeyOf, type SignalId } from '../../src/core/units/ids.ts'
import { price, shares, usd, ZERO } from '../../src/core/units/money.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { audit } from '../support/audit.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { condition, GOOD_RECORD, token, trade, wallet } from '../support/made.ts'

/** The same deal as `trade(1)` in the terms of the other token. */
function otherView(desk: TestDesk, over: Partial<WhaleTrade> = {}): WhaleTrade {
  const told = trade(1, { happenedAt: desk.at })
  const rest = (1_000_000n - told.price) as typeof told.price
  return { ...told, token: token(1, 1), price: rest, outcome: 'No', ...over }
}

function hears(desk: TestDesk, told: WhaleTrade): readonly Fact[] {
  return desk.take({ kind: 'whaleTraded', trade: told })
}

describe('a deal that is told again', () => {
  test('by another source, with what rounding leaves, is the same', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    const again = trade(1, { happenedAt: desk.at, source: 'chain' })
    expect(hears(desk, { ...again, size: (again.size + 4_000n) as typeof again.size })).toEqual([])
    expect(desk.all('signalOpened').map(fact => fact.signal.id)).toEqual([signal])
  })

  test('larger than before is the same purchase grown, and is not bought again', () => {
    const desk = new TestDesk()
    const key = desk.copies(1, { size: shares('100') })
    const told = trade(1, { happenedAt: desk.at, size: shares('250') })
    expect(kindsOf(hears(desk, told))).toEqual(['tradeJoined'])
    expect(hears(desk, told)).toEqual([])
    expect(desk.holding(1).lots.get(wallet(1))).toEqual({
      ours: desk.state.orders.get(key)?.filled,
      theirs: shares('250'),
    })
    audit(desk)
  })

  test('larger than before while its order is on the way is followed out as what it was in all', () => {
    const desk = new TestDesk()
    const key = desk.orders(1, { size: shares('100') })
    hears(desk, trade(1, { happenedAt: desk.at, size: shares('250') }))
    desk.fillsWhole(key)
    expect(desk.holding(1).lots.get(wallet(1))?.theirs).toBe(shares('250'))
  })

  test('larger than before is, of a sale, a sale of the rest', () => {
    const desk = new TestDesk()
    desk.copies(1, { size: shares('400') })
    const ours = desk.holding(1).shares
    desk.wait(10_000)
    const sale = { transaction: '0xsale', side: 'sell', happenedAt: desk.at } as const
    const first = desk.hears(1, { ...sale, size: shares('100') })
    desk.quote(first)
    desk.fillsWhole(orderKeyOf(first, 1))
    hears(desk, trade(1, { ...sale, size: shares('400') }))
    const rest = desk.last('signalOpened').signal
    expect(rest.id).not.toBe(first)
    expect(rest.origin).toMatchObject({ trade: { size: shares('300') } })
    desk.quote(rest.id)
    desk.fillsWhole(orderKeyOf(rest.id, 1))
    expect(ours).toBeGreaterThan(0n)
    expect(desk.position(1)).toBeUndefined()
    audit(desk)
  })

  test('as selling the other token is the same bet in other words', () => {
    const desk = new TestDesk()
    desk.hears(1)
    expect(hears(desk, otherView(desk, { side: 'sell' }))).toEqual([])
  })

  test('as the other party’s side of it is believed by nobody: it is withdrawn while it still can be', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    expect(kindsOf(hears(desk, otherView(desk)))).toEqual(['tradeContradicted', 'signalWithdrawn'])
    expect(desk.last('signalWithdrawn')).toMatchObject({ signal, why: 'two sources tell opposite sides of it' })
    expect(hears(desk, otherView(desk))).toEqual([])
    expect(hears(desk, trade(1, { happenedAt: desk.at }))).toEqual([])
  })

  test('as the other party’s side of it is on record where it was copied already', () => {
    const desk = new TestDesk()
    desk.copies(1)
    expect(kindsOf(hears(desk, otherView(desk)))).toEqual(['tradeContradicted'])
    expect(desk.all('signalOpened')).toHaveLength(1)
  })

  test.each([
    ['in the other token and of another size', { size: shares('300') }],
    ['in the other token at another price', { price: price('0.3') }],
    ['in the same token the other way', { token: token(1, 0) }],
  ])('%s is still no second deal', (_what, over) => {
    const desk = new TestDesk()
    desk.hears(1)
    hears(desk, otherView(desk, { side: 'sell', ...over }))
    expect(desk.all('signalOpened')).toHaveLength(1)
  })
})

describe('a purchase in pieces', () => {
  test('is decided once, and what comes after is known to belong to it', () => {
    const desk = new TestDesk()
    const key = desk.copies(1, { size: shares('100') })
    for (const slice of [1, 2, 3]) {
      const told = trade(1, { transaction: `0xslice${slice}`, size: shares('100'), happenedAt: desk.at })
      expect(kindsOf(hears(desk, told))).toEqual(['tradeJoined'])
      expect(hears(desk, told)).toEqual([])
      desk.wait(500)
    }
    expect(desk.all('orderPlanned').map(fact => fact.intent.key)).toEqual([key])
    expect(desk.holding(1).lots.get(wallet(1))?.theirs).toBe(shares('400'))
    expect(desk.state.whales.get(wallet(1))?.lastTradeAt).toBe(desk.at - 500)
  })

  test('ends after `burstMs`: the next one is a decision of its own', () => {
    const desk = new TestDesk({ limits: { burstMs: 2_000 } })
    desk.hears(1)
    desk.wait(2_001).hears(1, { transaction: '0xlater' })
    expect(desk.all('signalOpened')).toHaveLength(2)
  })

  test('is told by the time of the trades and not of their arrival', () => {
    const desk = new TestDesk()
    const first = desk.at
    desk.hears(1)
    desk.wait(20_000)
    hears(desk, trade(1, { transaction: '0xlate', happenedAt: (first + 1_000) as typeof first }))
    hears(desk, trade(1, { transaction: '0xnew', happenedAt: desk.at }))
    expect(kindsOf(desk.facts.slice(-3))).toEqual(['tradeJoined', 'signalOpened', 'quoteAsked'])
  })

  test.each([
    ['burstMs 0', { burstMs: 0 }],
    ['mirrored', { sizing: 'mirror' }],
  ] as const)('is not put together with %s', (_what, limits) => {
    const desk = new TestDesk({ limits })
    desk.hears(1)
    desk.hears(1, { transaction: '0xother' })
    expect(desk.all('signalOpened')).toHaveLength(2)
  })

  test('that was refused does not count as followed when a whale is followed out', () => {
    const desk = new TestDesk()
    desk.copies(1, { size: shares('100') })
    desk.wait(10_000)
    const refused = desk.hears(1, { transaction: '0xrefused', size: shares('100') })
    desk.quote(refused, { asks: [['0.9', '5000']] })
    expect(desk.last('signalRefused').signal).toBe(refused)
    desk.hears(1, { transaction: '0xmore', size: shares('800') })
    expect(desk.holding(1).lots.get(wallet(1))?.theirs).toBe(shares('100'))
  })
})

describe('a sale in pieces', () => {
  test('is one exit while it is not weighed yet', () => {
    const desk = new TestDesk()
    desk.copies(1, { size: shares('400') })
    const ours = desk.holding(1).shares
    desk.wait(10_000)
    const exit = desk.hears(1, { transaction: '0xa', side: 'sell', size: shares('100') })
    desk.hears(1, { transaction: '0xb', side: 'sell', size: shares('100') })
    expect(desk.all('signalOpened')).toHaveLength(2)
    desk.quote(exit)
    desk.fillsWhole(orderKeyOf(exit, 1))
    const left = desk.holding(1)
    expect(left.lots.get(wallet(1))?.theirs).toBe(shares('200'))
    expect(Number(left.shares) / Number(ours)).toBeCloseTo(0.5, 2)
    audit(desk)
  })

  test('is followed further by a signal of its own once the first is ordered', () => {
    const desk = new TestDesk()
    desk.copies(1, { size: shares('400') })
    desk.wait(10_000)
    desk.orders(1, { transaction: '0xa', side: 'sell', size: shares('100') })
    desk.hears(1, { transaction: '0xb', side: 'sell', size: shares('300') })
    expect(desk.all('signalOpened')).toHaveLength(3)
    audit(desk)
  })
})

describe('shares that leave without an order', () => {
  const gone = { side: 'sell', price: ZERO, transaction: '0xmerge' } as const

  test.each(['merge', 'redeem', 'conversion', 'transfer'] as const)('by %s are followed out', how => {
    const desk = new TestDesk()
    desk.copies(1, { size: shares('400') })
    desk.wait(10_000)
    const signal = desk.hears(1, { ...gone, how, size: shares('400') })
    desk.quote(signal)
    desk.fillsWhole(orderKeyOf(signal, 1))
    expect(desk.position(1)).toBeUndefined()
    // Two sources may call the same departure by different names.
    expect(hears(desk, trade(1, { ...gone, how: 'transfer', size: shares('400'), happenedAt: desk.at }))).toEqual([])
    audit(desk)
  })

  test('of what we do not hold are nothing to us', () => {
    const desk = new TestDesk()
    expect(hears(desk, trade(1, { ...gone, how: 'merge', happenedAt: desk.at }))).toEqual([])
  })

  test('take back a purchase that is not ordered yet', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    desk.wait(1_000).hears(1, { ...gone, how: 'transfer' })
    expect(desk.last('signalWithdrawn').signal).toBe(signal)
  })

  test('in the same transaction as a sale of the same token are told apart from it', () => {
    const desk = new TestDesk()
    desk.copies(1, { size: shares('400') })
    desk.wait(10_000)
    desk.hears(1, { transaction: '0xboth', side: 'sell', size: shares('100') })
    desk.hears(1, { ...gone, transaction: '0xboth', how: 'merge', size: shares('100') })
    expect(desk.all('signalOpened')).toHaveLength(3)
    expect(desk.holding(1).lots.get(wallet(1))?.theirs).toBe(shares('200'))
  })
})

describe('what a whale holds against what we followed', () => {
  const QUIET_MS = 200_000
  const holds = (desk: TestDesk, size: string) =>
    desk.take({ kind: 'whaleHolds', whale: wallet(1), token: token(1), size: shares(size), asOf: desk.at })

  function following(): TestDesk {
    const desk = new TestDesk()
    desk.copies(1, { size: shares('400') })
    desk.wait(QUIET_MS)
    return desk
  }

  test('as much, or more, is nothing new', () => {
    const desk = following()
    expect(holds(desk, '400')).toEqual([])
    expect(holds(desk, '900')).toEqual([])
  })

  test('less of it means that it has left, and is followed out in proportion, once', () => {
    const desk = following()
    holds(desk, '100')
    const { signal } = desk.last('signalOpened')
    expect(signal.origin).toMatchObject({ trade: { how: 'holding', size: shares('300') } })
    expect(holds(desk, '100')).toEqual([])
    desk.quote(signal.id)
    desk.fillsWhole(orderKeyOf(signal.id, 1))
    desk.wait(QUIET_MS)
    expect(holds(desk, '100')).toEqual([])
    audit(desk)
  })

  test('proves nothing soon after a trade, nor for who is not followed in', () => {
    const desk = following()
    desk.hears(1, { transaction: '0xmore' })
    expect(holds(desk, '0')).toEqual([])
    const nobody = { kind: 'whaleHolds', whale: wallet(2), token: token(1), size: shares('0'), asOf: desk.at } as const
    expect(desk.take(nobody)).toEqual([])
  })
})

describe('however the tellings of some deals are ordered and repeated', () => {
  test('every deal belongs to exactly one signal, and nothing is bought twice for it', () => {
    const telling = fc.record({
      deal: fc.nat(5),
      source: fc.constantFrom('chain', 'activity', 'sweep'),
      part: fc.constantFrom('50', '100'),
      wait: fc.nat(6_000),
    })
    fc.assert(
      fc.property(fc.array(telling, { maxLength: 40 }), tellings => {
        const desk = new TestDesk({ record: GOOD_RECORD })
        const begin = desk.at
        const owners = new Map<string, Set<SignalId>>()
        for (const { deal, source, part, wait } of tellings) {
          desk.wait(wait)
          const happenedAt = (begin + deal * 2_000) as typeof begin
          const told = trade(1, { transaction: `0x${deal}`, source, size: shares(part), happenedAt })
          for (const fact of hears(desk, told)) {
            const owner =
              fact.kind === 'signalOpened' ? fact.signal.id : fact.kind === 'tradeJoined' ? fact.signal : undefined
            if (owner !== undefined)
              owners.set(told.transaction, (owners.get(told.transaction) ?? new Set()).add(owner))
          }
        }
        for (const deal of new Set(tellings.map(({ deal }) => `0x${deal}`))) expect(owners.get(deal)?.size).toBe(1)
      }),
    )
  })
})

test('limits that an older journal does not know have their defaults', () => {
  const desk = new TestDesk()
  const { burstMs, ...older } = desk.state.limits
  evolve(desk.state, {
    kind: 'accountOpened',
    account: 'paper',
    deposit: usd('1'),
    limits: older as Limits,
    at: desk.at,
  })
  expect(desk.state.limits.burstMs).toBe(burstMs)
})

test('a market’s id with 62 digits and with 64 is the same deal', () => {
  const desk = new TestDesk()
  desk.hears(1)
  const padded = condition(1)
  const told = trade(1, { happenedAt: desk.at, condition: padded.slice(0, 64) as typeof padded })
  expect(hears(desk, told)).toEqual([])
})

test('a deal that is told both ways does not grow', () => {
  const desk = new TestDesk()
  desk.copies(1)
  desk.wait(10_000)
  const sale = { transaction: '0xsale', side: 'sell', happenedAt: desk.at } as const
  hears(desk, otherView(desk, { ...sale, size: shares('100') }))
  hears(desk, trade(1, { ...sale, size: shares('50') }))
  expect(hears(desk, trade(1, { ...sale, size: shares('100') }))).toEqual([])
})

test('what a whale did before it was followed is nothing to us', () => {
  const desk = new TestDesk()
  const before = desk.at - (desk.at % 1_000) - 1
  expect(hears(desk, trade(1, { happenedAt: before as typeof desk.at }))).toEqual([])
  hears(desk, trade(1, { happenedAt: (before + 1) as typeof desk.at }))
  expect(desk.all('signalOpened')).toHaveLength(1)
})

test('a joined piece from ahead of our clock is remembered the same when the facts are folded again', () => {
  const desk = new TestDesk()
  desk.hears(1)
  hears(desk, trade(1, { transaction: '0xahead', happenedAt: (desk.at + 2_500) as typeof desk.at }))
  const folded = emptyState()
  for (const fact of desk.facts) evolve(folded, fact)
  expect(folded.known).toEqual(desk.state.known)
})
