import { describe, expect, test } from 'vitest'
import { ROUNDS_MAX } from '../../src/core/order/approval.ts'
import { price, usd } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { asking, card, FAR, movedBy, stageOf, waitingOf } from '../support/cards.ts'
import { kindsOf, type TestDesk } from '../support/desk.ts'

/** A card whose yes was given when the book had moved: it is asked again, as version 2. */
function askedAgain(desk: TestDesk, cents = 3) {
  const first = card(desk)
  desk.wait(10_000).ask({ kind: 'approve', signal: first.signal })
  desk.quote(first.signal, movedBy(cents))
  return { ...first, again: desk.last('approvalAsked') }
}

describe('a price that has moved beyond what was approved', () => {
  test('is asked about anew, as a later version that waits a shorter time, and nothing is sent', () => {
    const desk = asking({ limits: FAR })
    const { signal, bound, again } = askedAgain(desk)
    expect(kindsOf(desk.facts).slice(-2)).toEqual(['signalWeighed', 'approvalAsked'])
    expect(again).toMatchObject({ round: 2, again: 'moved', expected: price('0.55') })
    expect(again.bound).toMatchObject({ limit: price('0.56') })
    expect(bound.limit).toBe(price('0.53'))
    expect(again.bound.expiresAt - desk.at).toBe(30_000)
    expect(desk.effects).toEqual([
      { kind: 'wake', timer: { kind: 'approval', signal, round: 2 }, at: again.bound.expiresAt },
    ])
    expect(desk.all('orderPlanned')).toEqual([])
    audit(desk)
  })

  test('is bought at once after a yes to the later version', () => {
    const desk = asking({ limits: FAR })
    const { signal, again } = askedAgain(desk)
    desk.ask({ kind: 'approve', signal, round: 2 })
    desk.quote(signal, movedBy(3))
    expect(desk.last('orderPlanned')).toMatchObject({
      intent: { limit: again.bound.limit, size: again.bound.size },
      reserve: again.bound.dollars,
    })
  })

  test('within what was approved it is not asked about: the slip is there for that', () => {
    const desk = asking({ limits: FAR })
    const { signal, bound } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal, movedBy(1))
    expect(desk.all('approvalAsked')).toHaveLength(1)
    expect(desk.last('orderPlanned').intent.limit).toBe(bound.limit)
  })

  test('waits no longer than any card does', () => {
    const desk = asking({ limits: { ...FAR, approvalWaitMs: 12_000 } })
    const { again } = askedAgain(desk)
    expect(again.bound.expiresAt - desk.at).toBe(12_000)
  })

  test('expires as any other card, and the timer of the earlier version does not end it', () => {
    const desk = asking({ limits: FAR })
    const { signal } = askedAgain(desk)
    expect(desk.wait(29_999).fires({ kind: 'approval', signal, round: 1 })).toEqual([])
    expect(desk.fires({ kind: 'approval', signal, round: 2 })).toEqual([])
    expect(kindsOf(desk.wait(1).fires({ kind: 'approval', signal, round: 2 }))).toEqual(['signalExpired'])
  })

  test('is not run after endlessly', () => {
    const desk = asking({ limits: { ...FAR, approvalSlipMax: price('0') } })
    const { signal } = card(desk)
    for (let turn = 1; turn < ROUNDS_MAX; turn += 1) {
      desk.wait(1_000).ask({ kind: 'approve', signal, round: turn })
      desk.quote(signal, movedBy(turn))
      expect(waitingOf(desk, signal).round).toBe(turn + 1)
    }
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal, movedBy(ROUNDS_MAX))
    expect(desk.last('signalRefused').refusals).toEqual([
      { code: 'APPROVAL_BOUND_EXCEEDED', detail: 'the price keeps running away' },
    ])
    expect(desk.all('orderPlanned')).toEqual([])
    audit(desk)
  })

  test('is refused, and nobody is asked, where the edge has gone', () => {
    const desk = asking({ limits: { priceMoveMax: price('0.2') } })
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal, movedBy(8))
    expect(desk.refusals()).toContain('EDGE_NOT_POSITIVE')
    expect(desk.all('approvalAsked')).toHaveLength(1)
  })

  test.each([
    ['further from the whale than is allowed', movedBy(21), 'PRICE_MOVED_TOO_FAR'],
    ['and nobody sells any more', { asks: [] }, 'BOOK_EMPTY'],
    ['and the market is closed', { ...movedBy(3), market: { status: 'closed' as const } }, 'MARKET_NOT_OPEN'],
    ['and the book is old', { ...movedBy(3), ageMs: 60_000 }, 'QUOTE_TOO_OLD'],
  ])('is refused, and nobody is asked: %s', (_, wish, code) => {
    const desk = asking({ limits: FAR })
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal, wish)
    expect(desk.refusals()).toContain(code)
    expect(desk.all('approvalAsked')).toHaveLength(1)
  })

  test('is not asked about where the card had run out by then: nobody is looking any more', () => {
    const desk = asking({ limits: FAR })
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.wait(90_000).quote(signal, movedBy(3))
    expect(desk.refusals()).toEqual(['APPROVAL_EXPIRED', 'BOOK_EMPTY'])
    expect(desk.all('approvalAsked')).toHaveLength(1)
  })

  test('is asked about although the trade is older by then than any new one may be', () => {
    const desk = asking({ limits: FAR })
    const { signal } = card(desk)
    desk.wait(80_000).ask({ kind: 'approve', signal })
    desk.quote(signal, movedBy(3))
    expect(waitingOf(desk, signal).round).toBe(2)
  })

  test('keeps the amount that a person had chosen', () => {
    const desk = asking({ limits: FAR })
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal, dollars: usd('40') })
    desk.quote(signal, movedBy(3))
    const again = desk.last('approvalAsked')
    expect(again).toMatchObject({ again: 'moved', bound: { wish: usd('40') } })
    expect(again.bound.dollars <= usd('40') && again.bound.dollars > usd('39')).toBe(true)
    desk.ask({ kind: 'approve', signal, round: 2 })
    desk.quote(signal, movedBy(3))
    expect(desk.last('orderPlanned')).toMatchObject({ intent: { size: again.bound.size } })
  })
})

