import { createHash, type Hash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { memoryJournal } from '../adapters/memory/journal.ts'
import { inMemory } from '../adapters/simulated/record.ts'
import { prepare, simulatedVenue } from '../adapters/simulated/venue.ts'
import { type JumpingClock, jumpingClock } from '../adapters/system/clock.ts'
import { encodeEntry } from '../core/engine/codec.ts'
import type { Instruction } from '../core/engine/input.ts'
import type { StateView } from '../core/engine/state.ts'
import { BREAKERS } from '../core/risk/breakers.ts'
import { type Limits, PRESETS } from '../core/risk/limits.ts'
import { type Instant, instant, type OrderId, type PersonId, signalIdOf } from '../core/units/ids.ts'
import { price, usd } from '../core/units/money.ts'
import { type Seeded, seeded } from '../core/units/seeded.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'
import { FeedError, type MarketData, type WhaleHistory } from '../ports/feeds.ts'
import { type Entry, type Journal, JournalError } from '../ports/journal.ts'
import type { Venue } from '../ports/venue.ts'
import { createDispatcher, type Dispatcher } from '../run/dispatch.ts'
import { createIntake, type Intake, type Unstamped } from '../run/intake.ts'
import { createLoop, type Loop } from '../run/loop.ts'
import { recover } from '../run/recover.ts'
import { Auditor } from './auditor.ts'
import { drawFaults, type Faults, NO_FAULTS } from './faults.ts'
import { markEntry } from './mark-facts.ts'
import { MarketWorld } from './market-world.ts'
import { type Mark, type MarkCounts, newMarks } from './marks.ts'
import type { Sabotage } from './sabotage.ts'
import { WhaleWorld } from './whale-world.ts'

/** The process died, as it was meant to. */
class Killed extends Error {}

/** One life of the process: from a recovery to a death. */
type Life = { readonly intake: Intake; readonly loop: Loop; readonly end: AbortController }

export type WorldResult = {
  readonly seed: string
  readonly digest: string
  readonly entries: number
  readonly signals: number
  readonly lives: number
  readonly marks: MarkCounts
  readonly verdicts: Readonly<Record<string, number>>
}

const DEPOSIT = usd('10000')
/** Faults and new trades end here, so that one can ask whether everything comes to an end; then this much more passes. */
const TROUBLE_MS = 20 * 60_000
const CALM_MS = 10 * 60_000
/** Seldom enough that a recovery mostly folds, often enough that it mostly begins with a snapshot. */
const SNAPSHOT_EVERY = 40
/** How far back a sweep asks. */
const SWEEP_BACK_MS = 5 * 60_000
/** A quarter to midnight of an ordinary day, so that hours and days turn. */
const START = 1_795_218_300_000

/**
 * One seeded world: markets, whales, people, a venue, a disk and their faults, around the very loop, dispatcher and recovery
 * that trade for real. Single-threaded and on a clock that jumps, so that a seed is a whole run, byte for byte.
 */
export class World {
  readonly #seed: string
  readonly #seeded: Seeded
  readonly #clock: JumpingClock
  readonly #faults: Faults
  readonly #markets: MarketWorld
  readonly #whales: WhaleWorld
  readonly #auditor = new Auditor()
  readonly #marks: MarkCounts = newMarks()
  readonly #digest: Hash = createHash('sha256')
  readonly #journal: Journal
  readonly #limits: Limits
  readonly #worldEnd = new AbortController()
  readonly #sabotage: Sabotage
  readonly #venueItself: Venue
  readonly #troubleEnds: Instant
  #life: Life | undefined
  #lives = 0
  #entries = 0
  #presses = 0
  #failure: unknown

  constructor(seed: string, sabotage: Sabotage = 'none') {
    this.#seed = seed
    this.#sabotage = sabotage
    setMaxListeners(0, this.#worldEnd.signal)
    this.#seeded = seeded(`world ${seed}`)
    this.#clock = jumpingClock(instant(START + this.#seeded.whole(600_000)))
    this.#troubleEnds = instant(this.#clock.now() + TROUBLE_MS)
    this.#faults = drawFaults(this.#seeded.fork('faults'))
    this.#limits = limitsFor(this.#faults)
    this.#markets = new MarketWorld(this.#seeded.fork('markets'), this.#clock, TROUBLE_MS)
    const hear = (trade: WhaleTrade): void => this.#offer({ kind: 'whaleTraded', trade })
    const faults = (): Faults => this.#faultsNow()
    this.#whales = new WhaleWorld(this.#seeded.fork('whales'), this.#clock, this.#markets, faults, hear)
    this.#venueItself = this.#openVenue()
    this.#journal = memoryJournal({ fault: entries => this.#commitFault(entries) })
  }

  /** Runs the world to its end. Throws what broke: an `AuditError`, an `InvariantError`, or a fault of the program. */
  async run(): Promise<WorldResult> {
    this.#setGoing()
    const end = this.#troubleEnds + CALM_MS
    while (this.#clock.now() < end) {
      if (this.#life === undefined) await this.#boot()
      await this.#settle()
      if (this.#failure !== undefined) throw this.#failure
      if (!this.#clock.jump()) break
    }
    await this.#settle()
    this.#worldEnd.abort()
    this.#life?.end.abort()
    if (this.#failure !== undefined) throw this.#failure
    this.#audit()
    return this.#result()
  }

  /** What an observer finds wrong ends the world, wherever it was found. */
  #watch(look: () => void): void {
    try {
      look()
    } catch (error) {
      this.#failure ??= error
    }
  }

  #watched(work: Promise<unknown>): void {
    work.catch(error => {
      this.#failure ??= error
    })
  }

  #audit(): void {
    const state = this.#life?.loop.state
    if (state === undefined) throw new Error('the world ended without a process')
    this.#auditor.checkState(state)
    this.#auditor.checkEnd(state)
    for (const trade of this.#whales.trades) {
      const whale = state.whales.get(trade.whale)
      if (whale !== undefined && trade.happenedAt > whale.followedAt) this.#auditor.checkHeard(signalIdOf(trade))
    }
  }

  #result(): WorldResult {
    const verdicts: Record<string, number> = {}
    for (const verdict of this.#auditor.verdicts().values()) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
    return {
      seed: this.#seed,
      digest: this.#digest.digest('hex'),
      entries: this.#entries,
      signals: this.#auditor.verdicts().size,
      lives: this.#lives,
      marks: this.#marks,
      verdicts,
    }
  }

  #faultsNow(): Faults {
    return this.#clock.now() < this.#troubleEnds ? this.#faults : NO_FAULTS
  }

  #pass(mark: Mark): void {
    this.#marks.set(mark, (this.#marks.get(mark) ?? 0) + 1)
  }

  /** Everything in the world that moves by itself. */
  #setGoing(): void {
    const { signal } = this.#worldEnd
    void this.#markets.drift(signal)
    for (const whale of this.#whales.addresses) void this.#whales.live(whale, this.#troubleEnds, signal)
    this.#every(700, 20_000, () => this.#person())
    this.#every(20_000, 30_000, () => this.#sweepTrades())
    this.#every(5_000, 15_000, () => this.#sweepMarks())
    this.#every(8_000, 12_000, () => this.#sweepBooks())
    this.#every(10_000, 20_000, () => this.#sweepResolutions())
    this.#every(30_000, 90_000, () => this.#offer({ kind: 'clockTurned' }))
    this.#every(1_000, 60_000, () => this.#maybeKill())
  }

  #every(low: number, high: number, act: () => void): void {
    const source = this.#seeded.fork(`every ${low} ${high}`)
    const go = async (): Promise<void> => {
      while (!this.#worldEnd.signal.aborted) {
        await this.#clock.sleep(source.between(low, high), this.#worldEnd.signal)
        if (!this.#worldEnd.signal.aborted) act()
      }
    }
    this.#watched(go())
  }

  /** Lets everything run that can run at this instant. */
  async #settle(): Promise<void> {
    for (;;) {
      await new Promise(resolve => setImmediate(resolve))
      const life = this.#life
      if (life === undefined || this.#failure !== undefined) return
      if (life.intake.size() === 0) return
      await this.#round(life)
    }
  }

  async #round(life: Life): Promise<void> {
    try {
      if (this.#sabotage === 'forget what was seen') (life.loop.state.known as Map<unknown, unknown>).clear()
      await life.loop.turn()
      this.#auditor.checkState(life.loop.state)
    } catch (error) {
      if (error instanceof Killed || error instanceof JournalError) this.#die()
      else this.#failure ??= error
    }
  }

  #die(): void {
    this.#life?.end.abort()
    this.#life?.intake.close(new Killed('the process died'))
    this.#life = undefined
  }

  async #boot(): Promise<void> {
    this.#lives += 1
    const recovered = await recover(this.#journal)
    const end = new AbortController()
    const intake = createIntake(this.#clock)
    const stateNow = (): StateView => recovered.state
    const dispatcher = createDispatcher({
      clock: this.#clock,
      intake,
      data: this.#data(),
      history: this.#history(),
      venues: new Map([['paper', this.#venue(end.signal)]]),
      state: this.#sabotage === 'skip the last gate' ? () => ({ ...stateNow(), holds: new Map() }) : stateNow,
      signal: end.signal,
      note: () => undefined,
    })
    const loop = createLoop({
      state: recovered.state,
      seq: recovered.seq,
      term: 1,
      intake,
      journal: this.#sabotage === 'act before recording' ? actFirst(this.#journal, dispatcher) : this.#journal,
      prepare,
      dispatch: effects => {
        if (this.#sabotage === 'act before recording') return
        const faults = this.#faultsNow()
        if (effects.length > 0 && this.#seeded.chance(faults.killedBeforeEffects)) {
          this.#pass('a kill between commit and effect')
          throw new Killed('between commit and effect')
        }
        dispatcher.start(effects)
      },
      readers: [],
      snapshotEvery: SNAPSHOT_EVERY,
    })
    this.#life = { intake, loop, end }
    intake.offer({ kind: 'started', deposit: DEPOSIT, limits: this.#limits })
    if (this.#lives === 1) this.#begin()
    this.#sweepTrades()
  }

  #begin(): void {
    for (const whale of this.#whales.addresses) {
      this.#instruct({ kind: 'follow', whale, name: `whale ${whale.slice(-1)}`, record: undefined })
    }
    if (this.#faults.approvals) this.#instruct({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
  }

  /** The venue as the process sees it: its requests may land although the process that sent them has died. */
  #venue(life: AbortSignal): Venue {
    const source = this.#seeded.fork(`venue ${this.#lives}`)
    const venue = this.#venueItself
    return {
      ...venue,
      send: async (order, signal) => {
        this.#watch(() => this.#auditor.seeSend(order.id, order.key))
        const lands = source.chance(this.#faultsNow().landsAfterDeath)
        if (this.#sabotage === 'send again under another identity') {
          this.#watched(venue.send({ ...order, id: `${order.id} again` as OrderId }, signal))
        }
        const answer = await venue.send(order, lands ? new AbortController().signal : life)
        const isFailed = this.#sabotage === 'take unknown for failed' && answer.kind === 'unknown'
        return isFailed ? { kind: 'rejected', reason: answer.why } : answer
      },
      redeem: async (condition, payouts, signal) => {
        if (source.chance(this.#faultsNow().redeemFails)) throw new Error('the venue did not answer')
        return venue.redeem(condition, payouts, signal)
      },
      books: async signal => {
        if (source.chance(this.#faultsNow().booksFail)) throw new Error('the venue did not answer')
        return venue.books(signal)
      },
    }
  }

  /** The venue itself, which outlives the process. */
  #openVenue(): Venue {
    const source = this.#seeded.fork('venue')
    const memory = inMemory()
    return simulatedVenue({
      account: 'paper',
      data: {
        ...this.#truth(),
        market: async condition => {
          const life = this.#markets.lifeOf(condition)
          if (life === undefined) return undefined
          const market = this.#markets.marketNow(life)
          return source.chance(this.#faultsNow().venuePauses) ? { ...market, status: 'paused' } : market
        },
      },
      clock: this.#clock,
      memory: {
        ...memory,
        append: record => {
          memory.append(record)
          this.#watch(() => this.#auditor.seeVenue(record))
        },
      },
      deposit: DEPOSIT,
      latencyMs: () => source.between(5, 400),
      mishap: () => {
        const faults = this.#faultsNow()
        if (source.chance(faults.lostBefore)) return 'lost before'
        return source.chance(faults.lostAfter) ? 'lost after' : 'none'
      },
    })
  }

  /** Markets and books as they are, for the venue. */
  #truth(): Pick<MarketData, 'market' | 'book'> {
    return {
      market: async condition => {
        const life = this.#markets.lifeOf(condition)
        return life === undefined ? undefined : this.#markets.marketNow(life)
      },
      book: async token => this.#markets.bookNow(token),
    }
  }

  /** Markets and books as we are told them: late, old, or not at all. */
  #data(): MarketData {
    const source = this.#seeded.fork(`data ${this.#lives}`)
    const truth = this.#truth()
    const late = async (signal: AbortSignal): Promise<void> => {
      await this.#clock.sleep(source.between(5, 300), signal)
      if (source.chance(this.#faultsNow().dataFails)) throw new FeedError('markets', 'HTTP 503')
    }
    return {
      market: async (condition, signal) => {
        await late(signal)
        return truth.market(condition, signal)
      },
      book: async (token, signal) => {
        const before = this.#markets.bookNow(token)
        await late(signal)
        if (before !== undefined && source.chance(this.#faultsNow().staleBook)) {
          return { ...before, happenedAt: instant(before.happenedAt - source.whole(60_000)) }
        }
        if (this.#faults.busyPeople && source.chance(0.01)) void this.#stopInTheVeryMoment()
        return truth.book(token, signal)
      },
      payouts: async condition => this.#markets.lifeOf(condition)?.resolved,
    }
  }

  #history(): WhaleHistory {
    const source = this.#seeded.fork(`history ${this.#lives}`)
    return {
      record: async (whale, at, signal) => {
        await this.#clock.sleep(source.between(50, 2_000), signal)
        if (source.chance(this.#faultsNow().historyFails)) throw new FeedError('history', 'HTTP 429')
        return this.#whales.recordOf(whale, at)
      },
      name: async () => undefined,
      leaders: async () => this.#whales.addresses,
    }
  }

  #commitFault(entries: readonly Entry[]): 'ok' | 'lost' | 'failed-after-commit' {
    const faults = this.#faultsNow()
    if (this.#seeded.chance(faults.commitLost)) {
      this.#pass('a commit that failed')
      return 'lost'
    }
    for (const entry of entries) {
      this.#entries += 1
      this.#digest.update(encodeEntry(entry))
      this.#auditor.seeEntry(entry)
      const state = this.#life?.loop.state
      if (state !== undefined) markEntry(entry, state, this.#marks)
    }
    if (!this.#seeded.chance(faults.commitFailsAfter)) return 'ok'
    this.#pass('a commit that failed after it was durable')
    return 'failed-after-commit'
  }

  #offer(input: Unstamped): void {
    if (input.kind === 'whaleTraded' && this.#auditor.verdicts().has(signalIdOf(input.trade))) {
      this.#pass('a repeated trade after its signal was settled')
    }
    this.#life?.intake.offer(input)
  }

  /** The reconciler: asks for everything again, as the Data API would tell it. */
  #sweepTrades(): void {
    for (const trade of this.#whales.trades) {
      if (this.#clock.now() - trade.happenedAt < SWEEP_BACK_MS) this.#offer({ kind: 'whaleTraded', trade })
    }
  }

  #sweepMarks(): void {
    const positions = this.#life?.loop.state.accounts.get('paper')?.positions.values() ?? []
    const marks = [...positions].map(({ token }) => ({
      token,
      bid: this.#markets.bookNow(token)?.bids[0]?.price ?? price('0'),
    }))
    if (marks.length > 0) this.#offer({ kind: 'marksArrived', marks })
  }

  #sweepBooks(): void {
    const books = this.#life?.loop.state.accounts.get('paper')
    if (books === undefined) return
    const { turn } = books
    const life = this.#life
    const tell = async (): Promise<void> => {
      const said = await this.#venueItself.books(this.#worldEnd.signal)
      life?.intake.offer({ kind: 'booksReported', account: 'paper', turn, books: said })
    }
    this.#watched(tell())
  }

  #sweepResolutions(): void {
    for (const life of this.#markets.lives) {
      if (life.resolved === undefined) continue
      this.#offer({ kind: 'marketResolved', condition: life.market.condition, payouts: life.resolved })
    }
  }

  #maybeKill(): void {
    if (this.#seeded.chance(this.#faultsNow().killsAMinute / 2)) this.#die()
  }

  /** What people do: mostly nothing, sometimes the wrong thing, and twice. */
  #person(): void {
    const state = this.#life?.loop.state
    if (state === undefined) return
    if (this.#clock.now() >= this.#troubleEnds) {
      this.#calmDown(state)
      return
    }
    for (const signal of state.signals.values()) {
      if (signal.stage.kind !== 'waiting' || !this.#seeded.chance(0.5)) continue
      const press = this.#seeded.chance(0.7) ? 'approve' : 'reject'
      this.#instruct(
        press === 'approve' ? { kind: 'approve', signal: signal.id } : { kind: 'reject', signal: signal.id, why: 'no' },
      )
      if (this.#seeded.chance(0.2)) this.#instruct({ kind: 'approve', signal: signal.id })
    }
    if (this.#faults.busyPeople && this.#seeded.chance(0.4)) this.#instruct(this.#whim(state))
    if (state.holds.size > 0 && this.#seeded.chance(0.6)) this.#letGo(state)
  }

  /** A stop that comes in just behind a quote, so that an order is planned and halted in one round. */
  async #stopInTheVeryMoment(): Promise<void> {
    for (let turns = 0; turns < 20; turns += 1) await undefined
    this.#instruct({ kind: 'stop', why: 'in the very moment' })
  }

  #whim(state: StateView): Instruction {
    const seeded = this.#seeded
    const tokens = [...(state.accounts.get('paper')?.positions.keys() ?? [])]
    const whale = seeded.pick(this.#whales.addresses)
    const whims: readonly (() => Instruction)[] = [
      () => ({ kind: 'stop', why: 'a whim' }),
      () => ({ kind: 'resume' }),
      () =>
        tokens.length === 0
          ? { kind: 'resume' }
          : { kind: 'close', token: seeded.pick(tokens), part: seeded.pick([1_000_000n, 500_000n]), why: 'a whim' },
      () => ({ kind: 'setLimit', name: 'kellyFraction', value: seeded.pick([0.1, 0.25, 0.5]) }),
      () => ({ kind: 'setLimit', name: 'stakeMin', value: usd('5') }),
      () => ({ kind: 'setMode', wish: { kind: 'paper', approvals: seeded.chance(0.5) } }),
      () => ({ kind: 'setMode', wish: { kind: 'live' } }),
      () =>
        state.whales.has(whale)
          ? { kind: 'unfollow', whale }
          : { kind: 'follow', whale, name: 'again', record: undefined },
    ]
    return seeded.pick(whims)()
  }

  #letGo(state: StateView): void {
    if (state.holds.has('operator')) this.#instruct({ kind: 'resume' })
    for (const breaker of BREAKERS) if (state.holds.has(breaker)) this.#instruct({ kind: 'resetBreaker', breaker })
  }

  #calmDown(state: StateView): void {
    this.#letGo(state)
    for (const signal of state.signals.values()) {
      if (signal.stage.kind === 'waiting') this.#instruct({ kind: 'reject', signal: signal.id, why: 'the day is over' })
    }
  }

  #instruct(instruction: Instruction): void {
    this.#presses += 1
    const asker = { person: 'operator' as PersonId, surface: 'simulation', press: `press ${this.#presses}` }
    this.#offer({ kind: 'instructed', asker, instruction })
  }
}

/** The sabotage of a journal: what is to be done is done before it is on record. */
function actFirst(journal: Journal, dispatcher: Dispatcher): Journal {
  return {
    ...journal,
    append: async entries => {
      for (const entry of entries) dispatcher.start(entry.effects)
      await journal.append(entries)
    },
  }
}

/** Loose worlds trade all day, so that orders meet faults; tight ones stop early, so that breakers do. */
function limitsFor(faults: Faults): Limits {
  const limits: Limits = {
    ...PRESETS.standard,
    stakeMin: usd('5'),
    approvalWaitMs: 30_000,
    closesInMinMs: 5_000,
    spreadMax: price('0.1'),
    confidenceMin: 20,
    positionsMax: 40,
    dailyLossMax: usd('100000'),
    dailyLossPctMax: 0.5,
    hourlyLossMax: usd('100000'),
    lossesInARowMax: 100,
    drawdownPctMax: 0.9,
  }
  if (!faults.tightLimits) return limits
  return {
    ...limits,
    dailyLossMax: usd('150'),
    hourlyLossMax: usd('120'),
    lossesInARowMax: 3,
    drawdownPctMax: 0.02,
    positionsMax: 10,
  }
}
