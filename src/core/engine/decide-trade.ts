import { exitSize } from '../ledger/position.ts'
import type { Account } from '../order/order.ts'
import { refusals } from '../risk/gates.ts'
import type { Refusal } from '../risk/refusals.ts'
import { dealKeyOf, restIdOf, type SignalId, shortOf, signalIdOf } from '../units/ids.ts'
import { greatest, minus, mulDiv, NO_SHARES, plus, type Shares, shares, ZERO } from '../units/money.ts'
import type { Signal } from '../whale/signal.ts'
import type { WhaleTrade } from '../whale/trade.ts'
import type { Whale } from '../whale/whale.ts'
import { candidateOf } from './candidate.ts'
import { ask } from './decide-signal.ts'
import type { Deciding } from './deciding.ts'
import { actOf } from './evolve-signal.ts'
import type { InputOf } from './input.ts'
import { booksOf, burstKey, type Leg, leavingKey, SIGNALS_MAX, type StateView, type View } from './state.ts'

const ACCOUNT: Account = 'paper'

/**
 * A whale's trade, told by some source. It is acted on once, however it is told:
 *
 * - the same deal again, by whichever source, is known; where it has grown, only what is new counts;
 * - the same deal in other words is known too, and where two tellings of it bet against each other, neither is trusted;
 * - a further piece of a purchase or sale that is still under way joins its signal;
 * - anything else is a signal of its own.
 */
export function decideTrade(deciding: Deciding, trade: WhaleTrade): void {
  const { state } = deciding
  const whale = state.whales.get(trade.whale)
  if (whale === undefined || isFromBefore(whale, trade)) return
  const legs = state.known.get(dealKeyOf(trade))?.legs ?? []
  const same = legs.find(leg => leg.token === trade.token && leg.act === actOf(trade))
  if (same !== undefined) {
    // Of a deal that is told both ways nobody knows which half has grown.
    const isDoubted = legs.some(leg => leg.act !== 'left' && !isSameBet(leg, trade))
    if (trade.how !== undefined || !isDoubted) grow(deciding, trade, same)
    return
  }
  const other = trade.how === undefined ? legs.find(leg => leg.act !== 'left') : undefined
  if (other !== undefined) {
    if (!isSameBet(other, trade)) contradict(deciding, trade, other.signal)
    return
  }
  if (trade.happenedAt <= state.forgottenAt) return
  if (trade.how !== undefined && !isFollowed(state, trade)) return
  const burst = burstOf(deciding, trade)
  if (burst === undefined) open(deciding, signalIdOf(trade), trade)
  else join(deciding, burst, trade)
}

/** Sources count in seconds, so what happened in the second of the following may be from after it. */
function isFromBefore({ followedAt }: Pick<Whale, 'followedAt'>, { happenedAt }: WhaleTrade): boolean {
  return happenedAt < followedAt - (followedAt % 1_000)
}

/** What the wallet holds against what we followed it into: less of it means that shares have left in a way no source told. */
export function decideHoldings(deciding: Deciding, input: InputOf<'whaleHolds'>): void {
  const { state } = deciding
  const { whale, token, asOf } = input
  const followed = state.whales.get(whale)
  const position = booksOf(state, ACCOUNT).positions.get(token)
  const lot = position?.lots.get(whale)
  if (followed === undefined || position === undefined || lot === undefined) return
  // The answer may be older than a trade that we know: only a quiet moment proves anything.
  const isQuiet = asOf - (followed.lastTradeAt ?? 0) > HOLDINGS_SETTLE_MS && !isUnderWay(state, whale, token)
  const gone = minus(lot.theirs, input.size)
  if (!isQuiet || gone <= tolerance(lot.theirs)) return
  decideTrade(deciding, {
    transaction: `holding:${asOf}`,
    whale,
    name: followed.name,
    token,
    condition: position.condition,
    side: 'sell',
    how: 'holding',
    price: ZERO,
    size: gone,
    title: position.title,
    outcome: position.outcome,
    happenedAt: asOf,
    source: 'sweep',
  })
}

/** The services count with a delay of seconds, and of minutes when they are busy. */
const HOLDINGS_SETTLE_MS = 180_000

function isUnderWay(state: StateView, whale: WhaleTrade['whale'], token: WhaleTrade['token']): boolean {
  if (state.leaving.has(leavingKey(ACCOUNT, token, whale))) return true
  return boughtAndUndecided(state, { whale, token }).length > 0
}

/** Sizes of two sources differ by what rounding leaves: a hundredth of a share, or a thousandth of a large trade. */
function tolerance(size: Shares): Shares {
  return greatest(shares('0.01'), mulDiv(size, 1n, 1_000n, 'up') as Shares)
}

/** A source knows more of the deal than the one before. */
function grow(deciding: Deciding, trade: WhaleTrade, leg: View<Leg>): void {
  const size = minus(trade.size, leg.size)
  if (size <= tolerance(leg.size)) return
  const rest = { ...trade, size }
  // What is sold beyond what was told first is a sale of its own: the first may be on its way already.
  if (trade.side === 'sell') open(deciding, restIdOf(trade, leg.size), rest)
  else deciding.conclude({ kind: 'tradeJoined', signal: leg.signal, trade: rest, exit: NO_SHARES, at: deciding.at })
}

