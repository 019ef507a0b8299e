import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ConditionId, type Instant, instant, type TokenId } from '../../src/core/units/ids.ts'
import { NO_SHARES, type Shares, shares, type Usd, usd } from '../../src/core/units/money.ts'
import { accountsOf } from '../../src/core/whale/holdings.ts'
import type { Act } from '../../src/core/whale/holdings-act.ts'
import { ACTIVITY_TYPES, meaningOf } from '../../src/core/whale/holdings-kinds.ts'
import { comparePayout, winnerByPayout } from '../../src/core/whale/holdings-payout.ts'
import { toldOnce } from '../../src/core/whale/holdings-repeats.ts'

const MARKET = `0x${'a'.repeat(64)}` as ConditionId
const OTHER = `0x${'b'.repeat(64)}` as ConditionId
const YES = '11' as TokenId
const NO = '22' as TokenId
const tokens = [YES, NO] as const
const at = instant(1_774_200_000_000)
const later = instant(at + 60_000)
const within = { at, transaction: '0x1', condition: MARKET }

function traded(side: 'buy' | 'sell', token: TokenId, size: string, paid: string, when: Instant = at): Act {
  return { kind: 'trade', ...within, at: when, token, side, size: shares(size), paid: usd(paid) }
}

function redeemed(paid: string): Act {
  return { kind: 'redeem', ...within, at: later, tokens, paid: usd(paid) }
}

function merged(size: string, when: Instant = at): Act {
  return { kind: 'merge', ...within, at: when, tokens, size: shares(size) }
}

function heldAfter(...acts: readonly Act[]): readonly (Shares | undefined)[] {
  const market = accountsOf(acts).markets.get(MARKET)
  return tokens.map(token => market?.tokens.get(token)?.held)
}

describe('what a wallet holds', () => {
  test('is what it bought without what it sold', () => {
    expect(heldAfter(traded('buy', YES, '10', '4'), traded('sell', YES, '3', '1.5'))).toEqual([shares('7'), undefined])
  })

  test('is one of each outcome for a dollar that was split, and a dollar for one of each that was merged', () => {
    const split: Act = { kind: 'split', ...within, tokens, size: shares('5') }
    expect(heldAfter(split, merged('2'))).toEqual([shares('3'), shares('3')])
    const market = accountsOf([split, merged('2')]).markets.get(MARKET)
    expect(market).toMatchObject({ paidIn: usd('5'), paidOut: usd('2'), merged: usd('2') })
  })

  test('is nothing of either outcome after a redemption that is told in total', () => {
    const acts = [traded('buy', YES, '10', '4'), traded('buy', NO, '6', '3'), redeemed('10')]
    expect(heldAfter(...acts)).toEqual([NO_SHARES, NO_SHARES])
    expect(accountsOf(acts).differences).toEqual([])
  })

  test.each([
    ['the winner', '10', []],
    ['the loser, for nothing', '6', []],
    ['half of both, where neither won', '8', []],
    ['neither', '9', ['redeemedOther']],
  ])('is redeemed for the dollars of %s', (_what, paid, kinds) => {
    const acts = [traded('buy', YES, '10', '4'), traded('buy', NO, '6', '3'), redeemed(paid)]
    expect(accountsOf(acts).differences.map(({ kind }) => kind)).toEqual(kinds)
  })

  test('loses only the token that a redemption names', () => {
    const acts: Act[] = [
      traded('buy', YES, '10', '4'),
      traded('buy', NO, '6', '3'),
      { kind: 'redeemToken', ...within, at: later, token: NO, size: shares('6'), paid: usd('0') },
    ]
    expect(heldAfter(...acts)).toEqual([shares('10'), NO_SHARES])
    expect(accountsOf(acts).markets.get(MARKET)).toMatchObject({ wasPaid: true, redeemed: usd('0') })
  })

  test('moves between markets and dollars when No shares are converted', () => {
    const third = { condition: `0x${'c'.repeat(64)}` as ConditionId, token: '33' as TokenId }
    const acts: Act[] = [
      traded('buy', NO, '10', '6'),
      { ...traded('buy', '44' as TokenId, '10', '7'), condition: OTHER } as Act,
      {
        kind: 'conversion',
        at: later,
        transaction: '0x2',
        taken: [
          { condition: MARKET, token: NO },
          { condition: OTHER, token: '44' as TokenId },
        ],
        given: [third],
        size: shares('10'),
        paid: usd('10'),
      },
    ]
    const { markets, converted, differences } = accountsOf(acts)
    expect(markets.get(MARKET)?.tokens.get(NO)?.held).toBe(NO_SHARES)
    expect(markets.get(third.condition)?.tokens.get(third.token)?.held).toBe(shares('10'))
    expect({ converted, differences }).toEqual({ converted: usd('10'), differences: [] })
  })

  test('comes and goes when it is sent, without a dollar', () => {
    const move = { kind: 'move', ...within, token: YES, size: shares('4') } as const
    const acts: Act[] = [
      { ...move, way: 'in' },
      { ...move, way: 'out', at: later, size: shares('1') },
    ]
    expect(heldAfter(...acts)).toEqual([shares('3'), undefined])
    expect(accountsOf(acts).markets.get(MARKET)).toMatchObject({ paidIn: 0n, paidOut: 0n })
  })

  test('is not changed by rewards, deposits and withdrawals, which are money by type', () => {
    const money = (type: string, way: 'in' | 'out', paid: string): Act => ({
      kind: 'money',
      at,
      transaction: '0x3',
      type,
      way,
      paid: usd(paid),
    })
    const { money: sums, markets } = accountsOf([
      money('REWARD', 'in', '2'),
      money('REWARD', 'in', '3'),
      money('WITHDRAWAL', 'out', '40'),
    ])
    expect([...sums]).toEqual([
      ['REWARD', usd('5')],
      ['WITHDRAWAL', usd('-40')],
    ])
    expect(markets.size).toBe(0)
  })
})

