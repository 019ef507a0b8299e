import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { accountOf, journalOf } from './outside.ts'
import { type Environment, folder, started, until } from './started.ts'

const SHUTDOWN_MS = 12_000
const WALLETS = Array.from({ length: 8 }, (_, index) => `0x${String(index + 1).padStart(40, '0')}`)

const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  }
})

/** A host that takes every question and answers none. */
async function mute(): Promise<number> {
  const server = createServer(() => undefined)
  servers.push(server)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

/** A port on which nobody listens. */
async function closed(): Promise<number> {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}

function hostsAt(port: number, dataDir: string): Environment {
  return {
    REMORA_MARKET: 'polymarket',
    REMORA_DATA_DIR: dataDir,
    REMORA_FOLLOW: WALLETS.join(','),
    REMORA_GAMMA_URL: `http://127.0.0.1:${port}/gamma`,
    REMORA_DATA_URL: `http://127.0.0.1:${port}/data`,
    REMORA_CLOB_URL: `http://127.0.0.1:${port}/clob`,
    REMORA_MARKET_SOCKET_URL: `ws://127.0.0.1:${port}/ws/market`,
    REMORA_ACTIVITY_SOCKET_URL: `ws://127.0.0.1:${port}/rtds`,
  }
}

test('hosts that refuse: it starts, says that the feeds are down, trades nothing, and stops in order', {
  timeout: 120_000,
}, async () => {
  const dataDir = join(folder(), 'data')
  const remora = started(['live'], hostsAt(await closed(), dataDir))
  await remora.hear(/Type help/)
  await remora.read(/"err":"[^"]*ECONNREFUSED[^"]*","msg":"the feed activity is down"/)
  expect(await remora.ask('health', /Database .*/)).toMatch(
    /Something is not well[\s\S]*Feed activity +down[\s\S]*ECONNREFUSED/,
  )
  expect(await remora.ask('status', /Feed activity .*/)).toMatch(/Feed activity +down/)
  // A round over all wallets must not hold the end up: at a dead host each takes its own time to fail. One begins every quarter minute.
  await remora.read(/"msg":"the trades of 0x/)
  await until(
    () => 'the calendar comes to a quarter of a minute',
    () => (new Date().getUTCSeconds() % 15 === 1 ? true : undefined),
  )
  remora.signal('SIGINT')
  expect(await remora.end(SHUTDOWN_MS)).toEqual({ code: 0, signal: null })
  const account = accountOf(await journalOf(dataDir))
  expect(account.wrong).toEqual([])
  expect(account.signals.size).toBe(0)
  expect(account.plans).toBe(0)
})

test('hosts that take questions and never answer: it stops in order all the same', { timeout: 120_000 }, async () => {
  const dataDir = join(folder(), 'data')
  const remora = started(['live'], hostsAt(await mute(), dataDir))
  await remora.hear(/the hold of recovery is released/)
  remora.signal('SIGINT')
  expect(await remora.end(SHUTDOWN_MS)).toEqual({ code: 0, signal: null })
  expect(accountOf(await journalOf(dataDir)).wrong).toEqual([])
})
