import type { Level } from '../../../core/market/book.ts'
import type { Side } from '../../../core/market/market.ts'
import { NO_SHARES, type Price, type Shares } from '../../../core/units/money.ts'

/** One side of a book that is kept up: every level, changed in place. */
export type MirrorSide = {
  readonly best: () => Price | undefined
  /** The best first, as many as there are. */
  readonly top: (most: number) => readonly Level[]
  readonly levels: () => readonly Level[]
  readonly sizeAt: (price: Price) => Shares
  /** Says what rests at a price now, and gives what rested there before. */
  readonly put: (price: Price, size: Shares) => Shares
  /** Takes these levels, best first, in place of all. */
  readonly replace: (levels: readonly Level[]) => void
}

/** Levels lie worst first, as on the wire: what changes is mostly near the best, so the end of the list is what moves. */
export function mirrorSide(side: Side): MirrorSide {
  let levels: Level[] = []
  const isWorse = (one: Price, other: Price): boolean => (side === 'buy' ? one < other : one > other)

  /** Where the price is, or where it belongs. */
  const indexOf = (price: Price): number => {
    let low = 0
    let high = levels.length
    while (low < high) {
      const middle = (low + high) >> 1
      const level = levels[middle]
      if (level !== undefined && isWorse(level.price, price)) low = middle + 1
      else high = middle
    }
    return low
  }

  const sizeAt = (price: Price): Shares => {
    const level = levels[indexOf(price)]
    return level?.price === price ? level.size : NO_SHARES
  }

  return {
    best: () => levels.at(-1)?.price,
    top: most => levels.slice(-most).reverse(),
    levels: () => levels,
    sizeAt,
    put: (price, size) => {
      const index = indexOf(price)
      const level = levels[index]
      const isThere = level?.price === price
      if (size === NO_SHARES) {
        if (isThere) levels.splice(index, 1)
      } else levels.splice(index, isThere ? 1 : 0, { price, size })
      return isThere ? level.size : NO_SHARES
    },
    replace: next => {
      levels = next.toReversed()
    },
  }
}
