import type { Entry } from '../core/engine/entry.ts'
import type { Fact, FactOf } from '../core/engine/fact.ts'
import type { StateView } from '../core/engine/state.ts'
import { isRest, type SignalId, type WhaleAddress } from '../core/units/ids.ts'
import type { Mark, MarkCounts } from './marks.ts'

/** Cards with a yes that was not the last, those that were asked again because the price had moved, and those that were approved. */
export type CardMemory = {
  readonly voted: Set<SignalId>
  readonly again: Set<SignalId>
  readonly approved: Set<SignalId>
}

export function newCardMemory(): CardMemory {
  return { voted: new Set(), again: new Set(), approved: new Set() }
}

/** Passes the marks that an entry shows. `state` is the state after its batch. */
export function markEntry(entry: Entry, state: StateView, marks: MarkCounts, cards: CardMemory): void {
  const pass = (mark: Mark): void => {
    marks.set(mark, (marks.get(mark) ?? 0) + 1)
  }
  for (const fact of entry.facts) {
    markFact(fact, entry, state, pass)
    markCard(fact, state, cards, pass)
  }
}

function markFact(fact: Fact, entry: Entry, state: StateView, pass: (mark: Mark) => void): void {
  switch (fact.kind) {
    case 'signalCopied':
      pass('a signal copied')
      return
    case 'signalRefused': {
      pass('a signal refused')
      const codes = fact.refusals.map(refusal => refusal.code)
      if (codes.includes('SIGNAL_TOO_OLD')) pass('a trade too old to act on')
      if (state.holds.has('feed:chain') && codes.includes('TRADING_REDUCING'))
        pass('a purchase refused while no source was live')
      if (state.holds.has('voices') && codes.includes('TRADING_REDUCING'))
        pass('an entry refused while nobody could be reached')
      if (state.holds.has('pause') && codes.includes('TRADING_REDUCING'))
        pass('an entry refused while buying was paused')
      if (codes.includes('APPROVAL_EXPIRED')) pass('an approval that ran out before a price came')
      const wasApproved = entry.input.kind === 'quoteArrived' && entry.input.round > 1
      const moved = codes.includes('BOOK_EMPTY') || codes.includes('PRICE_MOVED_TOO_FAR')
      if (wasApproved && moved) pass('an approval refused because the price had moved')
      return
    }
    case 'signalDeclined':
      pass('a signal declined by a person')
      if (fact.vetoed !== undefined) pass('a yes vetoed before it was sent')
      return
    case 'declineExplained':
      pass('a reason given after a no')
      return
    case 'instructionRefused':
      markUnheard(fact, pass)
      return
    case 'accountLinked':
      pass('an account linked')
      return
    case 'pressTurnedAway':
      pass('a press turned away')
      return
    case 'signalExpired':
      pass('a card that expired')
      return
    case 'signalWithdrawn':
      if (fact.why.startsWith('two sources')) pass('a trade told both ways, withdrawn')
      if (fact.why.startsWith('the whale')) pass('a purchase taken back because the whale sold')
      if (fact.why.startsWith('its whale was muted')) pass('a card withdrawn because its whale was muted')
      if (fact.why.startsWith('its whale is not followed')) pass('a card withdrawn because its whale was unfollowed')
      if (fact.why.startsWith('how many people')) pass('a card withdrawn because the quorum was changed')
      return
    case 'orderClosed':
      if (fact.status === 'rejected') markRejection(fact.why, pass)
      if (fact.status === 'cancelled') {
        const filled = state.orders.get(fact.order)?.filled ?? 0n
        pass(filled > 0n ? 'an order filled in part' : 'an order that met nobody')
      }
      return
    case 'orderFilled':
      if (entry.input.kind === 'orderReported') pass('an uncertain order found filled')
      return
    case 'orderProbePutOff':
      pass('a doubt that had to wait')
      return
    case 'breakerOpened':
      pass(`a breaker opened: ${fact.opening.by}`)
      if (state.openOrders.size > 0) pass('a breaker opened with orders in flight')
      return
    case 'holdReleased':
      if (fact.why === 'its time has passed') pass('a hold released by time')
      if (fact.holder === 'voices' && entry.input.kind === 'started')
        pass('a start that forgot that nobody could be reached')
      return
    case 'tradeContradicted':
      if (!state.signals.has(fact.signal) && isHeldFor(state, fact.trade.whale))
        pass('a trade told both ways after it was copied')
      return
    case 'tradeJoined':
      pass('a piece that joined its signal')
      if (!state.signals.has(fact.signal) && isHeldFor(state, fact.trade.whale))
        pass('a piece of a purchase that was copied already')
      return
    case 'signalOpened':
      markOpened(fact, pass)
      if (fact.signal.side !== 'sell') return
      if (fact.signal.origin.kind === 'person') pass('a position closed by a person')
      else if (fact.signal.exit > 0n) pass('an exit in proportion')
      return
    case 'marketSettled':
      pass('a market settled with a position')
      return
    case 'redeemPutOff':
      pass('a redemption put off')
      return
    case 'orderBecameUncertain':
      if (entry.input.kind === 'started') pass('a start with an order in flight')
      return
    case 'whaleUnfollowed':
      for (const position of state.accounts.get('paper')?.positions.values() ?? []) {
        if (position.lots.has(fact.whale)) pass('a whale unfollowed with a position')
      }
      return
    case 'restarted':
      for (const signal of state.signals.values())
        if (signal.stage.kind === 'waiting') pass('a start with a card waiting')
      return
    case 'hourTurned':
      if (fact.hour % 24 === 0) pass('a day turned')
      return
    default:
  }
}

