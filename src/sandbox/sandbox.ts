import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FaultAt, type FaultSwitch, switchboard } from './faults/faults.ts'
import { recordedWorld } from './recorded/recorded-world.ts'
import { restHandler } from './rest.ts'
import { type SeededWorldOptions, seededWorld } from './seeded-world.ts'
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
  /** How many whales the seeded world has, 1 to 2,000; a recording has its own. */
  readonly whales?: number
  /** A recording to play in place of the seeded world: a JSON-lines file, or a folder with one. */
  readonly recording?: string
  /** What is wrong from the start. Throws a `FaultError` where a fault makes no sense for its source. */
  readonly faults?: readonly FaultAt[]
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
    /** Nodes of the chain; the same address takes HTTP as well. */
    readonly rpc: readonly string[]
  }
  /** The cast, for those who want to know beforehand. A recording's traders have no known skill, which is told as 0. */
  readonly whales: readonly { readonly address: string; readonly name: string; readonly skill: number }[]
  /** What is wrong with what, switched while it runs. The same switches are at `/faults` over HTTP. */
  readonly faults: FaultSwitch
  readonly stop: () => Promise<void>
}

export const SEED_DEFAULT = 'remora'
export const STRANGERS_DEFAULT = 5
export const WHALES_DEFAULT = 16
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
      ? seededCast({ seed, speed, strangersPerSecond, whales: options.whales ?? WHALES_DEFAULT })
      : recordedCast(await recordedWorld(options.recording, speed, now()))
  const board = switchboard(seed)
  for (const { source, fault } of options.faults ?? []) board.set(source, fault, true)
  const handle = restHandler(world, board, now)
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy())
  })
  const sockets = openSockets(server, world, board, now)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => resolve())
  })
  const bound = (server.address() as AddressInfo).port
  return {
    port: bound,
    hosts: hostsAt(bound),
    whales,
    faults: { set: board.set, on: board.on, clear: board.clear },
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

function seededCast(options: SeededWorldOptions): Cast {
  const world = seededWorld(options)
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
    rpc: [`ws://${at}/rpc`],
  }
}
