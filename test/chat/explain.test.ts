import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explain, weightsOf } from '../../src/core/engine/explain.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import { orderKeyOf } from '../../src/core/units/ids.ts'
import { price, shares, usd } from '../../src/core/units/money.ts'
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
