import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { netProfit } from '../../src/core/ledger/ledger.ts'
import { type Price, price, type Shares, shares } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { condition, wallet } from '../support/made.ts'

/** 1,000 shares at 0.52, mirrored. */
function holding(deposit = '100000'): TestDesk {
  const desk = new TestDesk({ deposit, limits: { sizing: 'mirror' } })
  desk.copies(1)
  return desk
}

describe('a market that comes to its end', () => {
  test.each([
    ['1', '480', 1],
    ['0', '-520', 0],
    ['0.5', '-20', 0],
  ])('and pays %s a share makes $%s', (pays, profit, won) => {
    const desk = holding()
    const before = desk.books.ledger.cash
    expect(kindsOf(desk.resolves(1, pays)).slice(0, 3)).toEqual(['marketSettled', 'profitRealised', 'positionClosed'])
    expect(desk.last('positionClosed').profit).toBe(shares(profit))
    expect(desk.books.ledger.cash - before).toBe(price(pays) * 1_000n)
    expect(desk.books.performance).toMatchObject({ won, lost: 1 - won })
    expect(desk.position(1)).toBeUndefined()
    expect(desk.books.exposed).toBe(0n)
    audit(desk)
  })

  test('is redeemed, asked for again where that failed, and done once', () => {
    const desk = holding()
    desk.resolves(1, '1')
    expect(desk.effects).toMatchObject([{ kind: 'redeem', condition: condition(1) }, { kind: 'askRecord' }])
    const redeem = { account: 'paper', condition: condition(1) } as const
    expect(kindsOf(desk.take({ kind: 'redeemFailed', ...redeem, why: 'busy' }))).toEqual(['redeemPutOff'])
    expect(desk.effects).toMatchObject([{ kind: 'wake', at: desk.at + 30_000 }])
    expect(kindsOf(desk.fires({ kind: 'redeem', ...redeem }))).toEqual(['redeemAskedAgain'])
    expect(desk.effects).toMatchObject([{ kind: 'redeem' }])
    expect(kindsOf(desk.take({ kind: 'redeemed', ...redeem }))).toEqual(['redeemDone'])
    expect(desk.take({ kind: 'redeemed', ...redeem })).toEqual([])
    expect(desk.fires({ kind: 'redeem', ...redeem })).toEqual([])
  })

  test('is settled once, however often it is told', () => {
    const desk = holding()
    desk.resolves(1, '1')
    expect(desk.resolves(1, '1')).toEqual([])
    expect(desk.all('marketSettled')).toHaveLength(1)
  })

  test('waits for an order of ours that is still in flight there', () => {
    const desk = holding()
    const key = desk.orders(1, { transaction: '0xother' })
    expect(desk.resolves(1, '1')).toEqual([])
    desk.answers(key, { kind: 'accepted', status: 'killed', fills: [] })
    expect(kindsOf(desk.resolves(1, '1'))).toContain('marketSettled')
  })

  test('of which nothing is held leaves no trace', () => {
    expect(holding().resolves(2, '1')).toEqual([])
  })

  test('pays for both outcomes where both are held', () => {
    const desk = holding()
    const other = { token: '12' as never, outcome: 'No', transaction: '0xno' }
    desk.copies(1, other)
    desk.resolves(1, '1')
    expect(desk.all('positionClosed').map(fact => fact.profit)).toEqual([shares('480'), shares('-520')])
    audit(desk)
  })
})

describe('whose profit it was', () => {
  test('is told by the shares that each whale is in for, and sums to the ledger’s', () => {
    const anyWhales = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 100, max: 3_000 })), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(anyWhales, fc.bigInt({ min: 0n, max: 1_000_000n }), fc.boolean(), (whales, pays, hasFee) => {
        const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror', confidenceMin: 0 } })
        const wish = { market: { feeRate: price(hasFee ? '0.01' : '0') } }
        whales.forEach(([by, size], index) => {
          desk.copies(1, { whale: wallet(by), size: shares(String(size)), transaction: `0x${index}` }, wish)
        })
        const { lots, shares: held } = desk.holding(1)
        desk.resolves(1, `0.${String(pays % 1_000_000n).padStart(6, '0')}`)
        const told = desk.all('profitRealised').reduce((sum, fact) => sum + fact.profit, 0n)
        expect(told).toBe(netProfit(desk.books.ledger))
        const settled = desk.all('profitRealised').filter(fact => fact.fee === 0n)
        const whole = settled.reduce((sum, fact) => sum + fact.profit, 0n)
        for (const [whale, lot] of lots) {
          const own = settled.find(fact => fact.whale === whale)?.profit ?? 0n
          expect(own * held - whole * lot.ours <= 0n && whole * lot.ours - own * held < held).toBe(true)
        }
        audit(desk)
      }),
      { numRuns: 60 },
    )
  })

  test('is nobody’s for what a person’s own order left over', () => {
    const desk = holding()
    desk.resolves(1, '1')
    expect(desk.all('profitRealised').map(fact => [fact.whale, fact.profit])).toEqual([[wallet(1), shares('480')]])
  })
})

describe('marks', () => {
  test('move what positions are worth, and only one that moved is a fact', () => {
    const desk = holding()
    expect(desk.books.marked).toBe(shares('510'))
    expect(desk.marks([1, '0.51'], [9, '0.3'])).toEqual([])
    expect(desk.marks([1, '0.6'], [9, '0.3']).at(0)).toMatchObject({
      kind: 'positionsMarked',
      marks: [{ bid: price('0.6') }],
    })
    expect(desk.books.marked).toBe(shares('600'))
    audit(desk)
  })

  test('never change cash, cost or profit that is final', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 999_999n }), { maxLength: 10 }), bids => {
        const desk = holding()
        const before = { ...desk.books.ledger }
        for (const bid of bids) desk.marks([1, `0.${String(bid as Price).padStart(6, '0')}`])
        expect(desk.books.ledger).toEqual(before)
        expect(desk.holding(1).shares as Shares).toBe(shares('1000'))
        audit(desk)
      }),
      { numRuns: 30 },
    )
  })
})
