import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fact } from '../../src/core/engine/fact.ts'
import type { Asker, Instruction } from '../../src/core/engine/input.ts'
import { DECISIONS_MAX } from '../../src/core/order/approval.ts'
import { orderKeyOf, type PersonId, type SignalId } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import { PLAIN_SETTINGS } from '../../src/core/whale/whale.ts'
import { audit } from '../support/audit.ts'
import { asking, card, FAR, movedBy, OF_TWO, stageOf } from '../support/cards.ts'
import { kindsOf, type TestDesk } from '../support/desk.ts'
import { ANNA, BERT, CORA, wallet } from '../support/made.ts'

function why(desk: TestDesk): string {
  return desk.last('instructionRefused').why
}

describe('a no after a yes', () => {
  test('stops it before the fresh price comes: nothing is planned, and it is told whose yes it was', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    desk.wait(120).says(BERT, { kind: 'reject', signal, why: 'not this one' }, 'telegram')
    expect(desk.last('signalDeclined')).toMatchObject({
      signal,
      by: { person: BERT, surface: 'telegram' },
      why: 'not this one',
      at: desk.at,
      vetoed: ANNA,
    })
    expect(desk.quote(signal)).toEqual([])
    expect(desk.all('orderPlanned')).toEqual([])
    expect(desk.state.signals.size).toBe(0)
    audit(desk)
  })

  test('stops it too where it comes from who had said yes', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    desk.says(ANNA, { kind: 'reject', signal, why: 'I was wrong' })
    expect(desk.last('signalDeclined').vetoed).toBe(ANNA)
  })

  test('stops a trade that needed two', () => {
    const desk = asking({ limits: OF_TWO })
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    desk.says(BERT, { kind: 'approve', signal })
    desk.says(CORA, { kind: 'reject', signal, why: 'no' })
    expect(desk.last('signalDeclined').vetoed).toBe(BERT)
    expect(desk.quote(signal)).toEqual([])
  })

  test('is told where its order is on the way, and changes nothing', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    desk.quote(signal)
    desk.wait(400).says(BERT, { kind: 'reject', signal, why: 'wait' })
    expect(desk.last('instructionRefused')).toMatchObject({ instruction: 'reject', signal })
    expect(why(desk)).toBe('anna approved it 400 ms earlier; its order is on the way')
    desk.fillsWhole(orderKeyOf(signal, 1))
    expect(desk.all('signalCopied')).toHaveLength(1)
  })
})

describe('a reason', () => {
  test('may be given after a no by whoever said it, as often as they like', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'reject', signal, why: '' })
    for (const reason of ['too late', 'the price'])
      expect(desk.says(ANNA, { kind: 'reject', signal, why: reason }, 'telegram')).toMatchObject([
        { kind: 'declineExplained', signal, why: reason, by: { person: ANNA, surface: 'telegram' } },
      ])
    expect(desk.says(BERT, { kind: 'reject', signal, why: 'the whale' })).toMatchObject([
      { kind: 'instructionRefused' },
    ])
    expect(why(desk)).toMatch(/^anna declined it/)
    expect(desk.all('signalDeclined')).toHaveLength(1)
    audit(desk)
  })

  test('without words it is a second no, which is told that there was one', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'reject', signal, why: '' })
    desk.wait(40).says(ANNA, { kind: 'reject', signal, why: '' })
    expect(why(desk)).toBe('you declined it 40 ms earlier')
  })

  test('cannot be given for a card that nobody declined', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.wait(90_000).fires({ kind: 'approval', signal, round: 1 })
    desk.says(ANNA, { kind: 'reject', signal, why: 'too late' })
    expect(why(desk)).toBe('it is expired already')
  })
})

