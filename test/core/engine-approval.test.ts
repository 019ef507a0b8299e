import { describe, expect, test } from 'vitest'
import type { Limits } from '../../src/core/risk/limits.ts'
import { orderKeyOf } from '../../src/core/units/ids.ts'
import { price, shares, usd } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { asking, card, movedBy, OF_TWO } from '../support/cards.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { wallet } from '../support/made.ts'

describe('where a person is asked', () => {
  test('nothing is sent nor set aside until there is a yes', () => {
    const desk = asking()
    const { signal, bound } = card(desk)
    expect(desk.effects).toEqual([{ kind: 'wake', timer: { kind: 'approval', signal, round: 1 }, at: bound.expiresAt }])
    expect(bound.expiresAt - desk.at).toBe(90_000)
    expect(desk.all('orderPlanned')).toEqual([])
    expect(desk.books.reserved).toBe(0n)
    audit(desk)
  })

  test('a yes asks a fresh book, and what was approved is then ordered', () => {
    const desk = asking()
    const { signal, bound } = card(desk)
    expect(kindsOf(desk.ask({ kind: 'approve', signal }))).toEqual(['approvalGiven', 'quoteAsked'])
    expect(desk.effects).toMatchObject([{ kind: 'askQuote', round: 2 }])
    desk.quote(signal)
    expect(desk.last('orderPlanned')).toMatchObject({
      intent: { limit: bound.limit, size: bound.size },
      reserve: bound.dollars,
    })
    desk.fillsWhole(orderKeyOf(signal, 1))
    expect(desk.all('signalCopied')).toHaveLength(1)
    audit(desk)
  })

  test('a book of before the yes is not taken for the fresh one', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    expect(
      desk.take({ kind: 'quoteArrived', signal, round: 1, quote: desk.quoteFor(desk.last('quoteAsked').token) }),
    ).toEqual([])
  })

  test('the order is never dearer nor larger than what was approved, though it now could be', () => {
    const desk = asking({ limits: { priceMoveMax: price('0.02') } })
    const { signal, bound } = card(desk)
    desk.ask({ kind: 'setLimit', name: 'priceMoveMax', value: price('0.1') })
    desk.ask({ kind: 'setLimit', name: 'kellyFraction', value: 0.9 })
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal)
    const { intent, reserve } = desk.last('orderPlanned')
    expect(intent.limit <= bound.limit && intent.size <= bound.size && reserve <= bound.dollars).toBe(true)
  })

  test('it is never dearer in all than was approved: with a fee that came meanwhile people are asked again', () => {
    const desk = asking({ limits: { sizing: 'mirror' } })
    const { signal, bound } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal, { market: { feeRate: price('0.02') } })
    expect(desk.all('orderPlanned')).toEqual([])
    const again = desk.last('approvalAsked')
    expect(again).toMatchObject({ round: 2, again: 'moved' })
    expect(again.bound.dollars > bound.dollars).toBe(true)
  })

  test('a yes comes to nothing when the price has run beyond what any new trade may be bought at', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal, movedBy(4))
    expect(desk.refusals()).toEqual(expect.arrayContaining(['BOOK_EMPTY', 'PRICE_MOVED_TOO_FAR']))
    expect(desk.all('orderPlanned')).toEqual([])
  })

  test('a yes counts for as long as the card says, though the trade is older by then than any new one may be', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.wait(89_999).ask({ kind: 'approve', signal })
    desk.quote(signal)
    expect(desk.all('signalRefused')).toEqual([])
    expect(desk.all('orderPlanned')).toHaveLength(1)
  })

  test.each([
    [89_999, 'orderPlanned'],
    [90_000, 'signalRefused'],
    [3_600_000, 'signalRefused'],
  ])('what was approved is not sent once the card has run out: a book after %s ms: %s', (ms, kind) => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    expect(kindsOf(desk.wait(ms).quote(signal)).filter(each => each !== 'hourTurned')).toEqual(['signalWeighed', kind])
    if (kind === 'signalRefused') expect(desk.refusals()).toEqual(['APPROVAL_EXPIRED'])
  })

  test('every other gate is passed again: a stop between the yes and the book refuses it', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.ask({ kind: 'stop', why: 'no' })
    desk.quote(signal)
    expect(desk.refusals()).toEqual(['TRADING_HALTED'])
  })

  test('a grid that became coarser meanwhile is kept to, under what was approved', () => {
    const desk = asking({ limits: { approvalSlipMax: price('0.015') } })
    const { signal, bound } = card(desk, { market: { tick: price('0.001') } })
    expect(bound.limit).toBe(price('0.535'))
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal)
    expect(desk.last('orderPlanned').intent.limit).toBe(price('0.53'))
  })
})

