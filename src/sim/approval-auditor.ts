import type { VenueRecord } from '../adapters/simulated/exchange.ts'
import type { Entry } from '../core/engine/entry.ts'
import type { Fact, FactOf } from '../core/engine/fact.ts'
import type { InputOf } from '../core/engine/input.ts'
import type { OrderIntent } from '../core/order/order.ts'
import type { Instant, OrderKey, PersonId, SignalId } from '../core/units/ids.ts'
import type { Bound } from '../core/whale/signal.ts'
import { AuditError } from './audit-error.ts'

type Press = InputOf<'instructed'>
type Ordered = Extract<VenueRecord, { readonly kind: 'ordered' }>

/** A card as its facts tell it, and what its last yes allowed. */
type Card = {
  readonly whale: string
  readonly version: number
  readonly bound: Bound
  readonly yes: ReadonlySet<string>
  readonly state: 'waiting' | 'approved' | 'over'
}

/**
 * Follows every card and every press from the journal, and holds the orders against them: who said yes to what, by the people that
 * really pressed, and that nothing was bought beyond it, without it, or after a no.
 */
export class ApprovalAuditor {
  readonly #cards = new Map<SignalId, Card>()
  readonly #whaleOf = new Map<SignalId, string>()
  readonly #sold = new Set<SignalId>()
  /** Who said the no that ended it. */
  readonly #declined = new Map<SignalId, PersonId>()
  readonly #allowed = new Map<OrderKey, Bound>()
  readonly #holds = new Set<string>()
  /** Who pressed, by the press, and the presses that are to be on record by now. */
  readonly #persons = new Map<string, PersonId>()
  readonly #awaited = new Set<string>()
  #needed = 1
  #from = 0n
  #isAsking = false

  /** Somebody presses while a process is there to take it. */
  seePress(press: string, person: PersonId): void {
    this.#persons.set(press, person)
    this.#awaited.add(press)
  }

  /** The process died, and with it what it had not recorded. */
  forgetPresses(): void {
    this.#awaited.clear()
  }

  /** Nothing waits any more: every press is on record, whatever came of it. */
  checkPresses(): void {
    const [lost] = this.#awaited
    if (lost !== undefined) throw new AuditError(`${lost} is not on record`)
  }

  seeEntry({ input, facts }: Entry): void {
    const press = input.kind === 'instructed' ? input : undefined
    const about = press === undefined || !('signal' in press.instruction) ? undefined : press.instruction.signal
    const before = about === undefined ? undefined : this.#cards.get(about)
    for (const fact of facts) this.#seeFact(fact, input.at, press)
    if (press === undefined) return
    this.#awaited.delete(press.asker.press)
    this.#checkRecorded(press, facts)
    this.#checkAnswer(press, facts, before)
    this.#checkTakenBack(facts)
  }

  /** An order leaves for the venue. */
  seeSend(key: OrderKey): void {
    const signal = key.slice(0, key.lastIndexOf('/')) as SignalId
    if (this.#declined.has(signal)) throw new AuditError(`order ${key} is sent after a no`)
  }

  /** The venue carried an order out: at no worse a price and for no more dollars than people had said yes to. */
  seeFills({ intent, fills }: Pick<Ordered, 'intent' | 'fills'>): void {
    const bound = this.#allowed.get(intent.key)
    if (bound === undefined) return
    let paid = 0n
    let size = 0n
    for (const fill of fills) {
      const isWorse = bound.side === 'buy' ? fill.price > bound.limit : fill.price < bound.limit
      if (isWorse) throw new AuditError(`order ${intent.key} was filled at ${fill.price}, approved ${bound.limit}`)
      paid += ceiling(fill.size * fill.price) + fill.fee
      size += fill.size
    }
    if (size > bound.size) throw new AuditError(`order ${intent.key} was filled with more shares than approved`)
    if (bound.side === 'buy' && paid > bound.dollars)
      throw new AuditError(`order ${intent.key} cost ${paid}, approved ${bound.dollars}`)
  }

  #seeFact(fact: Fact, at: Instant, press: Press | undefined): void {
    switch (fact.kind) {
      case 'accountOpened':
        this.#needed = fact.limits.approvalPersons
        this.#from = fact.limits.approvalPersonsFrom
        return
      case 'limitsChanged':
        this.#needed = fact.after.approvalPersons
        this.#from = fact.after.approvalPersonsFrom
        return
      case 'modeChanged':
        this.#isAsking = fact.after.approvals
        return
      case 'signalOpened':
        if (fact.signal.side === 'sell') this.#sold.add(fact.signal.id)
        if (fact.signal.origin.kind === 'whale') this.#whaleOf.set(fact.signal.id, fact.signal.origin.trade.whale)
        return
      case 'holdPlaced':
        this.#holds.add(fact.hold.by)
        return
      case 'breakerOpened':
        this.#holds.add(fact.opening.by)
        return
      case 'holdReleased':
        this.#holds.delete(fact.holder)
        return
      case 'breakerReset':
        this.#holds.delete(fact.breaker)
        return
      case 'approvalAsked':
        this.#seeAsked(fact, at, press)
        return
      case 'approvalVoted':
      case 'approvalGiven':
        this.#seeYes(fact, at, press)
        return
      case 'orderPlanned':
        this.#seePlanned(fact, at)
        return
      case 'signalDeclined':
        this.#declined.set(fact.signal, fact.by.person)
        this.#end(fact.signal)
        return
      case 'signalRefused':
      case 'signalExpired':
      case 'signalWithdrawn':
        this.#end(fact.signal)
        return
      default:
    }
  }

