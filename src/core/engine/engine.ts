import type { Account } from '../order/order.ts'
import { measure } from '../risk/breakers.ts'
import { dueHolds } from '../risk/holds.ts'
import { unreachable } from '../units/brand.ts'
import { dayOf, hourOf, type OrderId, type OrderKey } from '../units/ids.ts'
import { expireApproval } from './decide-approval.ts'
import { decideInstruction } from './decide-instruction.ts'
import { cancelEverything, decideAnswer, decideProbe, decideReport } from './decide-order.ts'
import { decideTurnedAway, decideVoices } from './decide-people.ts'
import { decideQuote, decideQuoteFailure } from './decide-signal.ts'
import { decideRecord, decideSource, decideSwept } from './decide-sources.ts'
import { decideHoldings, decideTrade } from './decide-trade.ts'
import { decideBooks, decideMarks, decideRedeemed, decideResolution, decideStart } from './decide-world.ts'
import type { Deciding, Prepare } from './deciding.ts'
import { type Effect, react } from './effect.ts'
import { evolve } from './evolve.ts'
import { orderIn } from './evolve-order.ts'
import type { Fact } from './fact.ts'
import type { Input } from './input.ts'
import { outstanding } from './outstanding.ts'
import { assertInvariants, booksOf, type EngineState, equityOf } from './state.ts'

export type Step = { readonly facts: readonly Fact[]; readonly effects: readonly Effect[] }

/**
 * Decides one input: what is concluded of it and what is to be done, with the state moved on in place.
 *
 * It reads no clock, draws no number and waits for nothing: the same state and input always give the same step. An input that
 * changes nothing gives no fact, and leaves no trace.
 */
export function step(state: EngineState, input: Input, prepare: Prepare): Step {
  const facts: Fact[] = []
  const conclude = (fact: Fact): void => {
    facts.push(fact)
    evolve(state, fact)
  }
  const deciding: Deciding = { state, at: input.at, prepare, conclude }
  if (input.at > state.now) state.now = input.at
  turnClock(deciding)
  decide(deciding, input)
  if (facts.some(movesEquity)) openBreakers(deciding)
  assertInvariants(state)

  const orderOf = (key: OrderKey): { readonly account: Account; readonly id: OrderId } => {
    const { intent, id } = orderIn(state, key)
    return { account: intent.account, id }
  }
  const effects = facts.flatMap(fact => react(fact, orderOf))
  return { facts, effects: input.kind === 'started' ? [...effects, ...outstanding(state)] : effects }
}

/** All policy: one place that hands each kind of input to the file that knows about it. */
function decide(deciding: Deciding, input: Input): void {
  switch (input.kind) {
    case 'started':
      decideStart(deciding, input)
      return
    case 'clockTurned':
      return
    case 'timerFired':
      decideTimer(deciding, input.timer)
      return
    case 'whaleTraded':
      decideTrade(deciding, input.trade)
      return
    case 'whaleHolds':
      decideHoldings(deciding, input)
      return
    case 'tradesSwept':
      decideSwept(deciding, input)
      return
    case 'sourceSeen':
      decideSource(deciding, input)
      return
    case 'whaleRecorded':
      decideRecord(deciding, input)
      return
    case 'quoteArrived':
      decideQuote(deciding, input)
      return
    case 'quoteFailed':
      decideQuoteFailure(deciding, input)
      return
    case 'orderAnswered':
      decideAnswer(deciding, input)
      return
    case 'orderReported':
      decideReport(deciding, input)
      return
    case 'marksArrived':
      decideMarks(deciding, input.marks)
      return
    case 'marketResolved':
      decideResolution(deciding, input)
      return
    case 'redeemed':
    case 'redeemFailed':
      decideRedeemed(deciding, input)
      return
    case 'booksReported':
    case 'booksFailed':
      decideBooks(deciding, input)
      return
    case 'instructed':
      decideInstruction(deciding, input)
      return
    case 'turnedAway':
      decideTurnedAway(deciding, input)
      return
    case 'voicesSeen':
      decideVoices(deciding, input)
      return
    default:
      unreachable(input)
  }
}

function decideTimer(deciding: Deciding, timer: Extract<Input, { kind: 'timerFired' }>['timer']): void {
  switch (timer.kind) {
    case 'approval':
      expireApproval(deciding, timer)
      return
    case 'probe':
      decideProbe(deciding, timer.order)
      return
    case 'books': {
      const books = deciding.state.accounts.get(timer.account)
      if (books === undefined) return
      deciding.conclude({ kind: 'booksAsked', account: timer.account, turn: books.turn })
      return
    }
    case 'redeem': {
      const payouts = deciding.state.accounts.get(timer.account)?.redeeming.get(timer.condition)
      if (payouts === undefined) return
      deciding.conclude({ kind: 'redeemAskedAgain', account: timer.account, condition: timer.condition, payouts })
      return
    }
    default:
      unreachable(timer)
  }
}

/** Days and hours are read off the instant and never off a timer, so that a late or missing tick changes nothing. */
function turnClock({ state, at, conclude }: Deciding): void {
  const hour = hourOf(at)
  const accounts = [...state.accounts.values()].filter(books => books.performance.hour < hour)
  if (accounts.length > 0) {
    const opening = accounts.map(books => ({ account: books.account, equity: equityOf(books) }))
    conclude({ kind: 'hourTurned', hour, day: dayOf(at), accounts: opening })
  }
  for (const hold of dueHolds(state.holds.values(), at)) {
    conclude({ kind: 'holdReleased', holder: hold.by, why: 'its time has passed' })
  }
}

function movesEquity(fact: Fact): boolean {
  return (
    fact.kind === 'orderFilled' ||
    fact.kind === 'positionsMarked' ||
    fact.kind === 'marketSettled' ||
    fact.kind === 'positionClosed' ||
    fact.kind === 'limitsChanged'
  )
}

/** Breakers measure after everything that moves money; one that is open already stays as it is. */
function openBreakers({ state, at, conclude }: Deciding): void {
  for (const account of state.accounts.keys()) {
    const books = booksOf(state, account)
    for (const opening of measure(books.performance, equityOf(books), state.limits, at)) {
      if (state.holds.has(opening.by)) continue
      conclude({ kind: 'breakerOpened', account, opening })
      if (opening.by === 'drawdown') cancelEverything({ state, conclude })
    }
  }
}
