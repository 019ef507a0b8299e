import type { WhaleAddress } from '../../../core/units/ids.ts'
import { FeedError } from '../../../ports/feeds.ts'
import type { LogFilter } from './logs.ts'
import type { Subscribe } from './node.ts'
import { catchUp, filtersOf, missed, reach, type Session, sinceChange } from './session.ts'
import { readHead, readQuantity } from './wire.ts'

type Unsubscribe = () => Promise<void>
type Held = { readonly log: unknown; readonly receivedMs: number }

/** Logs that are kept back during a catch-up; far more than come in the seconds that it takes. */
const HELD_MAX = 10_000

/** Follows a node that tells logs by itself. Ends only by throwing. */
export async function followTold(session: Session, subscribe: Subscribe): Promise<never> {
  const { watched, teller, cursor, onLive } = session
  /** What is told during the catch-up is younger than what it finds, and waits so that the order stays. */
  const held: Held[] = []
  let isCaughtUp = false
  let last: number | undefined
  const take = (log: unknown, receivedMs: number) => {
    if (!isCaughtUp && held.length < HELD_MAX) held.push({ log, receivedMs })
    else teller.take(log, receivedMs)
  }
  const changes = changesOf(session, () => last)
  await subscribe(['newHeads'], told => {
    const head = session.see(told)
    if (head === undefined) return
    last = head.block
    if (!isCaughtUp) return
    reach(cursor, head.block)
    onLive()
  })

  const wallets = watched.all()
  const filters = filtersOf(session, wallets)
  const subscribed = await subscribeAll(subscribe, filters, take)
  const head = await askLatest(session)
  await catchUp(session, filters, missed(session, head))
  isCaughtUp = true
  for (const { log, receivedMs } of held.splice(0)) teller.take(log, receivedMs)
  reach(cursor, head)
  if (last !== undefined) onLive()
  return stay(session, changes, { wallets, subscribed }, filters => subscribeAll(subscribe, filters, take))
}

type Subscribed = { readonly wallets: readonly WhaleAddress[]; readonly subscribed: readonly Unsubscribe[] }

/** Asks for a sign of life from time to time, and subscribes anew when the wallets change: the old ones end after the new ones began. */
async function stay(
  session: Session,
  changes: Changes,
  first: Subscribed,
  subscribeTo: (filters: readonly LogFilter[]) => Promise<readonly Unsubscribe[]>,
): Promise<never> {
  const { watched, timings, clock, signal } = session
  let { wallets, subscribed } = first
  for (;;) {
    await Promise.race([changes.next(), clock.sleep(timings.heartbeatMs, signal)])
    if (signal.aborted) throw new FeedError('chain', 'it was called off')
    const head = await askHead(session)
    if (!changes.isThere()) continue
    await clock.sleep(timings.changesWithinMs, signal)
    const since = changes.take() ?? head
    const before = { wallets: new Set(wallets), subscribed }
    wallets = watched.all()
    subscribed = await subscribeTo(filtersOf(session, wallets))
    const added = wallets.filter(wallet => !before.wallets.has(wallet))
    if (added.length > 0) await catchUp(session, filtersOf(session, added), sinceChange(since, await askHead(session)))
    for (const unsubscribe of before.subscribed) await unsubscribe()
  }
}

async function subscribeAll(
  subscribe: Subscribe,
  filters: readonly LogFilter[],
  take: (log: unknown, receivedMs: number) => void,
): Promise<readonly Unsubscribe[]> {
  const made: Unsubscribe[] = []
  for (const filter of filters) made.push(await subscribe(['logs', filter], take))
  return made
}

/** Asks a node that tells nothing by itself, again and again. Ends only by throwing. */
export async function followAsked(session: Session): Promise<never> {
  const { node, cursor, clock, timings, watched, signal, onLive } = session
  let told: number | undefined
  for (;;) {
    if (signal.aborted) throw new FeedError('chain', 'it was called off')
    const head = session.see(await node.ask('eth_getBlockByNumber', ['latest', false], timings.heartbeatWithinMs))
    if (head !== undefined && head.block !== told) {
      await catchUp(session, filtersOf(session, watched.all()), missed(session, head.block))
      reach(cursor, head.block)
      told = head.block
      onLive()
    }
    await clock.sleep(timings.pollMs, signal)
  }
}

/** The last block with its time, from which those of the blocks before it can be reckoned. */
async function askLatest({ node, timings, blocks }: Session): Promise<number> {
  const head = readHead(await node.ask('eth_getBlockByNumber', ['latest', false], timings.heartbeatWithinMs))
  if ('fault' in head) throw new FeedError('chain', `${node.name} does not say which block is the last: ${head.fault}`)
  blocks.learn(head)
  return head.block
}

async function askHead({ node, timings }: Session): Promise<number> {
  const head = readQuantity(await node.ask('eth_blockNumber', [], timings.heartbeatWithinMs))
  if (typeof head !== 'number') throw new FeedError('chain', `${node.name} does not say which block is the last`)
  return head
}

type Changes = {
  readonly isThere: () => boolean
  /** The block that was the last at the first change, where one was known. */
  readonly take: () => number | undefined
  readonly next: () => Promise<void>
}

/** Whether the wallets changed since it was last taken, since which block, and a wait for it. */
function changesOf({ watched, signal }: Session, lastBlock: () => number | undefined): Changes {
  let isThere = false
  let since: number | undefined
  let wake = () => {}
  watched.onChange(() => {
    if (!isThere) since = lastBlock()
    isThere = true
    wake()
  }, signal)
  return {
    isThere: () => isThere,
    take: () => {
      isThere = false
      return since
    },
    next: () =>
      new Promise<void>(resolve => {
        wake = resolve
        if (isThere) resolve()
      }),
  }
}
