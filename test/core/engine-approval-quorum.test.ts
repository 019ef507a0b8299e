import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PersonId } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { asking, card, FAR, movedBy, OF_TWO, waitingOf } from '../support/cards.ts'
import { kindsOf, type TestDesk } from '../support/desk.ts'
import { ANNA, BERT, CORA } from '../support/made.ts'

function ofTwo(limits = {}): TestDesk {
  return asking({ limits: { ...OF_TWO, ...limits } })
}

describe('a large trade', () => {
  test('says on its card how many people it needs, and is asked a book for with the last of them', () => {
    const desk = ofTwo()
    const { signal, bound } = card(desk)
    expect(bound.dollars > usd('100')).toBe(true)
    expect(desk.last('approvalAsked')).toMatchObject({ persons: 2 })
    expect(desk.says(ANNA, { kind: 'approve', signal, round: 1 })).toEqual([
      {
        kind: 'approvalVoted',
        signal,
        by: { person: ANNA, surface: 'console', press: expect.any(String) },
        at: desk.at,
      },
    ])
    expect(desk.effects).toEqual([])
    expect(waitingOf(desk, signal).votes).toEqual([ANNA])
    expect(kindsOf(desk.says(BERT, { kind: 'approve', signal, round: 1 }))).toEqual(['approvalGiven', 'quoteAsked'])
    desk.quote(signal)
    expect(desk.last('orderPlanned')).toMatchObject({ reserve: bound.dollars })
    audit(desk)
  })

  test.each([
    ['from the same place', 'console'],
    ['from another of their surfaces', 'telegram'],
  ])('X2: the same person counts once: a second yes %s is told so', (_, surface) => {
    const desk = ofTwo()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    expect(kindsOf(desk.says(ANNA, { kind: 'approve', signal }, surface))).toEqual(['instructionRefused'])
    expect(desk.last('instructionRefused')).toMatchObject({
      signal,
      why: 'you have said yes already; another person has to say it too',
      by: { person: ANNA, surface },
    })
    expect(waitingOf(desk, signal).votes).toEqual([ANNA])
  })

  test('needs exactly the number of people that the limit says, whoever presses how often', () => {
    const people = ['a', 'b', 'c', 'd', 'e', 'f'] as readonly string[] as readonly PersonId[]
    const anyPress = fc.tuple(fc.constantFrom(...people), fc.constantFrom('console', 'telegram', 'discord'))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(anyPress, { maxLength: 14 }), (needed, presses) => {
        const desk = ofTwo({ approvalPersons: needed })
        const { signal } = card(desk)
        const said = new Set<PersonId>()
        for (const [person, surface] of presses) {
          const isOpen = said.size < needed
          desk.says(person, { kind: 'approve', signal }, surface)
          if (isOpen) said.add(person)
          expect(desk.all('approvalGiven')).toHaveLength(said.size === needed ? 1 : 0)
        }
        expect(desk.all('approvalVoted').map(({ by }) => by.person)).toEqual([...said].slice(0, needed - 1))
        expect(desk.all('instructionRefused')).toHaveLength(presses.length - said.size)
      }),
    )
  })

  test.each([
    ['exactly what is still small', '100', 1],
    ['a millionth more', '100.000001', 2],
  ])('is one of more than the limit: %s', (_, dollars, persons) => {
    const desk = ofTwo()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal, dollars: usd(dollars) })
    expect(desk.all('approvalGiven')).toHaveLength(persons === 1 ? 1 : 0)
    if (persons === 2) expect(waitingOf(desk, signal)).toMatchObject({ persons: 2, votes: [ANNA] })
  })

  test('is stopped by one no, however many have said yes', () => {
    const desk = ofTwo({ approvalPersons: 3 })
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    desk.says(BERT, { kind: 'approve', signal })
    desk.says(CORA, { kind: 'reject', signal, why: 'no' })
    expect(desk.last('signalDeclined').vetoed).toBeUndefined()
    desk.says(CORA, { kind: 'approve', signal })
    expect(desk.last('instructionRefused').why).toBe('you declined it 0 ms earlier')
    expect(desk.state.signals.size).toBe(0)
  })

  test('expires with the votes it has', () => {
    const desk = ofTwo()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    desk.wait(90_000).says(BERT, { kind: 'approve', signal })
    expect(desk.last('instructionRefused').why).toBe('it has just expired')
    expect(kindsOf(desk.fires({ kind: 'approval', signal, round: 1 }))).toEqual(['signalExpired'])
  })

  test('whose price has moved needs all of them anew', () => {
    const desk = ofTwo({ ...FAR, ...OF_TWO })
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    desk.says(BERT, { kind: 'approve', signal })
    desk.quote(signal, movedBy(3))
    expect(waitingOf(desk, signal)).toMatchObject({ round: 2, persons: 2, votes: [] })
    desk.says(BERT, { kind: 'approve', signal, round: 2 })
    expect(desk.all('approvalGiven')).toHaveLength(1)
    desk.says(ANNA, { kind: 'approve', signal, round: 2 })
    expect(desk.all('approvalGiven')).toHaveLength(2)
  })
})

