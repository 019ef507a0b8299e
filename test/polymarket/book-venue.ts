import { setMaxListeners } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { type MirrorOptions, mirroredData } from '../../src/adapters/polymarket/books/mirror.ts'
import { polymarketClient } from '../../src/adapters/polymarket/client.ts'
import { polymarketData } from '../../src/adapters/polymarket/feeds.ts'
import { jumpingClock } from '../../src/adapters/system/clock.ts'
import type { OrderBook } from '../../src/core/market/book.ts'
import { conditionId, instant, type TokenId, tokenId } from '../../src/core/units/ids.ts'
import { decimal } from '../../src/core/units/money.ts'
import { hostsAt, wire } from './stand-in.ts'

export const NOW = instant(1_795_132_900_000)

export function tokenNumber(number: number): TokenId {
  const id = tokenId(`11${String(number).padStart(75, '0')}`)
  if (id === undefined) throw new Error('a number makes a token id')
  return id
}

const condition = conditionId(String(wire('clob-book').market))
if (condition === undefined) throw new Error('the recorded book is of a market')
/** The market of all tokens here, and its first token. */
export const CONDITION = condition
export const TOKEN = tokenNumber(1)

export type VenueSide = 'BUY' | 'SELL'
type VenueBook = { readonly BUY: Map<string, string>; readonly SELL: Map<string, string> }
type Listener = { readonly socket: WebSocket; readonly tokens: Set<string>; readonly said: string[] }

/** Everything of an order book but its time, so that two can be compared. */
export function levelsOf(book: OrderBook | undefined): string {
  const side = (levels: OrderBook['bids']) => levels.map(({ price, size }) => `${decimal(size)}@${decimal(price)}`)
  return book === undefined ? 'none' : `${side(book.bids).join(' ')} | ${side(book.asks).join(' ')}`
}

/**
 * A stand-in for the exchange's books: what it answers by HTTP and tells by socket comes from one truth, and each way can be
 * broken on its own. Its time is the test's.
 */
