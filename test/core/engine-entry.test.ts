import { describe, expect, test } from 'vitest'
import { orderKeyOf, type SignalId, shortOf } from '../../src/core/units/ids.ts'
import { price, usd } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { kindsOf, type QuoteWish, TestDesk } from '../support/desk.ts'
import { market, POOR_RECORD, token, trade, wallet } from '../support/made.ts'

describe('a trade of a whale', () => {
  test('is quoted, weighed, ordered and filled, and so copied', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    expect(kindsOf(desk.facts).slice(-2)).toEqual(['signalOpened', 'quoteAsked'])
    expect(desk.effects.map(effect => effect.kind)).toEqual(['askQuote'])

    expect(kindsOf(desk.quote(signal))).toEqual(['signalWeighed', 'orderPlanned'])
    expect(desk.effects.map(effect => effect.kind)).toEqual(['sendOrder'])

    expect(kindsOf(desk.fillsWhole(orderKeyOf(signal, 1)))).toEqual(['orderFilled', 'orderClosed', 'signalCopied'])
    expect(desk.state.signals.size).toBe(0)
    expect(desk.holding(1).shares).toBe(desk.last('signalCopied').size)
    audit(desk)
  })

  test('is bought at no more than the whale’s price and what it may have moved, and for no more than the stake', () => {
    const desk = new TestDesk()
    desk.orders(1)
    const { intent, reserve } = desk.last('orderPlanned')
    const { stake } = desk.last('signalWeighed')
    expect(intent).toMatchObject({ side: 'buy', limit: price('0.55'), token: token(1), lifetime: 'kill' })
    expect(intent.size % 10_000n).toBe(0n)
    expect(reserve <= (stake?.amount ?? 0n) + 40n).toBe(true)
    expect(desk.books.reserved).toBe(reserve)
  })

  test('keeps dearer prices and the fee within what was set aside for it', () => {
    const wish: QuoteWish = {
      asks: [
        ['0.5', '41.01'],
        ['0.51', '43.03'],
        ['0.52', '5000'],
      ],
      bids: [['0.49', '10']],
      market: { feeRate: price('0.02') },
    }
    const desk = new TestDesk()
    const key = desk.orders(1, {}, wish)
    const before = desk.books.ledger.cash
    const { reserve } = desk.last('orderPlanned')
    desk.fillsWhole(key, wish)
    expect(before - desk.books.ledger.cash <= reserve).toBe(true)
    expect(desk.all('orderFilled')).toHaveLength(3)
    expect(desk.books.reserved).toBe(0n)
    audit(desk)
  })

  test('that nobody takes the other side of is withdrawn, and gives back what was set aside', () => {
    const desk = new TestDesk()
    const key = desk.orders(1)
    const facts = desk.answers(key, { kind: 'accepted', status: 'killed', fills: [] })
    expect(kindsOf(facts)).toEqual(['orderClosed', 'signalWithdrawn'])
    expect(desk.books.exposed).toBe(0n)
  })

  test('that is filled in part is copied for that part', () => {
    const desk = new TestDesk()
    const key = desk.orders(1)
    const part = (desk.intent(key).size / 4n) as ReturnType<TestDesk['intent']>['size']
    desk.answers(key, { kind: 'accepted', status: 'killed', fills: [desk.fill(key, 'f', part)] })
    expect(desk.last('orderClosed').status).toBe('cancelled')
    expect(desk.last('signalCopied').size).toBe(part)
    audit(desk)
  })

  test('that the venue rejects is withdrawn, not refused: the refusal is the venue’s', () => {
    const desk = new TestDesk()
    const key = desk.orders(1)
    const facts = desk.answers(key, { kind: 'rejected', reason: 'not enough balance' })
    expect(kindsOf(facts)).toEqual(['orderClosed', 'signalWithdrawn'])
    expect(desk.last('orderClosed')).toMatchObject({ status: 'rejected', why: 'not enough balance' })
  })
})