describe('the version of a card', () => {
  test.each([
    ['none', undefined, true],
    ['the one that waits', 2, true],
    ['an older one', 1, false],
    ['one that is not there yet', 3, false],
  ])('a yes that names %s', (_, round, counts) => {
    const desk = asking({ limits: FAR })
    const { signal } = askedAgain(desk)
    const facts = desk.ask({ kind: 'approve', signal, round })
    expect(kindsOf(facts)).toEqual(counts ? ['approvalGiven', 'quoteAsked'] : ['instructionRefused'])
    if (counts) return
    expect(desk.last('instructionRefused')).toMatchObject({
      signal,
      why: 'the card has changed since, and is version 2 now: look again',
    })
    expect(stageOf(desk, signal).kind).toBe('waiting')
  })

  test('does not matter to a no: it is to whatever the card has become', () => {
    const desk = asking({ limits: FAR })
    const { signal } = askedAgain(desk)
    expect(kindsOf(desk.ask({ kind: 'reject', signal, why: 'too dear' }))).toEqual(['signalDeclined'])
  })

  test('lives through a start, with its bound and its votes', () => {
    const desk = asking({ limits: FAR })
    const { signal, again } = askedAgain(desk)
    desk.start()
    expect(desk.effects).toContainEqual({
      kind: 'wake',
      timer: { kind: 'approval', signal, round: 2 },
      at: again.bound.expiresAt,
    })
    expect(waitingOf(desk, signal)).toMatchObject({ round: 2, bound: again.bound, votes: [] })
  })
})
