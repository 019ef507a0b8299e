import { describe, expect, test } from 'vitest'
import { orderKeyOf, type SignalId } from '../../src/core/units/ids.ts'
import { price, usd } from '../../src/core/units/money.ts'
import { PLAIN_SETTINGS } from '../../src/core/whale/whale.ts'
import { audit } from '../support/audit.ts'
import { asking, FAR, movedBy, OF_TWO } from '../support/cards.ts'
import type { TestDesk } from '../support/desk.ts'
import { ANNA, BERT, wallet } from '../support/made.ts'

const STAGES = ['looked into', 'waiting', 'half agreed', 'approved', 'ordered', 'over'] as const
type StageName = (typeof STAGES)[number]
type Act = (desk: TestDesk, signal: SignalId) => void

/** One signal, as far as it has come. A card needs two people, except for an amount that one may decide. */
function at(stage: StageName): readonly [TestDesk, SignalId] {
  const desk = asking({ deposit: '100000', limits: { ...FAR, ...OF_TWO } })
  const signal = desk.hears(1)
  const way: readonly Act[] = [
    () => desk.quote(signal),
    () => desk.says(ANNA, { kind: 'approve', signal }),
    () => desk.says(BERT, { kind: 'approve', signal }),
    () => desk.quote(signal),
    () => desk.fillsWhole(orderKeyOf(signal, 1)),
  ]
  for (const go of way.slice(0, STAGES.indexOf(stage))) go(desk, signal)
  return [desk, signal]
}

function nameOf(desk: TestDesk, signal: SignalId): StageName {
  const stage = desk.state.signals.get(signal)?.stage
  if (stage === undefined) return 'over'
  if (stage.kind === 'ordered') return 'ordered'
  if (stage.kind === 'waiting') return stage.votes.length > 0 ? 'half agreed' : 'waiting'
  return stage.bound === undefined ? 'looked into' : 'approved'
}

function quoted(desk: TestDesk, signal: SignalId, wish = {}): void {
  if (desk.facts.some(fact => fact.kind === 'quoteAsked' && fact.signal === signal)) desk.quote(signal, wish)
}

/** Everything that may happen to a signal, each on a desk of its own. */
const ACTS: Readonly<Record<string, Act>> = {
  'the book comes': quoted,
  'a book that has moved comes': (desk, signal) => quoted(desk, signal, movedBy(3)),
  'a book that no gate likes comes': (desk, signal) => quoted(desk, signal, { bids: [['0.01', '5']] }),
  'an earlier book comes': (desk, signal) => {
    const quote = desk.quoteFor(desk.last('quoteAsked').token)
    desk.take({ kind: 'quoteArrived', signal, round: 0, quote })
  },
  'no book can be had': (desk, signal) => {
    const { round } = desk.last('quoteAsked')
    desk.take({ kind: 'quoteFailed', signal, round, why: 'HTTP 503' })
  },
  'the book comes after the time of the card': (desk, signal) => quoted(desk.wait(90_000), signal),
  'nobody is to be asked any more': (desk, signal) => {
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: false } })
    quoted(desk, signal)
  },
  'anna says yes': (desk, signal) => desk.says(ANNA, { kind: 'approve', signal }),
  'bert says yes': (desk, signal) => desk.says(BERT, { kind: 'approve', signal }),
  'bert says yes to an older version': (desk, signal) => desk.says(BERT, { kind: 'approve', signal, round: 0 }),
  'bert says yes to less': (desk, signal) => desk.says(BERT, { kind: 'approve', signal, dollars: usd('60') }),
  'bert says yes to some less': (desk, signal) => desk.says(BERT, { kind: 'approve', signal, dollars: usd('150') }),
  'bert says yes to too much': (desk, signal) => desk.says(BERT, { kind: 'approve', signal, dollars: usd('5000') }),
  'bert says no': (desk, signal) => desk.says(BERT, { kind: 'reject', signal, why: 'no' }),
  'its time passes': (desk, signal) => {
    const stage = desk.state.signals.get(signal)?.stage
    desk.wait(90_000).fires({ kind: 'approval', signal, round: stage?.kind === 'waiting' ? stage.round : 1 })
  },
  'the whale sells': desk => desk.hears(1, { side: 'sell', transaction: '0xout' }),
  'another source tells the opposite': desk => desk.hears(1, { side: 'sell', source: 'chain' }),
  'the whale is muted': desk => {
    const mutedUntil = desk.wait(1).at
    desk.ask({
      kind: 'setWhale',
      whale: wallet(1),
      settings: { ...PLAIN_SETTINGS, mutedUntil: (mutedUntil + 9) as typeof mutedUntil },
    })
  },
  'the quorum is changed': desk => desk.ask({ kind: 'setLimit', name: 'approvalPersons', value: 3 }),
  'trading is stopped': desk => desk.ask({ kind: 'stop', why: 'a test' }),
  'nobody can be reached': desk => desk.take({ kind: 'voicesSeen', isReached: false, why: 'a test' }),
  'a new process starts': desk => desk.start(),
  'the order is filled': (desk, signal) => {
    if (desk.state.orders.has(orderKeyOf(signal, 1))) desk.fillsWhole(orderKeyOf(signal, 1))
  },
  'the order is rejected': (desk, signal) => desk.answers(orderKeyOf(signal, 1), { kind: 'rejected', reason: 'no' }),
  'the order is lost': (desk, signal) => desk.answers(orderKeyOf(signal, 1), { kind: 'unknown', why: 'lost' }),
}