  #end(signal: SignalId): void {
    const card = this.#cards.get(signal)
    if (card !== undefined) this.#cards.set(signal, { ...card, state: 'over' })
  }

  #seeAsked(fact: FactOf<'approvalAsked'>, at: Instant, press: Press | undefined): void {
    const { signal, round, bound, again, persons } = fact
    const before = this.#cards.get(signal)
    if ((before === undefined) !== (again === undefined))
      throw new AuditError(`${signal} is asked about anew without a word why`)
    if (before !== undefined && round <= before.version)
      throw new AuditError(`${signal} is asked about under an old version`)
    if (before !== undefined && before.state !== (again === 'moved' ? 'approved' : 'waiting'))
      throw new AuditError(`${signal} is asked about again although it is ${before.state}`)
    const wish = again === 'moved' ? before?.bound.wish : undefined
    if (wish !== undefined && bound.dollars > wish)
      throw new AuditError(`${signal} is asked about again for more than a person had chosen`)
    if (bound.expiresAt <= at) throw new AuditError(`${signal} is asked about when its time has passed`)
    const needed = this.#neededFor(signal, bound)
    if (persons !== undefined && persons !== needed)
      throw new AuditError(`${signal} asks ${persons} people instead of ${needed}`)
    const yes = again === 'amount' && press !== undefined ? [this.#personOf(press)] : []
    const whale = this.#whaleOf.get(signal) ?? ''
    this.#cards.set(signal, { whale, version: round, bound, yes: new Set(yes), state: 'waiting' })
  }

  #seeYes(fact: FactOf<'approvalVoted'> | FactOf<'approvalGiven'>, at: Instant, press: Press | undefined): void {
    const { signal } = fact
    const card = this.#cards.get(signal)
    const wish = press?.instruction
    if (press === undefined || wish?.kind !== 'approve' || wish.signal !== signal)
      throw new AuditError(`${signal} has a yes that nobody said`)
    if (card?.state !== 'waiting') throw new AuditError(`${signal} has a yes while it does not wait`)
    if (wish.round !== undefined && wish.round !== card.version)
      throw new AuditError(`${signal} has a yes to version ${wish.round}, and is ${card.version}`)
    if (at >= card.bound.expiresAt) throw new AuditError(`${signal} has a yes after its time`)
    const person = this.#personOf(press)
    const other = fact.kind === 'approvalGiven' ? fact.bound : undefined
    if (other === undefined && card.yes.has(person)) throw new AuditError(`${signal} counts a yes of ${person} twice`)
    if (other !== undefined && (other.limit !== card.bound.limit || other.dollars !== wish.dollars))
      throw new AuditError(`${signal} is approved for what nobody said`)
    const bound = other ?? card.bound
    const yes = new Set(other === undefined ? [...card.yes, person] : [person])
    const isEnough = yes.size >= this.#neededFor(signal, bound)
    if (isEnough !== (fact.kind === 'approvalGiven'))
      throw new AuditError(`${signal} has ${yes.size} people who said yes, and is ${isEnough ? 'not ' : ''}approved`)
    this.#cards.set(signal, { ...card, bound, yes, state: isEnough ? 'approved' : 'waiting' })
  }

  #seePlanned({ intent, reserve }: FactOf<'orderPlanned'>, at: Instant): void {
    const { key, signal, side, limit, size } = intent
    const [hold] = this.#holds
    if (side === 'buy' && hold !== undefined) throw new AuditError(`order ${key} buys while ${hold} holds`)
    const card = this.#cards.get(signal)
    if (card === undefined) {
      if (this.#isAsking && this.#whaleOf.has(signal))
        throw new AuditError(`order ${key} is planned and nobody was asked`)
      return
    }
    const { bound, state } = card
    if (state !== 'approved') throw new AuditError(`order ${key} is planned while its card is ${state}`)
    if (at >= bound.expiresAt) throw new AuditError(`order ${key} is planned after the time of its card`)
    if (isBeyond(intent, reserve, bound))
      throw new AuditError(`order ${key} is beyond its bound: ${side} ${size} at ${limit} for ${reserve}`)
    this.#allowed.set(key, bound)
    this.#cards.set(signal, { ...card, state: 'over' })
  }

  /** A press is in the facts by its own name, once: a yes or a no in exactly one of them. */
  #checkRecorded({ asker, instruction }: Press, facts: readonly Fact[]): void {
    const isAboutCard = instruction.kind === 'approve' || instruction.kind === 'reject'
    if (!isAboutCard) return
    const named = facts.filter(fact => 'by' in fact && typeof fact.by === 'object' && fact.by.press === asker.press)
    if (named.length !== 1) throw new AuditError(`${asker.press} is in ${named.length} facts`)
  }

  /** A no is obeyed as long as nothing was ordered, and a yes only while the card waits. */
  #checkAnswer({ instruction, asker }: Press, facts: readonly Fact[], before: Card | undefined): void {
    const isObeyed = !facts.some(fact => fact.kind === 'instructionRefused')
    const reasoned = facts.find(fact => fact.kind === 'declineExplained')
    if (reasoned !== undefined) {
      if (instruction.kind !== 'reject' || this.#declined.get(instruction.signal) !== asker.person)
        throw new AuditError(`${asker.press} gives a reason for somebody else's no`)
      return
    }
    const isOpen = before?.state === 'waiting' || before?.state === 'approved'
    if (instruction.kind === 'reject' && isObeyed !== isOpen)
      throw new AuditError(`the no ${asker.press} was ${isObeyed ? '' : 'not '}obeyed`)
    if (instruction.kind === 'approve' && isObeyed && before?.state !== 'waiting')
      throw new AuditError(`the yes ${asker.press} was obeyed`)
  }

  /** What was asked under other rules, or of a whale that nobody wants to hear, waits no more. An exit is not taken back by anybody. */
  #checkTakenBack(facts: readonly Fact[]): void {
    for (const fact of facts) {
      if (fact.kind === 'signalWithdrawn' && this.#sold.has(fact.signal))
        throw new AuditError(`the exit ${fact.signal} is withdrawn`)
      if (fact.kind === 'limitsChanged' && fact.changed.some(name => name.startsWith('approvalPersons')))
        this.#checkNoneWaits(() => true, 'another quorum')
      if (fact.kind === 'whaleSet' && (fact.settings.mutedUntil !== undefined || !fact.settings.isEnabled))
        this.#checkNoneWaits(({ whale }) => whale === fact.whale, 'a mute')
    }
  }

  #checkNoneWaits(isMeant: (card: Card) => boolean, what: string): void {
    for (const [signal, card] of this.#cards) {
      if (card.state === 'waiting' && isMeant(card) && !this.#sold.has(signal))
        throw new AuditError(`${signal} waits on after ${what}`)
    }
  }

  #neededFor(signal: SignalId, { dollars }: Bound): number {
    return !this.#sold.has(signal) && dollars > this.#from ? this.#needed : 1
  }

  /** Who really pressed, whatever the input says. */
  #personOf({ asker }: Press): string {
    return this.#persons.get(asker.press) ?? asker.person
  }
}

function isBeyond({ side, limit, size }: OrderIntent, reserve: bigint, bound: Bound): boolean {
  if (side !== bound.side) return true
  if (side === 'sell') return limit < bound.limit || size > bound.size
  return limit > bound.limit || size > bound.size || reserve > bound.dollars
}

function ceiling(exact: bigint): bigint {
  return exact % 1_000_000n === 0n ? exact / 1_000_000n : exact / 1_000_000n + 1n
}
