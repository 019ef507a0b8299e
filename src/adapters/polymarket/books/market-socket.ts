import { type RawData, WebSocket } from 'ws'
import { type Instant, instant, type TokenId } from '../../../core/units/ids.ts'
import { type TokenMirror, tokenMirror } from './mirror-token.ts'
import { type MarketFrame, parseMarketMessage } from './wire-market.ts'

/** Why a connection is no more. `slow`: the exchange let it go because we read too slowly. */
export type MarketEnding = {
  readonly kind: 'refused' | 'closed' | 'slow' | 'dead' | 'frozen' | 'over'
  /** One sentence. */
  readonly why: string
}

/** The waits of a connection, in milliseconds. */
export type SessionWaits = {
  readonly openWithinMs: number
  readonly pingEveryMs: number
  /** Without any frame, the answers to our pings included, it is no connection any more. */
  readonly deadAfterMs: number
  /** A token's book comes at once on subscribing; after this long it is asked for again. */
  readonly bookWithinMs: number
  readonly againFirstMs: number
  readonly againMaxMs: number
}

/** What those around a connection hear of it. */
export type SessionHeard = {
  readonly frame: (frame: MarketFrame) => void
  /** A mirror was dropped for what was told. */
  readonly dropped: (token: TokenId, why: string) => void
}

/** One connection to the market channel, and the books as it told them. */
export type MarketSession = {
  readonly mirrors: ReadonlyMap<TokenId, TokenMirror>
  readonly watch: (tokens: readonly TokenId[]) => void
  readonly unwatch: (tokens: readonly TokenId[]) => void
  /** Drops a token's book and has it sent again, later each time. */
  readonly renew: (token: TokenId) => void
  /** Pings, and asks again for books that did not come; to be called every fraction of a second. */
  readonly tick: (now: Instant) => void
  readonly end: (ending: MarketEnding) => void
  readonly ended: () => MarketEnding | undefined
  /** When it opened. */
  readonly openedAt: () => Instant | undefined
  /** The last frame of any kind, a pong included. */
  readonly heardAt: () => Instant | undefined
  /** The last frame that told something of a token that is watched. */
  readonly toldAt: () => Instant | undefined
}

type Watched = { readonly mirror: TokenMirror; tries: number; againAt: Instant }

/** The books of 200 tokens in one message, each of a thousand levels. Anything longer is no message of theirs. */
const MESSAGE_BYTES_MAX = 16_777_216
/** "Try again later": a consumer that does not keep up is let go with it. */
const TOO_SLOW = 1013