describe('who comes too late', () => {
  type Step = (desk: TestDesk, signal: SignalId) => void
  const yes: Step = (desk, signal) => desk.says(ANNA, { kind: 'approve', signal }, 'telegram')
  const no: Step = (desk, signal) => desk.says(ANNA, { kind: 'reject', signal, why: 'no' }, 'telegram')
  const expiry: Step = (desk, signal) => desk.wait(90_000).fires({ kind: 'approval', signal, round: 1 })
  const sale: Step = desk => desk.hears(1, { side: 'sell', transaction: '0xout' })
  const refusal: Step = (desk, signal) => {
    yes(desk, signal)
    desk.quote(signal, movedBy(9))
  }
  const copy: Step = (desk, signal) => {
    yes(desk, signal)
    desk.quote(signal)
    desk.fillsWhole(orderKeyOf(signal, 1))
  }

  test.each([
    ['a yes after a yes', yes, 120, BERT, 'console', 'approve', 'anna approved it on telegram 120 ms earlier'],
    ['a yes after a no', no, 1_240, BERT, 'telegram', 'approve', 'anna declined it 1.2 s earlier'],
    ['a no after a no', no, 61_000, BERT, 'console', 'reject', 'anna declined it on telegram 61 s earlier'],
    ['the same person, elsewhere', yes, 0, ANNA, 'console', 'approve', 'you approved it on telegram 0 ms earlier'],
    ['the same person, again', no, 999, ANNA, 'telegram', 'reject', 'you declined it 999 ms earlier'],
    ['after it was copied', copy, 3_000, BERT, 'telegram', 'reject', 'anna approved it 3 s earlier'],
    ['after it expired', expiry, 5, BERT, 'console', 'approve', 'it is expired already'],
    ['after its whale sold', sale, 5, BERT, 'console', 'reject', 'it is withdrawn already'],
    ['after it was refused', refusal, 5, BERT, 'console', 'approve', 'it is refused already'],
  ] as const)('is told who was first and by how much: %s', (_, first, ms, person, surface, kind, sentence) => {
    const desk = asking()
    const { signal } = card(desk)
    first(desk, signal)
    const seen = desk.facts.length
    desk.wait(ms).says(person, kind === 'approve' ? { kind, signal } : { kind, signal, why: '' }, surface)
    expect(desk.facts.slice(seen)).toMatchObject([
      { kind: 'instructionRefused', instruction: kind, signal, why: sentence },
    ])
  })

  test.each([
    ['is only being looked into', 'quoting', 'it does not wait for a person'],
    ['was never asked about', 'ordered', 'it does not wait for a person; its order is on the way'],
    ['is not known', 'none', 'it is decided already, or there is no such trade'],
  ])('or that it is no card: a trade that %s', (_, how, sentence) => {
    const desk = asking()
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: how === 'quoting' } })
    const signal = desk.hears(1)
    if (how === 'ordered') desk.quote(signal)
    const about = how === 'none' ? ('nothing' as SignalId) : signal
    desk.says(BERT, { kind: 'reject', signal: about, why: 'x' })
    expect(why(desk)).toBe(sentence)
    desk.says(BERT, { kind: 'approve', signal: about })
    expect(why(desk)).toBe(sentence)
  })

  test('a card that is asked again waits again, and the earlier yes is no decision any more', () => {
    const desk = asking({ limits: FAR })
    const { signal } = card(desk)
    desk.ask({ kind: 'approve', signal })
    expect(desk.state.decided.get(signal)).toMatchObject({ kind: 'approved', person: ANNA })
    desk.quote(signal, movedBy(3))
    expect(desk.state.decided.has(signal)).toBe(false)
  })

  test('only so many ended cards are remembered, the latest', () => {
    const desk = asking()
    const signals = Array.from({ length: DECISIONS_MAX + 5 }, (_, number) => {
      const { signal } = card(desk, {}, number % 4, { transaction: `0x${number}`, happenedAt: desk.wait(5_000).at })
      desk.says(ANNA, { kind: 'reject', signal, why: 'no' })
      return signal
    })
    expect([...desk.state.decided.keys()]).toEqual(signals.slice(-DECISIONS_MAX))
    desk.says(BERT, { kind: 'approve', signal: signals[0] as SignalId })
    expect(why(desk)).toBe('it is decided already, or there is no such trade')
  })
})

