import type { Noted } from '../core/engine/explain.ts'
import type { Fact } from '../core/engine/fact.ts'
import type { Instruction } from '../core/engine/input.ts'
import type { Position } from '../core/ledger/position.ts'
import type { Account } from '../core/order/order.ts'
import type { NoticeSettings } from '../core/people/notice.ts'
import type { Hold, TradingState } from '../core/risk/holds.ts'
import type { Limits } from '../core/risk/limits.ts'
import type { Mode } from '../core/risk/mode.ts'
import type { Stake } from '../core/sizing/stake.ts'
import type { Instant, PersonId, SignalId, TokenId, WhaleAddress } from '../core/units/ids.ts'
import type { Price, Shares, Usd } from '../core/units/money.ts'
import type { WhaleRecord } from '../core/whale/record.ts'
import type { Bound, Signal, Verdict } from '../core/whale/signal.ts'
import type { Whale } from '../core/whale/whale.ts'
import type { PageView } from './notice/notice.ts'
import type { Picture } from './reply.ts'

/** How far a person's word reaches: each may do what those before it may. */
export type Access = 'viewer' | 'guardian' | 'trader' | 'owner'

/** Who is talking, the same person on every surface. */
export type Actor = {
  readonly person: PersonId
  /** What to call them; shown, never interpreted. */
  readonly name: string
  readonly access: Access
  readonly surface: string
  /** Unique for each line typed and each press, so that one that is delivered twice counts once. */
  readonly press: string
}

/**
 * All that a command may touch: it asks, and it instructs. Questions that only need the present are answered at once; those
 * that need the past read the tables.
 */
export type Desk = {
  readonly now: () => Instant
  readonly status: () => Status
  readonly whales: () => readonly Whale[]
  readonly pending: () => readonly Pending[]
  /** The trade of that short name, as long as it is on its way or its card's end is remembered. */
  readonly signalNamed: (short: string) => SignalId | undefined
  /** Remembers for a minute which cards somebody was shown; the name that it gives stands for them on a button. */
  readonly keepOffer: (offer: Offer) => string
  /** What that name stands for; nothing where it is forgotten. */
  readonly offer: (name: string) => Offer | undefined
  /** Who may do what, and through which accounts. */
  readonly people: () => readonly PersonView[]
  /** A code that links another account to this person, once and for a few minutes. */
  readonly pair: (actor: Actor) => { readonly code: string; readonly until: Instant }
  /**
   * Stops every order that has not begun, at once and without waiting for anything: it is in force when this returns. The
   * instruction `stop` puts it on record.
   */
  readonly halt: (why: string, actor: Actor) => Instant
  /** What came of an instruction that cannot be waited for long; nothing where it is not on record yet. */
  readonly recorded: (instructed: Promise<readonly Fact[]>) => Promise<readonly Fact[] | undefined>
  readonly positions: () => readonly Position[]
  /** What the book would give for so many shares now; `undefined` where it cannot be had. */
  readonly bids: (token: TokenId, size: Shares) => Promise<Bids | undefined>
  readonly limits: () => Limits
  readonly health: () => Promise<Health>
  readonly orders: (most: number) => Promise<readonly OrderRow[]>
  readonly profit: (days: number) => Promise<Profit>
  /** The same as a picture, up to the present; `undefined` where there is nothing to draw yet, or where it could not be drawn. */
  readonly picture: (days: number) => Promise<Picture | undefined>
  /** How people answered in the last days, the newest card first. */
  readonly answers: (days: number) => Promise<Answers>
  readonly story: (short: string) => Promise<Told | undefined>
  /** What a person wants to be told, how loudly and when; as usual where nothing is set. */
  readonly notice: (person: PersonId) => NoticeSettings
  /** The pages that are not over, seen by somebody or not, newest first. */
  readonly pages: () => readonly PageView[]
  /** What a wallet is, before it is followed. Throws a `UserError` where nothing can be found out. */
  readonly look: (whale: WhaleAddress) => Promise<Look>
  /** Who a wallet is; `undefined` where it has no profile. Throws a `UserError` where that cannot be found out. */
  readonly profile: (whale: WhaleAddress) => Promise<Profile | undefined>
  /** The wallets whose public name this is; names need not be unique. Throws a `UserError` where that cannot be found out. */
  readonly find: (name: string) => Promise<readonly Profile[]>
  /** Looks at leaders of the public rankings that are not followed, one by one. Throws a `UserError` where there is no ranking. */
  readonly candidates: (category: string | undefined) => Promise<Candidates>
  /** Writes who is followed, and how, into the data folder. Throws a `UserError` where it cannot be written. */
  readonly exportWhales: () => Promise<Exported>
  /** Reads such a file of the data folder. Throws a `UserError` where there is none, or none of a size that could be right. */
  readonly readWhales: () => Promise<WhaleList>
  /**
   * Gives an instruction to the engine and waits until it is on record; the facts are what came of it. `instructionRefused` and
   * `modeRefused` among them say why nothing did.
   */
  readonly instruct: (instruction: Instruction, actor: Actor) => Promise<readonly Fact[]>
}

