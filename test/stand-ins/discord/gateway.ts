import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { note } from './bounded.ts'
import type { FaultBoard } from './faults.ts'
import { bodyOf, numberOf, textOf } from './json.ts'
import { type Dispatch, dispatchTo, type Session, since } from './session.ts'
import { arrivedGuildShape, userShape } from './shapes.ts'
import { INTENTS, type World } from './world.ts'

/** The operations of the gateway. Source: Discord's reference, "Gateway opcodes". */
const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voice: 4,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  acknowledged: 11,
} as const
/** The codes with which it closes. Source: the same, "Gateway close event codes". */
const CLOSE = {
  unknownOperation: 4_001,
  undecodable: 4_002,
  notIdentified: 4_003,
  badToken: 4_004,
  again: 4_005,
  badSequence: 4_007,
}
/** A client that closes with one of these gives its session up. */
const GIVING_UP: readonly number[] = [1_000, 1_001]

export type Connection = { readonly socket: WebSocket; session?: Session; isMute: boolean }

/** What went on at the gateway, for a test to look at. */
export type GatewayView = {
  /** Sockets that are open. */
  readonly connections: () => number
  readonly sessions: () => readonly Session[]
  readonly identifies: () => number
  readonly resumes: () => number
  readonly heartbeats: () => number
  /** The codes with which connections ended, oldest first; 1006 is an end without a word. */
  readonly closures: readonly number[]
  /** Asks every client to come again (op 7). */
  readonly reconnect: () => void
  /** Tells every client that its session is invalid (op 9). */
  readonly invalidate: (options?: { readonly isResumable?: boolean }) => void
}

/** The same, with what the stand-in does. */
export type Gateway = GatewayView & {
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  readonly dispatch: World['dispatch']
  readonly forgetSessions: () => void
  readonly cut: () => void
}

/** What the gateway needs beside the world. */
export type GatewayParts = {
  readonly world: World
  readonly faults: FaultBoard
  readonly heartbeatMs: number
  /** Where clients are to come back. */
  readonly url: () => string
}

