import fc from 'fast-check'
import { expect, test } from 'vitest'
import { verdictOf } from '../../src/core/engine/explain.ts'
import { signalOf } from '../../src/core/engine/fact.ts'
import { AGAIN_WAIT_MS, ROUNDS_MAX } from '../../src/core/order/approval.ts'
import { type Instant, later, orderKeyOf, type PersonId, type SignalId } from '../../src/core/units/ids.ts'
import { price, type Usd, usd } from '../../src/core/units/money.ts'
import { PLAIN_SETTINGS } from '../../src/core/whale/whale.ts'
import { audit } from '../support/audit.ts'
import { asking, FAR, movedBy } from '../support/cards.ts'
import type { TestDesk } from '../support/desk.ts'
import { ANNA, BERT, CORA, needed, wallet } from '../support/made.ts'

/** All that there is to know of a card: what it has come to, and what a yes to it would allow. */
type Card = {
  stage: 'waiting' | 'approved' | 'ordered' | 'over'
  readonly whale: number
  round: number
  votes: readonly PersonId[]
  dollars: Usd
  /** By how many cents the book had moved when it was shown; a cent more is allowed. */
  cents: number
  expiresAt: Instant
  wasDeclined: boolean
}

type Model = {
  readonly cards: Card[]
  now: Instant
  quorum: number
  isStopped: boolean
  isPaused: boolean
  isReached: boolean
  readonly muted: Set<number>
}

type Real = { readonly desk: TestDesk; readonly signals: SignalId[] }
type Step = fc.Command<Model, Real>

const FROM = usd('80')
const STAKE_MIN = usd('5')
const STAKE_MAX = usd('200')
const WAIT_MS = 90_000
const LIMITS = {
  ...FAR,
  stakeMin: STAKE_MIN,
  stakeMax: STAKE_MAX,
  approvalPersonsFrom: FROM,
  positionsMax: 100,
  burstMs: 0,
}

function step(
  words: string,
  run: (model: Model, real: Real) => void,
  check: (model: Model) => boolean = () => true,
): Step {
  return {
    check,
    run: (model, real) => {
      run(model, real)
      compare(model, real)
    },
    toString: () => words,
  }
}

/** Whether the engine and the model say the same of every card, and every law holds of all that was told. */
function compare(model: Model, { desk, signals }: Real): void {
  const stages = signals.map(signal => {
    const stage = desk.state.signals.get(signal)?.stage
    if (stage === undefined) return { stage: 'over' }
    if (stage.kind !== 'waiting') return { stage: stage.kind === 'quoting' ? 'approved' : 'ordered' }
    const { round, votes, bound } = stage
    return { stage: 'waiting', round, votes, dollars: bound.dollars, expiresAt: bound.expiresAt }
  })
  const expected = model.cards.map(({ stage, round, votes, dollars, expiresAt }) =>
    stage === 'waiting' ? { stage, round, votes, dollars, expiresAt } : { stage },
  )
  expect(stages).toEqual(expected)
  for (const [index, signal] of signals.entries()) {
    const card = needed(model.cards[index])
    const own = desk.facts.filter(fact => signalOf(fact) === signal)
    expect(own.filter(fact => verdictOf(fact) !== undefined)).toHaveLength(card.stage === 'over' ? 1 : 0)
    const planned = own.filter(fact => fact.kind === 'orderPlanned')
    expect(planned.length <= (card.wasDeclined ? 0 : 1)).toBe(true)
  }
}

function personsFor({ quorum }: Model, dollars: Usd): number {
  return dollars > FROM ? quorum : 1
}

function bookAt(cents: number) {
  return movedBy(cents)
}

const hear = (whale: number): Step =>
  step(
    `whale ${whale} buys`,
    (model, { desk, signals }) => {
      const signal = desk.hears(signals.length % 4, { whale: wallet(whale), transaction: `0x${signals.length}` })
      desk.quote(signal, bookAt(0))
      signals.push(signal)
      const { bound, round } = desk.last('approvalAsked')
      expect([bound.limit, round]).toEqual([price('0.53'), 1])
      model.cards.push({
        stage: 'waiting',
        whale,
        round: 1,
        votes: [],
        dollars: bound.dollars,
        cents: 0,
        expiresAt: later(model.now, WAIT_MS),
        wasDeclined: false,
      })
    },
    model =>
      model.cards.length < 6 && !model.isStopped && !model.isPaused && model.isReached && !model.muted.has(whale),
  )

type Amount = 'as shown' | 'half' | 'too little' | 'too much'