describe('another amount under a quorum', () => {
  test('is another version with one vote: that of who asked for it', () => {
    const desk = ofTwo()
    const { signal, bound } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    const facts = desk.wait(5_000).says(BERT, { kind: 'approve', signal, round: 1, dollars: usd('120') })
    expect(facts).toMatchObject([
      { kind: 'approvalAsked', round: 2, persons: 2, votes: [BERT], again: 'amount', by: { person: BERT } },
    ])
    expect(desk.last('approvalAsked').bound).toMatchObject({
      dollars: usd('120'),
      wish: usd('120'),
      limit: bound.limit,
      expiresAt: bound.expiresAt,
    })
    desk.says(CORA, { kind: 'approve', signal, round: 1 })
    expect(desk.last('instructionRefused').why).toContain('version 2')
    expect(kindsOf(desk.says(ANNA, { kind: 'approve', signal, round: 2 }))).toEqual(['approvalGiven', 'quoteAsked'])
    desk.quote(signal)
    expect(desk.last('orderPlanned').reserve <= usd('120')).toBe(true)
    audit(desk)
  })

  test('that one person may decide is decided by one, whatever others have said of the larger', () => {
    const desk = ofTwo()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    expect(kindsOf(desk.says(BERT, { kind: 'approve', signal, dollars: usd('60') }))).toEqual([
      'approvalGiven',
      'quoteAsked',
    ])
    expect(desk.last('approvalGiven').bound).toMatchObject({ dollars: usd('60'), wish: usd('60') })
    desk.quote(signal)
    expect(desk.last('orderPlanned').reserve <= usd('60')).toBe(true)
  })

  test('on a small card needs a second person where it makes it a large one', () => {
    const desk = ofTwo({ approvalPersonsFrom: usd('500') })
    const { signal } = card(desk)
    expect(waitingOf(desk, signal).persons).toBe(1)
    desk.says(ANNA, { kind: 'approve', signal, dollars: usd('600') })
    expect(waitingOf(desk, signal)).toMatchObject({ round: 2, persons: 2, votes: [ANNA] })
    expect(desk.all('approvalGiven')).toEqual([])
  })
})

describe('a change of how many people must say yes', () => {
  test.each([
    ['more', 'approvalPersons', 3],
    ['fewer', 'approvalPersons', 1],
    ['from another amount on', 'approvalPersonsFrom', usd('400')],
  ] as const)('takes the cards back that wait: %s', (_, name, value) => {
    const desk = ofTwo()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    const facts = desk.says(BERT, { kind: 'setLimit', name, value })
    expect(kindsOf(facts)).toEqual(['limitsChanged', 'signalWithdrawn'])
    expect(facts.at(-1)).toMatchObject({ signal, why: 'how many people must say yes was changed' })
    desk.says(BERT, { kind: 'approve', signal })
    expect(desk.last('instructionRefused').why).toBe('it is withdrawn already')
    audit(desk)
  })

  test('by a preset takes them back as well', () => {
    const desk = ofTwo()
    card(desk)
    expect(kindsOf(desk.ask({ kind: 'setPreset', preset: 'standard' }))).toContain('signalWithdrawn')
  })

  test('leaves those alone that are approved, and an exit that waits', () => {
    const desk = asking({ deposit: '100000', limits: { ...FAR, ...OF_TWO } })
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: false } })
    desk.copies(1)
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
    const exit = card(desk, {}, 1, { side: 'sell', transaction: '0xout' })
    const entry = card(desk, {}, 2)
    desk.says(ANNA, { kind: 'approve', signal: entry.signal })
    desk.says(BERT, { kind: 'approve', signal: entry.signal })
    expect(kindsOf(desk.ask({ kind: 'setLimit', name: 'approvalPersons', value: 4 }))).toEqual(['limitsChanged'])
    expect(waitingOf(desk, exit.signal).persons).toBe(1)
    desk.quote(entry.signal)
    expect(desk.all('orderPlanned')).toHaveLength(2)
  })

  test('of any other limit takes nothing back', () => {
    const desk = ofTwo()
    const { signal } = card(desk)
    desk.ask({ kind: 'setLimit', name: 'stakeMax', value: usd('700') })
    expect(waitingOf(desk, signal).round).toBe(1)
  })
})
