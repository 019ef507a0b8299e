import type { Entry } from '../core/engine/entry.ts'
import type { Fact, FactOf } from '../core/engine/fact.ts'
import type { StateView } from '../core/engine/state.ts'
import { isRest, type WhaleAddress } from '../core/units/ids.ts'
import type { Mark, MarkCounts } from './marks.ts'

/** Passes the marks that an entry shows. `state` is the state after its batch. */
export function markEntry(entry: Entry, state: StateView, marks: MarkCounts): void {
  const pass = (mark: Mark): void => {
    marks.set(mark, (marks.get(mark) ?? 0) + 1)
  }
  for (const fact of entry.facts) markFact(fact, entry, state, pass)
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
      const wasApproved = entry.input.kind === 'quoteArrived' && entry.input.round > 1
      const moved = codes.includes('BOOK_EMPTY') || codes.includes('PRICE_MOVED_TOO_FAR')
      if (wasApproved && moved) pass('an approval refused because the price had moved')
      return
    }
    case 'signalDeclined':
      pass('a signal declined by a person')
      return
    case 'signalExpired':
      pass('a card that expired')
      return
    case 'signalWithdrawn':
      if (fact.why.startsWith('two sources')) pass('a trade told both ways, withdrawn')
      if (fact.why.startsWith('the whale')) pass('a purchase taken back because the whale sold')
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

function markOpened({ signal }: FactOf<'signalOpened'>, pass: (mark: Mark) => void): void {
  if (signal.origin.kind === 'person') return
  const { how, source } = signal.origin.trade
  if (source === 'sweep' && how === undefined) pass('a trade that only the rounds found')
  if (isRest(signal.id)) pass('a sale that grew')
  if (how === 'holding') pass('a departure that only the holdings showed')
  else if (how !== undefined && signal.exit > 0n) pass('a departure followed out')
}

function isHeldFor(state: StateView, whale: WhaleAddress): boolean {
  return [...(state.accounts.get('paper')?.positions.values() ?? [])].some(({ lots }) => lots.has(whale))
}

function markRejection(why: string, pass: (mark: Mark) => void): void {
  if (why === 'it never reached the venue') pass('an uncertain order that never landed')
  else if (why.startsWith('trading was stopped')) pass('an order stopped at the last gate')
  else pass('an order rejected by the venue')
}
