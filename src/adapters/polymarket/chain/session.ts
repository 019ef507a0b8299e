import type { WhaleAddress } from '../../../core/units/ids.ts'
import type { Clock } from '../../../ports/clock.ts'
import { FeedError, type Watched } from '../../../ports/feeds.ts'
import type { Note } from '../client.ts'
import type { BlockTimes } from './blocks.ts'
import { logsOver, type Range } from './catch-up.ts'
import { type ChainContracts, POLYGON_CHAIN_ID } from './contracts.ts'
import { filterOf, type LogFilter } from './logs.ts'
import type { ChainNode } from './node.ts'
import type { ChainTeller } from './teller.ts'
import { type ChainHead, readHead, readQuantity } from './wire.ts'

/** How one connection ended. `silent` was open and of no use; `refused` was never of use. */
export type Ending = { readonly kind: 'aborted' | 'silent' | 'closed' | 'refused'; readonly why: string }

/** The last block whose logs were told for certain; kept from one connection to the next. */
export type Cursor = { block: number | undefined }

export type SessionTimings = {
  readonly heartbeatMs: number
  readonly heartbeatWithinMs: number
  readonly silentAfterMs: number
  readonly behindAfterMs: number
  readonly blockWithinMs: number
  readonly changesWithinMs: number
  readonly pollMs: number
}

export type SessionSettings = {
  readonly node: ChainNode
  readonly contracts: ChainContracts
  readonly watched: Watched
  readonly teller: ChainTeller
  readonly blocks: BlockTimes
  readonly cursor: Cursor
  readonly clock: Clock
  readonly note: Note
  readonly timings: SessionTimings
  /** It tells everything from now on. */
  readonly onLive: () => void
}

/** What the two ways of following a node share. */
export type Session = SessionSettings & {
  readonly signal: AbortSignal
  /** Takes a head, told or asked for; gives it where it is one that shows that the node is with the chain. */
  readonly see: (head: unknown) => ChainHead | undefined
}

/** geth takes at most 1,000 alternatives at one place of a filter (`maxSubTopics`), and half of that makes frames of 35 KB. */
const WALLETS_PER_FILTER = 500
/** Forty subscriptions on one connection. Public nodes allow 100 and more; beyond this the reconciler tells. */
const WALLETS_MAX = 20_000
/** A minute of blocks of 1.5 s: what is older at the first connection the reconciler has asked for at the start. */
const FIRST_BLOCKS = 40
/** A reorganisation of Polygon is seldom deeper, and a node that is one of several may be this far behind the others. */
const OVERLAP_BLOCKS = 5
/** Fifty minutes. What is missed for longer is found sooner by asking for each wallet's trades. */
const CATCH_UP_BLOCKS = 2_000

/**
 * Follows one node until it is of no use any more, for whatever reason, and closes it.
 *
 * ```
 * asked for its chain ─▶ subscribed ─▶ caught up ─▶ a head seen: live ─▶ silent, closed, refused or aborted
 * ```
 */
export async function follow(
  settings: SessionSettings,
  work: (session: Session) => Promise<never>,
  signal: AbortSignal,
): Promise<Ending> {
  const { node, timings, blocks } = settings
  const stop = new AbortController()
  let abort = () => {}
  const aborted = new Promise<Ending>(resolve => {
    abort = () => resolve({ kind: 'aborted', why: 'it was called off' })
  })
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  const silence = silenceOf(timings.silentAfterMs)
  const see = (value: unknown) => seen(settings, value, silence)
  blocks.askFrom(block => askBlock(node, block, timings.blockWithinMs))
  try {
    const working = checkChain(node).then(() => work({ ...settings, signal: stop.signal, see }))
    const closed = node.ended.then((why): Ending => ({ kind: 'closed', why }))
    return await Promise.race([aborted, closed, silence.ending, working.catch(endingOf)])
  } finally {
    signal.removeEventListener('abort', abort)
    silence.stop()
    stop.abort()
    blocks.askFrom(undefined)
    node.close()
  }
}