describe('what a wallet cannot have done', () => {
  test('is named with the shares that are missing, and they stay missing', () => {
    const acts = [traded('buy', YES, '2', '1'), traded('sell', YES, '5', '3', later)]
    expect(heldAfter(...acts)).toEqual([shares('-3'), undefined])
    expect(accountsOf(acts).differences).toEqual([
      {
        kind: 'tookMoreThanHeld',
        by: 'trade',
        condition: MARKET,
        token: YES,
        missing: shares('3'),
        at: later,
        transaction: '0x1',
      },
    ])
  })

  test('is counted once: a second sale is missing only its own shares', () => {
    const acts = [traded('sell', YES, '5', '3'), traded('sell', YES, '2', '1', later)]
    const missing = accountsOf(acts).differences.map(each => 'missing' in each && each.missing)
    expect(missing).toEqual([shares('5'), shares('2')])
  })

  test('includes redeeming dollars of a market of which nothing was held', () => {
    expect(accountsOf([redeemed('7')]).differences).toMatchObject([{ kind: 'redeemedOther', held: [0n, 0n] }])
    expect(accountsOf([redeemed('0')]).differences).toEqual([])
  })

  test('is told apart from what was not told: the row is named with its type', () => {
    const act: Act = { kind: 'untold', at, transaction: '0x9', type: 'AIRDROP', lacks: 'meaning', paid: usd('1') }
    expect(accountsOf([act]).differences).toMatchObject([{ kind: 'notTold', type: 'AIRDROP', lacks: 'meaning' }])
  })
})

const anySize = fc.bigInt({ min: 1n, max: 50_000_000n })
const anyInstant = fc.integer({ min: 0, max: 3 }).map(second => instant(at + second * 1_000))
const anyTransaction = fc.constantFrom('0x1', '0x2', '0x3')

/** What a wallet could be told to do in two markets within a few seconds, possible or not. */
const anyAct: fc.Arbitrary<Act> = fc
  .record({
    kind: fc.constantFrom('trade', 'split', 'merge', 'redeem', 'redeemToken', 'payout', 'conversion', 'move', 'money'),
    at: anyInstant,
    transaction: anyTransaction,
    condition: fc.constantFrom(MARKET, OTHER),
    token: fc.constantFrom(...tokens),
    side: fc.constantFrom('buy', 'sell'),
    way: fc.constantFrom('in', 'out'),
    size: anySize,
    paid: anySize,
  })
  .map(
    ({ kind, ...rest }) =>
      ({
        ...rest,
        kind,
        type: 'REWARD',
        tokens,
        taken: [{ condition: MARKET, token: NO }],
        given: [{ condition: OTHER, token: YES }],
      }) as unknown as Act,
  )

describe('the account of a wallet', () => {
  test('is the same in whichever order its acts were told', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyAct, { maxLength: 25 })
          .chain(acts => fc.tuple(fc.constant(acts), fc.shuffledSubarray(acts, { minLength: acts.length }))),
        ([acts, shuffled]) => {
          const [one, other] = [accountsOf(acts), accountsOf(shuffled)]
          expect(other.markets).toEqual(one.markets)
          expect(other.differences).toEqual(one.differences)
          expect([other.money, other.converted]).toEqual([one.money, one.converted])
        },
      ),
    )
  })

  test('takes what brings shares in a second before what needs them, whichever transaction is named first', () => {
    const first = { ...traded('sell', YES, '1', '0.5'), transaction: '0x0' }
    const acts = [merged('5'), first, traded('buy', NO, '5', '2'), traded('buy', YES, '6', '3')]
    expect(heldAfter(...acts)).toEqual([NO_SHARES, NO_SHARES])
    expect(accountsOf(acts).differences).toEqual([])
  })

  test('never has more missing than it is below zero where nothing is burnt whole', () => {
    const anyMove = fc.record({ size: anySize, isBuy: fc.boolean(), at: anyInstant })
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 30 }), moves => {
        const acts = moves.map(
          ({ size, isBuy, at: when }): Act => ({
            kind: 'trade',
            ...within,
            at: when,
            token: YES,
            side: isBuy ? 'buy' : 'sell',
            size: size as Shares,
            paid: 0n as Usd,
          }),
        )
        const { markets, differences } = accountsOf(acts)
        const sum = moves.reduce((total, { size, isBuy }) => total + (isBuy ? size : -size), 0n)
        expect(markets.get(MARKET)?.tokens.get(YES)?.held ?? 0n).toBe(sum)
        if (sum < 0n) expect(differences.length).toBeGreaterThan(0)
      }),
    )
  })
})

