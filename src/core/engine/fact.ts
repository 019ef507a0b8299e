import type { PositionFacts } from '../ledger/position.ts'
import type { Payout } from '../order/answer.ts'
import type { Account, ClearedIntent, Fill } from '../order/order.ts'
import type { Difference } from '../order/reconcile.ts'
import type { NoticeSettings } from '../people/notice.ts'
import type { Breaker, Opening } from '../risk/breakers.ts'
import type { Hold, Holder } from '../risk/holds.ts'
import type { LimitName, Limits } from '../risk/limits.ts'
import type { Mode, ModeWish } from '../risk/mode.ts'
import type { Refusal } from '../risk/refusals.ts'
import type { SourceName, SourceStatus } from '../risk/sight.ts'
import type { Stake } from '../sizing/stake.ts'
import type {
  ConditionId,
  Day,
  Hour,
  Instant,
  OrderId,
  OrderKey,
  PersonId,
  SignalId,
  TokenId,
  WhaleAddress,
} from '../units/ids.ts'
import type { Price, Shares, Usd } from '../units/money.ts'
import type { Quality } from '../whale/quality.ts'
import type { WhaleRecord } from '../whale/record.ts'
import type { Bound, Signal } from '../whale/signal.ts'
import type { WhaleTrade } from '../whale/trade.ts'
import type { WhaleSettings } from '../whale/whale.ts'
import type { Asker, Mark } from './input.ts'

/** The prices that a decision saw, as much as a person asks for afterwards. The whole quote is in the input of the same entry. */
export type Seen = {
  readonly bid: Price | undefined
  readonly ask: Price | undefined
  readonly liquidity: Usd
  readonly bookAgeMs: number
}

