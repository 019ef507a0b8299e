import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { storyReply } from '../../src/chat/story.ts'
import { explain, weightsOf } from '../../src/core/engine/explain.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import { orderKeyOf, type SignalId } from '../../src/core/units/ids.ts'
import { price, shares, usd } from '../../src/core/units/money.ts'
import { asking, card, FAR, movedBy, OF_TWO } from '../support/cards.ts'
import type { TestDesk } from '../support/desk.ts'
import { ANNA, BERT, CORA, wallet } from '../support/made.ts'
import { filledFact, first, NOW, newWorld, plannedFact, signalFrom, stake, trade, weighedFact } from './stand-in.ts'

const told = newWorld().stories.get(first.short)

test('a copied signal is told from its first sight to what became of the position', () => {
  const story = explain(first.id, told?.facts ?? [])
  expect(story.verdict).toBe('copied')
  expect(story.market?.title).toBe('Will the Fed cut rates in December?')
  expect(story.chapters.map(({ kind }) => kind)).toEqual([
    'opened',
    'joined',
    'weighed',
    'asked',
    'approved',
    'quoted',
    'weighed',
    'sent',
    'uncertain',
    'probed',
    'filled',
    'ended',
    'copied',
    'realised',
    'closed',
  ])
})

test('the waterfall ends at the stake that was decided', () => {
  const weights = weightsOf(stake)
  expect(weights.map(({ name }) => name)).toEqual(['base', 'whale', 'market', 'risk', 'portfolio', 'cap'])
  expect(weights.at(0)?.after).toBe(usd('78.4'))
  expect(weights.at(-1)?.after).toBe(stake.amount)
})

test('facts of other signals change nothing', () => {
  const other = signalFrom(trade({ transaction: '0x77', token: '9' as typeof first.token }))
  const strange = [
    { kind: 'signalOpened', signal: other } as const,
    weighedFact(other),
    plannedFact(other),
    filledFact(other, 'x'),
  ]
  const facts = told?.facts ?? []
  const alone = explain(first.id, facts)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(facts.length), fc.constantFrom(...strange)), { maxLength: 10 }), extra => {
      const mixed = [...facts]
      for (const [at, fact] of extra) mixed.splice(at, 0, { seq: mixed[Math.max(0, at - 1)]?.seq ?? 0, at: NOW, fact })
      expect(explain(first.id, mixed)).toEqual(alone)
    }),
  )
})

test('pieces of one entry are one filling, at their average', () => {
  const at = NOW
  const facts = [filledFact(first, 'a', '10'), filledFact(first, 'b', '30')].map(fact => ({ seq: 7, at, fact }))
  const [chapter] = explain(first.id, facts).chapters
  expect(chapter).toMatchObject({ kind: 'filled', fills: 2, size: 40_000_000n, fee: usd('0.24') })
})

test('pieces that join are one chapter as long as nothing comes between them', () => {
  const piece = (size: string): Fact => ({
    kind: 'tradeJoined',
    signal: first.id,
    trade: trade({ transaction: `0x${size}`, size: shares(size) }),
    exit: shares('0'),
    at: NOW,
  })
  const facts = [piece('500'), piece('700'), weighedFact(first), piece('20')].map((fact, seq) => ({
    seq,
    at: NOW,
    fact,
  }))
  expect(explain(first.id, facts).chapters).toMatchObject([
    { kind: 'joined', pieces: 2, size: shares('1200') },
    { kind: 'weighed' },
    { kind: 'joined', pieces: 1, size: shares('20') },
  ])
})

test('what another source says against it is a chapter', () => {
  const other = trade({ token: '9' as typeof first.token, outcome: 'No', price: price('0.395'), source: 'chain' })
  const facts = [
    { kind: 'signalOpened', signal: first } as const,
    { kind: 'tradeContradicted', signal: first.id, trade: other, at: NOW } as const,
    { kind: 'signalWithdrawn', signal: first.id, why: 'two sources tell opposite sides of it' } as const,
  ].map((fact, seq) => ({ seq, at: NOW, fact }))
  expect(explain(first.id, facts)).toMatchObject({
    verdict: 'withdrawn',
    chapters: [{ kind: 'opened' }, { kind: 'contradicted', trade: { outcome: 'No' } }, { kind: 'withdrawn' }],
  })
})

