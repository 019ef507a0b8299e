import { mix, mixUnit } from './mix.ts'
import { along, clamp, type Path, STEPS } from './path.ts'
import { type Book, type Level, mirrored, rounded, type TokenIndex } from './world.ts'

/**
 * What a book is made from. Prices here are in thousandths of a dollar, sizes in hundredths of a share: whole numbers.
 */
export type Quoting = {
  readonly key: number
  readonly opensAt: number
  readonly closesAt: number
  readonly path: Path
  /** Half the spread, in dollars, in the middle of the range. */
  readonly halfSpread: number
  /** Shares about the best level holds. */
  readonly depth: number
  /** The step from which prices move in tenths of a cent: 0 always has, `STEPS + 1` never does. */
  readonly fineFromStep: number
}

/** The first token's best prices, in thousandths, and the sizes there, in hundredths of a share. */
export type Top = {
  readonly bid: number
  readonly ask: number
  readonly bidSize: number
  readonly askSize: number
  readonly tick: number
}

/** How often a book may change. */
const BOOK_PERIOD_MS = 1000
const LEVELS = 7
const COARSE = 10
const FINE = 1
/** Prices this close to nothing or a dollar are where the venue makes its tick smaller. */
const EDGE = 0.04

/** The step at which the quotes first come near an edge, from which the tick is fine. */
export function fineFrom(path: Path): number {
  const step = path.quoted.findIndex(price => price < EDGE || price > 1 - EDGE)
  return step < 0 ? STEPS + 1 : step
}

/** Number of the book: the same number, the same book. Markets turn over at different moments of the second. */
export function bookVersion(of: Quoting, at: number): number {
  return Math.floor((at + (of.key % BOOK_PERIOD_MS)) / BOOK_PERIOD_MS)
}

/** The quoted middle for the first token, in dollars. */
export function midAt(of: Quoting, at: number): number {
  const time = bookVersion(of, at) * BOOK_PERIOD_MS - (of.key % BOOK_PERIOD_MS)
  const quoted = along(of.path.quoted, progressAt(of, time))
  const flutter = (mixUnit(of.key, 0x51, Math.floor(bookVersion(of, at) / 3)) - 0.5) * 0.012 * 4 * quoted * (1 - quoted)
  return clamp(quoted + flutter, 0.002, 0.998)
}

export function topAt(of: Quoting, at: number): Top {
  const tick = tickAt(of, at)
  const mid = midAt(of, at) * 1000
  const half = of.halfSpread * 1000 * Math.min(1, Math.max(0.15, Math.min(mid, 1000 - mid) / 200))
  let bid = clamp(Math.floor((mid - half) / tick) * tick, tick, 1000 - tick)
  let ask = clamp(Math.ceil((mid + half) / tick) * tick, tick, 1000 - tick)
  if (ask <= bid && mid < 500) ask = bid + tick
  if (ask <= bid) bid = ask - tick
  const version = bookVersion(of, at)
  return { bid, ask, tick, bidSize: sizeAt(of, version, bid, 0, 0), askSize: sizeAt(of, version, ask, 1, 0) }
}

/** The book of either token; the second token's is the first one's, mirrored. */
export function quotedBook(of: Quoting, token: TokenIndex, at: number): Book {
  const top = topAt(of, at)
  const version = bookVersion(of, at)
  const first: Book = {
    tick: top.tick / 1000,
    bids: ladder(of, version, top, 0),
    asks: ladder(of, version, top, 1),
  }
  return token === 0 ? first : mirrored(first)
}

export function tickAt(of: Quoting, at: number): number {
  return progressAt(of, at) * STEPS >= of.fineFromStep ? FINE : COARSE
}

function ladder(of: Quoting, version: number, top: Top, side: 0 | 1): readonly Level[] {
  const levels: Level[] = []
  let price = side === 0 ? top.bid : top.ask
  for (let depth = 0; depth < LEVELS; depth += 1) {
    if (price < top.tick || price > 1000 - top.tick) break
    levels.push([price / 1000, rounded(sizeAt(of, version, price, side, depth) / 100)])
    const gap = top.tick * (top.tick === FINE && depth > 1 ? 3 : 1)
    price += side === 0 ? -gap : gap
  }
  return levels
}

/**
 * Hundredths of a share at one price. Each level keeps its size for a few versions, so that only some change at a
 * time.
 */
function sizeAt(of: Quoting, version: number, price: number, side: 0 | 1, depth: number): number {
  const level = price * 2 + side
  const period = 3 + (mix(of.key, 0xb0, level) % 11)
  const luck = mixUnit(of.key, 0xb1, level, Math.floor((version + level) / period))
  return Math.round(of.depth * 100 * (0.35 + luck * luck * 1.9) * (1 + depth * 0.3))
}

function progressAt(of: Quoting, at: number): number {
  return (at - of.opensAt) / (of.closesAt - of.opensAt)
}