/**
 * In one transaction a wallet bets one way on a market: everybody who meets the taker's order stands on the other side of it. So another
 * telling of the deal is either the same bet in other words (selling one token is buying the other) or the other party's view of it.
 */
function isSameBet(leg: View<Leg>, trade: WhaleTrade): boolean {
  return (leg.token === trade.token) === (leg.act === trade.side)
}

/** Two sources tell opposite bets: while nothing is ordered yet nothing will be, and in any case it is on record. */
function contradict({ state, at, conclude }: Deciding, trade: WhaleTrade, id: SignalId): void {
  conclude({ kind: 'tradeContradicted', signal: id, trade, at })
  const stage = state.signals.get(id)?.stage.kind
  if (stage === undefined || stage === 'ordered') return
  conclude({ kind: 'signalWithdrawn', signal: id, why: 'two sources tell opposite sides of it' })
}

/** The signal that this is a further piece of, if there is one. */
function burstOf({ state, at }: Deciding, trade: WhaleTrade): SignalId | undefined {
  const burst = state.bursts.get(burstKey(trade))
  const { burstMs, sizing, tradeAgeMaxMs } = state.limits
  const isApart = burst === undefined || Math.abs(trade.happenedAt - burst.happenedAt) > burstMs
  if (isApart || burstMs === 0 || trade.how !== undefined) return undefined
  // Who mirrors copies each trade at its own size.
  if (trade.side === 'buy') return sizing === 'mirror' ? undefined : burst.signal
  // A sale asks for more to be sold, which only a signal that is not weighed yet can take up.
  const stage = state.signals.get(burst.signal)?.stage
  const isOpen = stage?.kind === 'quoting' && stage.bound === undefined
  return isOpen && at - trade.happenedAt <= tradeAgeMaxMs ? burst.signal : undefined
}

function join(deciding: Deciding, signal: SignalId, trade: WhaleTrade): void {
  const exit = exitOf(deciding.state, trade)
  deciding.conclude({ kind: 'tradeJoined', signal, trade, exit, at: deciding.at })
  if (trade.side === 'sell') leave(deciding, trade, signal)
}

/** Opened as a signal, refused at once where that can be said, else quoted. */
function open(deciding: Deciding, id: SignalId, trade: WhaleTrade): void {
  const { conclude } = deciding
  const signal: Signal = {
    id,
    short: shortOf(id),
    origin: { kind: 'whale', trade },
    account: ACCOUNT,
    condition: trade.condition,
    token: trade.token,
    side: trade.side,
    openedAt: deciding.at,
    exit: exitOf(deciding.state, trade),
    stage: { kind: 'quoting', round: 1, bound: undefined, approvedBy: undefined },
  }
  conclude({ kind: 'signalOpened', signal })
  if (trade.side === 'sell') leave(deciding, trade, id)
  const early = earlyRefusals(deciding, signal)
  if (early.length > 0) conclude({ kind: 'signalRefused', signal: id, refusals: early })
  else ask(deciding, signal, 1, undefined, undefined)
}

/** What can be said before any book is asked for. A flood is refused here, so that what is on its way stays bounded. */
function earlyRefusals(deciding: Deciding, signal: Signal): readonly Refusal[] {
  if (deciding.state.signals.size <= SIGNALS_MAX) return refusals(candidateOf(deciding, signal, undefined))
  return [{ code: 'TOO_MANY_SIGNALS', detail: `${SIGNALS_MAX} are on their way` }]
}

/** Shares of ours that follow what the whale gives up; nothing for a purchase. */
function exitOf(state: StateView, trade: WhaleTrade): Shares {
  const held = booksOf(state, ACCOUNT).positions.get(trade.token)
  if (trade.side === 'buy' || held === undefined) return NO_SHARES
  const leaving = state.leaving.get(leavingKey(ACCOUNT, trade.token, trade.whale)) ?? NO_SHARES
  return exitSize(held, trade.whale, trade.size, leaving)
}

/** A whale that sells gives up what we followed, and takes back what is not ordered yet. */
function leave({ state, conclude }: Deciding, trade: WhaleTrade, by: SignalId): void {
  if (booksOf(state, ACCOUNT).positions.has(trade.token)) {
    conclude({ kind: 'whaleSold', account: ACCOUNT, token: trade.token, whale: trade.whale, size: trade.size })
  }
  for (const id of boughtAndUndecided(state, trade)) {
    if (id !== by) conclude({ kind: 'signalWithdrawn', signal: id, why: 'the whale sold before it was copied' })
  }
}

function boughtAndUndecided(state: StateView, of: Pick<WhaleTrade, 'whale' | 'token'>): readonly SignalId[] {
  return [...(state.undecided.get(of.token) ?? [])].filter(id => {
    const origin = state.signals.get(id)?.origin
    return origin?.kind === 'whale' && origin.trade.whale === of.whale && origin.trade.side === 'buy'
  })
}

/** Whether shares that left a wallet without an order have to do with us. */
function isFollowed(state: StateView, trade: WhaleTrade): boolean {
  const lot = booksOf(state, ACCOUNT).positions.get(trade.token)?.lots.get(trade.whale)
  return (lot !== undefined && plus(lot.ours, lot.theirs) > NO_SHARES) || boughtAndUndecided(state, trade).length > 0
}
