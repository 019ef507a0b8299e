import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { tokenIndex } from '../../src/adapters/polymarket/token-index.ts'
import type { ConditionId, TokenId } from '../../src/core/units/ids.ts'
import { clientOf, forever, json, leapingClock, serve, wire } from './stand-in.ts'

const MARKET = wire('gamma-market-open')
const [YES = '', NO = ''] = JSON.parse(String(MARKET.clobTokenIds)) as TokenId[]
const yes = YES as TokenId
const no = NO as TokenId
const FACTS = {
  condition: MARKET.conditionId,
  title: 'Will the lighthouse be painted green before June?',
  outcome: 'Yes',
}

let stop = async () => {}
afterEach(() => stop())

async function served(answer: (response: ServerResponse) => void) {
  const server = await serve((_asked, response) => answer(response))
  stop = server.stop
  return { asked: server.asked, tokens: tokenIndex(clientOf(server.hosts, leapingClock())) }
}

/** Gamma that answers with these, one after another, and then always with the last. */
function index(...answers: readonly unknown[]) {
  let asked = 0
  return served(response => {
    json(response, answers[Math.min(asked, answers.length - 1)])
    asked += 1
  })
}

test('a token is found by asking once, and the other token of its market with it', async () => {
  const { tokens, asked } = await index([MARKET])
  expect(tokens.known(yes)).toBeUndefined()
  expect(await tokens.find(yes, forever())).toEqual(FACTS)
  expect(tokens.known(no)).toEqual({ ...FACTS, outcome: 'No' })
  expect(asked).toHaveLength(1)
  expect(asked[0]?.url.searchParams.getAll('clob_token_ids')).toEqual([yes])
  expect(asked[0]?.url.searchParams.get('closed')).toBe('false')
})

test('a market that is closed is found at the second question', async () => {
  const { tokens, asked } = await index([], [{ ...MARKET, closed: true }])
  expect(await tokens.find(yes, forever())).toEqual(FACTS)
  expect(asked.map(({ url }) => url.searchParams.get('closed'))).toEqual(['false', 'true'])
})

describe('an answer with another market', () => {
  test.each<[string, Record<string, unknown>]>([
    ['altogether', { clobTokenIds: ['1', '2'] }],
    ['that carries the token only as the id of another version', { clobTokenIds: ['1', '2'], positionIds: [yes, no] }],
    ['of a version that is not known', { version: 'v9' }],
  ])('%s is no answer', async (_name, change) => {
    const { tokens } = await index([{ ...MARKET, ...change }])
    expect(await tokens.find(yes, forever())).toBeUndefined()
    expect(tokens.known(yes)).toBeUndefined()
  })

  test('of the second version is found by its position ids', async () => {
    const { tokens } = await index([{ ...MARKET, version: 'v2', clobTokenIds: ['1', '2'], positionIds: [no, yes] }])
    expect(await tokens.find(yes, forever())).toEqual({ ...FACTS, outcome: 'No' })
  })
})

test('those who ask at the same time share one question', async () => {
  const { tokens, asked } = await index([MARKET])
  const found = await Promise.all(Array.from({ length: 10 }, () => tokens.find(yes, forever())))
  expect(found).toEqual(Array.from({ length: 10 }, () => FACTS))
  expect(asked).toHaveLength(1)
})

test('one who leaves does not take the answer from the others, and the last takes the question along', async () => {
  const waiting: (() => void)[] = []
  const { tokens } = await served(response => waiting.push(() => json(response, [MARKET])))
  const leaving = new AbortController()
  const left = tokens.find(yes, leaving.signal)
  const stayed = tokens.find(yes, forever())
  while (waiting.length < 1) await new Promise(resolve => setImmediate(resolve))
  leaving.abort()
  await expect(left).rejects.toThrow('called off')
  waiting[0]?.()
  expect(await stayed).toEqual(FACTS)

  const last = new AbortController()
  const alone = tokens.find('77' as TokenId, last.signal)
  while (waiting.length < 2) await new Promise(resolve => setImmediate(resolve))
  last.abort()
  await expect(alone).rejects.toThrow('called off')
  const again = tokens.find('77' as TokenId, forever())
  for (const number of [3, 4]) {
    while (waiting.length < number) await new Promise(resolve => setImmediate(resolve))
    waiting[number - 1]?.()
  }
  expect(await again).toBeUndefined()
})

test('a service that does not answer is an error and not an unknown token', async () => {
  const { tokens } = await served(response => json(response, { error: 'down' }, 400))
  await expect(tokens.find(yes, forever())).rejects.toThrow()
})

test('what other sources told is known, and the least used is forgotten', async () => {
  const { tokens } = await index([])
  const facts = { condition: '0x1' as ConditionId, title: 't', outcome: 'o' }
  tokens.learn(yes, facts)
  tokens.learn(no, facts)
  for (let count = 0; count < 19_998; count += 1) tokens.learn(String(count) as TokenId, facts)
  tokens.known(yes)
  tokens.learn('99999' as TokenId, facts)
  expect([tokens.known(yes), tokens.known(no)]).toEqual([facts, undefined])
})
