import { expect, test } from 'vitest'
import { WAITING_MAX } from '../../src/sandbox/faults/answers.ts'
import { FAULTS, type Fault, type Source, TAKES } from '../../src/sandbox/faults/faults.ts'
import { tokensOf, until } from './faults-visitor.ts'
import { fresh, type Row, type Visited, visit } from './visitor.ts'

type Host = Exclude<Source, 'activity' | 'market'>

/** Something to ask each host, which it answers anew each time while its clock moves. */
type Question = { readonly address: string; readonly body?: string }

async function questionFor({ hosts, whales, port }: Visited, host: Host, sandbox: Visited): Promise<Question> {
  switch (host) {
    case 'data':
      return { address: `${hosts.data}/v2/positions?user=${whales[0]?.address}` }
    case 'gamma':
      return { address: `${hosts.gamma}/markets?limit=100` }
    case 'clob': {
      const [token] = await tokensOf(sandbox)
      return { address: `${hosts.clob}/book?token_id=${token}` }
    }
    case 'chain': {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'eth_getLogs', params: [{}] })
      return { address: `http://127.0.0.1:${port}/rpc`, body }
    }
  }
}

async function ready(host: Host) {
  const sandbox = await visit({ seed: 'troubled' })
  const question = await questionFor(sandbox, host, sandbox)
  const ask = (address = fresh(question.address)) =>
    fetch(address, question.body === undefined ? {} : { method: 'POST', body: question.body })
  return { sandbox, question, ask, toggle: (fault: Fault, isOn: boolean) => sandbox.faults.set(host, fault, isOn) }
}

async function isHealthy(ask: () => Promise<Response>): Promise<boolean> {
  const answer = await ask()
  return answer.status === 200 && JSON.stringify(await answer.json()).length > 2
}

/** What the list of an answer has, whatever the host calls it. */
function listIn(body: unknown): readonly Row[] {
  const found = Array.isArray(body) ? body : ((body as Row).data ?? (body as Row).result ?? (body as Row).bids)
  if (!Array.isArray(found)) throw new Error('this answer has a list')
  return found
}

const TRADES = '/v2/trades?taker_only=false&limit=1000'

/** The latest trades of everybody, as `data` tells them now. */
async function trades({ hosts }: Visited): Promise<readonly string[]> {
  const answer = await fetch(fresh(`${hosts.data}${TRADES}`))
  return listIn(await answer.json()).map(row => JSON.stringify(row))
}

const stampOf = (row: string): number => JSON.parse(row).timestamp

