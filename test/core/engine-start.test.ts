import { describe, expect, test } from 'vitest'
import { orderKeyOf } from '../../src/core/units/ids.ts'
import { shares, usd } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { condition, needed, token, wallet } from '../support/made.ts'

describe('the first start', () => {
  test('opens the account with what was deposited, and trades nothing until the books match', () => {
    const desk = new TestDesk({ isReady: false, deposit: '2500' })
    expect(kindsOf(desk.start())).toEqual(['accountOpened', 'restarted', 'holdPlaced', 'booksAsked'])
    expect(desk.books.ledger.cash).toBe(usd('2500'))
    expect([...desk.state.holds.keys()]).toEqual(['recovery'])
    expect(kindsOf(desk.reportBooks())).toEqual(['booksMatched', 'holdReleased'])
    expect(desk.state.holds.size).toBe(0)
    audit(desk)
  })

  test('takes the limits that it was given, and a later start keeps what people changed', () => {
    const desk = new TestDesk({ limits: { stakeMax: usd('300') } })
    expect(desk.state.limits.stakeMax).toBe(usd('300'))
    desk.ask({ kind: 'setLimit', name: 'stakeMax', value: usd('200') })
    desk.start()
    expect(desk.state.limits.stakeMax).toBe(usd('200'))
    expect(desk.all('accountOpened')).toHaveLength(1)
  })
})

describe('a later start', () => {
  test('refuses every trade until the books match', () => {
    const desk = new TestDesk()
    desk.start()
    desk.hears(1)
    expect(desk.refusals()).toEqual(['TRADING_HALTED'])
    desk.reportBooks()
    desk.orders(2)
    expect(desk.all('orderPlanned')).toHaveLength(1)
  })

  test('takes an order that was sent and not answered for uncertain, and asks about it', () => {
    const desk = new TestDesk()
    const key = desk.orders(1)
    expect(kindsOf(desk.start())).toContain('orderBecameUncertain')
    expect(desk.effects).toContainEqual({ kind: 'wake', timer: { kind: 'probe', order: key }, at: desk.at + 2_000 })
    expect(desk.effects.some(effect => effect.kind === 'sendOrder')).toBe(false)
  })

  test('does again all that was not answered: records, books, quotes, cards, redemptions, cancels', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'follow', whale: wallet(8), name: 'new', record: undefined })
    desk.copies(1)
    desk.resolves(1, '1')
    desk.answers(desk.orders(2), { kind: 'accepted', status: 'resting', fills: [] })
    desk.ask({ kind: 'stop', why: 'x' })
    desk.ask({ kind: 'resume' })
    const quoting = desk.hears(3)
    desk.start()
    expect(desk.effects).toContainEqual({ kind: 'askRecord', whale: wallet(8) })
    expect(desk.effects).toContainEqual({
      kind: 'askQuote',
      signal: quoting,
      round: 1,
      condition: condition(3),
      token: token(3),
    })
    expect(desk.effects).toContainEqual(expect.objectContaining({ kind: 'redeem', condition: condition(1) }))
    expect(desk.effects).toContainEqual(expect.objectContaining({ kind: 'cancelOrder' }))
    expect(desk.effects).toContainEqual(expect.objectContaining({ kind: 'askBooks' }))
  })

  test('does not clear what a person or a breaker has stopped', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'stop', why: 'enough' })
    desk.start()
    desk.reportBooks()
    expect([...desk.state.holds.keys()]).toEqual(['operator'])
  })
})

describe('comparing books', () => {
  test('is put off while an order is in flight, and asked for again', () => {
    const desk = new TestDesk()
    desk.orders(1)
    desk.start()
    expect(kindsOf(desk.reportBooks())).toEqual(['booksPutOff'])
    expect(desk.effects).toEqual([{ kind: 'wake', timer: { kind: 'books', account: 'paper' }, at: desk.at + 1_000 }])
    expect(kindsOf(desk.fires({ kind: 'books', account: 'paper' }))).toEqual(['booksAsked'])
  })

  test('with a report of before our last order proves nothing', () => {
    const desk = new TestDesk()
    desk.start()
    const { turn } = desk.last('booksAsked')
    desk.books.turn += 1
    const books = { cash: usd('1'), positions: [] }
    expect(kindsOf(desk.take({ kind: 'booksReported', account: 'paper', turn, books }))).toEqual(['booksPutOff'])
    expect(desk.all('mismatchFound')).toEqual([])
  })

  test('is put off when the venue cannot say', () => {
    const desk = new TestDesk()
    desk.start()
    expect(kindsOf(desk.take({ kind: 'booksFailed', account: 'paper', why: 'down' }))).toEqual(['booksPutOff'])
  })

  test('that differ by a millionth keeps trading stopped, and says both sides in full, once', () => {
    const desk = new TestDesk()
    desk.copies(1)
    desk.start()
    const cash = desk.books.ledger.cash
    expect(kindsOf(desk.reportBooks({ cash: usd('1') }))).toEqual(['mismatchFound', 'holdPlaced'])
    expect(desk.last('mismatchFound').differences).toEqual([{ kind: 'cash', ours: cash, theirs: usd('1') }])
    expect(desk.reportBooks({ cash: usd('1') })).toEqual([])
    expect([...desk.state.holds.keys()].sort()).toEqual(['reconciliation', 'recovery'])
  })

  test('that come to differ while it trades stops it, with no figure of ours corrected', () => {
    const desk = new TestDesk()
    desk.copies(1)
    const held = desk.holding(1)
    desk.fires({ kind: 'books', account: 'paper' })
    desk.reportBooks({ positions: [] })
    expect(desk.last('mismatchFound').differences).toEqual([
      { kind: 'position', token: token(1), ours: held.shares, theirs: shares('0') },
    ])
    expect(desk.holding(1)).toEqual(held)
    desk.hears(2)
    expect(desk.refusals()).toEqual(['TRADING_HALTED'])
  })

  test('that are accepted by a person lets trading go on', () => {
    const desk = new TestDesk()
    desk.start()
    desk.reportBooks({ cash: usd('1') })
    expect(kindsOf(desk.ask({ kind: 'acceptBooks', why: 'I took it out' }))).toEqual(['holdReleased', 'holdReleased'])
    expect(desk.last('holdReleased').why).toContain('I took it out')
    expect(desk.state.holds.size).toBe(0)
  })

  test('that match is worth no fact while nothing waits for them', () => {
    const desk = new TestDesk()
    desk.fires({ kind: 'books', account: 'paper' })
    expect(desk.reportBooks()).toEqual([])
  })

  test('waits for redemptions, whose money is on its way', () => {
    const desk = new TestDesk()
    desk.copies(1)
    desk.resolves(1, '1')
    desk.start()
    expect(kindsOf(desk.reportBooks())).toEqual(['booksPutOff'])
    desk.take({ kind: 'redeemed', account: 'paper', condition: condition(1) })
    desk.fires({ kind: 'books', account: 'paper' })
    expect(kindsOf(desk.reportBooks())).toEqual(['booksMatched', 'holdReleased'])
  })
})

test('an order answered between two starts is settled once', () => {
  const desk = new TestDesk()
  const signal = desk.hears(1)
  desk.quote(signal)
  desk.start()
  desk.fillsWhole(orderKeyOf(signal, 1))
  desk.start()
  expect(needed(desk.state.orders.get(orderKeyOf(signal, 1))).status).toBe('filled')
  expect(desk.all('signalCopied')).toHaveLength(1)
  audit(desk)
})
