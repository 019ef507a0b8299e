import { describe, expect, test } from 'vitest'
import { closingIdOf, orderKeyOf, type SignalId } from '../../src/core/units/ids.ts'
import { price, type Shares, shares } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { token, wallet } from '../support/made.ts'

/** A desk that copied 1,000 shares of whale 1, and perhaps as many of whale 2 in the same outcome: mirrored, so that figures are round. */
function mirroring(whales: readonly number[] = [1]): TestDesk {
  const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror' } })
  for (const number of whales)
    desk.copies(1, { whale: wallet(number), transaction: `0xin${number}`, size: shares('1000') })
  return desk
}

function sells(desk: TestDesk, size: string, by = 1, transaction = `0xout${size}`): SignalId {
  return desk.hears(1, { side: 'sell', size: shares(size), whale: wallet(by), transaction })
}

/** The whale sells and ours follows it, to the end. */
function followsOut(desk: TestDesk, size: string, by = 1): void {
  const signal = sells(desk, size, by)
  desk.quote(signal)
  desk.fillsWhole(orderKeyOf(signal, 1))
}

describe('a whale that leaves is followed out', () => {
  test.each([
    ['a quarter', '250', '750'],
    ['nearly all', '999', '1'],
  ])('by %s', (_, sold, left) => {
    const desk = mirroring()
    expect(desk.holding(1).shares).toBe(shares('1000'))
    followsOut(desk, sold)
    expect(desk.holding(1).shares).toBe(shares(left))
    audit(desk)
  })

  test.each(['1000', '5000'])('wholly, when it sells %s of its 1,000', sold => {
    const desk = mirroring()
    followsOut(desk, sold)
    expect(desk.position(1)).toBeUndefined()
    expect(desk.all('positionClosed')).toHaveLength(1)
    expect(desk.books.ledger.positions).toBe(0n)
    audit(desk)
  })

  test('by half and by half again, and then nothing is left', () => {
    const desk = mirroring()
    followsOut(desk, '500')
    followsOut(desk, '500.000001')
    expect(desk.position(1)).toBeUndefined()
  })

  test('while what another whale is in for stays', () => {
    const desk = mirroring([1, 2])
    followsOut(desk, '1000', 1)
    expect(desk.holding(1).shares).toBe(shares('1000'))
    expect([...desk.holding(1).lots.keys()]).toEqual([wallet(2)])
    audit(desk)
  })

  test('twice at once, and the second does not take what another whale is in for', () => {
    const desk = mirroring([1, 2])
    const first = sells(desk, '500')
    const second = sells(desk.wait(4_000), '600')
    for (const signal of [first, second]) {
      desk.quote(signal)
      desk.fillsWhole(orderKeyOf(signal, 1))
    }
    expect(desk.holding(1).shares).toBe(shares('1000'))
    expect(desk.holding(1).lots.get(wallet(2))?.ours).toBe(shares('1000'))
    audit(desk)
  })

  test('twice at once, and both orders together never sell more than is held', () => {
    const desk = mirroring()
    const signals = [sells(desk, '500'), sells(desk.wait(4_000), '600')]
    for (const signal of signals) desk.quote(signal)
    const asked = desk.all('orderPlanned').filter(fact => fact.intent.side === 'sell')
    expect(asked.reduce((sum, fact) => sum + fact.intent.size, 0n)).toBe(shares('1000'))
    for (const signal of signals) desk.fillsWhole(orderKeyOf(signal, 1))
    expect(desk.position(1)).toBeUndefined()
    audit(desk)
  })

  test('with a profit that is the price’s, less fees, and told as the whale’s', () => {
    const desk = mirroring()
    const cost = desk.holding(1).cost
    const signal = sells(desk, '1000')
    const wish = {
      bids: [['0.6', '5000']] as const,
      asks: [['0.62', '1']] as const,
      market: { feeRate: price('0.01') },
    }
    desk.quote(signal, wish)
    desk.fillsWhole(orderKeyOf(signal, 1), wish)
    const fee = 2_400_000n
    expect(desk.last('profitRealised')).toMatchObject({ whale: wallet(1), fee, profit: shares('600') - cost - fee })
    expect(desk.last('positionClosed').profit).toBe(shares('600') - cost - fee)
    audit(desk)
  })

  test('at five cents under the best bid at worst, and never under the first tick', () => {
    const desk = mirroring()
    const signal = sells(desk, '1000')
    desk.quote(signal, { bids: [['0.03', '5000']], asks: [['0.9', '1']] })
    expect(desk.last('orderPlanned').intent.limit).toBe(price('0.01'))
    const other = mirroring()
    other.quote(sells(other, '1000'))
    expect(other.last('orderPlanned').intent.limit).toBe(price('0.46'))
  })
})

