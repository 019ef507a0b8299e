import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** A port of loopback on which requests and connections are taken, and which can go away and come back. */
export type Listener = {
  readonly port: () => number
  /** Listens on the port it had, or on `port`, or on any. Does nothing while it listens. */
  readonly open: (port?: number) => Promise<void>
  /** Ends every connection without a word. Does nothing while it does not listen. */
  readonly close: () => Promise<void>
}

/** A listener that does not listen yet. */
export function listener(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Listener {
  let port = 0
  const server = createServer((request, response) => {
    void handle(request, response)
  })
  server.on('upgrade', accept)
  return {
    port: () => port,
    open: (wanted = port) =>
      new Promise((resolve, reject) => {
        if (server.listening) return resolve()
        server.once('error', reject)
        server.listen(wanted, '127.0.0.1', () => {
          server.off('error', reject)
          port = (server.address() as AddressInfo).port
          resolve()
        })
      }),
    close: () =>
      new Promise(resolve => {
        if (!server.listening) return resolve()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
