import { boundFor, type Decision, personsNeeded } from '../order/approval.ts'
import { tradingState } from '../risk/holds.ts'
import type { Instant, SignalId, WhaleAddress } from '../units/ids.ts'
import { decimal, least, NO_USD, scaled, type Usd } from '../units/money.ts'
import type { Bound, Signal, Stage } from '../whale/signal.ts'
import { RESERVE_FIXED } from './candidate.ts'
import { ask } from './decide-signal.ts'
import type { Deciding } from './deciding.ts'
import type { Asker, Instruction } from './input.ts'
import { booksOf, equityOf, type StateView, type View } from './state.ts'

type Of<Kind extends Instruction['kind']> = Extract<Instruction, { readonly kind: Kind }>
type Waiting = Extract<Stage, { kind: 'waiting' }>
/** Why it could not be done; nothing where it was. */
type WhyNot = string | undefined

/**
 * A yes does not send: it asks a fresh quote, and every gate is passed again, since the world moved meanwhile. It is to the card
 * as it was looked at; one that names an older version, or comes from somebody who has said yes, changes nothing.
 */
export function approve(deciding: Deciding, wish: Of<'approve'>, by: Asker): WhyNot {
  const { state, at, conclude } = deciding
  const signal = state.signals.get(wish.signal)
  if (signal === undefined || signal.stage.kind !== 'waiting') return tooLate(state, wish.signal, signal?.stage, by, at)
  const { stage } = signal
  const why = notNow(deciding, stage, wish, by)
  if (why !== undefined) return why
  const bound = boundWished(state, signal, stage.bound, wish.dollars)
  if (typeof bound === 'string') return bound
  const isAsShown = bound === stage.bound
  // An exit is never a large trade: leaving must not wait for a second person.
  const needed = personsNeeded(state.limits, signal.side === 'buy' ? bound.dollars : NO_USD)
  const persons = Math.max(isAsShown ? stage.persons : 1, needed)
  const votes = isAsShown ? [...stage.votes, by.person] : [by.person]
  if (votes.length >= persons) {
    conclude({ kind: 'approvalGiven', signal: signal.id, by, at, ...(isAsShown ? {} : { bound }) })
    ask(deciding, signal, stage.round + 1, bound, by.person)
  } else if (isAsShown) conclude({ kind: 'approvalVoted', signal: signal.id, by, at })
  else askForAmount(deciding, signal, stage, bound, persons, by)
  return undefined
}

function notNow({ state, at }: Deciding, stage: Waiting, { round }: Of<'approve'>, by: Asker): WhyNot {
  if (round !== undefined && round !== stage.round)
    return `the card has changed since, and is version ${stage.round} now: look again`
  if (at >= stage.bound.expiresAt) return 'it has just expired'
  const trading = tradingState(state.holds.values())
  if (trading === 'halted') return 'trading is halted; the card waits until it expires'
  if (trading === 'reducing' && stage.bound.side === 'buy')
    return 'nothing is bought at the moment, as `status` tells; the card waits until it expires'
  if (stage.votes.includes(by.person)) return 'you have said yes already; another person has to say it too'
  return undefined
}

/** Another amount is another card, which those who are still needed have to see: this yes is the first to it. */
function askForAmount(
  { conclude }: Deciding,
  signal: Signal,
  stage: Waiting,
  bound: Bound,
  persons: number,
  by: Asker,
): void {
  const { stake } = stage
  const votes = [by.person]
  const round = stage.round + 1
  conclude({
    kind: 'approvalAsked',
    signal: signal.id,
    round,
    bound,
    stake,
    expected: bound.limit,
    persons,
    votes,
    again: 'amount',
    by,
  })
}

/** The bound for what a person wants to spend, or why it cannot be that much: a limit holds against a person's word too. */
function boundWished(state: StateView, signal: Signal, bound: Bound, dollars: Usd | undefined): Bound | string {
  if (dollars === undefined || dollars === bound.dollars) return bound
  if (signal.side === 'sell') return 'an exit follows the whale in proportion; `close` sells any other part'
  const { limits } = state
  if (dollars < limits.stakeMin) return `$${decimal(dollars)} is under the smallest stake, $${decimal(limits.stakeMin)}`
  const most = largestStake(state, signal)
  if (dollars > most) return `$${decimal(dollars)} is over the most that one stake may be now, $${decimal(most)}`
  return boundFor(bound, dollars, RESERVE_FIXED)
}

