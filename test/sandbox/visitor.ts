import { afterEach } from 'vitest'
import { WebSocket } from 'ws'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'

/** A noon at which the seeded world is well under way. */
export const NOON = Date.UTC(2026, 10, 21, 12)

export type Row = Readonly<Record<string, unknown>>
export type Page = { readonly data: readonly Row[]; readonly pagination: Row }

/** A sandbox whose clock only the test moves. */
export type Visited = Sandbox & { readonly clock: { now: number } }

const open: Sandbox[] = []
const sockets: WebSocket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  for (const sandbox of open.splice(0)) await sandbox.stop()
})

export async function visit(options: SandboxOptions = {}): Promise<Visited> {
  const clock = { now: NOON }
  const sandbox = await startSandbox({ now: () => clock.now, ...options })
  open.push(sandbox)
  return { ...sandbox, clock }
}

/** The two tokens of a row of Gamma, from the list that its version says. */
export function tokensOf(market: Row | undefined): [string, string] {
  if (market?.version === 'v2') return market.positionIds as [string, string]
  return JSON.parse(String(market?.clobTokenIds)) as [string, string]
}

let addresses = 0

/** An address nobody asked before, so that no cache answers for the host. */
export function fresh(address: string): string {
  addresses += 1
  return `${address}${address.includes('?') ? '&' : '?'}_=${addresses}`
}

export async function ask(
  address: string,
  init?: RequestInit,
): Promise<{ status: number; body: unknown; text: string }> {
  const response = await fetch(address, init)
  if (response.headers.get('x-simulated') !== 'remora-sandbox') throw new Error('every answer says it is simulated')
  const text = await response.text()
  return { status: response.status, body: JSON.parse(text), text }
}

export async function page(address: string): Promise<Page> {
  const { status, body } = await ask(fresh(address))
  if (status !== 200) throw new Error(`${address} was answered with ${status}`)
  return body as Page
}

export async function rows(address: string): Promise<readonly Row[]> {
  const { status, body } = await ask(fresh(address))
  if (status !== 200) throw new Error(`${address} was answered with ${status}`)
  return body as readonly Row[]
}

/** Every row of a listing, a page at a time, as a client would. */
export async function allPages(address: string): Promise<readonly Row[]> {
  const found: Row[] = []
  let cursor = ''
  for (let pages = 0; pages < 200; pages += 1) {
    const { data, pagination } = await page(`${address}${cursor}`)
    found.push(...data)
    if (pagination.has_more !== true) return found
    cursor = `&cursor=${String(pagination.next_cursor)}`
  }
  throw new Error('a listing ends')
}

export type Line = {
  readonly send: (frame: object | string) => void
  /** Everything heard so far, in order; arrays of frames are taken apart. */
  readonly heard: readonly Row[]
  readonly texts: readonly string[]
  /** Waits until what was heard satisfies this. */
  readonly until: (isEnough: () => boolean) => Promise<void>
}

export async function connect(address: string): Promise<Line> {
  const socket = new WebSocket(address)
  sockets.push(socket)
  const heard: Row[] = []
  const texts: string[] = []
  const waiting = new Set<() => void>()
  socket.on('message', data => {
    const text = String(data)
    texts.push(text)
    if (text.startsWith('{') || text.startsWith('[')) heard.push(...[JSON.parse(text)].flat())
    for (const check of waiting) check()
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return {
    heard,
    texts,
    send: frame => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    until: isEnough =>
      new Promise(resolve => {
        const check = () => {
          if (!isEnough()) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
  }
}

export const ALL_TRADES = { action: 'subscribe', subscriptions: [{ topic: 'activity', type: 'trades' }] }