describe('a whale’s exit is refused', () => {
  test('when nothing of ours follows it', () => {
    const desk = new TestDesk()
    sells(desk, '100')
    expect(desk.refusals()).toEqual(['EXIT_WITHOUT_POSITION'])
  })

  test('when what we hold is another whale’s', () => {
    const desk = mirroring([2])
    sells(desk, '100', 1)
    expect(desk.refusals()).toEqual(['EXIT_WITHOUT_POSITION'])
    expect(desk.holding(1).shares).toBe(shares('1000'))
  })

  test.each([
    ['when nobody buys', { bids: [] }, 'BOOK_EMPTY'],
    ['when it is under the market’s smallest order', { market: { sizeMin: shares('2000') } }, 'EXIT_BELOW_MARKET_MIN'],
    ['in a market that is closed', { market: { status: 'closed' as const } }, 'MARKET_NOT_OPEN'],
  ])('%s', (_, wish, code) => {
    const desk = mirroring()
    desk.quote(sells(desk, '1000'), wish)
    expect(desk.refusals()).toContain(code)
  })

  test('and what was too little to sell then is sold with the rest later', () => {
    const desk = mirroring()
    desk.quote(sells(desk, '3'))
    expect(desk.refusals()).toEqual(['EXIT_BELOW_MARKET_MIN'])
    followsOut(desk, '997')
    expect(desk.position(1)).toBeUndefined()
  })

  test('not for what only keeps entries out: a wide spread, little liquidity, a near end', () => {
    const desk = mirroring()
    const signal = sells(desk, '1000')
    desk.quote(signal, {
      bids: [['0.2', '5000']],
      asks: [['0.8', '5000']],
      market: { liquidity: shares('1') as never, closesAt: desk.at },
    })
    expect(desk.last('orderPlanned').intent.side).toBe('sell')
  })

  test('while trading is halted, but let through while it is only reduced', () => {
    const desk = mirroring()
    const hold = { by: 'operator', effect: 'reduce', since: desk.at, until: 'released by hand', why: 'x' } as const
    desk.state.holds.set('operator', hold)
    desk.quote(sells(desk, '250'))
    expect(desk.last('orderPlanned').intent.side).toBe('sell')
    desk.hears(2)
    expect(desk.refusals()).toEqual(['TRADING_REDUCING'])
    desk.state.holds.set('operator', { ...hold, effect: 'halt' })
    sells(desk, '300')
    expect(desk.refusals()).toEqual(['TRADING_HALTED'])
  })
})

describe('a person closes', () => {
  const close = (desk: TestDesk, part: bigint, press: string) => {
    desk.ask({ kind: 'close', token: token(1), part, why: 'enough' }, press)
    return closingIdOf(press)
  }

  test.each([
    ['half of a position', 500_000n, '500'],
    ['a third of it, in steps that a venue takes', 333_333n, '666.67'],
  ])('%s', (_, part, left) => {
    const desk = mirroring()
    const signal = close(desk, part, 'p1')
    desk.quote(signal)
    desk.fillsWhole(orderKeyOf(signal, 1))
    expect(desk.holding(1).shares).toBe(shares(left))
    expect(desk.last('profitRealised').whale).toBeUndefined()
    audit(desk)
  })

  test('all of it', () => {
    const desk = mirroring([1, 2])
    const signal = close(desk, 1_000_000n, 'p1')
    desk.quote(signal)
    desk.fillsWhole(orderKeyOf(signal, 1))
    expect(desk.position(1)).toBeUndefined()
    audit(desk)
  })

  test('with one press once, however often it is delivered', () => {
    const desk = mirroring()
    close(desk, 500_000n, 'p1')
    close(desk, 500_000n, 'p1')
    expect(desk.all('signalOpened').filter(fact => fact.signal.origin.kind === 'person')).toHaveLength(1)
    expect(desk.last('instructionRefused').why).toBe('that press was taken already')
  })

  test('without being asked again, even where a person has to approve what whales do', () => {
    const desk = mirroring()
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
    desk.quote(close(desk, 500_000n, 'p1'))
    expect(desk.last('orderPlanned').intent.side).toBe('sell')
  })

  test.each([0n, -1n, 1_000_001n])('no part of %s millionths', part => {
    const desk = mirroring()
    close(desk, part, 'p1')
    expect(kindsOf(desk.facts).at(-1)).toBe('instructionRefused')
  })

  test('what is not held, and hears so', () => {
    const desk = new TestDesk()
    close(desk, 1_000_000n, 'p1')
    expect(desk.last('instructionRefused')).toMatchObject({ instruction: 'close', why: 'no such position is held' })
  })

  test('while a whale’s exit is on the way, and together they never sell more than is held', () => {
    const desk = mirroring()
    const exit = sells(desk, '800')
    desk.quote(exit)
    const closing = close(desk, 1_000_000n, 'p1')
    desk.quote(closing)
    const sizes = desk.all('orderPlanned').filter(fact => fact.intent.side === 'sell')
    expect(sizes.reduce<bigint>((sum, fact) => sum + fact.intent.size, 0n) <= desk.holding(1).shares).toBe(true)
  })
})

test('a fill that is told twice, in whatever answer, counts once', () => {
  const desk = mirroring()
  const signal = sells(desk, '1000')
  desk.quote(signal)
  const key = orderKeyOf(signal, 1)
  const fills = [desk.fill(key, 'f', shares('400') as Shares)]
  desk.answers(key, { kind: 'accepted', status: 'killed', fills })
  expect(desk.answers(key, { kind: 'accepted', status: 'killed', fills })).toEqual([])
  expect(desk.reports(key, { kind: 'found', status: 'cancelled', fills })).toEqual([])
  expect(desk.holding(1).shares).toBe(shares('600'))
  audit(desk)
})
