import type { OrderReport, Payout, VenueAnswer, VenueBooks } from '../order/answer.ts'
import type { Account } from '../order/order.ts'
import type { NoticeSettings } from '../people/notice.ts'
import type { Breaker } from '../risk/breakers.ts'
import type { Quote } from '../risk/gates.ts'
import type { LimitName, Limits, Preset } from '../risk/limits.ts'
import type { ModeWish } from '../risk/mode.ts'
import type { SourceName, SourceStatus } from '../risk/sight.ts'
import type { ConditionId, Instant, OrderKey, PersonId, SignalId, TokenId, WhaleAddress } from '../units/ids.ts'
import type { Price, Shares, Usd } from '../units/money.ts'
import type { WhaleRecord } from '../whale/record.ts'
import type { WhaleTrade } from '../whale/trade.ts'
import type { WhaleSettings } from '../whale/whale.ts'

/** Who asks, and by which press: what a person did is recorded with where and as whom. */
export type Asker = {
  readonly person: PersonId
  readonly surface: string
  /** Unique for each press or line typed, so that a press that is delivered twice counts once. */
  readonly press: string
}

/** What people ask for. Whether they may is settled before it comes in. */
export type Instruction =
  | {
      readonly kind: 'follow'
      readonly whale: WhaleAddress
      readonly name: string
      readonly record: WhaleRecord | undefined
      /** What differs from an ordinary following, as after an import. */
      readonly settings?: WhaleSettings
    }
  | { readonly kind: 'unfollow'; readonly whale: WhaleAddress }
  | { readonly kind: 'setWhale'; readonly whale: WhaleAddress; readonly settings: WhaleSettings }
  /** `round` is the version of the card that was looked at, `dollars` what to spend where it is not what the card says. */
  | {
      readonly kind: 'approve'
      readonly signal: SignalId
      readonly round?: number | undefined
      readonly dollars?: Usd | undefined
    }
  | { readonly kind: 'reject'; readonly signal: SignalId; readonly why: string }
  /** `part` in millionths of the position. */
  | { readonly kind: 'close'; readonly token: TokenId; readonly part: bigint; readonly why: string }
  | { readonly kind: 'stop'; readonly why: string }
  /** Nothing is bought any more; exits are followed as before. */
  | { readonly kind: 'pause'; readonly why: string }
  /** Ends a person's stop and a person's pause. */
  | { readonly kind: 'resume' }
  | { readonly kind: 'setMode'; readonly wish: ModeWish }
  | { readonly kind: 'setLimit'; readonly name: LimitName; readonly value: Limits[LimitName] }
  | { readonly kind: 'setPreset'; readonly preset: Preset }
  | { readonly kind: 'resetBreaker'; readonly breaker: Breaker }
  /** After a difference with the venue was looked into: the person takes ours for right. */
  | { readonly kind: 'acceptBooks'; readonly why: string }
  /** The person who asks is also who speaks as this account of a surface. */
  | { readonly kind: 'linkAccount'; readonly surface: string; readonly account: string }
  | { readonly kind: 'unlinkAccount'; readonly surface: string; readonly account: string }
  | { readonly kind: 'setNotice'; readonly notice: NoticeSettings }
  /** A page was seen by a person, who will look after it: it is not repeated any more. */
  | { readonly kind: 'acknowledge'; readonly page: string }

/** What was to be done at a later time. */
export type Timer =
  | { readonly kind: 'approval'; readonly signal: SignalId; readonly round: number }
  | { readonly kind: 'probe'; readonly order: OrderKey }
  | { readonly kind: 'books'; readonly account: Account }
  | { readonly kind: 'redeem'; readonly account: Account; readonly condition: ConditionId }

export type Mark = { readonly token: TokenId; readonly bid: Price }

/** Everything that can come in. `at` is when we took it in; what the source says of time is inside. */
export type Input = { readonly at: Instant } & (
  | { readonly kind: 'started'; readonly deposit: Usd; readonly limits: Limits }
  | { readonly kind: 'clockTurned' }
  | { readonly kind: 'timerFired'; readonly timer: Timer }
  | { readonly kind: 'whaleTraded'; readonly trade: WhaleTrade }
  /** What the wallet holds of a token at `asOf`, whatever way it came to it. */
  | {
      readonly kind: 'whaleHolds'
      readonly whale: WhaleAddress
      readonly token: TokenId
      readonly size: Shares
      readonly asOf: Instant
    }
  /** Every wallet has been asked for all it did until `from`, but those in `behind`, each until its own. */
  | {
      readonly kind: 'tradesSwept'
      readonly from: Instant
      readonly behind: ReadonlyMap<WhaleAddress, Instant>
    }
  | { readonly kind: 'sourceSeen'; readonly source: SourceName; readonly status: SourceStatus; readonly why: string }
  | { readonly kind: 'whaleRecorded'; readonly whale: WhaleAddress; readonly record: WhaleRecord }
  | { readonly kind: 'quoteArrived'; readonly signal: SignalId; readonly round: number; readonly quote: Quote }
  | { readonly kind: 'quoteFailed'; readonly signal: SignalId; readonly round: number; readonly why: string }
  | { readonly kind: 'orderAnswered'; readonly order: OrderKey; readonly answer: VenueAnswer }
  | { readonly kind: 'orderReported'; readonly order: OrderKey; readonly report: OrderReport }
  | { readonly kind: 'marksArrived'; readonly marks: readonly Mark[] }
  | { readonly kind: 'marketResolved'; readonly condition: ConditionId; readonly payouts: readonly Payout[] }
  | { readonly kind: 'redeemed'; readonly account: Account; readonly condition: ConditionId }
  | { readonly kind: 'redeemFailed'; readonly account: Account; readonly condition: ConditionId; readonly why: string }
  /** `turn` is the number of our own orders and settlements when it was asked: a report from before the last of them proves nothing. */
  | { readonly kind: 'booksReported'; readonly account: Account; readonly turn: number; readonly books: VenueBooks }
  | { readonly kind: 'booksFailed'; readonly account: Account; readonly why: string }
  | { readonly kind: 'instructed'; readonly asker: Asker; readonly instruction: Instruction }
  /** Somebody who may not, or too late: nothing was done, and it goes on record. `account` is the surface's own id of them. */
  | {
      readonly kind: 'turnedAway'
      readonly surface: string
      readonly account: string
      readonly person: PersonId | undefined
      readonly press: string
      readonly line: string
      readonly why: string
    }
  /** Whether people can be reached, and reach us, on any of the surfaces that are set up. */
  | { readonly kind: 'voicesSeen'; readonly isReached: boolean; readonly why: string }
)

export type InputOf<Kind extends Input['kind']> = Extract<Input, { readonly kind: Kind }>
