import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bought, deposited, emptyLedger, netProfit, type Posting, post, sold } from '../../src/core/ledger/ledger.ts'
import {
  afterBuy,
  afterSale,
  afterWhaleSold,
  type Cause,
  costOf,
  exitSize,
  markedValue,
  opened,
  type Position,
} from '../../src/core/ledger/position.ts'
import { InvariantError } from '../../src/core/units/brand.ts'
import { decimal, notional, type Price, price, type Shares, shares, type Usd, usd } from '../../src/core/units/money.ts'
import { fill, HALF_PAST_NOON, positionFacts, wallet } from '../support/made.ts'

const EMPTY = opened(positionFacts(0), price('0.5'), HALF_PAST_NOON)

function lotsOf(position: Position): bigint {
  return [...position.lots.values()].reduce((sum, lot) => sum + lot.ours, 0n)
}

/** Our shares because of a whale, and how many of its own it bought. */
function following(number: number, ours: string, theirs: string, from: Position = EMPTY): Position {
  const cause: Cause = { whale: wallet(number), theirs: shares(theirs) }
  return afterBuy(from, fill(`${number}`, shares(ours), price('0.5')), cause)
}

describe('the average cost', () => {
  test('of shares bought at different prices is what they cost together', () => {
    const one = afterBuy(EMPTY, fill('a', shares('100'), price('0.4')), undefined)
    const both = afterBuy(one, fill('b', shares('300'), price('0.6')), undefined)
    expect(both).toMatchObject({ shares: shares('400'), cost: usd('220') })
    expect(decimal(costOf(both, shares('100')))).toBe('55')
  })

  test('that leaves with a part is rounded up, so that profit is never overstated', () => {
    const held: Position = { ...EMPTY, shares: shares('3'), cost: usd('1') }
    expect(decimal(costOf(held, shares('1')))).toBe('0.333334')
    expect(decimal(costOf(held, shares('3')))).toBe('1')
  })

  test('more than is held cannot leave', () => {
    expect(() => costOf({ ...EMPTY, shares: shares('3') }, shares('3.000001'))).toThrow(InvariantError)
  })

  test('what shares would bring is rounded down', () => {
    expect(markedValue({ ...EMPTY, shares: 3n as Shares, mark: price('0.5') })).toBe(1n)
  })
})

/** Buys and sales of one position by any of three whales or by a person, and whales that sell on their own. */
type Move =
  | { readonly kind: 'buy'; readonly by: number; readonly size: bigint; readonly at: bigint; readonly theirs: bigint }
  | { readonly kind: 'sell'; readonly by: number; readonly part: bigint; readonly at: bigint }
  | { readonly kind: 'whaleSold'; readonly by: number; readonly size: bigint }

const anyBy = fc.integer({ min: 0, max: 3 })
const anySize = fc.oneof(fc.bigInt({ min: 1n, max: 20n }), fc.bigInt({ min: 1n, max: 10n ** 10n }))
const anyAt = fc.bigInt({ min: 1n, max: 999_999n })
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant('buy' as const), by: anyBy, size: anySize, at: anyAt, theirs: anySize }),
  fc.record({
    kind: fc.constant('sell' as const),
    by: anyBy,
    part: fc.oneof(fc.constant(1_000_000n), fc.bigInt({ min: 1n, max: 1_000_000n })),
    at: anyAt,
  }),
  fc.record({ kind: fc.constant('whaleSold' as const), by: anyBy, size: anySize }),
)

/** Carries out moves one after the other, books them, and shows every position on the way. */
function carriedOut(moves: readonly Move[], see: (position: Position) => void) {
  const ledger = emptyLedger()
  post(ledger, deposited(usd('1000000000')))
  let position = EMPTY
  let realised = 0n
  moves.forEach((each, index) => {
    const whale = each.by === 0 ? undefined : wallet(each.by)
    if (each.kind === 'buy') {
      const bill = fill(String(index), each.size as Shares, each.at as Price, 'buy', price('0.05'))
      const cause = whale === undefined ? undefined : { whale, theirs: each.theirs as Shares }
      position = afterBuy(position, bill, cause)
      post(ledger, bought(bill.notional, bill.fee))
      realised -= bill.fee
    } else if (each.kind === 'sell') {
      const size = ((position.shares * each.part) / 1_000_000n) as Shares
      if (size === 0n) return
      const cost = costOf(position, size)
      const proceeds = notional(size, each.at as Price, 'down')
      position = afterSale(position, size, proceeds, 1n as Usd, whale)
      post(ledger, sold(proceeds, 1n as Usd, cost))
      realised += proceeds - cost - 1n
    } else if (whale !== undefined) {
      position = afterWhaleSold(position, whale, each.size as Shares)
    }
    see(position)
  })
  return { position, ledger, realised }
}

