import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFacts, encodeFacts, encodeState } from '../../src/core/engine/codec.ts'
import { evolve } from '../../src/core/engine/evolve.ts'
import { verdictOf } from '../../src/core/engine/explain.ts'
import { signalOf } from '../../src/core/engine/fact.ts'
import type { Instruction } from '../../src/core/engine/input.ts'
import { emptyState } from '../../src/core/engine/state.ts'
import { isClosed } from '../../src/core/order/order.ts'
import { price, scaled, shares, usd } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { movedBy } from '../support/cards.ts'
import { TestDesk } from '../support/desk.ts'
import { ANNA, BERT, CORA, condition, token, wallet } from '../support/made.ts'

/** One thing that happens; which of the things at hand it happens to is picked by `which`. */
type Happening = { readonly words: string; readonly which: number; readonly amount: number }

const WORDS = [
  'buy',
  'buy',
  'buy',
  'sell',
  'sell',
  'quote',
  'quote',
  'quote',
  'quote',
  'fill',
  'fill',
  'fill',
  'fill part',
  'lose',
  'find',
  'reject',
  'mark',
  'resolve',
  'redeem',
  'wait',
  'start',
  'books',
  'close',
  'approve',
  'decline',
  'approve',
  'approve',
  'approve',
  'move',
  'move',
  'expire',
  'quorum',
  'voices',
  'approvals',
  'limits',
  'stop',
  'resume',
  'resume',
  'books',
  'books',
  'release',
] as const

const PERSONS = [ANNA, BERT, CORA]

const anyHappening: fc.Arbitrary<Happening> = fc.record({
  words: fc.constantFrom(...WORDS),
  which: fc.nat(99),
  amount: fc.integer({ min: 1, max: 2_000 }),
})

function pick<T>(from: readonly T[], which: number): T | undefined {
  return from.length === 0 ? undefined : from[which % from.length]
}