const CASES: Partial<Record<Fault, (host: Host) => Promise<void>>> = {
  halfOpen: async host => {
    const { ask, toggle, sandbox } = await ready(host)
    toggle('halfOpen', true)
    let isOver = false
    const ended = ask().then(
      () => 'answered',
      () => 'closed',
    )
    ended.then(
      () => {
        isOver = true
      },
      () => undefined,
    )
    sandbox.clock.now += 60_000
    for (let turn = 0; turn < 10; turn += 1) await fetch(`http://127.0.0.1:${sandbox.port}/`)
    expect(isOver).toBe(false)
    toggle('halfOpen', false)
    expect(await ended).toBe('closed')
    expect(await isHealthy(ask)).toBe(true)
  },
  refuse: async host => {
    const { ask, toggle } = await ready(host)
    toggle('refuse', true)
    await expect(ask()).rejects.toThrow()
    await expect(ask()).rejects.toThrow()
    toggle('refuse', false)
    expect(await isHealthy(ask)).toBe(true)
  },
  drop: async host => {
    const { ask, toggle } = await ready(host)
    toggle('drop', true)
    const answers: ('whole' | 'broken')[] = []
    for (let turn = 0; turn < 40; turn += 1) {
      const answer = await ask()
      answers.push(
        await answer.text().then(
          () => 'whole',
          () => 'broken',
        ),
      )
    }
    expect(new Set(answers)).toEqual(new Set(['whole', 'broken']))
    toggle('drop', false)
    for (let turn = 0; turn < 40; turn += 1) expect(await isHealthy(ask)).toBe(true)
  },
  limited: async host => {
    const { ask, toggle } = await ready(host)
    toggle('limited', true)
    const answer = await ask()
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(JSON.stringify(await answer.json())).toMatch('rate limit exceeded')
    toggle('limited', false)
    expect(await isHealthy(ask)).toBe(true)
  },
  failing: async host => {
    const { ask, toggle } = await ready(host)
    toggle('failing', true)
    const answer = await ask()
    expect(answer.status).toBe(503)
    expect(JSON.stringify(await answer.json())).toMatch('service unavailable')
    toggle('failing', false)
    expect(await isHealthy(ask)).toBe(true)
  },
  slow: async host => {
    const { ask, toggle, sandbox } = await ready(host)
    toggle('slow', true)
    let isOver = false
    const answer = ask().then(it => {
      isOver = true
      return it
    })
    for (let turn = 0; turn < 10; turn += 1) await fetch(`http://127.0.0.1:${sandbox.port}/`)
    sandbox.clock.now += 1900
    for (let turn = 0; turn < 10; turn += 1) await fetch(`http://127.0.0.1:${sandbox.port}/`)
    expect(isOver).toBe(false)
    sandbox.clock.now += 12_000
    expect((await answer).status).toBe(200)
    toggle('slow', false)
    expect(await isHealthy(ask)).toBe(true)
  },
  garbage: async host => {
    const { ask, toggle } = await ready(host)
    const good = await (await ask()).text()
    const rows = listIn(JSON.parse(good)).length
    toggle('garbage', true)
    const seen = new Set<string>()
    const look = (text: string): string => {
      if (text === good) return 'whole'
      if (text === '') return 'empty'
      if (text.includes('\ufffd')) return 'binary'
      if (text === good.slice(0, text.length)) return 'half'
      try {
        const value = JSON.parse(text)
        return JSON.stringify(value).length > good.length && listIn(value).length > rows ? 'bad rows' : 'other'
      } catch {
        return 'no JSON'
      }
    }
    const kinds = ['whole', 'empty', 'binary', 'half', 'bad rows', 'no JSON']
    for (let turn = 0; turn < 400 && !kinds.every(kind => seen.has(kind)); turn += 1)
      seen.add(look(await (await ask()).text()))
    expect([...seen]).toEqual(expect.arrayContaining(kinds))
    toggle('garbage', false)
    for (let turn = 0; turn < 10; turn += 1) expect(await (await ask()).text()).toBe(good)
  },
  cached: async host => {
    const { ask, toggle, sandbox, question } = await ready(host)
    const textOf = async (address: string) => (await ask(address)).text()
    toggle('cached', true)
    const first = await textOf(question.address)
    sandbox.clock.now += 290_000
    expect(await textOf(question.address)).toBe(first)
    expect(await textOf(`${question.address}&_=1`)).not.toBe(first)
    sandbox.clock.now += 11_000
    const second = await textOf(question.address)
    expect(second).not.toBe(first)
    sandbox.clock.now += 200_000
    toggle('cached', false)
    expect(await textOf(question.address)).not.toBe(second)
  },
  missing: async host => {
    const { sandbox, toggle } = await ready(host)
    const ask = await listing(sandbox, host)
    const whole = await ask()
    expect(whole.length).toBeGreaterThan(10)
    toggle('missing', true)
    const answers = [await ask(), await ask(), await ask(), await ask(), await ask(), await ask()]
    expect(answers.some(rows => rows.length < whole.length * 0.9)).toBe(true)
    for (const row of whole) {
      const told = answers.map(rows => (rows.includes(row) ? 'y' : 'n')).join('')
      expect(told).not.toMatch('nnn')
    }
    expect(answers.flat().every(row => whole.includes(row))).toBe(true)
    toggle('missing', false)
    expect(await ask()).toEqual(whole)
  },
  late: async host => {
    const { sandbox, toggle } = await ready(host)
    const now = sandbox.clock.now / 1000
    const whole = await trades(sandbox)
    const recent = whole.filter(row => stampOf(row) > now - 5)
    expect(recent.length).toBeGreaterThan(5)
    toggle('late', true)
    const told = await trades(sandbox)
    expect(told.length).toBeLessThan(whole.length)
    expect(whole.filter(row => !told.includes(row)).every(row => stampOf(row) > now - 60)).toBe(true)
    expect(recent.some(row => told.includes(row))).toBe(true)
    expect(recent.every(row => told.includes(row))).toBe(false)
    sandbox.clock.now += 60_000
    const later = await trades(sandbox)
    expect(recent.every(row => later.includes(row))).toBe(true)
    expect(later.some(row => stampOf(row) > now + 30)).toBe(true)
    toggle('late', false)
    const healed = await trades(sandbox)
    const { sandbox: healthy } = await ready(host)
    healthy.clock.now = sandbox.clock.now
    expect(healed).toEqual(await trades(healthy))
    expect(later.length).toBeLessThan(healed.length)
  },
  reorder: async host => {
    const { sandbox, toggle } = await ready(host)
    const whole = await trades(sandbox)
    toggle('reorder', true)
    const told = await trades(sandbox)
    expect([...told].sort()).toEqual([...whole].sort())
    expect(told).not.toEqual(whole)
    const steps = told.slice(1).map((row, place) => stampOf(row) - stampOf(told[place] ?? ''))
    expect(Math.max(...steps)).toBeGreaterThan(0)
    expect(Math.max(...steps)).toBeLessThan(5)
    toggle('reorder', false)
    expect(await trades(sandbox)).toEqual(whole)
  },
  rangeLimit: async host => {
    const { sandbox, toggle } = await ready(host)
    const rpc = async (...calls: readonly object[]): Promise<readonly Row[]> => {
      const body = JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call })))
      return (await fetch(`http://127.0.0.1:${sandbox.port}/rpc`, { method: 'POST', body })).json() as Promise<Row[]>
    }
    const head = Number((await rpc({ method: 'eth_blockNumber', params: [] }))[0]?.result)
    const logs = (from: number, to: number) => ({
      method: 'eth_getLogs',
      params: [{ fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` }],
    })
    const calls = [logs(head - 9, head), logs(head - 10, head)]
    expect((await rpc(...calls)).map(answer => answer.error)).toEqual([undefined, undefined])
    toggle('rangeLimit', true)
    expect((await rpc(...calls)).map(answer => (answer.error as Row | undefined)?.message)).toEqual([
      undefined,
      expect.stringMatching(/^invalid block range: at most 10 blocks/),
    ])
    toggle('rangeLimit', false)
    expect((await rpc(...calls)).map(answer => answer.error)).toEqual([undefined, undefined])
  },
}

/** Rows of a list that stay the same while the clock stands still. */
async function listing(sandbox: Visited, host: Host): Promise<() => Promise<readonly string[]>> {
  if (host === 'data') return () => trades(sandbox)
  const texts = async (address: string, body?: string) => {
    const answer = await fetch(fresh(address), body === undefined ? {} : { method: 'POST', body })
    return listIn(await answer.json()).map(row => JSON.stringify(row))
  }
  if (host === 'gamma') return () => texts(`${sandbox.hosts.gamma}/markets?limit=100`)
  const tokens = await tokensOf(sandbox)
  const body = JSON.stringify(tokens.slice(0, 40).map(token_id => ({ token_id })))
  return () => texts(`${sandbox.hosts.clob}/books`, body)
}

/** What a node does wrong on its socket alone is shown with the streams. */
const ON_SOCKETS: readonly Fault[] = ['silent', 'repeat', 'reorder', 'late', 'missing']
const HOSTS = ['data', 'gamma', 'clob', 'chain'] as const
const PAIRS = HOSTS.flatMap(host =>
  TAKES[host]
    .filter(fault => host !== 'chain' || !ON_SOCKETS.includes(fault))
    .map(fault => ({ host, fault, meaning: FAULTS[fault] })),
)

test.each(PAIRS)('$host $fault: $meaning', async ({ host, fault }) => {
  const show = CASES[fault]
  if (show === undefined) throw new Error('every fault that a host takes is shown')
  await show(host)
})

test('an answer to one question is not repeated for another at the same address', async () => {
  const { sandbox, toggle } = await ready('clob')
  toggle('cached', true)
  const [first, second] = await tokensOf(sandbox)
  const booksOf = async (token_id: string | undefined) => {
    const body = JSON.stringify([{ token_id }])
    return listIn(await (await fetch(`${sandbox.hosts.clob}/books`, { method: 'POST', body })).json())
  }
  expect(await booksOf(first)).toMatchObject([{ asset_id: first }])
  expect(await booksOf(second)).toMatchObject([{ asset_id: second }])
})

test('no more requests are kept waiting than a bound, and those given up make room', async () => {
  const { sandbox, question, toggle } = await ready('gamma')
  toggle('halfOpen', true)
  const stop = new AbortController()
  let closed = 0
  const wait = (signal: AbortSignal) =>
    fetch(question.address, { signal }).catch(() => {
      closed += 1
    })
  const waiting = Array.from({ length: WAITING_MAX + 1 }, () => wait(stop.signal))
  await until(() => closed === 1)
  stop.abort()
  await Promise.all(waiting)
  const last = new AbortController()
  for (let isWaiting = false; !isWaiting; ) {
    const before = closed
    waiting.push(wait(last.signal))
    for (let turn = 0; turn < 10; turn += 1) await fetch(`http://127.0.0.1:${sandbox.port}/`)
    isWaiting = closed === before
  }
  last.abort()
  await Promise.all(waiting)
})
