import type { ConditionId, TokenId } from '../../core/units/ids.ts'
import { FeedError } from '../../ports/feeds.ts'
import type { PolymarketClient } from './client.ts'
import { isFault } from './wire.ts'
import { readRows } from './wire-data.ts'
import { marketOf, readGammaMarket } from './wire-gamma.ts'

/** What a token is a share of. `title` and `outcome` are strangers' words and are shown, never interpreted. */
export type TokenFacts = { readonly condition: ConditionId; readonly title: string; readonly outcome: string }

export type TokenIndex = {
  readonly known: (token: TokenId) => TokenFacts | undefined
  /** Takes what another source said of the token. */
  readonly learn: (token: TokenId, facts: TokenFacts) => void
  /** Asks where it is not known; `undefined` where Gamma knows no market with this token. Throws a `FeedError`. */
  readonly find: (token: TokenId, signal: AbortSignal) => Promise<TokenFacts | undefined>
}

/** Tokens that are remembered: all that hundreds of whales hold and trade, in under 10 MB. */
const KEPT_MAX = 20_000

/** One question that several may wait for; it is called off when the last of them has left. */
type Flight = { readonly answer: Promise<TokenFacts | undefined>; readonly stop: AbortController; waiting: number }

/** Which market and outcome each token belongs to, by Gamma's word and by what other sources told; the least used are forgotten. */
export function tokenIndex(client: PolymarketClient): TokenIndex {
  const kept = new Map<TokenId, TokenFacts>()
  const flights = new Map<TokenId, Flight>()

  const known = (token: TokenId): TokenFacts | undefined => {
    const facts = kept.get(token)
    if (facts === undefined) return undefined
    kept.delete(token)
    kept.set(token, facts)
    return facts
  }
  const learn = (token: TokenId, facts: TokenFacts): void => {
    kept.delete(token)
    kept.set(token, facts)
    const [oldest] = kept.keys()
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
  }
  const ask = async (token: TokenId, signal: AbortSignal): Promise<TokenFacts | undefined> => {
    const found = (await askGamma(client, token, false, signal)) ?? (await askGamma(client, token, true, signal))
    for (const [one, facts] of found ?? []) learn(one, facts)
    return found?.get(token)
  }
  const begin = (token: TokenId): Flight => {
    const stop = new AbortController()
    const answer = ask(token, stop.signal).finally(() => {
      if (flights.get(token) === flight) flights.delete(token)
    })
    const flight: Flight = { answer, stop, waiting: 0 }
    flights.set(token, flight)
    return flight
  }

  return {
    known,
    learn,
    find: async (token, signal) => {
      const facts = known(token)
      if (facts !== undefined) return facts
      signal.throwIfAborted()
      const flight = flights.get(token) ?? begin(token)
      flight.waiting += 1
      try {
        return await unlessLeft(flight.answer, signal)
      } finally {
        flight.waiting -= 1
        if (flight.waiting === 0) {
          flight.stop.abort()
          if (flights.get(token) === flight) flights.delete(token)
        }
      }
    },
  }
}

/**
 * Both tokens of the market that this one belongs to. Gamma has answered a filter it does not know with any markets at all, and a
 * market of one version can carry the ids of the other, so only a market that trades this very token counts.
 */
async function askGamma(
  client: PolymarketClient,
  token: TokenId,
  closed: boolean,
  signal: AbortSignal,
): Promise<ReadonlyMap<TokenId, TokenFacts> | undefined> {
  const answer = await client.get('gamma', '/markets', { clob_token_ids: [token], closed, limit: 5 }, signal)
  if (!Array.isArray(answer)) throw new FeedError('gamma', '/markets did not answer with a list')
  const { taken, faults } = readRows(answer, readGammaMarket)
  for (const row of taken) {
    const market = marketOf(row)
    if (isFault(market) || !market.outcomes.some(outcome => outcome.token === token)) continue
    const { condition, title, outcomes } = market
    return new Map(outcomes.map(({ token: one, name }) => [one, { condition, title, outcome: name || 'unknown' }]))
  }
  const [fault] = faults
  if (fault !== undefined) throw new FeedError('gamma', `the market of token ${token} cannot be read: ${fault.fault}`)
  return undefined
}

async function unlessLeft<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = () => {}
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(new FeedError('gamma', 'the question was called off', { isFinal: true }))
  })
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([answer, left])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
