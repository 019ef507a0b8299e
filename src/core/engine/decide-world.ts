import type { Position } from '../ledger/position.ts'
import type { Payout } from '../order/answer.ts'
import type { Account } from '../order/order.ts'
import { type Difference, type Dust, differences } from '../order/reconcile.ts'
import { haltUntilReleased, isFeedHolder } from '../risk/holds.ts'
import { later, type TokenId } from '../units/ids.ts'
import { minus, mulDiv, NO_SHARES, NO_USD, notional, plus, type Shares, type Usd, usd, ZERO } from '../units/money.ts'
import type { Deciding } from './deciding.ts'
import type { InputOf, Mark } from './input.ts'
import { type AccountBooks, booksOf, type View } from './state.ts'

const BOOKS_AGAIN_MS = 1_000
const REDEEM_AGAIN_MS = 30_000
/** The simulated venue counts in the same millionths as we do, so it may not differ by one. */
const DUST: Readonly<Record<Account, Dust>> = {
  paper: { cash: NO_USD, shares: NO_SHARES },
  live: { cash: usd('0.01'), shares: 10_000n as Shares },
}

/**
 * The one way to start, clean or after a crash: nothing is traded until the venue's books and ours agree. An order that was sent
 * and not answered may have been executed, so it is uncertain and is asked about.
 */
export function decideStart({ state, at, conclude }: Deciding, input: InputOf<'started'>): void {
  if (!state.accounts.has('paper')) {
    conclude({ kind: 'accountOpened', account: 'paper', deposit: input.deposit, limits: input.limits, at })
  }
  // What the sources showed, and who could be reached, was another process's to see: all is asked anew.
  for (const holder of [...state.holds.keys()]) {
    const isAnew = isFeedHolder(holder) || holder === 'voices'
    if (isAnew) conclude({ kind: 'holdReleased', holder, why: 'the process started anew' })
  }
  conclude({ kind: 'restarted', at })
  const why = 'comparing our books with the venue after the start'
  const hold = { by: 'recovery', effect: 'halt', since: at, until: 'released when settled', why } as const
  conclude({ kind: 'holdPlaced', hold })
  for (const key of [...state.openOrders]) {
    const order = state.orders.get(key)
    if (order?.status !== 'sent') continue
    conclude({ kind: 'orderBecameUncertain', order: key, why: 'the process ended before it was answered', at })
  }
  for (const account of state.accounts.keys()) {
    conclude({ kind: 'booksAsked', account, turn: booksOf(state, account).turn })
  }
}

/** The venue's books against ours. Only a report from a quiet moment proves anything: nothing in flight, nothing since it was asked. */
export function decideBooks(deciding: Deciding, input: InputOf<'booksReported'> | InputOf<'booksFailed'>): void {
  const { state, at, conclude } = deciding
  const { account } = input
  const books = state.accounts.get(account)
  if (books === undefined) return
  const isRecovering = state.holds.has('recovery')
  const putOff = (why: string): void => {
    if (isRecovering) conclude({ kind: 'booksPutOff', account, until: later(at, BOOKS_AGAIN_MS), why })
  }
  if (input.kind === 'booksFailed') {
    putOff(input.why)
    return
  }
  const isQuiet = input.turn === books.turn && books.redeeming.size === 0 && !hasOrderInFlight(deciding, account)
  if (!isQuiet) {
    putOff('something was still in flight')
    return
  }
  const found = differences({ cash: books.ledger.cash, positions: sharesOf(books) }, input.books, DUST[account])
  if (found.length > 0) disagree(deciding, account, found)
  else if (isRecovering) {
    conclude({ kind: 'booksMatched', account })
    conclude({ kind: 'holdReleased', holder: 'recovery', why: 'our books and the venue agree' })
  }
}

/** Both sides in full, once: the hold stays until a person has looked, and no figure of ours is corrected in silence. */
function disagree({ state, at, conclude }: Deciding, account: Account, found: readonly Difference[]): void {
  if (state.holds.has('reconciliation')) return
  conclude({ kind: 'mismatchFound', account, differences: found })
  const why = `${found.length} difference${found.length === 1 ? '' : 's'} between our books and the venue`
  conclude({ kind: 'holdPlaced', hold: haltUntilReleased('reconciliation', at, why) })
}