/** The gateway: sessions that outlive their connections, and remember what was told meanwhile. */
export function gateway({ world, faults, heartbeatMs, url }: GatewayParts): Gateway {
  const server = new WebSocketServer({ noServer: true })
  const open = new Set<Connection>()
  const sessions = new Map<string, Session>()
  const closures: number[] = []
  const counts = { identifies: 0, resumes: 0, heartbeats: 0 }

  const send = (connection: Connection, op: number, d: unknown, more: object = {}) => {
    if (connection.isMute || connection.socket.readyState !== connection.socket.OPEN) return
    connection.socket.send(JSON.stringify({ op, d, s: null, t: null, ...more }))
  }
  const forward = (connection: Connection, { s, t, d }: Dispatch) => send(connection, OP.dispatch, d, { s, t })
  const connectionOf = (session: Session) => [...open].find(one => one.session === session)
  const tell = (session: Session, type: string, data: object) => {
    const dispatch = dispatchTo(session, type, data)
    const connection = connectionOf(session)
    if (connection !== undefined) forward(connection, dispatch)
  }

  const identify = (connection: Connection, data: unknown) => {
    const { token, intents } = bodyOf(data)
    if (connection.session !== undefined) return connection.socket.close(CLOSE.again, 'Already authenticated.')
    if (token !== world.token || faults.isRevoked()) return refuseToken(connection)
    const session: Session = { id: world.snowflake(), intents: numberOf(intents), sequence: 0, told: [] }
    sessions.set(session.id, session)
    connection.session = session
    counts.identifies += 1
    const { id } = world.bot
    tell(session, 'READY', {
      v: 10,
      user: { ...userShape(world.bot), verified: true, mfa_enabled: false, email: null },
      guilds: [{ id: world.guild, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: url(),
      shard: [0, 1],
      application: { id, flags: 0 },
    })
    if ((session.intents & INTENTS.guilds) !== 0) tell(session, 'GUILD_CREATE', arrivedGuildShape(world))
    strike(connection)
  }
  const resume = (connection: Connection, data: unknown) => {
    const { token, session_id, seq } = bodyOf(data)
    if (token !== world.token || faults.isRevoked()) return refuseToken(connection)
    const session = sessions.get(textOf(session_id))
    const missed = session === undefined ? undefined : since(session, numberOf(seq))
    if (session === undefined || missed === 'forgotten') return send(connection, OP.invalidSession, false)
    if (missed === undefined || missed === 'ahead') return connection.socket.close(CLOSE.badSequence, 'Invalid seq.')
    const before = connectionOf(session)
    if (before !== connection) before?.socket.terminate()
    connection.session = session
    counts.resumes += 1
    for (const dispatch of missed) forward(connection, dispatch)
    tell(session, 'RESUMED', {})
    strike(connection)
  }
  const refuseToken = ({ socket }: Connection) => socket.close(CLOSE.badToken, 'Authentication failed.')
  /** Lets the faults strike that last, on a connection that has become ready. */
  const strike = (connection: Connection) => {
    if (faults.forConnection('zombie') !== undefined) connection.isMute = true
    const drop = faults.forConnection('drop')
    if (drop !== undefined) end(connection, drop.code)
  }
  const end = ({ socket }: Connection, code: number | undefined) => {
    if (code === undefined) socket.terminate()
    else socket.close(code)
  }

  const take = (connection: Connection, text: string) => {
    const { op, d } = parsed(text)
    switch (op) {
      case undefined:
        return connection.socket.close(CLOSE.undecodable, 'Error while decoding payload.')
      case OP.heartbeat:
        counts.heartbeats += 1
        return send(connection, OP.acknowledged, null)
      case OP.identify:
        return identify(connection, d)
      case OP.resume:
        return resume(connection, d)
      case OP.presence:
      case OP.voice:
        return connection.session ?? connection.socket.close(CLOSE.notIdentified, 'Not authenticated.')
      default:
        return connection.socket.close(CLOSE.unknownOperation, 'Unknown opcode.')
    }
  }
  const welcome = (socket: WebSocket) => {
    const connection: Connection = { socket, isMute: false }
    open.add(connection)
    socket.on('error', () => socket.terminate())
    socket.on('message', data => {
      take(connection, String(data))
      world.changed()
    })
    socket.on('close', code => {
      open.delete(connection)
      note(closures, code)
      if (GIVING_UP.includes(code) && connection.session !== undefined) sessions.delete(connection.session.id)
      world.changed()
    })
    send(connection, OP.hello, { heartbeat_interval: heartbeatMs })
    world.changed()
  }
  faults.onSet(({ kind }) => {
    for (const connection of [...open]) {
      if (connection.session === undefined) continue
      if (kind === 'zombie' && faults.forConnection(kind) !== undefined) connection.isMute = true
      if (kind === 'drop') {
        const drop = faults.forConnection(kind)
        if (drop !== undefined) end(connection, drop.code)
      }
      if (kind === 'revoked' && faults.isRevoked()) refuseToken(connection)
    }
  })

  return {
    connections: () => open.size,
    sessions: () => [...sessions.values()],
    identifies: () => counts.identifies,
    resumes: () => counts.resumes,
    heartbeats: () => counts.heartbeats,
    closures,
    accept: (request, socket, head) => {
      const refusal = faults.forConnection('refuse')
      if (refusal === undefined) return server.handleUpgrade(request, socket, head, welcome)
      if (refusal.status === undefined) socket.destroy()
      else socket.end(`HTTP/1.1 ${refusal.status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    },
    dispatch: (type, data, intents = 0) => {
      for (const session of sessions.values())
        if (intents === 0 || (session.intents & intents) !== 0) tell(session, type, data)
      world.changed()
    },
    reconnect: () => {
      for (const connection of open) send(connection, OP.reconnect, null)
    },
    invalidate: ({ isResumable = false } = {}) => {
      for (const connection of open) {
        if (!isResumable && connection.session !== undefined) sessions.delete(connection.session.id)
        send(connection, OP.invalidSession, isResumable)
      }
    },
    forgetSessions: () => sessions.clear(),
    cut: () => {
      for (const { socket } of open) socket.terminate()
    },
  }
}

function parsed(text: string): { readonly op?: number; readonly d?: unknown } {
  try {
    const { op, d } = bodyOf(JSON.parse(text))
    return typeof op === 'number' ? { op, d } : {}
  } catch {
    return {}
  }
}