describe('a repeated trade is copied once', () => {
  test.each([
    ['while it is being quoted', (desk: TestDesk) => desk.hears(1)],
    ['while its order is on the way', (desk: TestDesk) => desk.orders(1)],
    ['after it was copied', (desk: TestDesk) => desk.copies(1)],
    [
      'after its market was settled',
      (desk: TestDesk) => {
        desk.copies(1)
        desk.resolves(1, '1')
      },
    ],
    ['after it was refused', (desk: TestDesk) => desk.quote(desk.hears(1), { asks: [] })],
  ])('%s', (_, before) => {
    const desk = new TestDesk()
    before(desk)
    const told = desk.facts.length
    desk.hears(1)
    desk.hears(1, { source: 'sweep', size: trade(1).size, price: price('0.521') })
    expect(kindsOf(desk.facts.slice(told))).toEqual([])
    expect(desk.all('signalOpened')).toHaveLength(1)
  })

  test('and another trade of the same whale in the same market is another', () => {
    const desk = new TestDesk()
    desk.copies(1)
    desk.wait(4_000).copies(1, { transaction: '0xother' })
    expect(desk.all('signalCopied')).toHaveLength(2)
    audit(desk)
  })

  test('a quote that comes twice, or for a round that is over, changes nothing', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    desk.quote(signal)
    expect(desk.quote(signal)).toEqual([])
    const quote = desk.quoteFor(token(1))
    expect(desk.take({ kind: 'quoteArrived', signal, round: 9, quote })).toEqual([])
    expect(desk.take({ kind: 'quoteFailed', signal, round: 1, why: 'late' })).toEqual([])
  })
})