export async function bookVenue(clock: { readonly now: () => number }) {
  const books = new Map<string, VenueBook>()
  const listeners = new Set<Listener>()
  const asked: { path: string; tokens: string[] }[] = []
  const history: { readonly token: string; readonly at: number; readonly sizes: ReadonlyMap<string, string> }[] = []
  const state = {
    /** Open sockets take subscriptions and pings, and tell nothing. */
    isFrozen: false,
    /** Open sockets do not even answer pings. */
    isDead: false,
    refusesHttp: false,
    refusesSockets: false,
    /** A connection is taken and its request to be a socket never answered. */
    isDeaf: false,
    tick: '0.01',
    connections: 0,
    /** The most connections that were open at one time. */
    mostOpen: 0,
    held: undefined as Promise<void> | undefined,
  }

  const bookOf = (token: string): VenueBook => {
    const book = books.get(token) ?? { BUY: new Map(), SELL: new Map() }
    books.set(token, book)
    return book
  }
  const rows = (levels: Map<string, string>, side: VenueSide) =>
    [...levels]
      .sort(([one], [other]) => (side === 'BUY' ? Number(one) - Number(other) : Number(other) - Number(one)))
      .map(([price, size]) => ({ price, size }))
  const row = (token: string) => ({
    market: CONDITION,
    asset_id: token,
    timestamp: String(clock.now()),
    hash: 'abc',
    bids: rows(bookOf(token).BUY, 'BUY'),
    asks: rows(bookOf(token).SELL, 'SELL'),
    min_order_size: '5',
    tick_size: state.tick,
  })
  const shown = (token: string): string => {
    const told = row(token)
    const side = (levels: typeof told.bids) =>
      levels
        .slice(-20)
        .reverse()
        .map(({ price, size }) => `${size}@${price}`)
    return `${side(told.bids).join(' ')} | ${side(told.asks).join(' ')}`
  }
  const remember = (token: string) =>
    history.push({ token, at: clock.now(), sizes: new Map([...bookOf(token).BUY, ...bookOf(token).SELL]) })

  const tell = (token: string, frame: object | string): void => {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame)
    for (const { socket, tokens } of listeners)
      if (tokens.has(token) && !state.isFrozen && !state.isDead) socket.send(text)
  }
  const bookFrame = (token: string) => ({ ...row(token), event_type: 'book' })

  const heard = (listener: Listener, text: string): void => {
    listener.said.push(text)
    if (state.isDead) return
    if (text === 'PING') {
      listener.socket.send('PONG')
      return
    }
    const said = JSON.parse(text) as { operation?: string; assets_ids: string[] }
    for (const token of said.assets_ids) {
      if (said.operation === 'unsubscribe') listener.tokens.delete(token)
      else listener.tokens.add(token)
    }
    if (said.operation === 'unsubscribe' || state.isFrozen) return
    listener.socket.send(JSON.stringify(said.assets_ids.filter(token => books.has(token)).map(bookFrame)))
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = ''
    for await (const chunk of request) body += chunk
    const url = new URL(request.url ?? '/', 'http://venue')
    const told =
      body === ''
        ? url.searchParams.getAll('token_id')
        : (JSON.parse(body) as { token_id: string }[]).map(one => one.token_id)
    asked.push({ path: url.pathname, tokens: told })
    const known = told.filter(token => books.has(token))
    const found =
      url.pathname === '/markets'
        ? url.searchParams.get('closed') === 'true'
          ? []
          : [wire('gamma-market-open')]
        : url.pathname === '/book'
          ? known.map(row)[0]
          : known.map(row)
    await state.held
    const status = state.refusesHttp ? 400 : found === undefined ? 404 : 200
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ?? { error: 'No orderbook exists for the requested token id' }))
  }

  const server = createServer((request, response) => void answer(request, response))
  const unanswered = new Set<Duplex>()
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, stream, head) => {
    if (state.isDeaf) {
      unanswered.add(stream)
      return
    }
    if (state.refusesSockets) {
      stream.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, stream, head, socket => {
      const listener: Listener = { socket, tokens: new Set(), said: [] }
      state.connections += 1
      listeners.add(listener)
      state.mostOpen = Math.max(state.mostOpen, listeners.size)
      socket.on('error', () => {})
      socket.on('close', () => listeners.delete(listener))
      socket.on('message', data => heard(listener, String(data)))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`

  /** Sets levels of one token and tells of them in one frame, unless the frame is lost. */
  const change = (
    token: string,
    changes: readonly (readonly [VenueSide, string, string])[],
    how: { readonly isLost?: boolean; readonly extra?: object } = {},
  ): void => {
    for (const [side, price, size] of changes) {
      if (size === '0') bookOf(token)[side].delete(price)
      else bookOf(token)[side].set(price, size)
    }
    remember(token)
    if (how.isLost) return
    const told = changes.map(([side, price, size]) => ({ asset_id: token, price, size, side, hash: 'x', ...how.extra }))
    const timestamp = String(clock.now())
    tell(token, { event_type: 'price_change', market: CONDITION, price_changes: told, timestamp })
  }

  /** What rested at each price at any time since an instant; nothing is `0`. */
  const sizesSince = (token: string, since: number): ReadonlyMap<string, ReadonlySet<string>> => {
    const states = history.filter(one => one.token === token)
    const current = states.filter((_one, index) => (states[index + 1]?.at ?? clock.now()) >= since)
    const prices = new Set(states.flatMap(one => [...one.sizes.keys()]))
    return new Map([...prices].map(price => [price, new Set(current.map(one => one.sizes.get(price) ?? '0'))]))
  }

  return {
    sizesSince,
    hosts: hostsAt(`http://${at}`, `ws://${at}/ws/market`),
    state,
    asked,
    listeners,
    shown,
    bookFrame,
    tell,
    change,
    subscribed: () => [...listeners].flatMap(({ tokens }) => [...tokens]),
    list: (
      token: string,
      bids: readonly (readonly [string, string])[],
      asks: readonly (readonly [string, string])[],
    ) => {
      books.set(token, { BUY: new Map(bids), SELL: new Map(asks) })
      remember(token)
    },
    stop: async () => {
      for (const { socket } of listeners) socket.terminate()
      for (const stream of unanswered) stream.destroy()
      await new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

export type Venue = Awaited<ReturnType<typeof bookVenue>>

/** Lets everything that is under way on loopback arrive: both ends live in this process, so it takes turns and not time. */
export async function arrivals(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise<void>(resolve => setImmediate(resolve))
}

/** A mirror on a venue of its own, on a clock that only the test moves. */
export async function mirrorFixture(options: MirrorOptions = {}) {
  const clock = jumpingClock(NOW)
  const venue = await bookVenue(clock)
  const notes: Record<string, unknown>[] = []
  const client = polymarketClient({
    hosts: venue.hosts,
    clock,
    chance: () => 0.5,
    note: happening => notes.push(happening),
  })
  const states: string[] = []
  const rest = polymarketData(client, clock)
  const mirrored = mirroredData(client, clock, rest, {
    chance: () => 0.5,
    report: state => states.push(state.status),
    ...options,
  })
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  const running = mirrored.run(stop.signal)

  /** Moves the time on, a wait at a time, letting everything arrive in between. */
  const pass = async (ms: number): Promise<void> => {
    const end = clock.now() + ms
    while (clock.now() < end) {
      clock.jump()
      await arrivals()
    }
  }
  /** Moves the time on until this holds; fails where it does not within so long of the clock's time. */
  const until = async (isSo: () => boolean, withinMs = 120_000): Promise<void> => {
    const end = clock.now() + withinMs
    while (!isSo()) {
      if (clock.now() >= end) throw new Error(`it came to pass within ${withinMs} ms: ${isSo}`)
      clock.jump()
      await arrivals()
    }
  }
  /** The clock stands still meanwhile, unless the answer itself has to wait for it. */
  const book = (token: TokenId): Promise<OrderBook | undefined> =>
    mirrored.data.book(token, new AbortController().signal)
  /** Asks for the books of these tokens, one after the other, while the time goes on. */
  const books = async (first: number, last: number): Promise<void> => {
    for (let token = first; token <= last; token += 1) {
      let isDone = false
      void book(tokenNumber(token)).then(() => (isDone = true))
      await arrivals()
      await until(() => isDone)
    }
  }
  const trusted = (): number => mirrored.views().reduce((sum, view) => sum + view.trusted, 0)
  /** The book, and whether it was given without a request. */
  const look = async (token: TokenId) => {
    const before = venue.asked.filter(one => one.path === '/book').length
    const given = await book(token)
    const isMirrored = venue.asked.filter(one => one.path === '/book').length === before
    return { book: given, isMirrored, shown: levelsOf(given) }
  }
  return {
    clock,
    venue,
    notes,
    states,
    data: mirrored.data,
    views: mirrored.views,
    pass,
    until,
    book,
    books,
    look,
    trusted,
    stop: async () => {
      stop.abort()
      await running
      await venue.stop()
    },
  }
}

export type MirrorFixture = Awaited<ReturnType<typeof mirrorFixture>>
