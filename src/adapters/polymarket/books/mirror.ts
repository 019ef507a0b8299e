import type { Instant, TokenId } from '../../../core/units/ids.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { FeedState, MarketData } from '../../../ports/feeds.ts'
import type { Note, PolymarketClient } from '../client.ts'
import type { PolymarketData } from '../feeds.ts'
import {
  GROUP_TOKENS_MAX,
  type GroupHeard,
  type GroupWaits,
  type MarketGroup,
  marketGroup,
} from './market-socket-group.ts'
import { type LookWaits, mirrorLooks } from './mirror-looks.ts'
import { wantedTokens } from './mirror-wanted.ts'
import type { MarketFrame } from './wire-market.ts'

export type MirrorWaits = GroupWaits &
  LookWaits & {
    readonly tickMs: number
    /** How long a token matters after it was asked for. */
    readonly wantedForMs: number
    /** How old the last agreement with HTTP may be for a book to be given without a request. */
    readonly agreedWithinMs: number
    /** How old the last frame, a pong included, may be for the connection to count as alive. */
    readonly aliveWithinMs: number
  }

export type MirrorOptions = {
  /** A number in [0, 1) that spreads reconnects and renewals. */
  readonly chance?: () => number
  /** Hears how the market socket is doing, all its connections together, whenever that changes. */
  readonly report?: (state: FeedState) => void
  readonly tokensMax?: number
  readonly waits?: Partial<MirrorWaits>
}

/** How one connection to the market channel is doing. */
export type MarketSocketView = FeedState & {
  readonly name: string
  readonly tokens: number
  /** Tokens whose book is given without a request now. */
  readonly trusted: number
  /** Since the start, of all connections together: books that two looks showed to be wrong. */
  readonly disagreements: number
  /** `undefined` before the first frame. */
  readonly lastFrameAgeMs: number | undefined
}

export type MirroredData = {
  readonly data: MarketData
  /** Holds the connections until the signal aborts; without it every book is asked for. Resolves when all are closed. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** One for each connection; none while no book is asked for. */
  readonly views: () => readonly MarketSocketView[]
}

/** More than two hundred markets, both sides. What a run looks at in a quarter of an hour is a tenth of it. */
const TOKENS_MAX = 400

const WAITS: MirrorWaits = {
  tickMs: 100,
  wantedForMs: 900_000,
  // A look every 15 s, and time for a slow answer. With it no book that is given is older than 20 s, whatever the socket hides.
  lookEveryMs: 15_000,
  agreedWithinMs: 20_000,
  lookAgainMs: 1_000,
  // The exchange wants a ping within 10 s. Two in that time notice a connection that is gone in 8 s.
  pingEveryMs: 5_000,
  aliveWithinMs: 8_000,
  deadAfterMs: 15_000,
  openWithinMs: 10_000,
  bookWithinMs: 10_000,
  againFirstMs: 1_000,
  againMaxMs: 60_000,
  frozenAfterMs: 10_000,
  renewAfterMs: 900_000,
  overlapMs: 10_000,
  backoffFirstMs: 500,
  backoffMaxMs: 30_000,
  goodAfterMs: 10_000,
}
/** From worst to best: one connection that is down is what the board has to show. */
const WORST_FIRST: readonly FeedState['status'][] = ['down', 'stale', 'connecting', 'live']
/** Notes of one kind that may follow each other within a minute: a socket of nothing but garbage must not fill a log. */
const NOTES_MAX = 20
const NOTES_EVERY_MS = 60_000
/** Types of frames that are remembered as noted. */
const TYPES_MAX = 50

/**
 * Market data whose books come from the market socket where they are proven to be right, and by HTTP everywhere else.
 *
 * Asking for a book makes its token matter. Its book is then told by the socket and compared with HTTP (see `tokenMirror` for
 * the rule). It is given without a request, dated now, only while all of this holds: the connection gave a sign of life in the
 * last `aliveWithinMs`, the mirror agreed with HTTP in the last `agreedWithinMs` and nothing since contradicts it.
 * So a book that is given shows what stood at the exchange at most `agreedWithinMs` ago even where the socket hides changes.
 */