describe('a trade is refused', () => {
  test.each([
    ['that is a second over the age that is acted on', { happenedAt: 61_000 }, ['SIGNAL_TOO_OLD']],
    ['that is stamped far ahead of our clock', { happenedAt: -5_001 }, ['SIGNAL_FROM_THE_FUTURE']],
  ])('%s', (_, { happenedAt: agoMs }, codes) => {
    const desk = new TestDesk()
    const { at } = desk
    desk.wait(agoMs > 0 ? agoMs : 0)
    desk.hears(1, { happenedAt: (agoMs > 0 ? at : at - agoMs) as typeof at })
    expect(desk.refusals()).toEqual(codes)
    expect(desk.effects).toEqual([])
  })

  test.each([
    ['of just the age that is acted on', 60_000],
    ['of a clock that is a little ahead', -5_000],
  ])('but not one %s', (_, agoMs) => {
    const desk = new TestDesk().wait(60_000)
    desk.hears(1, { happenedAt: (desk.at - agoMs) as typeof desk.at })
    expect(desk.all('signalRefused')).toEqual([])
  })

  test('of a whale whose past is not known yet', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'follow', whale: wallet(9), name: 'new', record: undefined })
    expect(desk.effects).toEqual([{ kind: 'askRecord', whale: wallet(9) }])
    desk.hears(1, { whale: wallet(9) })
    expect(desk.refusals()).toEqual(['WHALE_WITHOUT_RECORD'])
  })

  test('of a whale that is not good enough', () => {
    const desk = new TestDesk({ record: POOR_RECORD })
    desk.hears(1)
    expect(desk.refusals()).toEqual(['WHALE_BELOW_QUALITY_MIN'])
  })

  test('of a whale that was unfollowed while the book was on its way', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    desk.ask({ kind: 'unfollow', whale: wallet(1) })
    desk.quote(signal)
    expect(desk.refusals()).toContain('WHALE_NOT_FOLLOWED')
  })

  test('whose market or book could not be had', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    desk.take({ kind: 'quoteFailed', signal, round: 1, why: 'timed out' })
    expect(desk.last('signalRefused').refusals).toEqual([{ code: 'QUOTE_UNAVAILABLE', detail: 'timed out' }])
  })

  test('while trading is halted, before any book is asked for', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'stop', why: 'lunch' })
    desk.hears(1)
    expect(desk.refusals()).toEqual(['TRADING_HALTED'])
    expect(desk.all('quoteAsked')).toEqual([])
  })

  test('where trading was halted while the book was on its way', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    desk.ask({ kind: 'stop', why: 'lunch' })
    desk.quote(signal)
    expect(desk.refusals()).toEqual(['TRADING_HALTED'])
    expect(desk.all('orderPlanned')).toEqual([])
  })

  test.each<[string, QuoteWish, string]>([
    ['on a book of half a minute ago', { ageMs: 30_001 }, 'QUOTE_TOO_OLD'],
    ['in a market that is paused', { market: { status: 'paused' } }, 'MARKET_NOT_OPEN'],
    ['in a market that is closed', { market: { status: 'closed' } }, 'MARKET_NOT_OPEN'],
    ['with another market’s answer', { market: { outcomes: market(7).outcomes } }, 'MARKET_WITHOUT_TOKEN'],
    ['where nobody sells', { asks: [] }, 'BOOK_EMPTY'],
    ['where nobody buys', { bids: [] }, 'SPREAD_ABOVE_MAX'],
    ['over a wide spread', { bids: [['0.46', '9']] }, 'SPREAD_ABOVE_MAX'],
    ['in a market without liquidity', { market: { liquidity: usd('999.99') } }, 'LIQUIDITY_BELOW_MIN'],
    ['after the price ran away', { bids: [['0.55', '9']], asks: [['0.56', '900']] }, 'PRICE_MOVED_TOO_FAR'],
    [
      'that costs more than it is worth',
      { asks: [['0.55', '9000']], market: { feeRate: price('0.2') } },
      'EDGE_NOT_POSITIVE',
    ],
    ['under the market’s smallest order', { market: { sizeMin: usd('5000') as never } }, 'SIZE_BELOW_MARKET_MIN'],
  ])('%s', (_, wish, code) => {
    const desk = new TestDesk()
    desk.quote(desk.hears(1), wish)
    expect(desk.refusals()).toContain(code)
    expect(desk.books.reserved).toBe(0n)
  })

  test.each([
    ['about to close', 59_999, true],
    ['that closes in just as long as is asked for', 60_000, false],
  ])('in a market %s', (_, ms, is) => {
    const desk = new TestDesk()
    desk.quote(desk.hears(1), { market: { closesAt: (desk.at + ms) as typeof desk.at } })
    expect(desk.all('signalRefused').map(fact => fact.refusals[0]?.code)).toEqual(is ? ['MARKET_CLOSES_SOON'] : [])
  })

  test.each([
    ['dearer than is bought', '0.96', '0.95'],
    ['cheaper than one less that', '0.04', '0.03'],
  ])('at a price %s', (_, ask, bid) => {
    const desk = new TestDesk()
    desk.quote(desk.hears(1, { price: price(ask) }), { asks: [[ask, '9000']], bids: [[bid, '9000']] })
    expect(desk.refusals()).toContain('PRICE_OUTSIDE_RANGE')
  })

  test('for all of its reasons and not only the first', () => {
    const desk = new TestDesk()
    const wish: QuoteWish = {
      bids: [['0.4', '10']],
      asks: [['0.6', '10']],
      market: { status: 'paused', liquidity: usd('10'), feeRate: price('0.2') },
      ageMs: 31_000,
    }
    desk.quote(desk.hears(1), wish)
    expect(desk.refusals()).toEqual(
      expect.arrayContaining([
        'QUOTE_TOO_OLD',
        'MARKET_NOT_OPEN',
        'SPREAD_ABOVE_MAX',
        'LIQUIDITY_BELOW_MIN',
        'PRICE_MOVED_TOO_FAR',
        'EDGE_NOT_POSITIVE',
        'STAKE_BELOW_MIN',
      ]),
    )
    expect(desk.last('signalRefused').refusals.every(refusal => refusal.detail !== '')).toBe(true)
  })

  test('once at most: a refused signal is over, and its quote is not asked for again', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    desk.quote(signal, { asks: [] })
    expect(desk.quote(signal)).toEqual([])
    expect(desk.state.signals.has(signal)).toBe(false)
  })
})

