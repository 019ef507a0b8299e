import { type Instant, instant } from '../../../core/units/ids.ts'
import type { ChainHead } from './wire.ts'

/** Blocks whose time is kept: a quarter of an hour. */
const KEPT_MAX = 600
/** Blocks that can be asked for at the same time; a catch-up with trades in more of them has the rest reckoned. */
const ASKED_MAX = 64
/** The slowest pace of Polygon's blocks, so that what is reckoned looks too old and never too young to be copied. */
const BLOCK_MS = 2_000

/** Asks a node for a block; `undefined` where it does not answer in time. */
export type AskBlock = (block: number) => Promise<ChainHead | undefined>

/** When each of the last blocks was made, by what the node told of itself and what it is asked. */
export class BlockTimes {
  readonly #known = new Map<number, Instant>()
  readonly #waiting = new Map<number, { readonly answer: Promise<Instant | undefined>; readonly settle: Settle }>()
  #last: ChainHead | undefined
  #ask: AskBlock | undefined

  /** Whom to ask from now on; nobody while there is no connection. */
  askFrom(ask: AskBlock | undefined): void {
    this.#ask = ask
  }

  learn(head: ChainHead): void {
    const { block, at } = head
    if (this.#last === undefined || block > this.#last.block) this.#last = head
    this.#known.set(block, at)
    const [oldest] = this.#known.keys()
    if (this.#known.size > KEPT_MAX && oldest !== undefined) this.#known.delete(oldest)
    this.#waiting.get(block)?.settle(at)
  }

  known(block: number): Instant | undefined {
    return this.#known.get(block)
  }

  /**
   * About when the block was made and rather too early, counted back from the last one that is known. `undefined` for one after that, which has
   * only just been made.
   */
  reckoned(block: number): Instant | undefined {
    const last = this.#last
    if (last === undefined || block > last.block) return undefined
    return instant(Math.max(0, last.at - (last.block - block) * BLOCK_MS))
  }

  /** The block's time as soon as it is told or answered, whichever is first; `undefined` where neither happens in time. */
  of(block: number): Promise<Instant | undefined> {
    const waiting = this.#waiting.get(block)
    if (waiting !== undefined) return waiting.answer
    const known = this.#known.get(block)
    if (known !== undefined || this.#ask === undefined || this.#waiting.size >= ASKED_MAX) return Promise.resolve(known)
    let settle: Settle = () => {}
    const answer = new Promise<Instant | undefined>(resolve => {
      settle = at => {
        this.#waiting.delete(block)
        resolve(at)
      }
    })
    this.#waiting.set(block, { answer, settle })
    this.#ask(block).then(
      head => (head?.block === block ? this.learn(head) : settle(undefined)),
      () => settle(undefined),
    )
    return answer
  }
}

type Settle = (at: Instant | undefined) => void