/** Where each stage leads, and by what. What is not here must not happen: no stage is ever reached from any other one. */
const WAYS: Readonly<Record<StageName, Partial<Record<StageName, readonly string[]>>>> = {
  'looked into': {
    waiting: ['the book comes', 'a book that has moved comes'],
    ordered: ['nobody is to be asked any more'],
    over: [
      'a book that no gate likes comes',
      'no book can be had',
      'the book comes after the time of the card',
      'the whale sells',
      'another source tells the opposite',
    ],
  },
  waiting: {
    'half agreed': ['anna says yes', 'bert says yes', 'bert says yes to some less'],
    approved: ['bert says yes to less'],
    over: [
      'bert says no',
      'its time passes',
      'the whale sells',
      'another source tells the opposite',
      'the whale is muted',
      'the quorum is changed',
    ],
  },
  'half agreed': {
    approved: ['bert says yes', 'bert says yes to less'],
    over: [
      'bert says no',
      'its time passes',
      'the whale sells',
      'another source tells the opposite',
      'the whale is muted',
      'the quorum is changed',
    ],
  },
  approved: {
    waiting: ['a book that has moved comes'],
    ordered: ['the book comes', 'nobody is to be asked any more'],
    over: [
      'a book that no gate likes comes',
      'no book can be had',
      'the book comes after the time of the card',
      'bert says no',
      'the whale sells',
      'another source tells the opposite',
    ],
  },
  ordered: { over: ['the order is filled', 'the order is rejected'] },
  over: {},
}

const PAIRS = STAGES.flatMap(from => STAGES.map(to => [from, to] as const))

/** What leads from one stage to another, of all that may happen. */
function leading(from: StageName, to: StageName): readonly string[] {
  return Object.entries(ACTS).flatMap(([name, act]) => {
    const [desk, signal] = at(from)
    expect(nameOf(desk, signal)).toBe(from)
    act(desk, signal)
    audit(desk)
    return nameOf(desk, signal) === to ? [name] : []
  })
}

describe('all pairs of the stages of a signal', () => {
  test.each(PAIRS.filter(([from, to]) => from !== to))('from %s to %s', (from, to) => {
    const ways = WAYS[from][to] ?? []
    expect([...leading(from, to)].sort()).toEqual([...ways].sort())
  })

  test('whatever happens elsewhere, a stage is left by nothing else', () => {
    for (const from of STAGES) {
      const moving = Object.values(WAYS[from]).flat()
      const staying = Object.keys(ACTS).filter(name => !moving.includes(name))
      expect([...leading(from, from)].sort()).toEqual(staying.sort())
    }
  })

  test('a bound is there once people have said yes, and its price is the one on the card', () => {
    const [desk, signal] = at('approved')
    expect(desk.state.signals.get(signal)?.stage).toMatchObject({ approvedBy: BERT, bound: { limit: price('0.53') } })
  })
})