export type Status = {
  /** Whether the market itself is a simulation (the sandbox), and not only the money. */
  readonly isSimulated: boolean
  readonly mode: Mode
  readonly trading: TradingState
  readonly holds: readonly Hold[]
  readonly whales: number
  readonly pending: number
  readonly openOrders: number
  readonly account: AccountView
  readonly feeds: readonly FeedView[]
}

export type AccountView = {
  readonly account: Account
  readonly deposits: Usd
  readonly equity: Usd
  readonly cash: Usd
  readonly reserved: Usd
  readonly exposed: Usd
  readonly positions: number
  /** Profit after fees that is final, and what the positions would add if sold at their marks. */
  readonly realised: Usd
  readonly open: Usd
  readonly fees: Usd
  readonly today: Usd
  readonly drawdown: number
  readonly won: number
  readonly lost: number
  readonly lossesInARow: number
}

export type FeedView = {
  readonly name: string
  readonly status: 'connecting' | 'live' | 'stale' | 'down'
  readonly since: Instant
  readonly why: string
  /** When it last told a trade. */
  readonly lastAt: Instant | undefined
  /** From a trade to our hearing of it by this source: in the middle of the latest, and at the 99th in 100. */
  readonly lagMs?: number | undefined
  readonly lagP99Ms?: number | undefined
  /** Trades that it told before any other source, and those that it told after one. */
  readonly first?: number | undefined
  readonly confirmed?: number | undefined
  /** Trades that it never told, and those that it told too late to be copied. */
  readonly missed?: number | undefined
  readonly late?: number | undefined
}

/** A person and how they speak to us: `surface:account`, with those that were linked later. */
export type PersonView = {
  readonly person: PersonId
  readonly access: Access
  readonly accounts: readonly string[]
}

/** Cards as somebody was shown them, each in its version. */
export type Offer = readonly { readonly signal: SignalId; readonly short: string; readonly round: number }[]

/** A card that waits for a person. */
export type Pending = {
  readonly signal: Signal
  readonly bound: Bound
  readonly stake: Stake | undefined
  readonly title: string
  readonly outcome: string
  readonly whaleName: string
  /** The version of the card, how many people must say yes, and who has. */
  readonly round: number
  readonly persons: number
  readonly votes: readonly PersonId[]
}

export type Health = {
  readonly startedAt: Instant
  readonly feeds: readonly FeedView[]
  /** The last entry on record, and how far the tables have followed. */
  readonly seq: number
  readonly tablesSeq: number
  readonly queued: number
  readonly appendP50Ms: number
  readonly appendP99Ms: number
  readonly rssBytes: number
  readonly database: string
  /** Requests to each group of the venue's limits: in the last 10 s, the most in any 10 s so far, and what is allowed. */
  readonly requests: readonly {
    readonly group: string
    readonly inWindow: number
    readonly peak: number
    readonly limit: number
  }[]
  /** The order books that are mirrored: asked for, in step with the venue, and how often a mirror was found to differ. */
  readonly books: { readonly subscribed: number; readonly trusted: number; readonly disagreements: number } | undefined
  /** Our own part of the way of a trade, from the frame's arrival to the decision, by source. */
  readonly ownPart: readonly { readonly source: string; readonly p50Ms: number; readonly p99Ms: number }[]
  readonly problems: readonly { readonly at: Instant; readonly what: string }[]
  /** The surfaces that people carry with them: how each is doing, what waits to be sent, and what is wrong with how it is set up. */
  readonly surfaces: readonly SurfaceHealth[]
}

