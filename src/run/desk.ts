import type { AccountView, Actor, Desk, FeedView, Health, Look, Pending, Status } from '../chat/desk.ts'
import { UserError } from '../chat/user-error.ts'
import { type EngineState, equityOf, type StateView } from '../core/engine/state.ts'
import { netProfit } from '../core/ledger/ledger.ts'
import { drawdown } from '../core/ledger/performance.ts'
import { tradingState } from '../core/risk/holds.ts'
import { minus, negated } from '../core/units/money.ts'
import type { Clock } from '../ports/clock.ts'
import type { WhaleHistory } from '../ports/feeds.ts'
import type { Records } from '../ports/records.ts'
import { withDeadline } from './deadline.ts'
import { BusyError, type Intake } from './intake.ts'

export type DeskOptions = {
  readonly clock: Clock
  readonly state: StateView
  readonly intake: Intake
  readonly records: Records
  readonly history: WhaleHistory
  readonly isSimulated: boolean
  readonly feeds: () => readonly FeedView[]
  readonly health: () => Promise<Health>
  readonly signal: AbortSignal
}

/** How long a look at a wallet may take: somebody waits for it with a phone in the hand. */
const LOOK_MS = 8_000

/** What commands may touch, over the engine's state, the tables and the intake. */
export function createDesk(options: DeskOptions): Desk {
  const { clock, intake, records, history, signal } = options
  // Nothing that a command is handed lets it write: the types on the other side are read-only throughout.
  const state = options.state as EngineState
  return {
    now: clock.now,
    status: () => statusOf(state, options),
    whales: () => [...state.whales.values()],
    pending: () => pendingOf(state),
    positions: () => [...(state.accounts.get('paper')?.positions.values() ?? [])],
    limits: () => state.limits,
    health: options.health,
    orders: most => records.orders(most),
    profit: async days => ({
      account: accountView(state),
      days: await records.profitByDay('paper', days),
      whales: await records.profitByWhale('paper', 25),
    }),
    story: short => records.story(short),
    look: whale => withDeadline(clock, LOOK_MS, signal, until => look(whale, until)),
    instruct: async (instruction, actor) => {
      try {
        return await intake.ask({ kind: 'instructed', asker: askerOf(actor), instruction })
      } catch (error) {
        if (error instanceof BusyError) throw new UserError(error.message)
        throw error
      }
    },
  }

  async function look(whale: Look['whale'], until: AbortSignal): Promise<Look> {
    try {
      const [name, record] = await Promise.all([history.name(whale, until), history.record(whale, clock.now(), until)])
      return { whale, name: name ?? '', record, isFollowed: state.whales.has(whale) }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new UserError(`That wallet could not be looked up: ${why}. Try again in a moment.`)
    }
  }
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
          title: trade?.title ?? '',
          outcome: trade?.outcome ?? '',
          whaleName: whale?.name ?? trade?.name ?? '',
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
