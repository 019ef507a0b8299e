import type { ServerResponse } from 'node:http'
import { afterEach } from 'vitest'
import { polymarketData } from '../../src/adapters/polymarket/feeds.ts'
import { polymarketHistory } from '../../src/adapters/polymarket/history.ts'
import { polymarketFeed } from '../../src/adapters/polymarket/streams.ts'
import { conditionId, instant, tokenId, whaleAddress } from '../../src/core/units/ids.ts'
import { type Asked, clientOf, json, leapingClock, serve } from './stand-in.ts'

const CONDITION = conditionId(`0x${'1c'.repeat(32)}`)
const TOKEN = tokenId('11000000000000000000000000000000000000000000000000000000000000000000000000001')
const WHALE = whaleAddress('0x00000000000000000000000000000000000000a1')
if (CONDITION === undefined || TOKEN === undefined || WHALE === undefined)
  throw new Error('the ids of the rows are ids')
export const condition = CONDITION
export const token = TOKEN
export const whale = WHALE
export const NOW = instant(1_795_132_900_000)

const servers: { readonly stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

export type Answers = Record<string, (asked: Asked, response: ServerResponse) => void>

/** A service that knows these paths and no other, as a retired one would not. */
export async function fixture(answers: Answers) {
  const server = await serve((asked, response) => {
    const answer = answers[asked.url.pathname]
    if (answer === undefined) json(response, { error: 'no such route', code: 'not_found' }, 404)
    else answer(asked, response)
  })
  servers.push(server)
  const clock = leapingClock(NOW)
  const notes: Record<string, unknown>[] = []
  const client = clientOf(server.hosts, clock, happening => notes.push(happening))
  return {
    clock,
    notes,
    asked: server.asked,
    client,
    data: polymarketData(client, clock),
    history: polymarketHistory(client),
    feed: polymarketFeed(client, clock),
  }
}

export const always = (body: unknown, status = 200) => ({
  answer: (_asked: Asked, response: ServerResponse) => json(response, body, status),
})

export function page(rows: readonly unknown[], next: string | null = null): object {
  return { data: rows, pagination: { limit: 100, offset: 0, has_more: next !== null, next_cursor: next } }
}
