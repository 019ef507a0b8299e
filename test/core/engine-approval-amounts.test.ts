import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { largestStake } from '../../src/core/engine/decide-approval.ts'
import { type Price, price, type Usd, usd } from '../../src/core/units/money.ts'
import { PLAIN_SETTINGS } from '../../src/core/whale/whale.ts'
import { audit } from '../support/audit.ts'
import { asking, card, FAR, waitingOf } from '../support/cards.ts'
import { kindsOf, type QuoteWish } from '../support/desk.ts'
import { needed, type Written, wallet } from '../support/made.ts'

describe('an amount that a person chooses', () => {
  test.each([
    ['half of it', '60'],
    ['an odd one', '77.77'],
    ['twice of it', '480'],
    ['the smallest stake', '50'],
    ['the largest stake', '1000'],
  ])('is what is then spent at most: %s', (_, wished) => {
    const desk = asking()
    const { signal, bound } = card(desk)
    const facts = desk.ask({ kind: 'approve', signal, round: 1, dollars: usd(wished) })
    expect(facts).toMatchObject([
      { kind: 'approvalGiven', bound: { limit: bound.limit, dollars: usd(wished), wish: usd(wished) } },
      { kind: 'quoteAsked', round: 2, bound: { wish: usd(wished) } },
    ])
    desk.quote(signal)
    const { reserve, intent } = desk.last('orderPlanned')
    expect(reserve <= usd(wished)).toBe(true)
    // All of it but what the price may still rise by, and a step of the size.
    expect(reserve >= (usd(wished) * 98n) / 100n).toBe(true)
    expect(intent.limit <= bound.limit).toBe(true)
    audit(desk)
  })

  test('that is what the card says anyway changes nothing', () => {
    const desk = asking()
    const { signal, bound } = card(desk)
    const [given] = desk.ask({ kind: 'approve', signal, dollars: bound.dollars })
    expect(given).toEqual({ kind: 'approvalGiven', signal, by: expect.anything(), at: desk.at })
  })

  test.each([
    ['under the smallest stake', '49.999999', '$49.999999 is under the smallest stake, $50'],
    ['nothing', '0', '$0 is under the smallest stake, $50'],
    ['less than nothing', '-50', '$-50 is under the smallest stake, $50'],
    ['over the largest stake', '1000.000001', '$1000.000001 is over the most that one stake may be now, $1000'],
  ])('is refused and the card stays: %s', (_, wished, why) => {
    const desk = asking({ deposit: '100000' })
    const { signal } = card(desk)
    const before = waitingOf(desk, signal)
    expect(kindsOf(desk.ask({ kind: 'approve', signal, dollars: usd(wished) }))).toEqual(['instructionRefused'])
    expect(desk.last('instructionRefused')).toMatchObject({ signal, why })
    expect(waitingOf(desk, signal)).toEqual(before)
    expect(kindsOf(desk.ask({ kind: 'approve', signal }))).toEqual(['approvalGiven', 'quoteAsked'])
  })

  test('is held to a part of equity, and to the cap of its whale', () => {
    const desk = asking({ deposit: '5000' })
    const { signal } = card(desk)
    const of = needed(desk.state.signals.get(signal))
    expect(largestStake(desk.state, of)).toBe(usd('500'))
    desk.ask({ kind: 'setWhale', whale: wallet(1), settings: { ...PLAIN_SETTINGS, stakeMax: usd('120') } })
    expect(largestStake(desk.state, of)).toBe(usd('120'))
    desk.ask({ kind: 'approve', signal, dollars: usd('121') })
    expect(desk.last('instructionRefused').why).toContain('$120')
  })

  test('is held to every limit on exposure when it comes to be bought: only what fits is', () => {
    const desk = asking({ limits: { marketPctMax: 0.03 } })
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal, dollars: usd('900') })
    desk.quote(signal)
    const { reserve } = desk.last('orderPlanned')
    expect(reserve <= usd('300') && reserve > usd('280')).toBe(true)
  })

  test('does not get past any other gate', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal, dollars: usd('200') })
    desk.quote(signal, { bids: [['0.3', '500']], asks: [['0.52', '5000']] })
    expect(desk.refusals()).toEqual(['SPREAD_ABOVE_MAX'])
  })
})