/** Everything that can be concluded. Facts are the only thing that changes the state, and a kind never changes its meaning. */
export type Fact =
  // The run
  | {
      readonly kind: 'accountOpened'
      readonly account: Account
      readonly deposit: Usd
      readonly limits: Limits
      readonly at: Instant
    }
  | { readonly kind: 'restarted'; readonly at: Instant }
  | { readonly kind: 'hourTurned'; readonly hour: Hour; readonly day: Day; readonly accounts: readonly OpeningEquity[] }
  // Whales
  | {
      readonly kind: 'whaleFollowed'
      readonly whale: WhaleAddress
      readonly name: string
      readonly at: Instant
      readonly by: Asker
    }
  | { readonly kind: 'whaleSet'; readonly whale: WhaleAddress; readonly settings: WhaleSettings; readonly by: Asker }
  | { readonly kind: 'whaleUnfollowed'; readonly whale: WhaleAddress; readonly by: Asker }
  | {
      readonly kind: 'whaleScored'
      readonly whale: WhaleAddress
      readonly record: WhaleRecord
      readonly quality: Quality
    }
  /** Something has changed its past: it is to be read again. */
  | { readonly kind: 'recordAsked'; readonly whale: WhaleAddress }
  | {
      readonly kind: 'whalesSwept'
      readonly from: Instant
      readonly behind: ReadonlyMap<WhaleAddress, Instant>
    }
  // Signals
  | { readonly kind: 'signalOpened'; readonly signal: Signal }
  /** More of what a signal is about: another piece of the trade, or the next one of a burst. `exit` is what it adds to be sold. */
  | {
      readonly kind: 'tradeJoined'
      readonly signal: SignalId
      readonly trade: WhaleTrade
      readonly exit: Shares
      readonly at: Instant
    }
  /** Another source tells the opposite side of the same deal: one of the two is wrong. */
  | {
      readonly kind: 'tradeContradicted'
      readonly signal: SignalId
      readonly trade: WhaleTrade
      readonly at: Instant
    }
  | {
      readonly kind: 'quoteAsked'
      readonly signal: SignalId
      readonly condition: ConditionId
      readonly token: TokenId
      readonly round: number
      readonly bound: Bound | undefined
      readonly approvedBy: PersonId | undefined
    }
  | {
      readonly kind: 'signalWeighed'
      readonly signal: SignalId
      readonly seen: Seen
      readonly stake: Stake | undefined
      readonly market: PositionFacts
    }
  | {
      readonly kind: 'approvalAsked'
      readonly signal: SignalId
      readonly round: number
      readonly bound: Bound
      readonly stake: Stake | undefined
      readonly expected: Price
      /** How many people have to say yes (one where it is not said), and who has by this version of the card. */
      readonly persons?: number
      readonly votes?: readonly PersonId[]
      /** Why an earlier version of the card is void: what was approved cannot be had any more, or a person changed the amount. */
      readonly again?: 'moved' | 'amount'
      /** Whose press changed the amount. */
      readonly by?: Asker
      /** What the book shows within the bound, and what would be at risk after it. */
      readonly met?: Shares
      readonly after?: Exposure
    }
  /** One yes of several that are needed. */
  | { readonly kind: 'approvalVoted'; readonly signal: SignalId; readonly by: Asker; readonly at: Instant }
  /** The last yes that was needed. `bound` is what was approved, where a person changed the amount. */
  | {
      readonly kind: 'approvalGiven'
      readonly signal: SignalId
      readonly by: Asker
      readonly at?: Instant
      readonly bound?: Bound
    }
  | {
      readonly kind: 'whaleSold'
      readonly account: Account
      readonly token: TokenId
      readonly whale: WhaleAddress
      readonly size: Shares
    }
  | { readonly kind: 'signalCopied'; readonly signal: SignalId; readonly size: Shares; readonly average: Price }
  | { readonly kind: 'signalRefused'; readonly signal: SignalId; readonly refusals: readonly Refusal[] }
  | {
      readonly kind: 'signalDeclined'
      readonly signal: SignalId
      readonly by: Asker
      readonly why: string
      readonly at?: Instant
      /** Who had said yes before this no, which came before anything was sent. */
      readonly vetoed?: PersonId
    }
  /** Whoever said no says why afterwards; the last word counts. */
  | { readonly kind: 'declineExplained'; readonly signal: SignalId; readonly by: Asker; readonly why: string }
  | { readonly kind: 'signalExpired'; readonly signal: SignalId; readonly waitedMs: number }
  | { readonly kind: 'signalWithdrawn'; readonly signal: SignalId; readonly why: string }
  // Orders
  | {
      readonly kind: 'orderPlanned'
      readonly intent: ClearedIntent
      readonly id: OrderId
      readonly payload: string
      readonly reserve: Usd
      readonly market: PositionFacts
      readonly mark: Price
      readonly at: Instant
    }
  | { readonly kind: 'orderBecameUncertain'; readonly order: OrderKey; readonly why: string; readonly at: Instant }
  | { readonly kind: 'orderProbed'; readonly order: OrderKey }
  | { readonly kind: 'orderProbePutOff'; readonly order: OrderKey; readonly until: Instant; readonly why: string }
  | { readonly kind: 'orderRested'; readonly order: OrderKey }
  | { readonly kind: 'cancelAsked'; readonly order: OrderKey }
  | { readonly kind: 'orderFilled'; readonly order: OrderKey; readonly fill: Fill }
  | {
      readonly kind: 'orderClosed'
      readonly order: OrderKey
      readonly status: 'filled' | 'cancelled' | 'expired' | 'rejected'
      readonly why: string
    }
  // Positions
  /** Profit that became final, net of its fee; a fee paid on a purchase is a loss at once. All of them sum to the ledger's. */
  | {
      readonly kind: 'profitRealised'
      readonly account: Account
      readonly token: TokenId
      readonly whale: WhaleAddress | undefined
      readonly profit: Usd
      readonly fee: Usd
      readonly at: Instant
    }
  | {
      readonly kind: 'positionClosed'
      readonly account: Account
      readonly token: TokenId
      readonly profit: Usd
      readonly at: Instant
    }
  | { readonly kind: 'positionsMarked'; readonly marks: readonly Mark[] }
  | {
      readonly kind: 'marketSettled'
      readonly account: Account
      readonly condition: ConditionId
      readonly payouts: readonly Payout[]
    }
  | {
      readonly kind: 'redeemAskedAgain'
      readonly account: Account
      readonly condition: ConditionId
      readonly payouts: readonly Payout[]
    }
  | { readonly kind: 'redeemDone'; readonly account: Account; readonly condition: ConditionId }
  | {
      readonly kind: 'redeemPutOff'
      readonly account: Account
      readonly condition: ConditionId
      readonly until: Instant
      readonly why: string
    }
  // Safety
  | {
      readonly kind: 'sourceChanged'
      readonly source: SourceName
      readonly status: SourceStatus
      readonly why: string
      readonly at: Instant
    }
  | { readonly kind: 'breakerOpened'; readonly account: Account; readonly opening: Opening }
  | { readonly kind: 'breakerReset'; readonly breaker: Breaker; readonly by: Asker }
  | { readonly kind: 'holdPlaced'; readonly hold: Hold }
  | { readonly kind: 'holdReleased'; readonly holder: Holder; readonly why: string }
  | { readonly kind: 'booksAsked'; readonly account: Account; readonly turn: number }
  | { readonly kind: 'booksMatched'; readonly account: Account }
  | { readonly kind: 'booksPutOff'; readonly account: Account; readonly until: Instant; readonly why: string }
  | { readonly kind: 'mismatchFound'; readonly account: Account; readonly differences: readonly Difference[] }
  // People
  | { readonly kind: 'modeChanged'; readonly before: Mode; readonly after: Mode; readonly by: Asker }
  | { readonly kind: 'modeRefused'; readonly wish: ModeWish; readonly faults: readonly string[]; readonly by: Asker }
  | {
      readonly kind: 'limitsChanged'
      readonly before: Limits
      readonly after: Limits
      readonly changed: readonly LimitName[]
      readonly by: Asker
    }
  | {
      readonly kind: 'instructionRefused'
      readonly instruction: string
      readonly why: string
      readonly by: Asker
      /** The signal that a press was about. */
      readonly signal?: SignalId
    }
  | {
      readonly kind: 'pressTurnedAway'
      readonly surface: string
      readonly account: string
      readonly person: PersonId | undefined
      readonly press: string
      readonly line: string
      readonly why: string
    }
  | { readonly kind: 'accountLinked'; readonly surface: string; readonly account: string; readonly by: Asker }
  | { readonly kind: 'accountUnlinked'; readonly surface: string; readonly account: string; readonly by: Asker }
  | { readonly kind: 'noticeSet'; readonly notice: NoticeSettings; readonly by: Asker }
  | { readonly kind: 'pageAcknowledged'; readonly page: string; readonly by: Asker; readonly at: Instant }

