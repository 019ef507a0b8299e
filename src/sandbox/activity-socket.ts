import { executionsEverywhere } from './executions.ts'
import type { Switchboard } from './faults/faults.ts'
import { faultyRows } from './faults/rows.ts'
import type { Feed } from './sockets.ts'
import type { Execution, World } from './world.ts'

/** Silence from a subscriber after which the venue quietly stops telling it anything, with the socket left open. */
const SILENCE_MS = 360_000

/**
 * The real-time data socket: every executed order on the platform, whoever's it is. It has no filter by wallet, no
 * replay, and drops what it does not understand without a word.
 */
export function activityFeed(world: World, board: Switchboard): Feed {
  const others = faultyRows(world, board)
  /** Asked once a tick, however many listen. */
  let latest: { readonly to: number; readonly rows: readonly Execution[] } = { to: -1, rows: [] }
  const rowsUntil = (from: number, to: number): readonly Execution[] => {
    if (latest.to === to) return latest.rows
    const rows = executionsEverywhere(world, from, to)
    latest = { to, rows: board.isTroubled('activity') ? [...rows, ...others(from, to)] : rows }
    return latest.rows
  }
  let connections = 0

  return {
    connected: client => {
      connections += 1
      const id = `sandbox-${connections}=`
      const types = new Set<string>()
      client.send('')
      return {
        heard: frame => {
          const isOn = frame.action === 'subscribe'
          if (!isOn && frame.action !== 'unsubscribe') return
          for (const type of activityTypes(frame.subscriptions)) {
            if (isOn) types.add(type)
            else types.delete(type)
          }
        },
        ticked: (from, to, quietForMs) => {
          if (types.size === 0 || quietForMs > SILENCE_MS) return
          const stamp = Math.floor(world.clock.wallTime(to))
          for (const row of rowsUntil(from, to)) {
            const payload = payloadOf(world, row)
            const tell = (type: string) =>
              client.send(JSON.stringify({ topic: 'activity', type, timestamp: stamp, connection_id: id, payload }))
            if (types.has('trades')) tell('trades')
            if (types.has('orders_matched') && row.isTaker) tell('orders_matched')
          }
        },
      }
    },
  }
}

/** The envelope has milliseconds and the payload seconds; both are called `timestamp`. */
function payloadOf(world: World, row: Execution): object {
  const { market, trader } = row
  return {
    asset: market.tokens[row.token],
    conditionId: market.conditionId,
    eventSlug: market.slug,
    slug: market.slug,
    title: market.title,
    outcome: market.outcomes[row.token],
    outcomeIndex: row.token,
    side: row.side,
    size: row.size,
    price: row.price,
    timestamp: Math.floor(world.clock.wallTime(row.at) / 1000),
    transactionHash: row.transaction,
    proxyWallet: trader.address,
    name: trader.name,
    pseudonym: trader.pseudonym,
    bio: '',
    icon: '',
    profileImage: '',
  }
}

const TYPES = ['trades', 'orders_matched']

/** `filters` is accepted and has no effect: that is what was seen at the venue. */
function activityTypes(subscriptions: unknown): readonly string[] {
  if (!Array.isArray(subscriptions)) return []
  return subscriptions.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('topic' in item) || item.topic !== 'activity') return []
    const type = 'type' in item ? item.type : undefined
    return type === '*' ? TYPES : TYPES.filter(known => known === type)
  })
}
