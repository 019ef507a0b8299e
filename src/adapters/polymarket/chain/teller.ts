import { type Instant, type SignalId, signalIdOf, type TokenId } from '../../../core/units/ids.ts'
import { ZERO } from '../../../core/units/money.ts'
import { Pieces } from '../../../core/whale/pieces.ts'
import type { Departure, WhaleTrade } from '../../../core/whale/trade.ts'
import type { Clock } from '../../../ports/clock.ts'
import { FeedError, type Hear, type Watched } from '../../../ports/feeds.ts'
import type { Note } from '../client.ts'
import type { TokenFacts, TokenIndex } from '../token-index.ts'
import type { BlockTimes } from './blocks.ts'
import type { ChainContracts } from './contracts.ts'
import { howOf, Sales } from './departures.ts'
import { Inclusions } from './inclusions.ts'
import { decodeLog, type Filled, type Part, type Sent } from './logs.ts'
import { type ChainLog, readLog } from './wire.ts'

export type TellerSettings = {
  readonly contracts: ChainContracts
  readonly tokens: TokenIndex
  readonly blocks: BlockTimes
  readonly clock: Clock
  readonly note: Note
  readonly watched: Watched
  readonly hear: Hear
  /** Takes what `hear` threw; the stream ends with it. */
  readonly fail: (error: unknown) => void
  readonly departureHoldMs: number
  readonly tokenRetryMs: readonly number[]
  readonly signal: AbortSignal
}

/** One piece of a trade that waits for its market or its time. */
type Piece = {
  readonly log: ChainLog
  /** From `Inclusions`; what tells it from the other pieces of its trade. */
  readonly name: string
  readonly receivedMs: number
  /** When its log came, for a new block whose time cannot be had. */
  readonly receivedAt: Instant
  readonly token: TokenId
} & ({ readonly filled: Filled } | { readonly sent: Sent; readonly part: Part })

/** Pieces that may wait at once, about 10 MB of them: a catch-up of many wallets at the start. The reconciler tells the rest. */
const WAITING_MAX = 5_000

/**
 * Turns logs into trades and tells them: each once, in the order of their coming for one wallet and token, and larger each time as
 * more pieces of one trade are known. Never throws.
 */
export class ChainTeller {
  readonly #settings: TellerSettings
  readonly #pieces = new Pieces()
  readonly #inclusions = new Inclusions()
  readonly #sales = new Sales()
  /** What waits, by trade: the pieces of one wallet and token are told one after another. */
  readonly #queues = new Map<string, Piece[]>()
  #waiting = 0

  constructor(settings: TellerSettings) {
    this.#settings = settings
  }

  /** Takes what a node said is a log. */
  take(value: unknown, receivedMs: number): void {
    const { contracts, watched, note, clock } = this.#settings
    const log = readLog(value)
    if ('fault' in log) {
      note({ kind: 'chainLogRefused', why: log.fault })
      return
    }
    const said = decodeLog(log, contracts)
    if ('fault' in said) {
      note({ kind: 'chainLogRefused', transaction: log.transaction, why: said.fault })
      return
    }
    if (!watched.has(said.whale)) return
    if (log.isRemoved) {
      this.#inclusions.takeBack(log, clock.now())
      return
    }
    const name = this.#inclusions.take(log)
    if (name === undefined) return
    const arrived = { log, name, receivedMs, receivedAt: clock.now() }
    if (said.kind === 'filled') {
      this.#sales.sold(log.transaction, said)
      this.#tell({ ...arrived, filled: said, token: said.token })
    } else if (said.to === 'exchange') this.#sales.handedOver(log.transaction, said)
    else this.#hold(said, arrived)
  }

  /** Notes what a reorganisation took and did not give back. Asked from time to time. */
  noteLost(): void {
    const { note, clock } = this.#settings
    for (const { transaction, block } of this.#inclusions.lost(clock.now()))
      note({ kind: 'chainTookBack', transaction, block })
  }

  /** Waits for the order that these shares may belong to: a transaction tells the delivery before the order. */
  #hold(sent: Sent, arrived: Pick<Piece, 'log' | 'name' | 'receivedMs' | 'receivedAt'>): void {
    if (!this.#mayWait(arrived.log)) return
    const { clock, departureHoldMs, signal } = this.#settings
    this.#waiting += 1
    this.#inBackground(async () => {
      await clock.sleep(departureHoldMs, signal)
      this.#waiting -= 1
      if (signal.aborted) return
      for (const [index, part] of sent.parts.entries()) {
        if (this.#sales.covers(arrived.log.transaction, sent, part)) continue
        this.#tell({ ...arrived, name: `${arrived.name}/${index}`, sent, part, token: part.token })
      }
    })
  }

