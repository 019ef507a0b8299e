import { expect, test } from 'vitest'
import { FAULTS, type Fault, TAKES } from '../../src/sandbox/faults/faults.ts'
import { addressOf, dial, type Ear, listen, pass, type StreamSource, settled, told, until } from './faults-visitor.ts'
import { type Row, type Visited, visit } from './visitor.ts'

const SEED = 'troubled'

/** A sandbox with one listener. The same each time, so that what is told with a fault has something to compare with. */
async function listening(source: StreamSource): Promise<{ readonly sandbox: Visited; readonly ear: Ear }> {
  const sandbox = await visit({ seed: SEED, strangersPerSecond: 20 })
  return { sandbox, ear: await listen(sandbox, source) }
}

const SECONDS = 30

/** What a healthy source tells in the first seconds. */
async function healthy(source: StreamSource): Promise<readonly string[]> {
  const { sandbox, ear } = await listening(source)
  await pass(sandbox, ear, SECONDS)
  return told(source, ear)
}

/** The same seconds with a fault. */
async function troubled(source: StreamSource, fault: Fault) {
  const reference = await healthy(source)
  const { sandbox, ear } = await listening(source)
  sandbox.faults.set(source, fault, true)
  await pass(sandbox, ear, SECONDS)
  return { reference, sandbox, ear }
}

function countOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

/** Whether everything of the first is in the second, as often or oftener. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  const counts = countOf(all)
  return [...countOf(some)].every(([text, count]) => (counts.get(text) ?? 0) >= count)
}

/** Another source whose listener came later, so that what it was told the first was told before, if at all. */
async function witness(sandbox: Visited, source: StreamSource): Promise<() => Promise<void>> {
  const other = source === 'activity' ? 'market' : 'activity'
  const ear = await listen(sandbox, other)
  return async () => {
    const before = told(other, ear).length
    sandbox.clock.now += 20_000
    await until(() => told(other, ear).length > before)
    await settled(ear)
  }
}