test('a position that is sold again and again is told until it closes, and no further', () => {
  const opened = { kind: 'signalOpened', signal: first } as const
  const realised = {
    kind: 'profitRealised',
    account: 'paper',
    token: first.token,
    whale: undefined,
    profit: usd('1'),
    fee: usd('0'),
    at: NOW,
  } as const
  const closed = { kind: 'positionClosed', account: 'paper', token: first.token, profit: usd('1'), at: NOW } as const
  const facts = [opened, realised, filledFact(first, 'a'), realised, closed, realised].map((fact, seq) => ({
    seq,
    at: NOW,
    fact,
  }))
  expect(explain(first.id, facts).chapters.map(({ kind }) => kind)).toEqual(['opened', 'filled', 'realised', 'closed'])
  expect(
    explain(first.id, [{ seq: 1, at: NOW, fact: { kind: 'orderRested', order: orderKeyOf(first.id, 1) } }]).signal,
  ).toBeUndefined()
})

describe('what people said of a card', () => {
  const ofTwo = (): TestDesk => asking({ limits: { ...FAR, ...OF_TWO } })

  function toldOf(desk: TestDesk, signal: SignalId) {
    const facts = desk.facts.map((fact, seq) => ({ seq, at: NOW, fact }))
    const { chapters } = explain(signal, facts)
    const { blocks } = storyReply({ signal, facts, whaleName: 'swordfish' }, true)
    const lines = blocks.flatMap(block => (block.kind === 'rows' ? block.rows.map(row => String(row[1])) : []))
    return { chapters, kinds: chapters.map(({ kind }) => kind), lines }
  }

  test('is told in order: the votes, the version that another amount made, and the last yes', () => {
    const desk = ofTwo()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal })
    desk.says(ANNA, { kind: 'approve', signal }, 'telegram')
    desk.says(BERT, { kind: 'approve', signal, dollars: usd('120') }, 'discord')
    desk.says(CORA, { kind: 'approve', signal, round: 2 })
    const { kinds, lines } = toldOf(desk, signal)
    expect(kinds).toEqual(['opened', 'weighed', 'asked', 'voted', 'unheard', 'asked', 'approved', 'quoted'])
    expect(lines[2]).toMatch(/^asked 2 people: at most 53/)
    expect(lines.slice(3, 5)).toEqual([
      'anna on console said yes, which is not the last that is needed',
      'a yes by anna on telegram came to nothing: you have said yes already; another person has to say it too',
    ])
    expect(lines[5]).toMatch(
      /^asked 2 people again, as version 2, since bert chose another amount: at most 53.*\$120\.00/,
    )
    expect(lines[6]).toBe('approved by cora on console')
  })

  test('is told with why they were asked again, and for how much it was approved', () => {
    const desk = ofTwo()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal, dollars: usd('60') })
    desk.quote(signal, movedBy(3))
    desk.says(ANNA, { kind: 'approve', signal, round: 1 })
    const { kinds, lines } = toldOf(desk, signal)
    expect(kinds).toEqual(['opened', 'weighed', 'asked', 'approved', 'quoted', 'weighed', 'asked', 'unheard'])
    expect(lines[3]).toBe('approved by anna on console, for at most $60.00')
    expect(lines[6]).toMatch(/^asked a person again, as version 2, since the price had moved beyond that: at most 56/)
    expect(lines[7]).toContain('the card has changed since, and is version 2 now')
  })

  test('is told with whose yes a no has stopped, and with who came after it', () => {
    const desk = ofTwo()
    const { signal } = card(desk)
    desk.says(ANNA, { kind: 'approve', signal, dollars: usd('60') })
    desk.says(BERT, { kind: 'reject', signal, why: 'not this one' }, 'telegram')
    desk.wait(1_200).says(CORA, { kind: 'reject', signal, why: 'no' })
    const { chapters, kinds, lines } = toldOf(desk, signal)
    expect(kinds.slice(-3)).toEqual(['quoted', 'declined', 'unheard'])
    expect(chapters.at(-2)).toMatchObject({ by: BERT, vetoed: ANNA })
    expect(lines.slice(-2)).toEqual([
      'approved by anna and stopped before it was sent, by bert on telegram: not this one',
      'a no by cora on console came to nothing: bert declined it on telegram 1.2 s earlier',
    ])
  })

  test('about another trade is no part of it', () => {
    const desk = ofTwo()
    const [one, other] = [card(desk), card(desk, {}, 2)]
    desk.says(ANNA, { kind: 'approve', signal: one.signal, round: 7 })
    desk.says(ANNA, { kind: 'follow', whale: wallet(1), name: '', record: undefined })
    desk.says(ANNA, { kind: 'resume' })
    expect(toldOf(desk, other.signal).kinds).toEqual(['opened', 'weighed', 'asked'])
    expect(toldOf(desk, one.signal).kinds).toEqual(['opened', 'weighed', 'asked', 'unheard'])
  })
})