describe('the payouts of a market', () => {
  test('are all the shares of the winner, merged with one of the loser or redeemed', () => {
    const acts = [traded('buy', YES, '100', '40'), traded('buy', NO, '60', '30'), merged('60', later), redeemed('40')]
    const market = accountsOf(acts).markets.get(MARKET)
    expect(market && winnerByPayout(market)).toBe(YES)
    expect(market && comparePayout(market, undefined)).toMatchObject({ kind: 'equal', token: YES, apart: 0n })
    expect(market && comparePayout(market, NO)).toMatchObject({ kind: 'paidMore', apart: usd('40') })
  })

  test.each([
    ['200', '199', 'equal', '-1'],
    ['200', '198.999999', 'paidLess', '-1.000001'],
    ['200', '201.006', 'paidMore', '1.006'],
  ])('of %s shares that paid %s are %s', (size, paid, kind, apart) => {
    const payout: Act = { kind: 'payout', ...within, at: later, paid: usd(paid) }
    const market = accountsOf([traded('buy', YES, size, '1'), payout]).markets.get(MARKET)
    expect(market && comparePayout(market, YES)).toMatchObject({ kind, apart: usd(apart) })
  })

  test('say no winner where both sides equal them', () => {
    const payout: Act = { kind: 'payout', ...within, at: later, paid: usd('10') }
    const acts = [traded('buy', YES, '10', '1'), traded('buy', NO, '10', '1'), payout]
    const market = accountsOf(acts).markets.get(MARKET)
    expect(market && winnerByPayout(market)).toBeUndefined()
  })

  test('are not compared where there are none, or nothing was bought', () => {
    const unpaid = accountsOf([traded('buy', YES, '1', '1')]).markets.get(MARKET)
    expect(unpaid && comparePayout(unpaid, YES)).toEqual({ kind: 'notPaid' })
    const untraded = accountsOf([redeemed('7')]).markets.get(MARKET)
    expect(untraded && comparePayout(untraded, YES)).toEqual({ kind: 'notTraded', paid: usd('7') })
  })
})

describe('a list of rows', () => {
  const once = (...list: readonly string[]): readonly string[] =>
    toldOnce(
      list,
      row => row[0] ?? '',
      row => row,
    ).rows

  test.each([
    ['a page told again after other transactions counts once', ['a1', 'b1', 'a1', 'b1', 'c1'], ['a1', 'b1', 'c1']],
    ['equal fills of one transaction both count', ['a1', 'a1', 'b1'], ['a1', 'a1', 'b1']],
    [
      'equal fills told again count as often as they stood together',
      ['a1', 'a1', 'b1', 'a1', 'a1'],
      ['a1', 'a1', 'b1'],
    ],
    ['a transaction cut by a page keeps the most that stood together', ['a1', 'b1', 'a1', 'a1'], ['a1', 'b1', 'a1']],
    ['different rows of one transaction all count', ['a1', 'b1', 'a2'], ['a1', 'b1', 'a2']],
  ])('%s', (_name, list, rows) => {
    expect(once(...list)).toEqual(rows)
  })

  test('keeps equal rows that name no transaction', () => {
    const list = toldOnce(
      ['x', 'x', 'x'],
      () => '',
      row => row,
    )
    expect(list).toEqual({ rows: ['x', 'x', 'x'], repeats: 0, twins: 0 })
  })

  test('says how many were repeats and how many were twins', () => {
    const list = toldOnce(
      ['a1', 'a1', 'b1', 'a1'],
      row => row[0] ?? '',
      row => row,
    )
    expect({ repeats: list.repeats, twins: list.twins }).toEqual({ repeats: 1, twins: 1 })
  })
})

test('every type of the table means something, and a type that is not in it means nothing', () => {
  expect(Object.keys(ACTIVITY_TYPES)).toHaveLength(15)
  expect(meaningOf('MERGE')?.does).toBe('merge')
  expect(meaningOf('toString')).toBeUndefined()
})
