import { deposited, post } from '../ledger/ledger.ts'
import { withClosed } from '../ledger/performance.ts'
import { afterWhaleSold } from '../ledger/position.ts'
import { move } from '../order/order.ts'
import { type Limits, PRESETS } from '../risk/limits.ts'
import { dayOf, hourOf } from '../units/ids.ts'
import { NO_USD, plus } from '../units/money.ts'
import { NO_OWN_RECORD, PLAIN_SETTINGS } from '../whale/whale.ts'
import { addVote, decisionOf, endCard, noteDecision } from './evolve-approval.ts'
import { booksIn, markPosition, noteEquity, settle, turnHour } from './evolve-books.ts'
import { closeOrder, fillOrder, followFurther, noteOwn, orderIn, planOrder, setOrder } from './evolve-order.ts'
import { closeSignal, noteCopied, noteTrade, openSignal, setStage } from './evolve-signal.ts'
import type { Fact, FactOf } from './fact.ts'
import { accountKey, type EngineState, emptyBooks, equityOf, type HeldOrder } from './state.ts'

/**
 * Takes a fact into the state, in place: all bookkeeping and no policy. It never refuses, since what is a fact has happened;
 * one that cannot apply is a fault of the program and stops it.
 */
export function evolve(state: EngineState, fact: Fact): void {
  switch (fact.kind) {
    case 'accountOpened': {
      const books = emptyBooks(fact.account, fact.deposit, dayOf(fact.at), hourOf(fact.at))
      post(books.ledger, deposited(fact.deposit))
      state.accounts.set(fact.account, books)
      state.limits = withDefaults(fact.limits)
      return
    }
    case 'hourTurned':
      for (const { account, equity } of fact.accounts) turnHour(booksIn(state, account), fact, equity)
      return
    case 'whaleFollowed':
      state.whales.set(fact.whale, {
        address: fact.whale,
        name: fact.name,
        followedAt: fact.at,
        settings: PLAIN_SETTINGS,
        own: NO_OWN_RECORD,
        record: undefined,
        quality: undefined,
        lastTradeAt: undefined,
      })
      return
    case 'whaleUnfollowed':
      state.whales.delete(fact.whale)
      return
    case 'whaleSet': {
      const whale = state.whales.get(fact.whale)
      if (whale !== undefined) state.whales.set(fact.whale, { ...whale, settings: fact.settings })
      return
    }
    case 'whalesSwept':
      state.swept.from = fact.from
      state.swept.behind = fact.behind
      return
    case 'restarted':
      state.sources.clear()
      return
    case 'sourceChanged':
      state.sources.set(fact.source, { status: fact.status, since: fact.at, why: fact.why })
      return
    case 'whaleScored': {
      const whale = state.whales.get(fact.whale)
      if (whale !== undefined) state.whales.set(fact.whale, { ...whale, record: fact.record, quality: fact.quality })
      return
    }
    case 'signalOpened':
      openSignal(state, fact.signal)
      return
    case 'tradeJoined':
      followFurther(state, fact)
      return
    case 'tradeContradicted':
      noteTrade(state, fact.trade, fact.signal, fact.at)
      return
    case 'quoteAsked':
      setStage(state, fact.signal, {
        kind: 'quoting',
        round: fact.round,
        bound: fact.bound,
        approvedBy: fact.approvedBy,
      })
      return
    case 'approvalAsked':
      setStage(state, fact.signal, {
        kind: 'waiting',
        round: fact.round,
        bound: fact.bound,
        stake: fact.stake,
        persons: fact.persons ?? 1,
        votes: fact.votes ?? [],
      })
      state.decided.delete(fact.signal)
      return
    case 'approvalVoted':
      addVote(state, fact)
      return
    case 'approvalGiven':
      noteDecision(state, fact.signal, decisionOf('approved', fact))
      return
    case 'whaleSold': {
      const books = booksIn(state, fact.account)
      const position = books.positions.get(fact.token)
      if (position !== undefined) books.positions.set(fact.token, afterWhaleSold(position, fact.whale, fact.size))
      return
    }
    case 'signalCopied':
      noteCopied(state, fact.signal)
      closeSignal(state, fact.signal)
      return
    case 'signalDeclined':
      noteDecision(state, fact.signal, decisionOf('declined', fact))
      closeSignal(state, fact.signal)
      return
    case 'signalRefused':
      endCard(state, fact.signal, 'refused')
      closeSignal(state, fact.signal)
      return
    case 'signalExpired':
      endCard(state, fact.signal, 'expired')
      closeSignal(state, fact.signal)
      return
    case 'signalWithdrawn':
      endCard(state, fact.signal, 'withdrawn')
      closeSignal(state, fact.signal)
      return
    case 'accountLinked':
      state.links.set(accountKey(fact.surface, fact.account), fact.by.person)
      return
    case 'accountUnlinked':
      state.links.delete(accountKey(fact.surface, fact.account))
      return
    case 'noticeSet':
      state.notices.set(fact.by.person, fact.notice)
      return
    case 'orderPlanned':
      planOrder(state, fact)
      return
    case 'orderBecameUncertain':
      setOrder(state, move(orderIn(state, fact.order), 'uncertain') as HeldOrder)
      return
    case 'orderProbed': {
      const order = orderIn(state, fact.order)
      setOrder(state, { ...order, probes: order.probes + 1 })
      return
    }
    case 'orderRested':
      setOrder(state, move(orderIn(state, fact.order), 'resting') as HeldOrder)
      return
    case 'cancelAsked':
      setOrder(state, move(orderIn(state, fact.order), 'cancelling') as HeldOrder)
      return
    case 'orderFilled':
      fillOrder(state, fact)
      return
    case 'orderClosed':
      closeOrder(state, fact)
      return
    case 'profitRealised': {
      // What is paid in fees for a purchase is a loss at once, and no end of anything.
      const isFee = plus(fact.profit, fact.fee) === NO_USD
      noteOwn(state, fact.whale, { closed: isFee ? 0 : 1, profit: fact.profit })
      return
    }
    case 'positionClosed': {
      const books = booksIn(state, fact.account)
      books.performance = withClosed(books.performance, fact.profit)
      return
    }
    case 'positionsMarked':
      for (const books of state.accounts.values()) {
        for (const mark of fact.marks) markPosition(books, mark.token, mark.bid)
        noteEquity(books)
      }
      return
    case 'marketSettled':
      settle(state, fact)
      return
    case 'redeemDone': {
      const books = booksIn(state, fact.account)
      books.redeeming.delete(fact.condition)
      books.turn += 1
      return
    }
    case 'breakerOpened':
      state.holds.set(fact.opening.by, fact.opening)
      return
    case 'breakerReset':
      resetBreaker(state, fact)
      return
    case 'holdPlaced':
      state.holds.set(fact.hold.by, fact.hold)
      return
    case 'holdReleased':
      state.holds.delete(fact.holder)
      return
    case 'modeChanged':
      state.mode = fact.after
      return
    case 'limitsChanged':
      state.limits = withDefaults(fact.after)
      return
    // What is only told: it changes nothing that a decision reads.
    default:
      return
  }
}

/** A limit that an older journal does not know has its default. */
function withDefaults(limits: Limits): Limits {
  return { ...PRESETS.standard, ...limits }
}

function resetBreaker(state: EngineState, fact: FactOf<'breakerReset'>): void {
  state.holds.delete(fact.breaker)
  for (const books of state.accounts.values()) {
    if (fact.breaker === 'losing-streak') books.performance = { ...books.performance, lossesInARow: 0 }
    if (fact.breaker === 'drawdown') books.performance = { ...books.performance, peak: equityOf(books) }
  }
}