describe('a whale that is muted, switched off or not followed any more', () => {
  test('takes its cards with it when it is unfollowed, and leaves the exits', () => {
    const desk = asking({ deposit: '100000', limits: FAR })
    const other = card(desk, {}, 2, { whale: wallet(2) })
    const own = card(desk)
    desk.says(ANNA, { kind: 'unfollow', whale: wallet(1) })
    expect(desk.all('signalWithdrawn')).toEqual([
      { kind: 'signalWithdrawn', signal: own.signal, why: 'its whale is not followed any more, by anna' },
    ])
    expect(stageOf(desk, other.signal).kind).toBe('waiting')
    audit(desk)
  })

  test.each([
    ['muted', { mutedUntil: 1 }, 'its whale was muted by anna'],
    ['switched off', { isEnabled: false }, 'its whale was switched off by anna'],
  ])('takes its cards with it: %s', (_, settings, sentence) => {
    const desk = asking({ deposit: '100000', limits: FAR })
    const other = card(desk, {}, 2, { whale: wallet(2) })
    const own = card(desk)
    const mutedUntil = 'mutedUntil' in settings ? desk.wait(0).at + 3_600_000 : undefined
    desk.ask({
      kind: 'setWhale',
      whale: wallet(1),
      settings: { ...PLAIN_SETTINGS, ...settings, mutedUntil: mutedUntil as typeof desk.at | undefined },
    })
    expect(desk.all('signalWithdrawn')).toEqual([{ kind: 'signalWithdrawn', signal: own.signal, why: sentence }])
    expect(stageOf(desk, other.signal).kind).toBe('waiting')
    desk.ask({ kind: 'approve', signal: own.signal })
    expect(why(desk)).toBe('it is withdrawn already')
    audit(desk)
  })

  test('keeps its exits, and those that are approved are refused at the fresh price', () => {
    const desk = asking({ deposit: '100000', limits: FAR })
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: false } })
    desk.copies(1)
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
    const exit = card(desk, {}, 1, { side: 'sell', transaction: '0xout' })
    const entry = card(desk, {}, 2)
    desk.ask({ kind: 'approve', signal: entry.signal })
    desk.ask({ kind: 'setWhale', whale: wallet(1), settings: { ...PLAIN_SETTINGS, isEnabled: false } })
    expect(desk.all('signalWithdrawn')).toEqual([])
    expect(stageOf(desk, exit.signal).kind).toBe('waiting')
    desk.quote(entry.signal)
    expect(desk.refusals()).toContain('WHALE_DISABLED')
  })

  test('one whose weight is changed keeps its cards', () => {
    const desk = asking()
    const { signal } = card(desk)
    desk.ask({ kind: 'setWhale', whale: wallet(1), settings: { ...PLAIN_SETTINGS, weight: 0.5, mutedUntil: desk.at } })
    expect(stageOf(desk, signal).kind).toBe('waiting')
  })
})

test('every press about a card is in the facts by its own name, whatever came of it', () => {
  type Press = readonly ['yes' | 'no' | 'quote', PersonId, number, string]
  const anyPress: fc.Arbitrary<Press> = fc.tuple(
    fc.constantFrom('yes', 'yes', 'no', 'quote'),
    fc.constantFrom(ANNA, BERT, CORA),
    fc.nat(3),
    fc.constantFrom('20', '60', '150', '900', '5000', ''),
  )
  fc.assert(
    fc.property(fc.array(anyPress, { maxLength: 20 }), presses => {
      const desk = asking({ limits: { ...FAR, ...OF_TWO } })
      const { signal } = card(desk)
      for (const [what, person, round, dollars] of presses) {
        if (what === 'quote') {
          if (desk.state.signals.get(signal)?.stage.kind === 'quoting') desk.quote(signal, movedBy(round * 2))
          continue
        }
        const amount = dollars === '' ? undefined : usd(dollars)
        const version = round === 0 ? undefined : round
        const wish: Instruction =
          what === 'yes'
            ? { kind: 'approve', signal, round: version, dollars: amount }
            : { kind: 'reject', signal, why: '' }
        const facts = desk.wait(50).says(person, wish)
        const named = facts.filter(
          fact => askerOf(fact)?.press.startsWith('press-') && askerOf(fact)?.person === person,
        )
        expect([kindsOf(facts), named.length]).toEqual([kindsOf(facts), 1])
      }
    }),
  )
})

function askerOf(fact: Fact): Asker | undefined {
  return 'by' in fact && typeof fact.by === 'object' ? fact.by : undefined
}