function hasOrderInFlight({ state }: Deciding, account: Account): boolean {
  for (const key of state.openOrders) {
    const order = state.orders.get(key)
    if (order?.intent.account === account && order.status !== 'resting') return true
  }
  return false
}

function sharesOf(books: View<AccountBooks>): ReadonlyMap<TokenId, Shares> {
  return new Map([...books.positions].map(([token, position]) => [token, position.shares]))
}

/** What positions could be sold for now. Only a mark that moved is worth recording. */
export function decideMarks({ state, conclude }: Deciding, marks: readonly Mark[]): void {
  const moved = marks.filter(mark => {
    for (const books of state.accounts.values()) {
      const position = books.positions.get(mark.token)
      if (position !== undefined && position.mark !== mark.bid) return true
    }
    return false
  })
  if (moved.length > 0) conclude({ kind: 'positionsMarked', marks: moved })
}

/** A market has come to its end: what is held of it becomes what it pays. */
export function decideResolution(deciding: Deciding, input: InputOf<'marketResolved'>): void {
  const { state, conclude } = deciding
  const { condition, payouts } = input
  for (const account of state.accounts.keys()) {
    const books = booksOf(state, account)
    const tokens = [...(books.tokensOf.get(condition) ?? [])]
    // An order in this market is followed to its end first; the sweep tells of the resolution again.
    if (tokens.length === 0 || hasOrderInMarket(deciding, condition)) continue
    const held = tokens.map(token => books.positions.get(token)).filter(position => position !== undefined)
    conclude({ kind: 'marketSettled', account, condition, payouts })
    for (const position of held) tellSettled(deciding, position as Position, payouts)
    const whales = new Set(held.flatMap(position => [...position.lots.keys()]))
    for (const whale of whales) if (state.whales.has(whale)) conclude({ kind: 'recordAsked', whale })
  }
}

/** What a position came to at its end, by whose trade it was, and over its whole life. */
function tellSettled({ at, conclude }: Deciding, position: Position, payouts: readonly Payout[]): void {
  const { account, token } = position
  const each = payouts.find(one => one.token === token)?.price ?? ZERO
  const proceeds = notional(position.shares, each, 'down')
  const profit = minus(proceeds, position.cost)
  for (const [whale, part] of partsOf(position, profit)) {
    conclude({ kind: 'profitRealised', account, token, whale, profit: part, fee: NO_USD, at })
  }
  const life = minus(plus(position.realised, profit), position.fees)
  conclude({ kind: 'positionClosed', account, token, profit: life, at })
}

function hasOrderInMarket({ state }: Deciding, condition: Position['condition']): boolean {
  for (const key of state.openOrders) {
    if (state.orders.get(key)?.intent.condition === condition) return true
  }
  return false
}

type Part = readonly [whale: Parameters<Position['lots']['get']>[0] | undefined, profit: Usd]

/** Profit by whose trade it was: each lot its part by shares, and what rounding leaves to nobody. */
function partsOf(position: Position, profit: Usd): readonly Part[] {
  const parts: Part[] = [...position.lots].map(([whale, lot]) => [
    whale,
    mulDiv(profit, lot.ours, position.shares, 'down') as Usd,
  ])
  const given = parts.reduce((sum, [, part]) => plus(sum, part), NO_USD)
  return given === profit ? parts : [...parts, [undefined, minus(profit, given)]]
}

export function decideRedeemed(
  { state, at, conclude }: Deciding,
  input: InputOf<'redeemed'> | InputOf<'redeemFailed'>,
): void {
  const { account, condition } = input
  if (state.accounts.get(account)?.redeeming.has(condition) !== true) return
  if (input.kind === 'redeemed') conclude({ kind: 'redeemDone', account, condition })
  else conclude({ kind: 'redeemPutOff', account, condition, until: later(at, REDEEM_AGAIN_MS), why: input.why })
}