/** Opens a connection and keeps the books of these tokens as it tells them. Throws only where the address is none. */
export function openMarketSession(
  url: string,
  waits: SessionWaits,
  clock: { readonly now: () => Instant },
  heard: SessionHeard,
): MarketSession {
  const startedAt = clock.now()
  const watched = new Map<TokenId, Watched>()
  const mirrors = new Map<TokenId, TokenMirror>()
  let ending: MarketEnding | undefined
  let failure: string | undefined
  let openedAt: Instant | undefined
  let heardAt: Instant | undefined
  let toldAt: Instant | undefined
  let pingedAt = startedAt

  const socket = new WebSocket(url, {
    maxPayload: MESSAGE_BYTES_MAX,
    handshakeTimeout: waits.openWithinMs,
    perMessageDeflate: false,
  })
  const send = (message: object | string): void => {
    if (socket.readyState === WebSocket.OPEN)
      socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }
  const later = (ms: number): Instant => instant(clock.now() + ms)

  /** Ends at once, without the closing handshake: a peer that is gone would never answer it. */
  const end = (next: MarketEnding): void => {
    if (ending !== undefined) return
    ending = next
    socket.off('message', onMessage)
    socket.terminate()
  }

  const drop = (one: Watched, againMs: number): void => {
    one.mirror.drop()
    one.againAt = later(againMs)
  }
  const renew = (one: Watched): void =>
    drop(one, Math.min(waits.againMaxMs, waits.againFirstMs * 2 ** Math.min(one.tries, 16)))

  const take = (frame: MarketFrame, now: Instant): void => {
    const token = 'token' in frame ? frame.token : undefined
    const one = token === undefined ? undefined : watched.get(token)
    // What cannot be read at all may have been said of any of the books.
    if (frame.kind === 'garbage' && token === undefined) for (const { mirror } of watched.values()) mirror.doubt(now)
    if (frame.kind === 'resolved') for (const id of frame.tokens) watched.get(id)?.mirror.doubt(now)
    const fault = one?.mirror.hear(frame, now)
    if (one !== undefined && fault !== undefined) {
      // After a changed tick a new book comes by itself.
      if (frame.kind === 'tick') drop(one, waits.bookWithinMs)
      else renew(one)
      heard.dropped(one.mirror.token, fault.fault)
    }
    heard.frame(frame)
  }

  /** What is broadcast to everybody does not show that our subscriptions live. */
  const isOfOurs = (frame: MarketFrame): boolean =>
    'token' in frame && frame.kind !== 'garbage' && watched.has(frame.token)

  const onMessage = (data: RawData): void => {
    heardAt = clock.now()
    const frames = parseMarketMessage(textOf(data))
    if (frames.some(isOfOurs)) toldAt = heardAt
    for (const frame of frames) take(frame, heardAt)
  }

  socket.on('open', () => {
    openedAt = clock.now()
    heardAt = openedAt
    pingedAt = openedAt
    for (const one of watched.values()) one.againAt = later(waits.bookWithinMs)
    send(greeting([...watched.keys()]))
  })
  socket.on('message', onMessage)
  socket.on('error', error => {
    failure = error.message
  })
  socket.on('close', code => {
    const why = `the connection ended: ${failure ?? `closed with code ${code}`}`
    end({ kind: openedAt === undefined ? 'refused' : code === TOO_SLOW ? 'slow' : 'closed', why })
  })

  /** One unsubscription and one subscription for all that are due: a token that is still subscribed is not sent its book. */
  const askAgain = (now: Instant): void => {
    const due: TokenId[] = []
    for (const [token, one] of watched) {
      if (one.mirror.agreedAt() !== undefined) one.tries = 0
      if (one.mirror.hasBook() || now < one.againAt) continue
      one.tries += 1
      one.againAt = later(waits.bookWithinMs)
      due.push(token)
    }
    if (due.length === 0) return
    send({ operation: 'unsubscribe', assets_ids: due })
    send(subscription(due))
  }

  return {
    mirrors,
    watch: tokens => {
      const added = tokens.filter(token => !watched.has(token))
      for (const token of added) {
        const mirror = tokenMirror(token)
        mirrors.set(token, mirror)
        watched.set(token, { mirror, tries: 0, againAt: later(waits.bookWithinMs) })
      }
      if (added.length > 0) send(subscription(added))
    },
    unwatch: tokens => {
      const removed = tokens.filter(token => watched.delete(token))
      for (const token of removed) mirrors.delete(token)
      if (removed.length > 0) send({ operation: 'unsubscribe', assets_ids: removed })
    },
    renew: token => {
      const one = watched.get(token)
      if (one !== undefined) renew(one)
    },
    tick: now => {
      if (ending !== undefined) return
      if (openedAt === undefined) {
        if (now - startedAt >= waits.openWithinMs)
          end({ kind: 'refused', why: `the connection was not open after ${waits.openWithinMs / 1_000} s` })
        return
      }
      if (now - (heardAt ?? openedAt) >= waits.deadAfterMs) {
        end({ kind: 'dead', why: `nothing came for ${waits.deadAfterMs / 1_000} s, not even an answer to a ping` })
        return
      }
      if (now - pingedAt >= waits.pingEveryMs) {
        pingedAt = now
        send('PING')
      }
      askAgain(now)
    },
    end,
    ended: () => ending,
    openedAt: () => openedAt,
    heardAt: () => heardAt,
    toldAt: () => toldAt,
  }
}

function greeting(tokens: readonly TokenId[]): object {
  return { assets_ids: tokens, type: 'market', initial_dump: true, level: 2, custom_feature_enabled: true }
}

function subscription(tokens: readonly TokenId[]): object {
  return { operation: 'subscribe', assets_ids: tokens, initial_dump: true, level: 2, custom_feature_enabled: true }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString()
}
