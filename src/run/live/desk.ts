import { join } from 'node:path'
import type {
  AccountView,
  Actor,
  Candidates,
  Desk,
  FeedView,
  Health,
  Look,
  Pending,
  PersonView,
  Status,
  Told,
} from '../../chat/desk.ts'
import { whaleText } from '../../chat/format.ts'
import { UserError } from '../../chat/user-error.ts'
import { type EngineState, equityOf, type StateView } from '../../core/engine/state.ts'
import { netProfit } from '../../core/ledger/ledger.ts'
import { drawdown } from '../../core/ledger/performance.ts'
import { PLAIN_NOTICE } from '../../core/people/notice.ts'
import { tradingState } from '../../core/risk/holds.ts'
import { InvariantError } from '../../core/units/brand.ts'
import { type SignalId, shortOf } from '../../core/units/ids.ts'
import { minus, negated } from '../../core/units/money.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketData, WhaleHistory } from '../../ports/feeds.ts'
import type { Records } from '../../ports/records.ts'
import type { Pairing } from '../../voices/pairing.ts'
import { withDeadline } from '../deadline.ts'
import { BusyError, type Intake } from '../intake.ts'
import { answersOf } from './answers.ts'
import { bidsFor } from './bids.ts'
import { findCandidates } from './candidates.ts'
import type { Draw } from './draw-child.ts'
import type { Halt } from './halt.ts'
import type { Note } from './live-services.ts'
import { createOffers } from './offers.ts'
import { drawnProfit, type Present } from './profit-picture.ts'
import { exportWhales, importWhales } from './whale-list.ts'

export type DeskOptions = {
  readonly clock: Clock
  readonly state: StateView
  readonly intake: Intake
  readonly records: Records
  readonly history: WhaleHistory
  readonly data: MarketData
  readonly isSimulated: boolean
  /** Where the file of whales is written and read. */
  readonly dataDir: string
  readonly feeds: () => readonly FeedView[]
  readonly health: () => Promise<Health>
  readonly people: () => readonly PersonView[]
  readonly pairing: Pairing
  readonly halt: Halt
  readonly draw: Draw
  readonly note: Note
  /** The pages that wait to be seen, or that somebody looks after; none where nobody is told anything. */
  readonly pages?: Desk['pages']
  readonly signal: AbortSignal
}

/** How long a look at a wallet may take: somebody waits for it with a phone in the hand. */
const LOOK_MS = 8_000
/** Somebody has pressed stop and looks at the phone: what is not on record by then is told as such. */
const RECORDED_MS = 1_500
/** The one name that export writes and import reads. */
const WHALE_FILE = 'whales.json'

/** What commands may touch, over the engine's state, the tables and the intake. */
export function createDesk(options: DeskOptions): Desk {
  const { clock, intake, records, history, signal } = options
  // Nothing that a command is handed lets it write: the types on the other side are read-only throughout.
  const state = options.state as EngineState
  const whaleFile = join(options.dataDir, WHALE_FILE)
  let isSearching = false
  const offers = createOffers(clock.now)
  return {
    now: clock.now,
    status: () => statusOf(state, options),
    whales: () => [...state.whales.values()],
    pending: () => pendingOf(state),
    signalNamed: short => signalNamed(state, short),
    keepOffer: offers.keep,
    offer: offers.find,
    people: options.people,
    // A record that cannot be written ends the process, which is not the answer to somebody who has pressed stop.
    recorded: instructed =>
      Promise.race([instructed.catch(() => undefined), clock.sleep(RECORDED_MS, signal).then(() => undefined)]),
    pair: actor => options.pairing.issue(actor.person, clock.now()),
    halt: (why, actor) => options.halt.set(`${why} (${actor.person}, ${actor.surface})`, clock.now()),
    positions: () => [...(state.accounts.get('paper')?.positions.values() ?? [])],
    limits: () => state.limits,
    health: options.health,
    orders: most => records.orders(most),
    profit: async days => ({
      account: accountView(state),
      days: await records.profitByDay('paper', days),
      whales: await records.profitByWhale('paper', 25),
    }),
    picture: days => drawnProfit(options, presentOf(state, options), days),
    bids: (token, size) => bidsFor(options, token, size),
    answers: days => answersOf(options, days),
    story: async short => toldOf(state, await records.story(short)),
    notice: person => state.notices.get(person) ?? PLAIN_NOTICE,
    pages: options.pages ?? (() => []),
    look: whale => within(until => look(whale, until), 'That wallet could not be looked up'),
    profile: whale => within(until => history.profile(whale, until), 'Its profile could not be had'),
    find: name => within(until => history.named(name, until), 'That name could not be looked up'),
    candidates: category => search(() => findCandidates(options, category)),
    exportWhales: () => exportWhales(whaleFile, state.whales.values()),
    readWhales: () => importWhales(whaleFile),
    instruct: async (instruction, actor) => {
      try {
        const facts = await intake.ask({ kind: 'instructed', asker: askerOf(actor), instruction })
        if (instruction.kind === 'resume') options.halt.resumed(facts)
        return facts
      } catch (error) {
        if (error instanceof BusyError) throw new UserError(error.message)
        throw error
      } finally {
        if (instruction.kind === 'stop') options.halt.recorded()
      }
    },
  }

  /** A question to the world with a deadline; what kept it from an answer is said after `failed`. */
  async function within<T>(question: (until: AbortSignal) => Promise<T>, failed: string): Promise<T> {
    try {
      return await withDeadline(clock, LOOK_MS, signal, question)
    } catch (error) {
      if (error instanceof InvariantError) throw error
      const why = error instanceof Error ? error.message : String(error)
      throw new UserError(`${failed}: ${why}. Try again in a moment.`)
    }
  }

  async function look(whale: Look['whale'], until: AbortSignal): Promise<Look> {
    const [profile, record] = await Promise.all([
      history.profile(whale, until),
      history.record(whale, clock.now(), until),
    ])
    return { whale, name: profile?.name ?? '', profile, record, isFollowed: state.whales.has(whale) }
  }

  /** One search at a time: two would ask the venue twice as much for the same answer. */
  async function search(begin: () => Promise<Candidates>): Promise<Candidates> {
    if (isSearching) throw new UserError('A search is under way already; ask again in half a minute.')
    isSearching = true
    try {
      return await begin()
    } finally {
      isSearching = false
    }
  }
}