const CASES: Partial<Record<Fault, (source: StreamSource) => Promise<void>>> = {
  silent: async source => {
    const { sandbox, ear } = await listening(source)
    const timePasses = await witness(sandbox, source)
    sandbox.faults.set(source, 'silent', true)
    const before = told(source, ear).length
    await timePasses()
    ear.socket.ping()
    await until(() => ear.pongs() === 1)
    await settled(ear)
    expect(told(source, ear)).toHaveLength(before)
    sandbox.faults.set(source, 'silent', false)
    sandbox.clock.now += 20_000
    await until(() => told(source, ear).length > before)
  },
  halfOpen: async source => {
    const { sandbox, ear } = await listening(source)
    const timePasses = await witness(sandbox, source)
    sandbox.faults.set(source, 'halfOpen', true)
    const before = ear.frames.length
    ear.socket.ping()
    ear.socket.send('PING')
    const callers = Array.from({ length: 12 }, () => dial(addressOf(sandbox, source)))
    await until(() => callers.some(it => it.socket.readyState === it.socket.OPEN))
    for (const { socket } of callers) if (socket.readyState === socket.OPEN) socket.ping()
    await timePasses()
    expect([ear.pongs(), ear.frames.length - before]).toEqual([0, 0])
    expect(callers.map(it => it.pongs())).toEqual(callers.map(() => 0))
    const unanswered = callers.filter(it => it.socket.readyState === it.socket.CONNECTING)
    expect(unanswered.length).toBeGreaterThan(0)
    sandbox.faults.set(source, 'halfOpen', false)
    await until(() => ear.pongs() === 1 && ear.frames.includes('PONG'))
    await until(() => unanswered.every(it => it.end() !== undefined))
    await settled(await listen(sandbox, source))
  },
  refuse: async source => {
    const { sandbox, ear } = await listening(source)
    sandbox.faults.set(source, 'refuse', true)
    await until(() => ear.end() !== undefined)
    expect(ear.end()).toBe(1013)
    const callers = Array.from({ length: 12 }, () => dial(addressOf(sandbox, source)))
    await until(() => callers.every(it => it.end() !== undefined))
    expect(new Set(callers.map(it => it.end()))).toEqual(new Set([1006, 1013]))
    sandbox.faults.set(source, 'refuse', false)
    await settled(await listen(sandbox, source))
  },
  drop: async source => {
    const { sandbox } = await listening(source)
    sandbox.faults.set(source, 'drop', true)
    const ends: number[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      const ear = await listen(sandbox, source)
      for (let second = 0; second < 300 && ear.end() === undefined; second += 5) {
        sandbox.clock.now += 5000
        sandbox.faults.set(source, 'drop', true)
        if (ear.socket.readyState !== ear.socket.OPEN) await until(() => ear.end() !== undefined)
        else await Promise.race([settled(ear), until(() => ear.end() !== undefined)])
      }
      ends.push(ear.end() ?? 0)
    }
    expect(new Set(ends)).toEqual(new Set([1006, 1012]))
    sandbox.faults.set(source, 'drop', false)
    const ear = await listen(sandbox, source)
    await pass(sandbox, ear, 60)
    expect(ear.end()).toBeUndefined()
  },
  repeat: async source => {
    const { reference, sandbox, ear } = await troubled(source, 'repeat')
    sandbox.clock.now += 11_000
    const copies = () => told(source, ear).length - new Set(told(source, ear)).size
    await until(() => isWithin(reference, told(source, ear)) && copies() > reference.length * 0.15)
    sandbox.faults.set(source, 'repeat', false)
    await settled(ear)
    const [before, length] = [copies(), told(source, ear).length]
    await pass(sandbox, ear, SECONDS)
    // A healthy book may be told twice as well, when a trade leaves it as it was.
    expect(copies() - before).toBeLessThan((told(source, ear).length - length) * 0.1)
  },
  reorder: async source => {
    const { reference, sandbox, ear } = await troubled(source, 'reorder')
    sandbox.faults.set(source, 'reorder', false)
    await settled(ear)
    const heard = told(source, ear)
    expect([...heard].sort()).toEqual([...reference].sort())
    expect(heard).not.toEqual(reference)
    const second = (text: string) => Math.floor(reference.indexOf(text) / (reference.length / SECONDS))
    const strays = heard.map((text, place) => Math.abs(second(text) - place / (reference.length / SECONDS)))
    expect(Math.max(...strays)).toBeLessThan(20)
  },
  late: async source => {
    const { reference, sandbox, ear } = await troubled(source, 'late')
    const inTime = told(source, ear)
    expect(isWithin(reference, inTime)).toBe(false)
    expect(inTime.length).toBeGreaterThan(reference.length / 5)
    sandbox.clock.now += 121_000
    await until(() => isWithin(reference, told(source, ear)))
  },
  missing: async source => {
    const reference = await healthy(source)
    const { sandbox, ear } = await listening(source)
    const second = await listen(sandbox, source)
    sandbox.faults.set(source, 'missing', true)
    await pass(sandbox, ear, SECONDS)
    await settled(second)
    sandbox.faults.set(source, 'missing', false)
    await settled(ear)
    const heard = told(source, ear)
    expect(isWithin(heard, reference)).toBe(true)
    expect(heard.length).toBeLessThan(reference.length)
    expect(heard.length).toBeGreaterThan(reference.length / 2)
    expect(told(source, second)).toHaveLength(heard.length)
    const before = told(source, ear).length
    await pass(sandbox, ear, SECONDS)
    expect(told(source, ear).length).toBeGreaterThan(before)
  },
  garbage: async source => {
    const { reference, sandbox, ear } = await troubled(source, 'garbage')
    expect(isWithin(reference, told(source, ear))).toBe(true)
    const seen = () => new Set(ear.frames.map(kindOf))
    await until(() => {
      sandbox.clock.now += 100
      return ['binary', 'empty', 'no JSON', 'no object'].every(kind => seen().has(kind))
    })
    const genuine = new Set(reference)
    await until(() => {
      sandbox.clock.now += 100
      return told(source, ear).some(text => kindOf(text) === 'object' && !genuine.has(text) && isBroken(source, text))
    })
    sandbox.faults.set(source, 'garbage', false)
    await settled(ear)
    const before = ear.frames.length
    await pass(sandbox, ear, SECONDS)
    expect(new Set(told(source, { ...ear, frames: ear.frames.slice(before) }).map(kindOf))).toEqual(new Set(['object']))
  },
  strangers: async source => {
    const { reference, sandbox, ear } = await troubled(source, 'strangers')
    expect(told(source, ear).length - reference.length).toBe(SECONDS * 50)
    const wallets = told(source, ear).map(text => String(JSON.parse(text).payload.proxyWallet))
    expect(sandbox.whales.filter(whale => wallets.filter(it => it === whale.address).length > 20)).toEqual([])
    expect(new Set(wallets).size).toBeGreaterThan(SECONDS * 50)
    sandbox.faults.set(source, 'strangers', false)
    const before = told(source, ear).length
    await pass(sandbox, ear, SECONDS)
    expect(told(source, ear).length - before).toBeLessThan(SECONDS * 40)
  },
  limited: source => answeredWithError(source, 'limited', 'rate limit exceeded'),
  failing: source => answeredWithError(source, 'failing', 'service unavailable'),
  rangeLimit: async source => {
    const { sandbox, ear } = await listening(source)
    const head = Number((await answerTo(ear, 'eth_blockNumber', [])).result)
    const logs = (blocks: number) => {
      const fromBlock = `0x${(head - blocks + 1).toString(16)}`
      return answerTo(ear, 'eth_getLogs', [{ fromBlock, toBlock: 'latest' }])
    }
    expect((await logs(11)).result).toBeDefined()
    sandbox.faults.set(source, 'rangeLimit', true)
    expect((await logs(11)).error).toMatchObject({ message: expect.stringMatching(/invalid block range/) })
    expect((await logs(10)).result).toBeDefined()
    sandbox.faults.set(source, 'rangeLimit', false)
    expect((await logs(11)).result).toBeDefined()
  },
  slow: async source => {
    const { sandbox, ear } = await listening(source)
    const timePasses = await witness(sandbox, source)
    const asked = () => answerTo(ear, 'eth_chainId', [])
    sandbox.faults.set(source, 'slow', true)
    let isAnswered = false
    const answer = asked().then(() => {
      isAnswered = true
    })
    sandbox.clock.now += 1900
    await settled(ear)
    sandbox.faults.set(source, 'slow', true)
    await settled(ear)
    expect(isAnswered).toBe(false)
    await timePasses()
    await answer
    sandbox.faults.set(source, 'slow', false)
    expect((await asked()).result).toBe('0x89')
  },
  old: async source => {
    const { reference, sandbox, ear } = await troubled(source, 'old')
    const ageOf = (text: string) => sandbox.clock.now / 1000 - Number(JSON.parse(text).payload.timestamp)
    const old = told(source, ear).filter(text => ageOf(text) > 30 * 60)
    expect(old).toHaveLength(SECONDS * 5)
    expect(told(source, ear).filter(text => !old.includes(text))).toEqual(reference)
    const whales = sandbox.whales.map(whale => whale.address)
    expect(old.some(text => whales.includes(JSON.parse(text).payload.proxyWallet))).toBe(true)
    sandbox.faults.set(source, 'old', false)
    const before = told(source, ear).length
    await pass(sandbox, ear, SECONDS)
    expect(
      told(source, ear)
        .slice(before)
        .filter(text => ageOf(text) > 30 * 60),
    ).toEqual([])
  },
}

