import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Environment, started } from './started.ts'

/** What the check promises: a verdict within ten seconds, and a little for the start of the process on a busy machine. */
const VERDICT_MS = 10_000
const START_MS = 5_000

const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  }
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

function hostsAt(port: number): Environment {
  const at = `127.0.0.1:${port}`
  return {
    REMORA_MARKET: 'polymarket',
    REMORA_GAMMA_URL: `http://${at}`,
    REMORA_DATA_URL: `http://${at}`,
    REMORA_CLOB_URL: `http://${at}`,
    REMORA_MARKET_SOCKET_URL: `ws://${at}`,
    REMORA_ACTIVITY_SOCKET_URL: `ws://${at}`,
    REMORA_RPC_URLS: `ws://${at}/v2/a-key-that-nobody-may-see`,
  }
}

async function checked(environment: Environment) {
  const from = performance.now()
  const remora = started(['live', '--check'], environment)
  const { code } = await remora.end()
  return { code, tookMs: performance.now() - from, said: remora.said(), complained: remora.complained() }
}

test('against the simulated market everything is green, and says how late and in which version', {
  timeout: 60_000,
}, async () => {
  const { code, said } = await checked({})
  expect(said).toMatch(/^ok +gamma +\d+ ms +markets of version v1/m)
  expect(said).toMatch(/^ok +data +\d+ ms +v2, 0 s behind/m)
  expect(said).toMatch(/^ok +clob +\d+ ms +order book API v2, our clocks agree/m)
  expect(said).toMatch(/^ok +market socket +\d+ ms +books are told, and agree with the REST API/m)
  expect(said).toMatch(/^ok +chain +\d+ ms +chain 137/m)
  expect(said).toMatch(/^ok +activity socket +\d+ ms/m)
  expect(said).toMatch(/^GREEN/m)
  expect(code).toBe(0)
})

test('against hosts that refuse it is red at once, with every host named', { timeout: 60_000 }, async () => {
  const server = createServer()
  const port = await listening(server)
  await new Promise(done => server.close(done))
  const { code, said, complained, tookMs } = await checked(hostsAt(port))
  expect(said.match(/^FAIL/gm)).toHaveLength(6)
  expect(said).toMatch(/^RED: gamma, data, clob, market socket, chain, activity socket are not well/m)
  expect(code).toBe(1)
  expect(tookMs).toBeLessThan(VERDICT_MS + START_MS)
  expect(said + complained).not.toContain('a-key-that-nobody-may-see')
})

test('against hosts that take everything and answer nothing it is red within ten seconds', {
  timeout: 60_000,
}, async () => {
  const { code, said, tookMs } = await checked(hostsAt(await listening(createServer(() => undefined))))
  expect(said.match(/^FAIL/gm)).toHaveLength(6)
  expect(code).toBe(1)
  expect(tookMs).toBeLessThan(VERDICT_MS + START_MS)
})