/** Books on a grid of some tick: asks one or more ticks above each other, and a bid under them. */
type Drawn = { readonly wish: QuoteWish; readonly ask: bigint }

function written(at: bigint): string {
  return `0.${at.toString().padStart(6, '0')}`
}

function anyBook(tick: bigint): fc.Arbitrary<Drawn> {
  const steps = 1_000_000n / tick
  return fc
    .record({
      first: fc.bigInt({ min: (steps * 15n) / 100n, max: (steps * 80n) / 100n }),
      levels: fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 4n }), fc.integer({ min: 1, max: 400_000 })), {
        minLength: 1,
        maxLength: 6,
      }),
    })
    .map(({ first, levels }) => {
      let at = first
      const asks: Written = levels.map(([apart, hundredths], index) => {
        at += index === 0 ? 0n : apart
        return [written(at * tick), (hundredths / 100).toFixed(2)]
      })
      const bids: Written = [[written((first - 1n) * tick), '5000']]
      return { wish: { bids, asks }, ask: first * tick }
    })
}

const anyTick = fc.constantFrom(10_000n, 1_000n)
const anyRate = fc.constantFrom(price('0'), price('0.02'), price('0.04'), price('0.07'))
const anyCase = anyTick.chain(tick =>
  fc.record({
    tick: fc.constant(tick as Price),
    feeRate: anyRate,
    laterRate: fc.option(anyRate, { nil: undefined }),
    shown: anyBook(tick),
    later: fc.option(anyBook(tick), { nil: undefined }),
    wished: fc.option(fc.bigInt({ min: 1n, max: 1_200_000_000n }), { nil: undefined }),
    slip: fc.constantFrom(price('0'), price('0.01'), price('0.05')),
  }),
)

test('a fill is never above the approved price nor dollars, for any amount, price, fee and tick', () => {
  let filled = 0
  fc.assert(
    fc.property(anyCase, ({ tick, feeRate, laterRate, shown, later, wished, slip }) => {
      const limits = { ...FAR, approvalSlipMax: slip, spreadMax: price('0.5'), liquidityMin: usd('0') }
      const desk = asking({ deposit: '20000', limits })
      const market = { tick, feeRate }
      const signal = desk.hears(1, { price: shown.ask as Price })
      desk.quote(signal, { ...shown.wish, market })
      const [asked] = desk.all('approvalAsked')
      if (asked === undefined) return
      desk.ask({ kind: 'approve', signal, dollars: wished as Usd | undefined })
      const [given] = desk.all('approvalGiven')
      if (given === undefined) {
        expect(wished !== undefined && (wished < usd('5') || wished > usd('1000'))).toBe(true)
        expect(waitingOf(desk, signal).bound).toEqual(asked.bound)
        return
      }
      const bound = given.bound ?? asked.bound
      expect(bound.dollars <= ((wished as Usd | undefined) ?? asked.bound.dollars)).toBe(true)
      const now = { ...(later ?? shown).wish, market: { tick, feeRate: laterRate ?? feeRate } }
      desk.quote(signal, now)
      const [planned] = desk.all('orderPlanned')
      if (planned === undefined) {
        // The same book as was shown is never taken for one that has moved.
        const hasChanged = later !== undefined || (laterRate !== undefined && laterRate !== feeRate)
        if (!hasChanged) expect(desk.all('approvalAsked')).toHaveLength(1)
        return
      }
      expect(planned.reserve <= bound.dollars).toBe(true)
      expect(planned.intent.limit <= bound.limit).toBe(true)
      expect(planned.intent.size <= bound.size).toBe(true)
      desk.fillsWhole(planned.intent.key, now)
      let paid = 0n
      for (const { fill } of desk.all('orderFilled')) {
        expect(fill.price <= bound.limit).toBe(true)
        paid += fill.notional + fill.fee
        filled += 1
      }
      expect(paid <= bound.dollars).toBe(true)
      audit(desk)
    }),
    { numRuns: 1_500 },
  )
  expect(filled).toBeGreaterThan(100)
})
