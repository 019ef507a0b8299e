import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { recordedWorld } from './recorded-world.ts'
import { restHandler } from './rest.ts'
import { seededWorld } from './seeded-world.ts'
import { openSockets } from './sockets.ts'
import type { World } from './world.ts'

export type SandboxOptions = {
  /** Any text. The same seed is the same world, for ever. */
  readonly seed?: string
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Milliseconds of the world in one of ours. */
  readonly speed?: number
  /** Orders executed by people nobody follows, each second of the world. */
  readonly strangersPerSecond?: number
  /** A recording to play in place of the seeded world: a JSON-lines file, or a folder with one. */
  readonly recording?: string
  readonly now?: () => number
}

export type Sandbox = {
  readonly port: number
  readonly hosts: {
    readonly gamma: string
    readonly data: string
    readonly clob: string
    readonly marketSocket: string
    readonly activitySocket: string
  }
  /** The cast, for those who want to know beforehand. A recording's traders have no known skill, which is told as 0. */
  readonly whales: readonly { readonly address: string; readonly name: string; readonly skill: number }[]
  readonly stop: () => Promise<void>
}

export const SEED_DEFAULT = 'remora'
export const STRANGERS_DEFAULT = 5
/** Only this machine may ask: a stand-in has no business on a network. */
const LOOPBACK = '127.0.0.1'

/**
 * Starts a simulated venue on loopback that speaks the protocols of Polymarket's public side. Takes no orders.
 *
 * It keeps no state: stop it, or lose it, and the next one with the same seed goes on with the same world.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { seed = SEED_DEFAULT, port = 0, speed = 1, strangersPerSecond = STRANGERS_DEFAULT, now = Date.now } = options
  if (!(speed > 0)) throw new RangeError('the speed of a sandbox is above zero')
  const { world, whales } =
    options.recording === undefined
      ? seededCast(seed, speed, strangersPerSecond)
      : recordedCast(await recordedWorld(options.recording, speed, now()))
  const handle = restHandler(world, now)
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy())
  })
  const sockets = openSockets(server, world, now)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => resolve())
  })
  const bound = (server.address() as AddressInfo).port
  return {
    port: bound,
    hosts: hostsAt(bound),
    whales,
    stop: () => {
      sockets.stop()
      return new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

type Cast = { readonly world: World; readonly whales: Sandbox['whales'] }

function seededCast(seed: string, speed: number, strangersPerSecond: number): Cast {
  const world = seededWorld({ seed, speed, strangersPerSecond })
  return { world, whales: world.whales.map(({ address, name, skill }) => ({ address, name, skill })) }
}

function recordedCast(world: World): Cast {
  return { world, whales: world.traders.map(({ address, name }) => ({ address, name, skill: 0 })) }
}

function hostsAt(port: number): Sandbox['hosts'] {
  const at = `${LOOPBACK}:${port}`
  return {
    gamma: `http://${at}/gamma`,
    data: `http://${at}/data`,
    clob: `http://${at}/clob`,
    marketSocket: `ws://${at}/ws/market`,
    activitySocket: `ws://${at}/rtds`,
  }
}