describe('a card', () => {
  test('is rejected with a reason, and nothing is sent', () => {
    const desk = asking()
    const { signal } = card(desk)
    expect(kindsOf(desk.ask({ kind: 'reject', signal, why: 'not this team' }))).toEqual(['signalDeclined'])
    expect(desk.last('signalDeclined').why).toBe('not this team')
    expect(desk.state.signals.size).toBe(0)
    audit(desk)
  })

  test('expires at its instant and not before', () => {
    const desk = asking()
    const { signal } = card(desk)
    expect(desk.wait(89_999).fires({ kind: 'approval', signal, round: 1 })).toEqual([])
    expect(kindsOf(desk.wait(1).fires({ kind: 'approval', signal, round: 1 }))).toEqual(['signalExpired'])
    expect(desk.fires({ kind: 'approval', signal, round: 1 })).toEqual([])
    audit(desk)
  })

  test.each([
    [89_999, 'approvalGiven'],
    [90_000, undefined],
  ])('can be approved after %s ms: %s, whether or not anyone has told it that it expired', (ms, kind) => {
    const desk = asking()
    const { signal } = card(desk)
    desk.wait(ms).ask({ kind: 'approve', signal })
    expect(desk.all('approvalGiven').map(fact => fact.kind)).toEqual(kind === undefined ? [] : [kind])
    if (kind === undefined) expect(desk.last('instructionRefused').why).toBe('it has just expired')
  })

  test('that was approved is not expired by its timer', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    expect(desk.wait(90_000).fires({ kind: 'approval', signal, round: 1 })).toEqual([])
  })

  test('is withdrawn when its whale sells', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.hears(1, { side: 'sell', transaction: '0xout' })
    expect(desk.last('signalWithdrawn')).toMatchObject({ signal })
    desk.ask({ kind: 'approve', signal })
    expect(kindsOf(desk.facts).at(-1)).toBe('instructionRefused')
    audit(desk)
  })

  test('stays when another whale sells, or its own sells something else', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.hears(1, { side: 'sell', transaction: '0xout', whale: wallet(2) })
    desk.hears(2, { side: 'sell', transaction: '0xout' })
    expect(desk.state.signals.get(signal)?.stage.kind).toBe('waiting')
  })

  test('cannot be approved while trading is stopped, and can be once it is resumed', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'stop', why: 'lunch' })
    desk.ask({ kind: 'approve', signal })
    expect(desk.last('instructionRefused').why).toContain('halted')
    desk.ask({ kind: 'resume' })
    expect(kindsOf(desk.ask({ kind: 'approve', signal }))).toEqual(['approvalGiven', 'quoteAsked'])
  })

  test('is asked for no more once approvals are off, and one that waits still waits', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: false } })
    expect(desk.state.signals.get(signal)?.stage.kind).toBe('waiting')
    desk.orders(2)
    expect(desk.all('orderPlanned')).toHaveLength(1)
  })

  test('waits on through a start, and is woken for again', () => {
    const desk = asking()
    const { signal, bound } = card(desk)
    desk.start()
    expect(desk.effects).toContainEqual({
      kind: 'wake',
      timer: { kind: 'approval', signal, round: 1 },
      at: bound.expiresAt,
    })
  })
})

describe('a whale’s exit that a person approves', () => {
  function leaving(limits: Partial<Limits> = {}) {
    const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror', ...limits } })
    desk.copies(1, { size: shares('1000') })
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
    const signal = desk.hears(1, { side: 'sell', size: shares('1000'), transaction: '0xout' })
    desk.quote(signal)
    desk.ask({ kind: 'approve', signal })
    return { desk, signal, bound: desk.last('approvalAsked').bound }
  }

  test('is sold at no less than was approved', () => {
    const { desk, signal, bound } = leaving()
    desk.quote(signal, { bids: [['0.48', '5000']], asks: [['0.5', '1']] })
    expect(desk.last('orderPlanned').intent.limit).toBe(bound.limit)
    desk.fillsWhole(orderKeyOf(signal, 1), { bids: [['0.48', '5000']], asks: [['0.5', '1']] })
    expect(desk.position(1)).toBeUndefined()
  })

  test('is not sold under what was approved: people are asked about the price that there is now', () => {
    const { desk, signal, bound } = leaving()
    desk.quote(signal, { bids: [['0.45', '5000']], asks: [['0.5', '1']] })
    expect(desk.all('orderPlanned').filter(fact => fact.intent.side === 'sell')).toEqual([])
    const again = desk.last('approvalAsked')
    expect(again).toMatchObject({ round: 2, again: 'moved', persons: 1, bound: { side: 'sell', limit: price('0.4') } })
    expect(again.bound.limit < bound.limit).toBe(true)
    desk.ask({ kind: 'approve', signal, round: 2 })
    desk.quote(signal, { bids: [['0.45', '5000']], asks: [['0.5', '1']] })
    expect(desk.last('orderPlanned').intent).toMatchObject({ side: 'sell', limit: price('0.4') })
  })

  test('needs one person only, however much it brings, and no amount can be asked of it', () => {
    const { desk, signal, bound } = leaving(OF_TWO)
    expect(bound.dollars > usd('100')).toBe(true)
    expect(desk.last('approvalAsked').persons).toBe(1)
    expect(desk.all('approvalGiven')).toHaveLength(1)
    desk.quote(signal, { bids: [['0.45', '5000']], asks: [['0.5', '1']] })
    desk.ask({ kind: 'approve', signal, dollars: usd('50') })
    expect(desk.last('instructionRefused').why).toContain('in proportion')
    expect(kindsOf(desk.ask({ kind: 'approve', signal }))).toEqual(['approvalGiven', 'quoteAsked'])
  })
})