/** Dollars at risk if an order is filled, in all, in its market and in its category, and the equity that they are a part of. */
export type Exposure = {
  readonly equity: Usd
  readonly all: Usd
  readonly market: Usd
  readonly category: Usd
}

export type OpeningEquity = { readonly account: Account; readonly equity: Usd }

export type FactOf<Kind extends Fact['kind']> = Extract<Fact, { readonly kind: Kind }>

/** The signal that a fact is about, so that its story can be told: directly, or through its order. */
export function signalOf(fact: Fact): SignalId | undefined {
  switch (fact.kind) {
    case 'signalOpened':
      return fact.signal.id
    case 'orderPlanned':
      return fact.intent.signal
    case 'tradeJoined':
    case 'tradeContradicted':
    case 'quoteAsked':
    case 'signalWeighed':
    case 'approvalAsked':
    case 'approvalVoted':
    case 'approvalGiven':
    case 'signalCopied':
    case 'signalRefused':
    case 'signalDeclined':
    case 'declineExplained':
    case 'signalExpired':
    case 'signalWithdrawn':
    // Most are about no signal.
    case 'instructionRefused':
      return fact.signal
    case 'orderBecameUncertain':
    case 'orderProbed':
    case 'orderProbePutOff':
    case 'orderRested':
    case 'cancelAsked':
    case 'orderFilled':
    case 'orderClosed':
      return signalOfOrder(fact.order)
    default:
      return undefined
  }
}

/** An order's key is its signal's id and the attempt. */
export function signalOfOrder(order: OrderKey): SignalId {
  return order.slice(0, order.lastIndexOf('/')) as SignalId
}