/** Lets it happen; where there is nothing that it could happen to, nothing does. */
function happen(desk: TestDesk, { words, which, amount }: Happening, number: number): void {
  const market = which % 4
  const ofWhale = { whale: wallet((which % 3) + 1), size: shares(String(amount)), transaction: `0x${number}` }
  const signals = [...desk.state.signals.values()]
  const quoting = pick(
    signals.filter(signal => signal.stage.kind === 'quoting'),
    which,
  )
  const waiting = pick(
    signals.filter(signal => signal.stage.kind === 'waiting'),
    which,
  )
  const approved = pick(
    signals.filter(signal => signal.stage.kind === 'quoting' && signal.stage.bound !== undefined),
    which,
  )
  const open = pick([...desk.state.openOrders], which)
  const any = pick([...desk.state.orders.keys()], which)
  const press = (instruction: Instruction) => desk.ask(instruction)
  switch (words) {
    case 'buy':
      desk.hears(market, ofWhale)
      return
    case 'sell':
      desk.hears(market, { ...ofWhale, side: 'sell' })
      return
    case 'quote':
      if (quoting !== undefined) desk.quote(quoting.id, { market: { category: market === 0 ? 'other' : 'sports' } })
      return
    case 'fill':
      if (open !== undefined) desk.fillsWhole(open)
      return
    case 'fill part': {
      if (any === undefined) return
      const order = desk.state.orders.get(any)
      const left = order === undefined ? 0n : order.intent.size - order.filled
      const size = scaled(left as ReturnType<typeof shares>, amount / 2_000)
      const isHeld =
        order?.intent.side === 'buy' ||
        size <= (desk.books.positions.get(order?.intent.token ?? token(0))?.shares ?? 0n)
      // A venue never sells what is not there, nor does a late fill find more cash than there is.
      const isLate = order !== undefined && isClosed(order.status)
      if (size > 0n && isHeld && !isLate) {
        desk.answers(any, { kind: 'accepted', status: 'killed', fills: [desk.fill(any, `part${number}`, size)] })
      }
      return
    }
    case 'lose':
      if (open !== undefined) desk.answers(open, { kind: 'unknown', why: 'lost' })
      return
    case 'find':
      if (any !== undefined)
        desk.reports(any, which % 2 === 0 ? { kind: 'absent' } : { kind: 'found', status: 'cancelled', fills: [] })
      return
    case 'reject':
      if (open !== undefined) desk.answers(open, { kind: 'rejected', reason: 'no' })
      return
    case 'mark':
      desk.marks([market, `0.${String(amount).padStart(4, '0')}`])
      return
    case 'resolve':
      desk.resolves(market, which % 2 === 0 ? '1' : '0')
      return
    case 'redeem':
      desk.take({ kind: 'redeemed', account: 'paper', condition: condition(market) })
      return
    case 'wait':
      desk.wait(amount * 1_000).clockTurns()
      return
    case 'start':
      if (which < 30) desk.start()
      return
    case 'books':
      for (const resolved of [0, 1, 2, 3]) {
        desk.take({ kind: 'redeemed', account: 'paper', condition: condition(resolved) })
      }
      desk.fires({ kind: 'books', account: 'paper' })
      desk.reportBooks()
      return
    case 'close':
      press({ kind: 'close', token: token(market), part: BigInt(amount) * 500n, why: 'a test' })
      return
    case 'approve':
      if (waiting?.stage.kind === 'waiting') {
        const round = which % 5 === 0 ? waiting.stage.round - 1 : undefined
        const dollars = which % 3 === 0 ? usd(String(amount)) : undefined
        desk.says(pick(PERSONS, which) ?? ANNA, { kind: 'approve', signal: waiting.id, round, dollars })
      }
      return
    case 'decline': {
      const declined = approved ?? waiting
      if (declined !== undefined) press({ kind: 'reject', signal: declined.id, why: 'a test' })
      return
    }
    case 'expire':
      if (waiting?.stage.kind === 'waiting') {
        const { round } = waiting.stage
        desk.wait(90_000).fires({ kind: 'approval', signal: waiting.id, round })
      }
      return
    case 'move':
      if (approved !== undefined) desk.quote(approved.id, movedBy(which % 5))
      return
    case 'quorum':
      press({ kind: 'setLimit', name: 'approvalPersons', value: 1 + (which % 3) })
      return
    case 'voices':
      desk.take({ kind: 'voicesSeen', isReached: which > 20, why: 'a test' })
      return
    case 'approvals':
      press({ kind: 'setMode', wish: { kind: 'paper', approvals: which % 4 !== 0 } })
      return
    case 'limits':
      press({ kind: 'setLimit', name: 'stakeMax', value: usd(String(Math.max(50, amount))) })
      return
    case 'stop':
      if (which < 30) press({ kind: 'stop', why: 'a test' })
      return
    case 'resume':
      press({ kind: 'resume' })
      return
    case 'release':
      press({ kind: 'resetBreaker', breaker: which % 2 === 0 ? 'losing-streak' : 'drawdown' })
  }
}

const anyLife = fc.array(anyHappening, { minLength: 40, maxLength: 90, size: 'max' })
const desk = (): TestDesk =>
  new TestDesk({
    limits: {
      sizing: 'mirror',
      stakeMin: usd('1'),
      positionsMax: 3,
      priceMoveMax: price('0.1'),
      approvalPersonsFrom: usd('60'),
    },
  })

function livedThrough(happenings: readonly Happening[]): TestDesk {
  const lived = desk()
  happenings.forEach((happening, number) => {
    happen(lived, happening, number)
  })
  return lived
}

test('two hundred such lives see everything that they are meant to see', () => {
  const seen = new Set<string>()
  for (const happenings of fc.sample(anyLife, { numRuns: 200, seed: 7 })) {
    for (const fact of livedThrough(happenings).facts) {
      seen.add(fact.kind)
      if (fact.kind === 'orderPlanned') seen.add(`${fact.intent.side} planned`)
      if (fact.kind === 'orderClosed') seen.add(fact.status)
      if (fact.kind === 'approvalAsked') seen.add(`asked again: ${fact.again}`)
      if (fact.kind === 'signalDeclined' && fact.vetoed !== undefined) seen.add('vetoed')
    }
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'signalCopied',
      'signalRefused',
      'signalDeclined',
      'signalExpired',
      'signalWithdrawn',
      'buy planned',
      'sell planned',
      'filled',
      'cancelled',
      'rejected',
      'orderBecameUncertain',
      'approvalGiven',
      'approvalVoted',
      'asked again: moved',
      'asked again: amount',
      'vetoed',
      'holdReleased',
      'marketSettled',
      'redeemDone',
      'positionClosed',
      'booksMatched',
      'breakerOpened',
      'hourTurned',
    ]),
  )
})

