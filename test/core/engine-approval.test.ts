import { describe, expect, test } from 'vitest'
import { orderKeyOf } from '../../src/core/units/ids.ts'
import { price, shares } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { type DeskWish, kindsOf, type QuoteWish, TestDesk } from '../support/desk.ts'
import { needed, wallet } from '../support/made.ts'

function asking(wish: DeskWish = {}): TestDesk {
  const desk = new TestDesk(wish)
  desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
  return desk
}

/** A card that waits for a person. */
function card(desk: TestDesk, wish: QuoteWish = {}) {
  const signal = desk.hears(1)
  desk.quote(signal, wish)
  return { signal, bound: desk.last('approvalAsked').bound }
}

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

  test('it is never dearer in all than was approved: a fee that came meanwhile counts', () => {
    const desk = asking({ limits: { sizing: 'mirror' } })
    const { signal, bound } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal, { market: { feeRate: price('0.02') } })
    const planned = desk.all('orderPlanned')
    expect(planned.every(fact => fact.reserve <= bound.dollars)).toBe(true)
    if (planned.length === 0) expect(desk.refusals()).toContain('APPROVAL_BOUND_EXCEEDED')
  })

  test('a yes comes to nothing when the price has run beyond it', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal, { bids: [['0.55', '5000']], asks: [['0.56', '5000']] })
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

  test('every other gate is passed again: a stop between the yes and the book refuses it', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.ask({ kind: 'stop', why: 'no' })
    desk.quote(signal)
    expect(desk.refusals()).toEqual(['TRADING_HALTED'])
  })

  test('a grid that became coarser meanwhile is kept to, under what was approved', () => {
    const desk = asking({ limits: { priceMoveMax: price('0.025') } })
    const { signal, bound } = card(desk, { market: { tick: price('0.001') } })
    expect(bound.limit).toBe(price('0.545'))
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal)
    expect(desk.last('orderPlanned').intent.limit).toBe(price('0.54'))
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

  test.each([
    ['a second yes', ['approve', 'approve'], 'it has been approved already'],
    ['a yes after a no', ['reject', 'approve'], 'it is decided already, or there is no such trade'],
    ['a no after a yes', ['approve', 'reject'], 'it has been approved already'],
    ['a second no', ['reject', 'reject'], 'it is decided already, or there is no such trade'],
  ] as const)('is settled by the first press: %s says so and changes nothing', (_, presses, why) => {
    const desk = asking()
    const { signal } = card(desk)
    for (const kind of presses) desk.ask(kind === 'approve' ? { kind, signal } : { kind, signal, why: 'no' })
    expect(kindsOf(desk.facts).at(-1)).toBe('instructionRefused')
    expect(desk.last('instructionRefused')).toMatchObject({ instruction: presses[1], why })
    expect(desk.all('approvalGiven').length + desk.all('signalDeclined').length).toBe(1)
  })

  test('whose order is on the way takes no more presses', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    desk.quote(signal)
    desk.ask({ kind: 'reject', signal, why: 'wait' })
    expect(desk.last('instructionRefused').why).toBe('its order is on the way already')
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
  function leaving() {
    const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror' } })
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

  test('is not sold under what was approved', () => {
    const { desk, signal } = leaving()
    desk.quote(signal, { bids: [['0.45', '5000']], asks: [['0.5', '1']] })
    expect(desk.all('orderPlanned').filter(fact => fact.intent.side === 'sell')).toEqual([])
    expect(needed(desk.last('signalRefused').refusals[0]).code).toBe('BOOK_EMPTY')
  })
})
