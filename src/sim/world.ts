import { createHash, type Hash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { memoryJournal } from '../adapters/memory/journal.ts'
import { prepare } from '../adapters/simulated/venue.ts'
import { type JumpingClock, jumpingClock } from '../adapters/system/clock.ts'
import { encodeEntry } from '../core/engine/codec.ts'
import type { Entry } from '../core/engine/entry.ts'
import type { Instruction } from '../core/engine/input.ts'
import type { StateView } from '../core/engine/state.ts'
import type { Limits } from '../core/risk/limits.ts'
import { dealKeyOf, type Instant, instant, type PersonId, signalIdOf } from '../core/units/ids.ts'
import { price, usd } from '../core/units/money.ts'
import { type Seeded, seeded } from '../core/units/seeded.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'
import { type Journal, JournalError } from '../ports/journal.ts'
import { createDispatcher } from '../run/dispatch.ts'
import { createIntake, type Intake, type Unstamped } from '../run/intake.ts'
import { createLoop, type Loop } from '../run/loop.ts'
import { recover } from '../run/recover.ts'
import { Auditor } from './auditor.ts'
import { Connections } from './connections.ts'
import { drawFaults, type Faults, limitsFor, NO_FAULTS } from './faults.ts'
import { type CardMemory, markEntry, newCardMemory } from './mark-facts.ts'
import { MarketWorld } from './market-world.ts'
import { type Mark, type MarkCounts, newMarks } from './marks.ts'
import { People, type Speaker } from './people.ts'
import { type Rounds, reconcile, sweepExits } from './rounds.ts'
import { actFirst, letBoundsGrow, type Sabotage } from './sabotage.ts'
import { Sources } from './sources.ts'
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
  readonly #sources: Sources
  readonly #auditor = new Auditor()
  readonly #marks: MarkCounts = newMarks()
  readonly #cards: CardMemory = newCardMemory()
  readonly #digest: Hash = createHash('sha256')
  readonly #journal: Journal
  readonly #limits: Limits
  readonly #worldEnd = new AbortController()
  readonly #sabotage: Sabotage
  readonly #connections: Connections
  readonly #people: People
  readonly #troubleEnds: Instant
  readonly #voices: Seeded
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
    this.#voices = this.#seeded.fork('voices')
    this.#limits = limitsFor(this.#faults)
    this.#markets = new MarketWorld(this.#seeded.fork('markets'), this.#clock, TROUBLE_MS)
    const hear = (trade: WhaleTrade): void => this.#offer({ kind: 'whaleTraded', trade })
    const faults = (): Faults => this.#faultsNow()
    this.#sources = new Sources({
      seeded: this.#seeded.fork('sources'),
      clock: this.#clock,
      markets: this.#markets,
      faults,
      hear,
      see: (source, status, why) => this.#offer({ kind: 'sourceSeen', source, status, why }),
    })
    const tell = (trade: WhaleTrade): void => this.#sources.tell(trade)
    this.#whales = new WhaleWorld(this.#seeded.fork('whales'), this.#clock, this.#markets, faults, tell)
    const fail = (error: unknown): void => {
      this.#failure ??= error
    }
    this.#people = new People(
      this.#seeded.fork('people'),
      this.#faults,
      this.#whales.addresses,
      (wish, by) => this.#instruct(wish, by),
      (ms, act) => this.#watched(this.#after(ms, act)),
    )
    this.#connections = new Connections({
      seeded: this.#seeded,
      clock: this.#clock,
      markets: this.#markets,
      whales: this.#whales,
      auditor: this.#auditor,
      deposit: DEPOSIT,
      sabotage,
      faults,
      fail,
      quoted: source => {
        const isSo = this.#faults.busyPeople && source.chance(0.01)
        if (isSo) this.#watched(this.#people.stopInTheVeryMoment())
      },
    })
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
      const isOrder = trade.how === undefined
      if (isOrder && whale !== undefined && trade.happenedAt > whale.followedAt)
        this.#auditor.checkHeard(dealKeyOf(trade))
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
    this.#every(700, 20_000, () => this.#letPeopleAct())
    void this.#sources.live(signal)
    this.#every(40_000, 80_000, () => {
      if (this.#life !== undefined) this.#watched(sweepExits(this.#rounds(this.#life)))
    })
    this.#every(5_000, 15_000, () => this.#sweepMarks())
    this.#every(8_000, 12_000, () => this.#sweepBooks())
    this.#every(10_000, 20_000, () => this.#sweepResolutions())
    this.#every(30_000, 90_000, () => this.#offer({ kind: 'clockTurned' }))
    this.#every(1_000, 60_000, () => this.#maybeKill())
    this.#every(9_000, 45_000, () => this.#lookForVoices())
    this.#every(60_000, 400_000, () => this.#letStrangerPress())
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

  async #after(ms: number, act: () => void): Promise<void> {
    await this.#clock.sleep(ms, this.#worldEnd.signal)
    if (!this.#worldEnd.signal.aborted) act()
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
      if (this.#sabotage === 'let what was approved grow') letBoundsGrow(life.loop.state)
      await life.loop.turn()
      this.#auditor.checkState(life.loop.state)
      if (life.intake.size() === 0) this.#auditor.approvals.checkPresses()
    } catch (error) {
      if (error instanceof Killed || error instanceof JournalError) this.#die()
      else this.#failure ??= error
    }
  }

  #die(): void {
    this.#life?.end.abort()
    this.#life?.intake.close(new Killed('the process died'))
    this.#life = undefined
    this.#auditor.approvals.forgetPresses()
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
      data: this.#connections.data(this.#lives),
      history: this.#connections.history(this.#lives),
      venues: new Map([['paper', this.#connections.venue(this.#lives, end.signal)]]),
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
    if (this.#lives === 1) this.#people.begin()
    this.#sources.greet()
    this.#watched(reconcile(this.#rounds(this.#life), this.#seeded.fork(`reconciler ${this.#lives}`).next))
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
      if (state !== undefined) markEntry(entry, state, this.#marks, this.#cards)
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

  #rounds({ intake, loop, end }: Life): Rounds {
    const activity = this.#connections.activity(this.#lives)
    return { clock: this.#clock, activity, state: loop.state, intake, signal: end.signal }
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
      const said = await this.#connections.venueItself.books(this.#worldEnd.signal)
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

  #letPeopleAct(): void {
    const state = this.#life?.loop.state
    if (state === undefined) return
    if (this.#clock.now() < this.#troubleEnds) this.#people.act(state)
    else this.#people.calmDown(state)
  }

  #maybeKill(): void {
    if (this.#seeded.chance(this.#faultsNow().killsAMinute / 2)) this.#die()
  }

  #instruct(instruction: Instruction, by: Speaker): void {
    this.#presses += 1
    const press = `press ${this.#presses}`
    if (this.#life !== undefined) this.#auditor.approvals.seePress(press, by.person)
    if (this.#sabotage === 'lose a no' && instruction.kind === 'reject') return
    const isEach = this.#sabotage === 'count accounts and not people'
    const person = isEach ? (`${by.person} of ${by.surface}` as PersonId) : by.person
    this.#offer({ kind: 'instructed', asker: { person, surface: by.surface, press }, instruction })
  }

  /** Whether anybody can be reached on any surface, as whoever watches them says. */
  #lookForVoices(): void {
    const isReached = !this.#voices.chance(this.#faultsNow().voicesLost)
    this.#offer({ kind: 'voicesSeen', isReached, why: isReached ? 'telegram answers' : 'no surface answers' })
  }

  /** Somebody who may not. */
  #letStrangerPress(): void {
    const stranger = { surface: 'telegram', account: '666', person: undefined, press: `stranger ${this.#clock.now()}` }
    this.#offer({ kind: 'turnedAway', ...stranger, line: 'approve all', why: 'that account is nobody we know' })
  }
}
