import { describe, expect, test } from 'vitest'
import { shares } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { token } from '../support/made.ts'

describe('a whale that sells while its purchase is still looked into', () => {
  test('takes it back: the quote that comes afterwards changes nothing', () => {
    const desk = new TestDesk()
    const bought = desk.hears(1)
    desk.hears(1, { side: 'sell', transaction: '0xsold' })
    expect(desk.all('signalWithdrawn')).toMatchObject([{ signal: bought, why: 'the whale sold before it was copied' }])
    expect(desk.quote(bought)).toEqual([])
    expect(desk.all('orderPlanned')).toEqual([])
    audit(desk)
  })
})

describe('an answer that cannot be', () => {
  function ordered() {
    const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror' } })
    return { desk, key: desk.orders(1) }
  }

  test('a fill beyond the size of the order stops trading and is not booked', () => {
    const { desk, key } = ordered()
    const tooMuch = desk.fill(key, 'f', shares('1000.01'))
    const facts = desk.answers(key, { kind: 'accepted', status: 'filled', fills: [tooMuch] })
    expect(kindsOf(facts)).toContain('holdPlaced')
    expect(kindsOf(facts)).not.toContain('orderFilled')
    expect(desk.state.holds.get('reconciliation')?.why).toContain('more than there can be')
    audit(desk)
  })

  test('a sale of what is gone already stops trading and not the process', () => {
    const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror' } })
    desk.copies(1)
    const exit = desk.orders(1, { side: 'sell', transaction: '0xsold' })
    const { size } = desk.intent(exit)
    desk.answers(exit, { kind: 'accepted', status: 'filled', fills: [desk.fill(exit, 'all', size)] })
    desk.reports(exit, { kind: 'found', status: 'filled', fills: [desk.fill(exit, 'again', size)] })
    expect(desk.state.holds.get('reconciliation')?.effect).toBe('halt')
    audit(desk)
  })

  test('the book of another token is refused', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    const quote = { ...desk.quoteFor(token(1)), book: desk.quoteFor(token(1, 1)).book }
    desk.take({ kind: 'quoteArrived', signal, round: 1, quote })
    expect(desk.refusals()).toContain('MARKET_WITHOUT_TOKEN')
  })
})
