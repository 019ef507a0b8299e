import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { reply } from '../../../src/chat/reply.ts'
import { type Opened, opened } from './opened.ts'

async function answers(it: Opened): Promise<void> {
  await it.discord.until(() => it.discord.commands().length > 0)
  const asked = it.vic.slash('status')
  await it.discord.until(() => asked.edits.length > 0)
}

const servers: (Server | WebSocketServer)[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Sends every client to another gateway than the stand-in's own. */
function gatewayAt(port: number) {
  const limits = { total: 1_000, remaining: 999, reset_after: 1_000, max_concurrency: 1 }
  const body = { url: `ws://127.0.0.1:${port}`, shards: 1, session_start_limit: limits }
  return { kind: 'answer', status: 200, body, path: '/gateway/bot' } as const
}

describe('D3: the connection', () => {
  test('that is a zombie is noticed at the next heartbeat and resumed, with what was pressed meanwhile', async () => {
    const it = await opened({ world: { heartbeatMs: 150 } })
    it.discord.faults.set({ kind: 'zombie', times: 1 })
    const asked = it.vic.slash('status')
    await it.discord.until(() => asked.edits.length > 0)
    expect(it.discord.gateway.resumes()).toBe(1)
    expect(it.statuses.map(({ status }) => status)).toEqual(['live', 'connecting', 'live'])
    expect(it.surface.view()).toMatchObject({ status: 'live', why: '' })
  })

  test('that falls silent begins anew: without a heartbeat acknowledged the watchdog gives it up', async () => {
    const it = await opened({ timings: { watchdogMs: 400 } })
    it.discord.faults.set({ kind: 'zombie', times: 1 })
    await it.until(() => it.statuses.some(({ why }) => why === 'the gateway has fallen silent'))
    await it.discord.until(() => it.discord.gateway.identifies() >= 2)
    await it.isLive()
    await it.discord.until(() => it.discord.gateway.connections() === 1)
    await answers(it)
  })

  test('that is asked to come again does so, and nobody is told that it is down', async () => {
    const it = await opened()
    it.discord.gateway.reconnect()
    await it.discord.until(() => it.discord.gateway.resumes() === 1)
    await it.isLive()
    await answers(it)
    expect(it.statuses.map(({ status }) => status)).not.toContain('down')
  })

  test('whose session is invalid identifies again, and hears again', async () => {
    const it = await opened()
    it.discord.gateway.invalidate()
    await it.discord.until(() => it.discord.gateway.identifies() === 2)
    await it.isLive()
    await answers(it)
  })

  test('of a server that forgot every session comes back, and is called down while it is away for long', async () => {
    const it = await opened({ timings: { downMs: 100 } })
    await it.discord.stop()
    await it.until(() => it.surface.view().status === 'down')
    await it.discord.restart({ keepsSessions: false })
    await it.isLive()
    await answers(it)
    expect(it.statuses.map(({ status }) => status)).toEqual(['live', 'connecting', 'down', 'live'])
    expect(it.discord.gateway.connections()).toBe(1)
  })

  test('that is refused for a while at the start is tried until it is there', async () => {
    const it = await opened({
      isLive: false,
      before: discord => discord.faults.set({ kind: 'refuse', times: 2 }),
    })
    await it.isLive()
    await answers(it)
    expect(it.discord.gateway.identifies()).toBe(1)
  })

  test('that cannot even ask where the gateway is tries again and again, later each time', async () => {
    const it = await opened({
      isLive: false,
      // discord.js asks three times of its own in each login.
      before: discord => discord.faults.set({ kind: 'answer', status: 503, path: '/gateway/bot', times: 7 }),
    })
    await it.isLive()
    expect(it.statuses).toEqual([
      { status: 'down', why: 'no login: GET /gateway/bot: status 503' },
      { status: 'live', why: '' },
    ])
    expect(it.discord.gateway.identifies()).toBe(1)
    await answers(it)
  })

  test('never costs an IDENTIFY more than the budget has', async () => {
    const it = await opened({ timings: { identifyMs: 500 } })
    const before = performance.now()
    it.discord.gateway.invalidate()
    await it.discord.until(() => it.discord.gateway.identifies() === 2)
    expect(performance.now() - before).toBeGreaterThan(400)
  })
})

describe('the end leaves nothing behind', () => {
  /** discord.js tries to reconnect after half a second; only waiting shows that it does not. */
  const RECONNECT_MS = 800

  test('while it works: the socket is closed, and no session is left to the gateway', async () => {
    const it = await opened()
    await it.stop()
    await it.discord.until(() => it.discord.gateway.connections() === 0)
    expect(it.discord.gateway.closures.at(-1)).toBe(1_000)
    await systemClock.sleep(RECONNECT_MS)
    expect(it.discord.gateway.connections()).toBe(0)
  })

  test('while discord.js waits to reconnect', async () => {
    const it = await opened()
    it.discord.faults.set({ kind: 'drop', times: 1 })
    await it.until(() => it.surface.view().status === 'connecting')
    await it.stop()
    await systemClock.sleep(RECONNECT_MS)
    expect(it.discord.gateway.connections()).toBe(0)
    expect(it.discord.gateway.resumes()).toBe(0)
  })

  test('while a handshake hangs', async () => {
    const sockets: Socket[] = []
    const server = createServer(socket => sockets.push(socket))
    servers.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const connected = new Promise<Socket>(resolve => server.once('connection', resolve))
    const it = await opened({ isLive: false, before: discord => discord.faults.set(gatewayAt(port)) })
    const socket = await connected
    const gone = new Promise(resolve => socket.once('close', resolve))
    socket.resume()
    await it.stop()
    await gone
    await systemClock.sleep(RECONNECT_MS)
    expect(sockets).toHaveLength(1)
  })

  test('while nobody says hello', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    servers.push(server)
    await new Promise(resolve => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    let connections = 0
    server.on('connection', () => {
      connections += 1
    })
    const connected = new Promise(resolve => server.once('connection', resolve))
    const it = await opened({ isLive: false, before: discord => discord.faults.set(gatewayAt(port)) })
    await connected
    await it.stop()
    await systemClock.sleep(RECONNECT_MS)
    expect(connections).toBe(1)
    expect(server.clients.size).toBe(0)
  })

  test('what is being answered at the end is still answered', async () => {
    const it = await opened()
    const slow = it.vic.slash('slow')
    await it.until(() => it.done.includes('slow begins'))
    const stopping = it.stop()
    it.commands.release()
    await stopping
    expect(slow.edits.map(({ content }) => content)).toEqual(['At last.'])
  })
})

describe('D4: a token that Discord does not know', () => {
  test('is said once and not tried again', async () => {
    const it = await opened({ isLive: false, options: { token: 'MTAw.wrong.token-of-the-test-000000000000000' } })
    await it.until(() => it.surface.view().status === 'closed')
    expect(it.statuses).toHaveLength(1)
    expect(it.surface.view().why).toContain('Discord does not know the token')
    it.offer(reply('hello'))
    await it.until(() => it.closed.length > 0)
    await systemClock.sleep(300)
    expect(it.discord.calls.map(call => call.path)).toEqual(['/gateway/bot', '/gateway/bot'])
    expect(JSON.stringify([it.notes, it.statuses])).not.toContain('wrong')
  })

  test('401 by somebody on the way is no such thing', async () => {
    const headers = { 'content-type': 'text/html' }
    const it = await opened({
      isLive: false,
      before: discord =>
        discord.faults.set({ kind: 'answer', status: 401, body: '<html>', headers, path: '/gateway/bot', times: 2 }),
    })
    await it.isLive()
    expect(it.statuses.map(({ status }) => status)).toEqual(['down', 'live'])
  })

  test('4004 in the middle of it all closes the surface', async () => {
    const it = await opened()
    it.discord.faults.set({ kind: 'revoked' })
    await it.until(() => it.surface.view().status === 'closed')
    expect(it.surface.view().why).toBe('Discord does not know the token (any more)')
    await it.discord.until(() => it.discord.gateway.connections() === 0)
  })
})