let asked = 100

/** What the node's socket answers to a request. */
async function answerTo(ear: Ear, method: string, params: readonly unknown[]): Promise<Row> {
  asked += 1
  const id = asked
  const answers = () => ear.frames.filter(text => text?.includes(`"id":${id}`)).map(text => JSON.parse(text ?? ''))
  ear.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
  await until(() => answers().length > 0)
  return answers()[0]
}

async function answeredWithError(source: StreamSource, fault: Fault, message: string): Promise<void> {
  const { sandbox, ear } = await listening(source)
  sandbox.faults.set(source, fault, true)
  expect((await answerTo(ear, 'eth_chainId', [])).error).toMatchObject({ message })
  sandbox.faults.set(source, fault, false)
  expect((await answerTo(ear, 'eth_chainId', [])).result).toBe('0x89')
}

function kindOf(text: string | undefined): string {
  if (text === undefined) return 'binary'
  if (text === '') return 'empty'
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'object' : 'no object'
  } catch {
    return text === 'PONG' || text.startsWith('INVALID') ? 'answer' : 'no JSON'
  }
}

/** Whether a frame lacks what such a frame has, or has it in a form that cannot be. */
function isBroken(source: StreamSource, text: string): boolean {
  const frame = JSON.parse(text)
  if (source === 'activity')
    return typeof frame.payload.price !== 'number' || !(frame.payload.price > 0 && frame.payload.price < 1)
  if (source === 'chain') {
    const { logIndex, data, hash } = frame.params.result
    return logIndex === undefined ? !/^0x[0-9a-f]{64}$/.test(String(hash)) : !/^0x[0-9a-f]*$/.test(String(data))
  }
  return !/^\d{13}$/.test(String(frame.timestamp))
}

const STREAMS = ['chain', 'activity', 'market'] as const
const PAIRS = STREAMS.flatMap(source => TAKES[source].map(fault => ({ source, fault, meaning: FAULTS[fault] })))

test.each(PAIRS)('$source $fault: $meaning', async ({ source, fault }) => {
  const show = CASES[fault]
  if (show === undefined) throw new Error('every fault that a stream takes is shown')
  await show(source)
})

test('a connection that begins after hours in which nobody was there is not dropped for them', async () => {
  const sandbox = await visit({ seed: SEED, faults: [{ source: 'activity', fault: 'drop' }] })
  for (let turn = 0; turn < 8; turn += 1) {
    const ear = await listen(sandbox, 'activity')
    expect(ear.end()).toBeUndefined()
    sandbox.faults.set('activity', 'drop', true)
    await settled(ear)
    ear.socket.terminate()
    await until(() => ear.end() !== undefined)
    sandbox.clock.now += 3_600_000
  }
})

test('half-open connections make room for new ones, since they do not notice who has gone', async () => {
  const sandbox = await visit({ seed: SEED })
  sandbox.faults.set('activity', 'halfOpen', true)
  const address = addressOf(sandbox, 'activity')
  for (let turn = 0; turn < 150; turn += 1) {
    const caller = dial(address)
    // Every other handshake is not answered either.
    caller.socket.on('open', () => caller.socket.send('PING'))
    await Promise.race([caller.opened, witnessed(sandbox)])
    await witnessed(sandbox)
    caller.socket.terminate()
  }
  const market = await listen(sandbox, 'market')
  await settled(market)
})

/** Resolves when the sandbox has answered a few requests over HTTP. */
async function witnessed({ port }: Visited): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await fetch(`http://127.0.0.1:${port}/`)
}