describe('limits on the whole account', () => {
  test('R4.4: no more positions than may be, also when their quotes came at the same time', () => {
    const desk = new TestDesk({ limits: { positionsMax: 2 } })
    const signals = [1, 2, 3].map(number => desk.hears(number))
    for (const signal of signals) desk.quote(signal)
    expect(desk.all('orderPlanned')).toHaveLength(2)
    expect(desk.refusals()).toContain('POSITIONS_AT_MAX')
  })

  test('an outcome that is held already is added to, even with as many positions as may be', () => {
    const desk = new TestDesk({ limits: { positionsMax: 1 } })
    desk.copies(1)
    desk.wait(4_000).copies(1, { transaction: '0xother' })
    expect(desk.all('signalCopied')).toHaveLength(2)
    desk.hears(2)
    expect(desk.refusals()).toEqual(['POSITIONS_AT_MAX'])
  })

  test('what orders on the way have set aside counts as exposed', () => {
    const desk = new TestDesk({ limits: { sizing: 'mirror', marketPctMax: 0.06, stakeMin: usd('1') } })
    desk.orders(1)
    const first = desk.last('orderPlanned')
    desk.orders(1, { transaction: '0xother' })
    expect(desk.books.exposed <= usd('600')).toBe(true)
    expect(first.reserve).toBeGreaterThan(usd('540'))
  })

  test('no more is set aside than there is, however many whales buy at once', () => {
    const limits = {
      sizing: 'mirror',
      exposurePctMax: 1,
      categoryPctMax: 1,
      positionPctMax: 0.25,
      positionsMax: 100,
    } as const
    const desk = new TestDesk({ deposit: '2000', limits })
    for (let number = 1; number <= 20; number += 1) desk.orders(number)
    const { reserved, ledger } = desk.books
    expect(reserved <= ledger.cash).toBe(true)
    expect(desk.all('orderPlanned').length).toBeGreaterThan(2)
    expect(desk.all('orderPlanned').length).toBeLessThan(20)
    audit(desk)
  })
})

describe('what is not ours to copy', () => {
  test('a wallet that nobody follows leaves no trace', () => {
    const desk = new TestDesk()
    const told = desk.facts.length
    desk.hears(1, { whale: wallet(77) })
    expect(desk.facts.slice(told)).toEqual([])
  })

  test('a trade of before what was forgotten is not acted on', () => {
    const desk = new TestDesk()
    desk.state.forgottenAt = desk.at
    const told = desk.facts.length
    desk.hears(1)
    expect(desk.facts.slice(told)).toEqual([])
    desk.wait(1).hears(1)
    expect(desk.all('signalOpened')).toHaveLength(1)
  })

  test('an answer for an order, a signal or a whale that is not known changes nothing', () => {
    const desk = new TestDesk()
    const nobody = 'nobody' as SignalId
    const order = orderKeyOf(nobody, 1)
    expect(desk.answers(order, { kind: 'rejected', reason: 'x' })).toEqual([])
    expect(desk.reports(order, { kind: 'absent' })).toEqual([])
    expect(desk.fires({ kind: 'probe', order })).toEqual([])
    expect(desk.fires({ kind: 'approval', signal: nobody, round: 1 })).toEqual([])
    expect(desk.take({ kind: 'quoteFailed', signal: nobody, round: 1, why: 'x' })).toEqual([])
    expect(desk.marks([5, '0.5'])).toEqual([])
    expect(desk.resolves(5, '1')).toEqual([])
    expect(desk.clockTurns()).toEqual([])
  })

  test('a person can name the signal by six letters', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    expect(desk.state.signals.get(signal)?.short).toBe(shortOf(signal))
  })
})