function wished(card: Card, amount: Amount): Usd | undefined {
  if (amount === 'as shown') return undefined
  if (amount === 'half') return (card.dollars / 2n) as Usd
  return amount === 'too little' ? usd('1') : usd('201')
}

const approve = (which: number, person: PersonId, version: 0 | 1 | undefined, amount: Amount): Step =>
  step(
    `${person} says yes to ${which} (${version === 0 ? 'an older' : version === 1 ? 'this' : 'no'} version, ${amount})`,
    (model, { desk, signals }) => {
      const index = which % signals.length
      const [card, signal] = [needed(model.cards[index]), needed(signals[index])]
      const round = version === undefined ? undefined : card.round - 1 + version
      const dollars = wished(card, amount)
      desk.says(person, { kind: 'approve', signal, round, dollars })
      const isHeard =
        card.stage === 'waiting' &&
        version !== 0 &&
        model.now < card.expiresAt &&
        !model.isStopped &&
        !model.isPaused &&
        model.isReached &&
        !card.votes.includes(person) &&
        (dollars === undefined || (dollars >= STAKE_MIN && dollars <= STAKE_MAX))
      if (!isHeard) return
      if (dollars === undefined) card.votes = [...card.votes, person]
      else {
        card.votes = [person]
        card.dollars = dollars
      }
      if (card.votes.length >= personsFor(model, card.dollars)) card.stage = 'approved'
      else if (dollars !== undefined) card.round += 1
    },
    model => model.cards.length > 0,
  )

const reject = (which: number, person: PersonId): Step =>
  step(
    `${person} says no to ${which}`,
    (model, { desk, signals }) => {
      const index = which % signals.length
      const card = needed(model.cards[index])
      desk.says(person, { kind: 'reject', signal: needed(signals[index]), why: 'no' })
      if (card.stage !== 'waiting' && card.stage !== 'approved') return
      card.stage = 'over'
      card.wasDeclined = true
    },
    model => model.cards.length > 0,
  )

const quote = (which: number, cents: number): Step =>
  step(
    `the book of ${which} comes, ${cents} cents away`,
    (model, { desk, signals }) => {
      const approved = [...model.cards.entries()].filter(([, { stage }]) => stage === 'approved')
      const [index, card] = needed(approved[which % approved.length])
      const signal = needed(signals[index])
      desk.quote(signal, bookAt(cents))
      const isHeld = model.isStopped || model.isPaused || !model.isReached
      if (isHeld || model.muted.has(card.whale) || model.now >= card.expiresAt) {
        card.stage = 'over'
      } else if (cents <= card.cents + 1) {
        card.stage = 'ordered'
        const { intent, reserve } = desk.last('orderPlanned', fact => fact.intent.signal === signal)
        expect(intent.limit <= price(((53 + card.cents) / 100).toFixed(2))).toBe(true)
        expect(reserve <= card.dollars).toBe(true)
      } else if (card.round === ROUNDS_MAX) card.stage = 'over'
      else {
        const { bound } = desk.last('approvalAsked')
        expect(bound.dollars <= STAKE_MAX + 100n).toBe(true)
        Object.assign(card, {
          stage: 'waiting',
          round: card.round + 1,
          votes: [],
          cents,
          dollars: bound.dollars,
          expiresAt: later(model.now, AGAIN_WAIT_MS),
        })
      }
    },
    model => model.cards.some(({ stage }) => stage === 'approved'),
  )

const fill: Step = step(
  'the venue fills what is ordered',
  (model, { desk, signals }) => {
    for (const [index, card] of model.cards.entries()) {
      if (card.stage !== 'ordered') continue
      const key = orderKeyOf(needed(signals[index]), 1)
      desk.fillsWhole(key, bookAt(card.cents))
      const paid = desk
        .all('orderFilled')
        .filter(({ order }) => order === key)
        .reduce((sum, { fill: each }) => sum + each.notional + each.fee, 0n)
      expect(paid <= card.dollars).toBe(true)
      card.stage = 'over'
    }
  },
  model => model.cards.some(({ stage }) => stage === 'ordered'),
)

const wait = (ms: number, isTold: boolean): Step =>
  step(`${ms} ms pass${isTold ? '' : ', and no timer fires'}`, (model, { desk, signals }) => {
    desk.wait(ms)
    model.now = later(model.now, ms)
    for (const [index, card] of isTold ? model.cards.entries() : []) {
      // Every timer that was ever set fires, also of versions that are gone.
      for (let round = 1; round <= card.round; round += 1)
        desk.fires({ kind: 'approval', signal: needed(signals[index]), round })
      if (card.stage === 'waiting' && model.now >= card.expiresAt) card.stage = 'over'
    }
  })

