import type { SourceName, SourceStatus } from '../../core/risk/sight.ts'
import { type Instant, type SignalId, signalIdOf } from '../../core/units/ids.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import { Latest } from './latest.ts'

/** Who told a trade, the first one first, and how long after it happened each did. */
export type Telling = { readonly source: SourceName; readonly lagMs: number }

/** What one source has told since the start. A trade counts once for each source, whatever it repeats. */
export type TellingCounts = {
  /** Told before any other source. */
  readonly toldFirst: number
  /** Told after another had. */
  readonly confirmed: number
  /** Told by the rounds, and not by this stream, which was live the whole time. */
  readonly missed: number
  /** Told more than 30 s after it happened. */
  readonly late: number
  /** Of the latest 200 trades it told, in milliseconds. */
  readonly lagP50Ms: number | undefined
  readonly lagP99Ms: number | undefined
}

type Known = { readonly by: Telling[]; readonly missedBy: Set<SourceName> }
type Count = { toldFirst: number; confirmed: number; missed: number; late: number; readonly lags: Latest }
type Doubt = { readonly id: SignalId; readonly happenedAt: number; readonly dueAt: number }

/** Trades that are remembered; hours of 500 busy wallets. */
const KNOWN_MAX = 10_000
const LAGS_MAX = 200
/** How long a stream has for a trade: the slowest source tells the rest within 5 s as a rule. */
const LATE_MS = 30_000

/** Remembers which source told which trade, so that it is known what each of them adds and what it misses. */
export class Tellings {
  readonly #known = new Map<SignalId, Known>()
  readonly #counts = new Map<SourceName, Count>()
  /** Streams that are live, and since when. */
  readonly #liveSince = new Map<SourceName, number>()
  /** What the rounds told and some stream may yet tell. */
  #doubts: Doubt[] = []
  #nextDueAt = Number.POSITIVE_INFINITY

  /** A source told this trade, which may be the first time or not. */
  told(source: SourceName, trade: WhaleTrade, at: Instant): void {
    this.#settle(at)
    const id = signalIdOf(trade)
    const known = this.#know(id)
    if (known.by.some(telling => telling.source === source)) return
    const lagMs = Math.max(0, at - trade.happenedAt)
    const count = this.#count(source)
    if (known.by.length === 0) count.toldFirst += 1
    else count.confirmed += 1
    if (lagMs > LATE_MS) count.late += 1
    if (known.missedBy.delete(source)) count.missed -= 1
    known.by.push({ source, lagMs })
    count.lags.add(lagMs)
    // Shares that leave without an order are not on every stream, so that none of them can be said to have missed it.
    if (source !== 'sweep' || trade.how !== undefined) return
    const dueAt = Math.max(at, trade.happenedAt + LATE_MS)
    this.#doubts.push({ id, happenedAt: trade.happenedAt, dueAt })
    this.#nextDueAt = Math.min(this.#nextDueAt, dueAt)
    if (this.#doubts.length > KNOWN_MAX) this.#doubts.shift()
    this.#settle(at)
  }

  /** A source is in this state from now on. */
  became(source: SourceName, status: SourceStatus, at: Instant): void {
    this.#settle(at)
    if (status !== 'live') this.#liveSince.delete(source)
    else if (!this.#liveSince.has(source)) this.#liveSince.set(source, at)
  }

  /** What a source has told and missed by now. */
  counts(source: SourceName, at: Instant): TellingCounts {
    this.#settle(at)
    const { toldFirst, confirmed, missed, late, lags } = this.#count(source)
    const { p50, p99 } = lags.ranks()
    return { toldFirst, confirmed, missed, late, lagP50Ms: p50, lagP99Ms: p99 }
  }

  /** Who told a trade, the first one first; nobody for one that is not remembered. */
  of(id: SignalId): readonly Telling[] {
    return this.#known.get(id)?.by ?? []
  }

  /** Looks at what the streams have had their time for. */
  #settle(now: number): void {
    if (now < this.#nextDueAt) return
    const due = this.#doubts.filter(doubt => doubt.dueAt <= now)
    this.#doubts = this.#doubts.filter(doubt => doubt.dueAt > now)
    this.#nextDueAt = this.#doubts.reduce((least, doubt) => Math.min(least, doubt.dueAt), Number.POSITIVE_INFINITY)
    for (const { id, happenedAt } of due) {
      const known = this.#known.get(id)
      if (known === undefined) continue
      for (const [stream, liveSince] of this.#liveSince) {
        const isWitness = stream !== 'sweep' && liveSince < happenedAt
        if (!isWitness || known.by.some(telling => telling.source === stream)) continue
        known.missedBy.add(stream)
        this.#count(stream).missed += 1
      }
    }
  }

  /** What the rounds tell again and again stays known: it is the trade told longest ago that is forgotten. */
  #know(id: SignalId): Known {
    const known = this.#known.get(id) ?? { by: [], missedBy: new Set() }
    this.#known.delete(id)
    this.#known.set(id, known)
    const [oldest] = this.#known.keys()
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest)
    return known
  }

  #count(source: SourceName): Count {
    const count = this.#counts.get(source) ?? {
      toldFirst: 0,
      confirmed: 0,
      missed: 0,
      late: 0,
      lags: new Latest(LAGS_MAX),
    }
    this.#counts.set(source, count)
    return count
  }
}