/** What a card went through before. */
function markCard(
  fact: Fact,
  state: StateView,
  { voted, again, approved }: CardMemory,
  pass: (mark: Mark) => void,
): void {
  switch (fact.kind) {
    case 'approvalAsked':
      if (fact.again === 'amount') {
        pass('another amount that a second person had to agree to')
        voted.add(fact.signal)
      }
      if (fact.again !== 'moved') return
      pass('a card asked again because the price had moved')
      again.add(fact.signal)
      voted.delete(fact.signal)
      return
    case 'approvalVoted':
      voted.add(fact.signal)
      return
    case 'approvalGiven':
      if (fact.bound !== undefined) pass('a card approved for another amount')
      else if (voted.has(fact.signal)) pass('a trade that took two persons')
      approved.add(fact.signal)
      return
    case 'orderPlanned': {
      const { signal, side } = fact.intent
      if (again.has(signal)) pass('a card asked again, bought at the later price')
      if (side === 'buy') return
      if (approved.has(signal)) pass('an exit that a person approved')
      if (state.holds.has('voices')) pass('an exit sent while nobody could be reached')
      if (state.holds.has('pause')) pass('an exit sent while buying was paused')
      return
    }
    case 'signalDeclined':
      if (again.has(fact.signal)) pass('a card asked again, declined')
      return
    case 'signalExpired':
      if (voted.has(fact.signal)) pass('a large trade that expired with one yes')
      return
    default:
  }
}

function markOpened({ signal }: FactOf<'signalOpened'>, pass: (mark: Mark) => void): void {
  if (signal.origin.kind === 'person') return
  const { how, source } = signal.origin.trade
  if (source === 'sweep' && how === undefined) pass('a trade that only the rounds found')
  if (isRest(signal.id)) pass('a sale that grew')
  if (how === 'holding') pass('a departure that only the holdings showed')
  else if (how !== undefined && signal.exit > 0n) pass('a departure followed out')
}

/** By the beginning of what they are told: the sentences are the engine's own. */
function markUnheard({ instruction, why }: FactOf<'instructionRefused'>, pass: (mark: Mark) => void): void {
  if (why.startsWith('the card has changed')) pass('a yes to an old version refused')
  if (why.startsWith('you have said yes already')) pass('a second yes of the same person refused')
  if (why.includes('the smallest stake,') || why.includes('one stake may be now'))
    pass('an amount that no limit allows refused')
  if (instruction === 'approve' && why.startsWith('nothing is bought at the moment'))
    pass('a purchase that could not be approved while only exits were let through')
  if (instruction === 'approve' && why.endsWith('earlier')) pass('a yes that came too late, told who was first')
  if (instruction === 'reject' && why.endsWith('its order is on the way')) pass('a no that came after its order')
}

function isHeldFor(state: StateView, whale: WhaleAddress): boolean {
  return [...(state.accounts.get('paper')?.positions.values() ?? [])].some(({ lots }) => lots.has(whale))
}

function markRejection(why: string, pass: (mark: Mark) => void): void {
  if (why === 'it never reached the venue') pass('an uncertain order that never landed')
  else if (why.startsWith('trading was stopped')) pass('an order stopped at the last gate')
  else pass('an order rejected by the venue')
}