const mute = (whale: number, isMuted: boolean): Step =>
  step(`whale ${whale} is ${isMuted ? 'muted' : 'heard again'}`, (model, { desk }) => {
    const mutedUntil = isMuted ? later(model.now, 86_400_000) : undefined
    desk.ask({ kind: 'setWhale', whale: wallet(whale), settings: { ...PLAIN_SETTINGS, mutedUntil } })
    if (!isMuted) model.muted.delete(whale)
    else {
      model.muted.add(whale)
      for (const card of model.cards) if (card.whale === whale && card.stage === 'waiting') card.stage = 'over'
    }
  })

const quorum = (persons: number): Step =>
  step(`${persons} have to say yes`, (model, { desk }) => {
    desk.ask({ kind: 'setLimit', name: 'approvalPersons', value: persons })
    if (persons === model.quorum) return
    model.quorum = persons
    for (const card of model.cards) if (card.stage === 'waiting') card.stage = 'over'
  })

const stop = (isStopped: boolean): Step =>
  step(isStopped ? 'stop' : 'resume', (model, { desk }) => {
    desk.ask(isStopped ? { kind: 'stop', why: 'a test' } : { kind: 'resume' })
    model.isStopped = isStopped
    if (!isStopped) model.isPaused = false
  })

const pause: Step = step('pause', (model, { desk }) => {
  desk.ask({ kind: 'pause', why: 'a test' })
  if (!model.isStopped) model.isPaused = true
})

const reach = (isReached: boolean): Step =>
  step(isReached ? 'people can be reached' : 'nobody can be reached', (model, { desk }) => {
    desk.take({ kind: 'voicesSeen', isReached, why: 'a test' })
    model.isReached = isReached
  })

const start: Step = step(
  'a new process starts',
  (model, { desk }) => {
    desk.start()
    desk.reportBooks()
    model.isReached = true
  },
  model => model.cards.every(({ stage }) => stage !== 'ordered'),
)

const anyPerson = fc.constantFrom(ANNA, BERT, CORA)
const anyCard = fc.nat(5)
const anyWhale = fc.integer({ min: 1, max: 3 })
const anyAmount = fc.constantFrom<Amount>('as shown', 'as shown', 'as shown', 'half', 'too little', 'too much')
const anyApproval = fc
  .tuple(anyCard, anyPerson, fc.constantFrom<0 | 1 | undefined>(undefined, 1, 1, 0), anyAmount)
  .map(args => approve(...args))
const anyQuote = fc.tuple(fc.nat(3), fc.nat(9)).map(args => quote(...args))
const STEPS = [
  anyWhale.map(hear),
  anyApproval,
  anyApproval,
  anyApproval,
  anyQuote,
  anyQuote,
  fc.tuple(anyCard, anyPerson).map(args => reject(...args)),
  fc.constant(fill),
  fc.tuple(fc.constantFrom(400, 8_000, 29_999, 30_000, 61_000), fc.boolean()).map(args => wait(...args)),
  fc.tuple(anyWhale, fc.boolean()).map(args => mute(...args)),
  fc.constantFrom(1, 2, 2, 3).map(quorum),
  fc.constantFrom(true, false, false).map(stop),
  fc.constant(pause),
  fc.constantFrom(false, true, true).map(reach),
  fc.constant(start),
]

test('cards under every sequence of presses, books, times and rules come to what a page of rules says', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(fc.commands(STEPS, { maxCommands: 60, size: 'max' }), commands => {
      const desk = asking({ deposit: '10000000', limits: LIMITS })
      fc.modelRun(() => {
        const model: Model = {
          cards: [],
          now: desk.at,
          quorum: 1,
          isStopped: false,
          isPaused: false,
          isReached: true,
          muted: new Set(),
        }
        return { model, real: { desk, signals: [] } }
      }, commands)
      audit(desk)
      for (const { kind } of desk.facts) seen.set(kind, (seen.get(kind) ?? 0) + 1)
      if (desk.all('signalDeclined').some(({ vetoed }) => vetoed !== undefined)) seen.set('vetoed', 1)
      for (const { again } of desk.all('approvalAsked')) seen.set(`again ${again}`, 1)
    }),
    { numRuns: 400 },
  )
  // A model that never gets anywhere proves nothing.
  for (const kind of [
    'approvalVoted',
    'approvalGiven',
    'again moved',
    'again amount',
    'vetoed',
    'signalExpired',
    'signalWithdrawn',
    'signalRefused',
    'orderPlanned',
    'signalCopied',
    'instructionRefused',
  ])
    expect([kind, (seen.get(kind) ?? 0) > 0]).toEqual([kind, true])
})