describe('under any sequence of buys and sales', () => {
  const anyMoves = fc.array(anyMove, { maxLength: 30 })

  test('the lots never hold more than the position, and none is below nothing', () => {
    fc.assert(
      fc.property(anyMoves, moves => {
        carriedOut(moves, position => {
          expect(lotsOf(position) <= position.shares).toBe(true)
          expect([...position.lots.values()].every(lot => lot.ours >= 0n && lot.theirs >= 0n)).toBe(true)
        })
      }),
      { numRuns: 1_000 },
    )
  })

  test('cost is never below nothing, and with the last share it is exactly nothing', () => {
    fc.assert(
      fc.property(anyMoves, moves => {
        const sellAll: Move = { kind: 'sell', by: 0, part: 1_000_000n, at: 500_000n }
        const { position, ledger } = carriedOut([...moves, sellAll], each => expect(each.cost >= 0n).toBe(true))
        expect(position).toMatchObject({ shares: 0n, cost: 0n, lots: new Map() })
        expect(ledger.positions).toBe(0n)
      }),
    )
  })

  test('the ledger is balanced, its positions are the cost, and its profit is that of every sale and fee', () => {
    fc.assert(
      fc.property(anyMoves, moves => {
        const { position, ledger, realised } = carriedOut(moves, () => undefined)
        expect(ledger.cash + ledger.positions + ledger.fees + ledger.realised + ledger.deposits).toBe(0n)
        expect(ledger.positions).toBe(position.cost)
        expect(netProfit(ledger)).toBe(realised)
        expect(position.realised - position.fees).toBe(realised)
        expect(ledger.cash - usd('1000000000')).toBe(realised - position.cost)
      }),
    )
  })

  test('what a whale’s exit sells is never more than its lot', () => {
    fc.assert(
      fc.property(anyMoves, anySize, (moves, size) => {
        const { position } = carriedOut(moves, () => undefined)
        for (const number of [1, 2, 3]) {
          const lot = position.lots.get(wallet(number))
          expect(exitSize(position, wallet(number), size as Shares) <= (lot?.ours ?? 0n)).toBe(true)
        }
      }),
    )
  })

  test('a sale in proportion that does not come out even leaves the lots within the position', () => {
    // Three shares for two whales and a third for nobody: each part of a millionth has to go somewhere.
    const held = following(2, '0.000001', '1', following(1, '0.000001', '1'))
    const after = afterSale(held, 1n as Shares, 0n as Usd, 0n as Usd, undefined)
    expect(after.shares).toBe(1n)
    expect(lotsOf(after) <= after.shares).toBe(true)
  })
})

describe('following a whale out', () => {
  const held = following(1, '100', '1000')

  test.each([
    ['a tenth of it', '100', '10'],
    ['a third, rounded up to the millionth', '333.333333', '33.333334'],
    ['all of it', '1000', '100'],
    ['more than we followed', '5000', '100'],
  ])('that sells %s takes as much of ours', (_, sold, ours) => {
    expect(decimal(exitSize(held, wallet(1), shares(sold)))).toBe(ours)
  })

  test('of whose we hold nothing sells nothing', () => {
    expect(exitSize(held, wallet(2), shares('1000'))).toBe(0n)
    expect(afterWhaleSold(held, wallet(2), shares('1'))).toBe(held)
  })

  test('twice by half takes all of ours in the end', () => {
    const first = exitSize(held, wallet(1), shares('500'))
    const after = afterSale(afterWhaleSold(held, wallet(1), shares('500')), first, usd('25'), usd('0'), wallet(1))
    expect(decimal(exitSize(after, wallet(1), shares('500')))).toBe('50')
  })

  test('out of a position that two whales share leaves the other’s lot alone', () => {
    const both = following(2, '40', '40', held)
    const after = afterSale(both, shares('100'), usd('50'), usd('0'), wallet(1))
    expect(after.lots.get(wallet(1))).toBeUndefined()
    expect(after.lots.get(wallet(2))).toEqual({ ours: shares('40'), theirs: shares('40') })
  })

  test('after a person sold half takes the part of what is left', () => {
    const half = afterSale(held, shares('50'), usd('25'), usd('0'), undefined)
    expect(decimal(exitSize(half, wallet(1), shares('500')))).toBe('25')
  })
})

describe('a posting', () => {
  test.each<[string, Posting]>([
    ['a deposit', deposited(usd('10000'))],
    ['a purchase', bought(usd('52'), usd('0.5'))],
    ['a sale at a profit', sold(usd('60'), usd('0.5'), usd('52'))],
    ['a sale at a loss', sold(usd('40'), usd('0.5'), usd('52'))],
    ['a payout of nothing', sold(usd('0'), usd('0'), usd('52'))],
  ])('of %s is balanced', (_, posting) => {
    expect(Object.values(posting).reduce((sum, amount) => sum + amount, 0n)).toBe(0n)
    expect(() => post(emptyLedger(), posting)).not.toThrow()
  })

  test('that is not balanced stops the program and books nothing', () => {
    const ledger = emptyLedger()
    expect(() => post(ledger, { cash: usd('1') })).toThrow(InvariantError)
    expect(ledger).toEqual(emptyLedger())
  })

  test('of a whole round leaves the profit after fees', () => {
    const ledger = emptyLedger()
    for (const posting of [deposited(usd('100')), bought(usd('52'), usd('1')), sold(usd('60'), usd('2'), usd('52'))]) {
      post(ledger, posting)
    }
    expect(decimal(netProfit(ledger))).toBe('5')
    expect(decimal(ledger.cash)).toBe('105')
    expect(ledger.positions).toBe(0n)
  })
})