export type SurfaceHealth = {
  readonly name: string
  readonly status: 'connecting' | 'live' | 'down' | 'closed'
  readonly since: Instant
  readonly why: string
  readonly waiting: number
  readonly delivered: number
  readonly failed: number
  readonly faults: readonly string[]
}

export type OrderRow = {
  readonly short: string
  readonly title: string
  readonly outcome: string
  readonly side: 'buy' | 'sell'
  readonly status: string
  readonly limit: Price
  readonly size: Shares
  readonly filled: Shares
  readonly notional: Usd
  readonly fee: Usd
  readonly plannedAt: Instant
}

export type Profit = {
  readonly account: AccountView
  readonly days: readonly { readonly day: number; readonly profit: Usd; readonly fees: Usd; readonly fills: number }[]
  readonly whales: readonly { readonly name: string; readonly profit: Usd; readonly fees: Usd }[]
}

/** A sale as the book would meet it: no further down than a closing goes. */
export type Bids = {
  readonly best: Price
  /** Of what would be met; nothing where nobody bids. */
  readonly average: Price | undefined
  readonly met: Shares
  /** Before fees. */
  readonly proceeds: Usd
}

/** A trade that people were asked about, and how they answered. */
export type AskedView = {
  readonly short: string
  readonly title: string
  readonly outcome: string
  readonly side: 'buy' | 'sell'
  readonly size: Shares
  readonly limit: Price
  readonly expected: Price
  readonly askedAt: Instant
  readonly answer: 'yes' | 'no' | undefined
  readonly answeredAt: Instant | undefined
  readonly verdict: Verdict | undefined
  readonly why: string
  /** What a share fetches now, of a purchase that was not made; nothing where it was not asked for or could not be had. */
  readonly now: Price | undefined
}

export type Answers = readonly AskedView[]

/** A signal's facts in the order of the journal; after its first fill also those on its token's profit, settlement and end. */
export type Told = {
  readonly signal: SignalId
  readonly facts: readonly Noted[]
  /** The name under which the whale behind it is followed, where it still is. */
  readonly whaleName?: string | undefined
}

/** Who a wallet is, in strangers' words. */
export type Profile = {
  readonly whale: WhaleAddress
  /** The public name, else the pseudonym, else empty. */
  readonly name: string
  readonly pseudonym: string
  readonly bio: string
  readonly joinedAt: Instant | undefined
  readonly isVerified: boolean
}

/** A wallet of the rankings that was looked at. */
export type Candidate = { readonly whale: WhaleAddress; readonly name: string; readonly record: WhaleRecord }

export type Candidates = {
  /** In the order of the ranking. */
  readonly found: readonly Candidate[]
  /** Wallets that the rankings named, those of them that are followed already, and those that could not be read. */
  readonly ranked: number
  readonly followed: number
  readonly failed: number
  /** Whether the time was up before all that may be looked at were. */
  readonly isCut: boolean
}

export type Exported = { readonly path: string; readonly count: number }

/** One wallet as the file of whales has it. */
export type ListedWhale = Pick<Whale, 'address' | 'name' | 'settings'>

/** The file of whales: all of it, or all that is wrong with it, each fault with its line or its wallet. */
export type WhaleList =
  | { readonly kind: 'whole'; readonly path: string; readonly whales: readonly ListedWhale[] }
  | { readonly kind: 'faulty'; readonly path: string; readonly faults: readonly string[] }

export type Look = {
  readonly whale: WhaleAddress
  readonly name: string
  readonly profile: Profile | undefined
  readonly record: WhaleRecord
  readonly isFollowed: boolean
}