/** The wallets in groups that one filter takes. */
export function filtersOf({ contracts, note }: Session, wallets: readonly WhaleAddress[]): readonly LogFilter[] {
  const filters: LogFilter[] = []
  if (wallets.length > WALLETS_MAX) note({ kind: 'chainWalletsLeftOut', wallets: wallets.length - WALLETS_MAX })
  const most = Math.min(wallets.length, WALLETS_MAX)
  for (let start = 0; start < most; start += WALLETS_PER_FILTER)
    filters.push(filterOf(contracts, wallets.slice(start, Math.min(most, start + WALLETS_PER_FILTER))))
  return filters
}

/** The blocks whose logs may have been missed, up to this one. Notes what is too far back to be asked for here. */
export function missed({ cursor, note }: Session, head: number): Range {
  if (cursor.block === undefined) return { from: Math.max(0, head - FIRST_BLOCKS), to: head }
  const from = Math.max(0, Math.min(cursor.block, head) + 1 - OVERLAP_BLOCKS)
  const oldest = Math.max(0, head + 1 - CATCH_UP_BLOCKS)
  if (from < oldest) note({ kind: 'chainGap', from, to: oldest - 1 })
  return { from: Math.max(from, oldest), to: head }
}

/** The blocks since wallets were newly watched: what they did while the subscription was being made. */
export function sinceChange(block: number, head: number): Range {
  const from = Math.min(block, head) + 1 - OVERLAP_BLOCKS
  return { from: Math.max(0, from, head + 1 - CATCH_UP_BLOCKS), to: head }
}

/** Tells every log of these wallets in these blocks. What was told before is dropped by the teller. */
export async function catchUp(session: Session, filters: readonly LogFilter[], range: Range): Promise<void> {
  const { node, teller } = session
  for (const filter of filters) await logsOver(node, filter, range, log => teller.take(log, performance.now()))
}

/** Moves the cursor on, never back: a node may tell a lower head than another did. */
export function reach(cursor: Cursor, block: number): void {
  cursor.block = Math.max(cursor.block ?? 0, block)
}

async function checkChain(node: ChainNode): Promise<void> {
  const chain = readQuantity(await node.ask('eth_chainId', []))
  if (chain === POLYGON_CHAIN_ID) return
  const which = typeof chain === 'number' ? `is on chain ${chain}` : 'does not say on which chain it is'
  throw new FeedError(
    'chain',
    `${node.name} ${which}, but Polymarket is on Polygon (${POLYGON_CHAIN_ID}): give a node of it`,
  )
}

type Silence = {
  readonly ending: Promise<Ending>
  readonly broken: () => void
  readonly stop: () => void
  late: string | undefined
}

/** Ends when no head was seen for so long. */
function silenceOf(afterMs: number): Silence {
  let end = (_ending: Ending) => {}
  const ending = new Promise<Ending>(resolve => {
    end = resolve
  })
  const silence: Silence = {
    ending,
    late: undefined,
    broken: () => timer.refresh(),
    stop: () => clearTimeout(timer),
  }
  const timer = setTimeout(
    () => end({ kind: 'silent', why: silence.late ?? `no block was told for ${afterMs / 1_000} s` }),
    afterMs,
  )
  return silence
}

/** A node that is still reading old blocks tells heads all the time and nothing that could be copied, so they do not count. */
function seen(settings: SessionSettings, value: unknown, silence: Silence): ChainHead | undefined {
  const { blocks, note, clock, timings, teller, node } = settings
  const head = readHead(value)
  if ('fault' in head) {
    note({ kind: 'chainHeadRefused', why: head.fault })
    return undefined
  }
  blocks.learn(head)
  teller.noteLost()
  const behindMs = clock.now() - head.at
  if (behindMs > timings.behindAfterMs) {
    silence.late = `${node.name} is ${Math.round(behindMs / 1_000)} s behind the chain`
    return undefined
  }
  silence.late = undefined
  silence.broken()
  return head
}

async function askBlock(node: ChainNode, block: number, withinMs: number): Promise<ChainHead | undefined> {
  const head = readHead(await node.ask('eth_getBlockByNumber', [`0x${block.toString(16)}`, false], withinMs))
  return 'fault' in head ? undefined : head
}

/** A question that was not answered ends the connection; anything else is a mistake of ours. */
function endingOf(error: unknown): Ending {
  if (error instanceof FeedError) return { kind: 'refused', why: error.message }
  throw error
}
