import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A port on loopback that can be closed and opened again. */
export type Listener = {
  readonly port: () => number
  readonly isOpen: () => boolean
  readonly open: () => Promise<void>
  /** Cuts whoever is connected. */
  readonly close: () => Promise<void>
  /** Closes for so long, or until `admit`. */
  readonly refuse: (forMs?: number) => Promise<void>
  /** Opens again after `refuse`, and does nothing otherwise. */
  readonly admit: () => Promise<void>
}

/** Idle connections are kept as long as the real ones: an early end of them would be a fault that nobody asked for. */
const KEEP_ALIVE_MS = 75_000

/** A listener that is not open yet. `port` 0 takes any that is free and keeps to it; `tell` hears of every opening and closing. */
export function createListener(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  tell: () => void,
): Listener {
  const server = createServer(handle)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  let taken = port
  let isRefusing = false
  let timer: NodeJS.Timeout | undefined

  const open = async () => {
    if (server.listening) return
    server.listen(taken, '127.0.0.1')
    await once(server, 'listening')
    taken = (server.address() as AddressInfo).port
    tell()
  }
  const close = async () => {
    clearTimeout(timer)
    isRefusing = false
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
    tell()
  }
  const admit = async () => {
    if (!isRefusing) return
    clearTimeout(timer)
    isRefusing = false
    await open()
  }
  const refuse = async (forMs?: number) => {
    await close()
    isRefusing = true
    if (forMs !== undefined) timer = setTimeout(() => void admit(), forMs)
  }
  return { port: () => taken, isOpen: () => server.listening, open, close, refuse, admit }
}