  #tell(piece: Piece): void {
    const { tokens, blocks } = this.#settings
    const key = keyOf(piece)
    const queue = this.#queues.get(key)
    const facts = tokens.known(piece.token)
    const at = piece.log.blockTime ?? blocks.known(piece.log.block)
    if (queue === undefined && facts !== undefined && at !== undefined && 'filled' in piece) {
      this.#hear(piece, facts, at)
      return
    }
    if (!this.#mayWait(piece.log)) return
    this.#waiting += 1
    if (queue !== undefined) {
      queue.push(piece)
      return
    }
    const fresh = [piece]
    this.#queues.set(key, fresh)
    this.#inBackground(() => this.#work(key, fresh))
  }

  async #work(key: string, queue: Piece[]): Promise<void> {
    const { note, signal } = this.#settings
    for (let piece = queue[0]; piece !== undefined && !signal.aborted; piece = queue[0]) {
      const [facts, at, how] = await Promise.all([this.#factsOf(piece.token), this.#timeOf(piece), this.#howOf(piece)])
      if (signal.aborted) return
      queue.shift()
      this.#waiting -= 1
      const { transaction } = piece.log
      if (facts === undefined) note({ kind: 'chainTokenUnknown', transaction, token: piece.token })
      else this.#hear(piece, facts, at, how)
      if (queue.length === 0) this.#queues.delete(key)
    }
  }

  #hear(piece: Piece, facts: TokenFacts, happenedAt: Instant, how?: Departure): void {
    const { hear, fail, watched } = this.#settings
    const trade = this.#pieces.add(tradeOf(piece, facts, happenedAt, how), piece.name)
    if (trade === undefined || !watched.has(trade.whale)) return
    try {
      hear(trade, piece.receivedMs)
    } catch (error) {
      fail(error)
    }
  }

  /** The token's market. A new one takes its time to reach Gamma, so that is asked a few times before the trade is let go. */
  async #factsOf(token: TokenId): Promise<TokenFacts | undefined> {
    const { tokens, tokenRetryMs, clock, signal } = this.#settings
    for (const waitMs of [0, ...tokenRetryMs]) {
      if (waitMs > 0) await clock.sleep(waitMs, signal)
      if (signal.aborted) return undefined
      try {
        const facts = await tokens.find(token, signal)
        if (facts !== undefined) return facts
      } catch (error) {
        if (!(error instanceof FeedError)) throw error
      }
    }
    return undefined
  }

  async #timeOf({ log, receivedAt }: Piece): Promise<Instant> {
    const { blocks, note } = this.#settings
    const at = log.blockTime ?? blocks.known(log.block) ?? (await blocks.of(log.block))
    if (at === undefined) note({ kind: 'chainTimeUnknown', transaction: log.transaction, block: log.block })
    return at ?? blocks.reckoned(log.block) ?? receivedAt
  }

  async #howOf(piece: Piece): Promise<Departure | undefined> {
    if (!('sent' in piece)) return undefined
    const { sent } = piece
    const isPair = sent.to !== 'other' && sent.parts.length === 2
    return howOf(sent, isPair ? await Promise.all(sent.parts.map(({ token }) => this.#factsOf(token))) : [])
  }

  #mayWait({ transaction }: ChainLog): boolean {
    if (this.#waiting < WAITING_MAX) return true
    this.#settings.note({ kind: 'chainLogDropped', transaction, why: `${WAITING_MAX} others wait for their markets` })
    return false
  }

  #inBackground(work: () => Promise<void>): void {
    work().catch(this.#settings.fail)
  }
}

function keyOf(piece: Piece): SignalId {
  const { whale } = 'filled' in piece ? piece.filled : piece.sent
  return signalIdOf({ transaction: '', whale, token: piece.token, side: 'sell' })
}

function tradeOf(piece: Piece, facts: TokenFacts, happenedAt: Instant, how: Departure | undefined): WhaleTrade {
  const { whale } = 'filled' in piece ? piece.filled : piece.sent
  const named = { transaction: piece.log.transaction, whale, name: whale, token: piece.token, ...facts }
  const told = { happenedAt, source: 'chain' } as const
  if ('sent' in piece)
    return { ...named, side: 'sell', how: how ?? 'transfer', price: ZERO, size: piece.part.size, ...told }
  const { side, isTaker, price, size } = piece.filled
  return { ...named, side, isTaker, price, size, ...told }
}
