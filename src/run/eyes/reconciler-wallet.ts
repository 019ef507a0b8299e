import type { Instant, WhaleAddress } from '../../core/units/ids.ts'

export type FollowedWhale = {
  readonly address: WhaleAddress
  readonly followedAt: Instant
  readonly lastTradeAt: Instant | undefined
}

/** What the reconciler needs to know of the engine's state. */
export type Followed = {
  readonly whales: () => Iterable<FollowedWhale>
  /** Up to when the wallet has been asked for, by the last mark on record; `undefined` where there is none. */
  readonly from: (whale: WhaleAddress) => Instant | undefined
  /** Whether we hold something that was copied from it. */
  readonly isHeld: (whale: WhaleAddress) => boolean
}

/** One wallet in the rounds. */
export type Wallet = {
  readonly whale: WhaleAddress
  readonly followedAt: Instant
  /** Everything that happened before this has been asked for and heard. */
  cursor: Instant
  isHeld: boolean
  /** When its last question began; `undefined` before the first. */
  askedAt: Instant | undefined
  /** When it was last answered, else since when it is asked for at all. */
  answeredAt: Instant
  /** The number of its last question, and of the last that was answered; 0 for none. */
  question: number
  answered: number
  /** A factor of about one by which its next wait is spread. */
  spread: number
  failures: number
  /** Not before this, after a failure. */
  retryAt: number
  /** Resolves with whether it was answered. */
  underWay: Promise<boolean> | undefined
}

/** How often a wallet is asked while the streams are healthy, and while they are not. */
const CALM_EVERY_MS = 30_000
const QUICK_EVERY_MS = 5_000
/** A wallet that we hold a copy of is asked twice as often: its sale is what must not be missed. */
const HELD_SHARE = 0.5
/** Waits are spread by a tenth either way, so that wallets that were asked together drift apart. */
const SPREAD = 0.1
const RETRY_FIRST_MS = 2_000
const RETRY_MAX_MS = 60_000
/** Where no mark is on record: a stream may have told the newest trade of a wallet after missing those before. */
const UNMARKED_OVERLAP_MS = 6 * 3_600_000

/** A wallet at its start: it goes on where the last mark left it, and is never asked for what it did before it was followed. */
export function walletOf(followed: FollowedWhale, marked: Instant | undefined, now: Instant): Wallet {
  const { address: whale, followedAt, lastTradeAt } = followed
  const from = marked ?? (lastTradeAt === undefined ? followedAt : lastTradeAt - UNMARKED_OVERLAP_MS)
  return {
    whale,
    followedAt,
    cursor: Math.max(followedAt, from) as Instant,
    isHeld: false,
    askedAt: undefined,
    answeredAt: now,
    question: 0,
    answered: 0,
    spread: 1,
    failures: 0,
    retryAt: 0,
    underWay: undefined,
  }
}

/** How often a wallet is asked at present, and one that we hold a copy of. */
export type Pace = { readonly everyMs: number; readonly heldEveryMs: number }

/**
 * The pace at which so many wallets stay within a budget of `most` questions in `perMs`: as wanted where that fits, and stretched
 * for everybody alike where it does not.
 */
export function paceOf(
  wallets: { readonly held: number; readonly others: number },
  isQuick: boolean,
  budget: { readonly most: number; readonly perMs: number },
): Pace {
  const every = isQuick ? QUICK_EVERY_MS : CALM_EVERY_MS
  const wanted = (wallets.others + wallets.held / HELD_SHARE) * (budget.perMs / every)
  const everyMs = every * Math.max(1, wanted / budget.most)
  return { everyMs, heldEveryMs: everyMs * HELD_SHARE }
}

/** When a wallet is asked next, in milliseconds since 1970; 0 for one that never was. */
function dueAt(wallet: Wallet, pace: Pace): number {
  if (wallet.failures > 0) return wallet.retryAt
  const everyMs = wallet.isHeld ? pace.heldEveryMs : pace.everyMs
  return wallet.askedAt === undefined ? 0 : wallet.askedAt + everyMs * wallet.spread
}

/** The wallet that is due first of those that are not being asked. */
export function mostOverdue(
  wallets: Iterable<Wallet>,
  pace: Pace,
): { readonly wallet: Wallet; readonly due: number } | undefined {
  let found: Wallet | undefined
  let due = Number.POSITIVE_INFINITY
  for (const wallet of wallets) {
    const own = wallet.underWay === undefined ? dueAt(wallet, pace) : Number.POSITIVE_INFINITY
    if (own < due) {
      found = wallet
      due = own
    }
  }
  return found === undefined ? undefined : { wallet: found, due }
}

/** The factor by which a wait is spread, of a `chance` in [0, 1). */
export function spread(chance: number): number {
  return 1 + SPREAD * (2 * chance - 1)
}

/** How long to wait after so many failures in a row (at least one), spread by `chance` in [0, 1). */
export function retryMs(failures: number, chance: number): number {
  return Math.round(Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures - 1, 10)) * (0.5 + chance / 2))
}