test('after any sequence of inputs every sum is what the positions and orders add up to', () => {
  fc.assert(
    fc.property(anyLife, happenings => {
      const lived = desk()
      happenings.forEach((happening, number) => {
        happen(lived, happening, number)
        audit(lived)
      })
    }),
    { numRuns: 200 },
  )
})

test('after any sequence of inputs a signal was opened, ordered and judged once, in that order, and is gone with its verdict', () => {
  fc.assert(
    fc.property(anyLife, happenings => {
      const lived = livedThrough(happenings)
      const stages = new Map<string, string>()
      for (const fact of lived.facts) {
        const id = signalOf(fact) ?? ''
        const before = stages.get(id)
        if (fact.kind === 'signalOpened') expect(before).toBeUndefined()
        if (fact.kind === 'orderPlanned') expect(before).toBe('open')
        if (verdictOf(fact) !== undefined) expect(['open', 'ordered']).toContain(before)
        if (fact.kind === 'signalOpened') stages.set(id, 'open')
        if (fact.kind === 'orderPlanned') stages.set(id, 'ordered')
        if (verdictOf(fact) !== undefined) stages.set(id, 'over')
      }
      const going = [...stages].filter(([, stage]) => stage !== 'over').map(([id]) => id)
      expect(new Set(going)).toEqual(new Set(lived.state.signals.keys()))
    }),
    { numRuns: 100 },
  )
})

test('no order is planned while something halts trading, nor an entry beyond the limits on exposure', () => {
  fc.assert(
    fc.property(anyLife, happenings => {
      const lived = desk()
      happenings.forEach((happening, number) => {
        const seen = lived.facts.length
        const isHalted = [...lived.state.holds.values()].some(
          hold => hold.effect === 'halt' && hold.until === 'released by hand',
        )
        happen(lived, happening, number)
        const planned = lived.facts.slice(seen).filter(fact => fact.kind === 'orderPlanned')
        if (isHalted) expect(planned).toEqual([])
        if (!planned.some(fact => fact.intent.side === 'buy')) return
        const equity = (lived.books.ledger.cash + lived.books.marked) as ReturnType<typeof usd>
        const { limits, openOrders, orders } = lived.state
        expect(lived.books.exposed <= scaled(equity, limits.exposurePctMax)).toBe(true)
        for (const { intent, market } of planned) {
          const inMarket = lived.books.exposedByMarket.get(intent.condition) ?? 0n
          const inCategory = lived.books.exposedByCategory.get(market.category) ?? 0n
          expect(inMarket <= scaled(equity, limits.marketPctMax)).toBe(true)
          expect(inCategory <= scaled(equity, limits.categoryPctMax)).toBe(true)
        }
        const underway = [...openOrders].flatMap(key => orders.get(key)?.intent ?? [])
        const bought = underway.filter(intent => intent.side === 'buy').map(intent => intent.token)
        const tokens = new Set([...lived.books.positions.keys(), ...bought])
        expect(tokens.size <= limits.positionsMax).toBe(true)
      })
    }),
    { numRuns: 100 },
  )
})

test('the facts alone, read back from a file, fold into the same state', () => {
  fc.assert(
    fc.property(anyLife, happenings => {
      const lived = livedThrough(happenings)
      const folded = emptyState()
      for (const fact of decodeFacts(encodeFacts(lived.facts))) evolve(folded, fact)
      folded.now = lived.state.now
      expect(encodeState(folded)).toBe(encodeState(lived.state))
    }),
    { numRuns: 60 },
  )
})

test('the same inputs give the same facts and the same state, to the byte', () => {
  fc.assert(
    fc.property(anyLife, happenings => {
      const [one, other] = [desk(), desk()]
      happenings.forEach((happening, number) => {
        happen(one, happening, number)
        happen(other, happening, number)
      })
      expect(encodeFacts(one.facts)).toBe(encodeFacts(other.facts))
      expect(encodeState(one.state)).toBe(encodeState(other.state))
    }),
    { numRuns: 40 },
  )
})