export function mirroredData(
  client: PolymarketClient,
  clock: Clock,
  rest: PolymarketData,
  options: MirrorOptions = {},
): MirroredData {
  const waits = { ...WAITS, ...options.waits }
  const chance = options.chance ?? Math.random
  const tokensMax = options.tokensMax ?? TOKENS_MAX
  const wanted = wantedTokens(tokensMax, waits.wantedForMs)
  const groups: MarketGroup[] = []
  const note = seldom(client.note, clock)
  const types = new Set<string>()
  let reported: FeedState | undefined

  const groupOf = (token: TokenId): MarketGroup | undefined => groups.find(group => group.tokens.has(token))

  const hearFrame = (frame: MarketFrame): void => {
    if (frame.kind === 'tick') rest.learnGrid(frame.token, { tick: frame.tick, sizeMin: undefined })
    if (frame.kind === 'resolved') rest.forget(frame.condition)
    if (frame.kind === 'garbage') note({ kind: 'marketFrameUnreadable', why: frame.fault })
    if (frame.kind === 'unknown' && !types.has(frame.type) && types.size < TYPES_MAX) {
      types.add(frame.type)
      client.note({ kind: 'marketFrameUnknown', type: frame.type })
    }
  }
  const heard: GroupHeard = {
    frame: hearFrame,
    dropped: (token, why) => note({ kind: 'bookDropped', token, why }),
    ended: ({ kind, why }, retryMs) => note({ kind: 'marketSocketEnded', ending: kind, why, retryMs }),
  }
  const tokens = (): readonly TokenId[] => wanted.current(clock.now())
  const looks = mirrorLooks({ clock, rest, note, groupOf, tokens, absent: wanted.forget }, waits)

  /** Gives every token that matters a connection, and takes it from those that do not any more. */
  const allot = (now: Instant): void => {
    const current = wanted.current(now)
    for (const group of groups) {
      for (const token of group.tokens) {
        if (wanted.has(token)) continue
        group.remove(token)
        looks.forget(token)
      }
    }
    for (const token of current) {
      if (groupOf(token) !== undefined) continue
      const free = groups.find(group => group.tokens.size < GROUP_TOKENS_MAX)
      if (free !== undefined) free.add(token)
      else {
        const group = marketGroup(client.hosts.marketSocket, waits, clock, chance, heard)
        group.add(token)
        groups.push(group)
      }
    }
  }

  const trusted = (token: TokenId, now: Instant) => {
    const group = groupOf(token)
    const mirror = group?.mirror(token)
    const agreedAt = mirror?.agreedAt()
    if (group === undefined || mirror === undefined || agreedAt === undefined) return undefined
    if (now - agreedAt > waits.agreedWithinMs || !group.isAlive(now, waits.aliveWithinMs)) return undefined
    return mirror.book(now)
  }

  const report = (): void => {
    const states = groups.filter(group => group.tokens.size > 0).map(group => group.state())
    const rank = (state: FeedState): number => WORST_FIRST.indexOf(state.status)
    const [worst] = states.sort((one, other) => rank(one) - rank(other))
    if (worst === undefined || (worst.status === reported?.status && worst.why === reported.why)) return
    reported = worst
    options.report?.(worst)
  }

  return {
    data: {
      market: rest.market,
      payouts: rest.payouts,
      book: async (token, signal) => {
        const askedAt = clock.now()
        wanted.ask(token, askedAt)
        const mirrored = trusted(token, askedAt)
        if (mirrored !== undefined) return mirrored
        const book = await rest.book(token, signal)
        if (book === undefined) wanted.forget(token)
        else looks.compare(token, book, askedAt)
        return book
      },
    },

    run: async signal => {
      while (!signal.aborted) {
        const now = clock.now()
        allot(now)
        for (const group of groups) group.tick(now)
        looks.tick(now, signal)
        report()
        await clock.sleep(waits.tickMs, signal)
      }
      for (const group of groups.splice(0)) group.close()
    },

    views: () => {
      const now = clock.now()
      return groups
        .filter(group => group.tokens.size > 0)
        .map((group, index) => {
          const at = group.heardAt()
          return {
            ...group.state(),
            name: `market socket ${index + 1}`,
            tokens: group.tokens.size,
            trusted: [...group.tokens].filter(token => trusted(token, now) !== undefined).length,
            disagreements: looks.disagreements(),
            lastFrameAgeMs: at === undefined ? undefined : now - at,
          }
        })
    },
  }
}

/** Lets a few notes of each kind through in a while, and says with the first after it how many were kept back. */
function seldom(note: Note, clock: Clock): Note {
  const kinds = new Map<string, { since: Instant; told: number }>()
  return happening => {
    const now = clock.now()
    const known = kinds.get(happening.kind)
    const isNew = known === undefined || now - known.since >= NOTES_EVERY_MS
    const keptBack = isNew ? Math.max(0, (known?.told ?? 0) - NOTES_MAX) : 0
    const one = isNew ? { since: now, told: 0 } : known
    kinds.set(happening.kind, one)
    one.told += 1
    if (one.told <= NOTES_MAX) note(keptBack > 0 ? { ...happening, keptBack } : happening)
  }
}