/** A story with the name under which its whale is followed, which a trade heard on the chain does not have. */
function toldOf(state: StateView, story: Told | undefined): Told | undefined {
  const opened = story?.facts.find(({ fact }) => fact.kind === 'signalOpened')?.fact
  const origin = opened?.kind === 'signalOpened' ? opened.signal.origin : undefined
  if (story === undefined || origin?.kind !== 'whale') return story
  return { ...story, whaleName: state.whales.get(origin.trade.whale)?.name }
}

function askerOf(actor: Actor): { person: Actor['person']; surface: string; press: string } {
  return { person: actor.person, surface: actor.surface, press: actor.press }
}

function statusOf(state: EngineState, options: DeskOptions): Status {
  return {
    isSimulated: options.isSimulated,
    mode: state.mode,
    trading: tradingState(state.holds.values()),
    holds: [...state.holds.values()],
    whales: state.whales.size,
    pending: pendingOf(state).length,
    openOrders: state.openOrders.size,
    account: accountView(state),
    feeds: options.feeds(),
  }
}

function presentOf(state: EngineState, { clock, isSimulated }: DeskOptions): Present {
  const { account, equity } = accountView(state)
  return { account, isSimulated, at: clock.now(), equity }
}

function signalNamed(state: EngineState, short: string): SignalId | undefined {
  for (const signal of state.signals.values()) if (signal.short === short) return signal.id
  for (const id of state.decided.keys()) if (shortOf(id) === short) return id
  return undefined
}

function pendingOf(state: EngineState): readonly Pending[] {
  return [...state.undecided.values()]
    .flatMap(ids => [...ids])
    .map(id => state.signals.get(id))
    .flatMap(signal => {
      if (signal?.stage.kind !== 'waiting') return []
      const trade = signal.origin.kind === 'whale' ? signal.origin.trade : undefined
      const whale = trade === undefined ? undefined : state.whales.get(trade.whale)
      return [
        {
          signal,
          bound: signal.stage.bound,
          stake: signal.stage.stake,
          round: signal.stage.round,
          persons: signal.stage.persons,
          votes: signal.stage.votes,
          title: trade?.title ?? '',
          outcome: trade?.outcome ?? '',
          whaleName: trade === undefined ? '' : whaleText(whale?.name || trade.name, trade.whale),
        },
      ]
    })
}

export function accountView(state: EngineState): AccountView {
  const books = state.accounts.get('paper')
  if (books === undefined) throw new UserError('Remora is still starting; ask again in a moment.')
  const equity = equityOf(books)
  const { performance, ledger } = books
  const deposits = negated(ledger.deposits)
  const realised = netProfit(ledger)
  return {
    account: books.account,
    deposits,
    equity,
    cash: ledger.cash,
    reserved: books.reserved,
    exposed: books.exposed,
    positions: books.positions.size,
    realised,
    open: minus(minus(equity, deposits), realised),
    fees: ledger.fees,
    today: minus(equity, performance.dayOpen),
    drawdown: drawdown(performance, equity),
    won: performance.won,
    lost: performance.lost,
    lossesInARow: performance.lossesInARow,
  }
}
