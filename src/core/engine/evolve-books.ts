import { type Posting, post, sold } from '../ledger/ledger.ts'
import { withEquity } from '../ledger/performance.ts'
import { afterSale, markedValue, type Position } from '../ledger/position.ts'
import { assert } from '../units/brand.ts'
import type { TokenId } from '../units/ids.ts'
import { minus, NO_SHARES, NO_USD, notional, type Price, plus, type Usd, ZERO } from '../units/money.ts'
import type { FactOf } from './fact.ts'
import { type AccountBooks, type EngineState, equityOf } from './state.ts'

export function booksIn(state: EngineState, account: AccountBooks['account']): AccountBooks {
  const books = state.accounts.get(account)
  assert(books !== undefined, 'a fact names an account that was opened')
  return books
}

export function turnHour(books: AccountBooks, fact: FactOf<'hourTurned'>, equity: Usd): void {
  const { performance } = books
  const isNewDay = fact.day !== performance.day
  books.performance = {
    ...performance,
    hour: fact.hour,
    hourOpen: equity,
    ...(isNewDay && { day: fact.day, dayOpen: equity, entriesToday: 0 }),
  }
}

/** Replaces a position by what it became, and keeps the sums beside the positions in step. */
export function book(books: AccountBooks, before: Position, after: Position, posting: Posting): void {
  post(books.ledger, posting)
  expose(books, before, minus(after.cost, before.cost))
  books.marked = plus(books.marked, minus(markedValue(after), markedValue(before)))
  if (after.shares === NO_SHARES) {
    drop(books, before)
  } else {
    books.positions.set(after.token, after)
    const tokens = books.tokensOf.get(after.condition) ?? new Set<TokenId>()
    books.tokensOf.set(after.condition, tokens.add(after.token))
  }
  noteEquity(books)
}

function drop(books: AccountBooks, position: Position): void {
  books.positions.delete(position.token)
  const tokens = books.tokensOf.get(position.condition)
  tokens?.delete(position.token)
  if (tokens?.size === 0) books.tokensOf.delete(position.condition)
}

export function markPosition(books: AccountBooks, token: TokenId, mark: Price): void {
  const before = books.positions.get(token)
  if (before === undefined) return
  const after = { ...before, mark }
  books.positions.set(token, after)
  books.marked = plus(books.marked, minus(markedValue(after), markedValue(before)))
}

export function settle(state: EngineState, fact: FactOf<'marketSettled'>): void {
  const books = booksIn(state, fact.account)
  const tokens = [...(books.tokensOf.get(fact.condition) ?? [])]
  for (const token of tokens) {
    const held = books.positions.get(token)
    assert(held !== undefined, 'a token of a market that is held has a position')
    const payout = fact.payouts.find(one => one.token === token)?.price ?? ZERO
    const proceeds = notional(held.shares, payout, 'down')
    const after = afterSale(held, held.shares, proceeds, NO_USD, undefined)
    book(books, held, after, sold(proceeds, NO_USD, held.cost))
  }
  books.redeeming.set(fact.condition, fact.payouts)
  books.turn += 1
}

export function expose(
  books: AccountBooks,
  of: { readonly condition: Position['condition']; readonly category: string },
  by: Usd,
): void {
  if (by === NO_USD) return
  books.exposed = plus(books.exposed, by)
  add(books.exposedByMarket, of.condition, by)
  add(books.exposedByCategory, of.category, by)
}

/** What has come back to nothing is forgotten, so that the sums hold only what is held. */
function add<Key>(sums: Map<Key, Usd>, key: Key, by: Usd): void {
  const sum = plus(sums.get(key) ?? NO_USD, by)
  if (sum === NO_USD) sums.delete(key)
  else sums.set(key, sum)
}

export function noteEquity(books: AccountBooks): void {
  books.performance = withEquity(books.performance, equityOf(books))
}