/** The most that a person may stake on a signal: the limits on one stake, whatever the whale is worth. */
export function largestStake(state: StateView, { account, origin }: Pick<Signal, 'account' | 'origin'>): Usd {
  const { limits } = state
  const whale = origin.kind === 'whale' ? state.whales.get(origin.trade.whale) : undefined
  const equity = equityOf(booksOf(state, account))
  const most = least(limits.stakeMax, scaled(equity, limits.positionPctMax))
  return whale?.settings.stakeMax === undefined ? most : least(most, whale.settings.stakeMax)
}

/**
 * A no is a no to whatever the card has become. One that comes after a yes, and before anything was sent, stops it. Said again with
 * a reason by whoever had said it, it is the reason.
 */
export function reject({ state, at, conclude }: Deciding, wish: Of<'reject'>, by: Asker): WhyNot {
  const decision = state.decided.get(wish.signal)
  if (wish.why !== '' && decision?.kind === 'declined' && decision.person === by.person) {
    conclude({ kind: 'declineExplained', signal: wish.signal, by, why: wish.why })
    return undefined
  }
  const signal = state.signals.get(wish.signal)
  const stage = signal?.stage
  const isApproved = stage?.kind === 'quoting' && stage.bound !== undefined
  if (signal === undefined || (stage?.kind !== 'waiting' && !isApproved))
    return tooLate(state, wish.signal, stage, by, at)
  const vetoed = isApproved && stage.approvedBy !== undefined ? { vetoed: stage.approvedBy } : {}
  conclude({ kind: 'signalDeclined', signal: wish.signal, by, why: wish.why, at, ...vetoed })
  return undefined
}

export function expireApproval(
  { state, at, conclude }: Deciding,
  timer: { readonly signal: SignalId; readonly round: number },
): void {
  const signal = state.signals.get(timer.signal)
  if (signal?.stage.kind !== 'waiting' || signal.stage.round !== timer.round) return
  if (at < signal.stage.bound.expiresAt) return
  conclude({ kind: 'signalExpired', signal: signal.id, waitedMs: at - signal.openedAt })
}

/** Takes back the purchases that wait for people: those of one whale, or all. An exit needs one person, whoever is muted. */
export function withdrawCards({ state, conclude }: Deciding, why: string, whale?: WhaleAddress): void {
  const waiting = [...state.undecided.values()].flatMap(ids => [...ids]).map(id => state.signals.get(id))
  for (const signal of waiting) {
    if (signal?.stage.kind !== 'waiting' || signal.side !== 'buy' || signal.origin.kind !== 'whale') continue
    const isMeant = whale === undefined || signal.origin.trade.whale === whale
    if (isMeant) conclude({ kind: 'signalWithdrawn', signal: signal.id, why })
  }
}

/** Who was first, and by how much: whoever lost is told. */
function tooLate(state: StateView, id: SignalId, stage: View<Stage> | undefined, by: Asker, at: Instant): string {
  const decision = state.decided.get(id)
  const sent = stage?.kind === 'ordered' ? '; its order is on the way' : ''
  if (decision === undefined) return stage === undefined ? NO_SUCH : `it does not wait for a person${sent}`
  return `${toldDecision(decision, by, at)}${sent}`
}

const NO_SUCH = 'it is decided already, or there is no such trade'

function toldDecision({ kind, person, surface, at: then }: Decision, by: Asker, at: Instant): string {
  if (person === undefined) return `it is ${kind} already`
  const who = person === by.person ? 'you' : person
  const ago = then === undefined ? 'before' : `${earlier(at - then)} earlier`
  const where = surface === by.surface ? '' : ` on ${surface}`
  return `${who} ${kind} it${where} ${ago}`
}

function earlier(ms: number): string {
  return ms < 1_000 ? `${Math.max(0, ms)} ms` : `${Math.round(ms / 100) / 10} s`
}
