import type { Seeded } from '../core/units/seeded.ts'
import { along } from './path.ts'
import { midAt, type Quoting, topAt } from './quotes.ts'
import type { Whale } from './whales.ts'
import type { Side, TokenIndex } from './world.ts'

/** One order of a whale, filled. Price in thousandths of a dollar, size in hundredths of a share. */
export type WhaleOrder = {
  readonly kind: 'order'
  readonly at: number
  readonly token: TokenIndex
  readonly side: Side
  readonly price: number
  readonly size: number
  readonly isTaker: boolean
}

/** Shares that leave without an order, in hundredths: pairs of both tokens merged, or one token sent away. */
export type WhaleMerge = { readonly kind: 'merge'; readonly at: number; readonly size: number }
export type WhaleTransfer = {
  readonly kind: 'transfer'
  readonly at: number
  readonly token: TokenIndex
  readonly size: number
}

/** One thing a whale does. */
export type Act = WhaleOrder | WhaleMerge | WhaleTransfer

/** What a whale thinks one token is worth, and the best prices for it: thousandths of a dollar. */
type View = {
  readonly worth: number
  readonly bid: number
  readonly ask: number
  readonly room: number
  readonly bidRoom: number
}

type Wish = { readonly token: TokenIndex; readonly side: Side; readonly size: number; readonly isTaker: boolean }

/** One token at a time; the other is held only between buying it and merging both. */
type Held = { readonly token: TokenIndex; readonly size: number }

/** Nobody trades in the first moments or the last: the feed and the close should not race. */
const QUIET_START_MS = 2000
const QUIET_END_MS = 1500
/** At most this share of the best level, so that an order fills at one price. */
const LEVEL_SHARE = 0.9
/** Thousandths of a dollar of gain a share, after the fee, for which a whale with an opinion moves. */
const EDGE_WANTED = 8
/** How hazy the picture of a whale without skill is, in thousandths. */
const HAZE = 45

/** A merge follows the last purchase it needs by this much, and up to as much again. */
const MERGE_AFTER_MS = 2000

/** All a whale does in one market, in order of time. Nothing leaves that it has not bought. */
export function conduct(whale: Whale, of: Quoting, feeRate: number, looks: number, chance: Seeded): readonly Act[] {
  const acts: Act[] = []
  const first = of.opensAt + QUIET_START_MS
  const last = of.closesAt - QUIET_END_MS
  const times = Array.from({ length: looks }, () => Math.floor(chance.between(first, last))).sort((a, b) => a - b)
  let held: Held = { token: 0, size: 0 }
  let busyUntil = first
  for (const time of times) {
    if (time <= busyUntil) continue
    const wish = wishAt(whale, of, feeRate, held, time, chance)
    if (wish === undefined) continue
    for (const act of actsFor(whale, of, wish, time, last, chance)) {
      acts.push(act)
      busyUntil = act.at
      held = heldAfter(held, act)
    }
  }
  return acts
}

function heldAfter(held: Held, act: Act): Held {
  if (act.kind !== 'order') return { ...held, size: held.size - act.size }
  // What is bought of the other token while one is held is for a merge, which ends with as little of it as before.
  if (held.size > 0 && act.token !== held.token) return held
  return { token: act.token, size: act.side === 'BUY' ? held.size + act.size : held.size - act.size }
}

/** A wish as what is done about it. Only a whale with such a habit draws how it leaves, so that others stay as they are. */
function actsFor(whale: Whale, of: Quoting, wish: Wish, at: number, last: number, chance: Seeded): readonly Act[] {
  const hasHabit = whale.mergeShare + whale.transferShare > 0
  const mood = wish.side === 'SELL' && hasHabit ? chance.next() : 1
  if (mood < whale.mergeShare) return mergeOf(whale, of, wish, at, last, chance)
  if (mood < whale.mergeShare + whale.transferShare) {
    return [{ kind: 'transfer', at, token: wish.token, size: wish.size }]
  }
  return slicesOf(whale, of, wish, at, last, chance)
}

/** Buys as much of the other token as it can get of what it wants to be rid of, then merges the pairs. */
function mergeOf(whale: Whale, of: Quoting, wish: Wish, at: number, last: number, chance: Seeded): readonly Act[] {
  const other: Wish = { token: wish.token === 0 ? 1 : 0, side: 'BUY', size: wish.size, isTaker: true }
  const bought = slicesOf(whale, of, other, at, last, chance)
  const end = bought.at(-1)
  if (end === undefined) return []
  const size = bought.reduce((sum, order) => sum + order.size, 0)
  return [...bought, { kind: 'merge', at: end.at + MERGE_AFTER_MS + chance.whole(MERGE_AFTER_MS), size }]
}

function wishAt(whale: Whale, of: Quoting, feeRate: number, held: Held, at: number, chance: Seeded): Wish | undefined {
  const views = viewsAt(whale, of, at, chance)
  const isTaker = !chance.chance(whale.makerShare)
  const mood = chance.next()
  if (held.size > 0) {
    const view = views[held.token]
    const isDone = view.worth < view.bid - EDGE_WANTED || mood < whale.restlessness
    if (isDone) {
      const part = chance.chance(0.3) && held.size > 1000 ? Math.floor(held.size / 2) : held.size
      return { token: held.token, side: 'SELL', size: part, isTaker }
    }
    if (mood > 0.55) return undefined
  }
  const choices: readonly TokenIndex[] = held.size > 0 ? [held.token] : [0, 1]
  const token = choices.reduce((best, other) =>
    gain(views[other], feeRate) > gain(views[best], feeRate) ? other : best,
  )
  const view = views[token]
  if (whale.extremesOnly && view.ask > 60 && view.ask < 940) return undefined
  // Skill is also patience: those who see little take what is before them.
  const wanted = EDGE_WANTED * (Math.abs(whale.skill) * 3 - 1)
  if (!whale.extremesOnly && gain(view, feeRate) < wanted) return undefined
  const dollars = whale.stake * chance.between(0.4, 1.6)
  return { token, side: 'BUY', size: Math.floor((dollars * 100_000) / view.ask), isTaker }
}

function viewsAt(whale: Whale, of: Quoting, at: number, chance: Seeded): readonly [View, View] {
  const mid = midAt(of, at) * 1000
  const truth = along(of.path.truth, (at - of.opensAt) / (of.closesAt - of.opensAt)) * 1000
  const haze = chance.normal() * HAZE * (1 - Math.abs(whale.skill)) * 4 * (mid / 1000) * (1 - mid / 1000)
  const worth = mid + whale.skill * (truth - mid) + haze
  const { bid, ask, bidSize, askSize } = topAt(of, at)
  return [
    { worth, bid, ask, room: askSize, bidRoom: bidSize },
    { worth: 1000 - worth, bid: 1000 - ask, ask: 1000 - bid, room: bidSize, bidRoom: askSize },
  ]
}

function gain(view: View, feeRate: number): number {
  return view.worth - view.ask - feeRate * view.ask * (1 - view.ask / 1000)
}

/** Cuts a wish into orders a second or so apart, each at the best price of its own moment. */
function slicesOf(
  whale: Whale,
  of: Quoting,
  wish: Wish,
  at: number,
  last: number,
  chance: Seeded,
): readonly WhaleOrder[] {
  const orders: WhaleOrder[] = []
  let left = wish.size
  let time = at
  for (let slice = 0; slice < whale.slices && left > 0 && time < last; slice += 1) {
    const top = topAt(of, time)
    const takesBid = (wish.side === 'SELL') === (wish.token === 0)
    // A resting order is filled at its own side of the book, by somebody who crosses it.
    const atBid = takesBid === wish.isTaker
    const room = Math.floor((atBid ? top.bidSize : top.askSize) * LEVEL_SHARE)
    const part = slice === whale.slices - 1 ? left : Math.ceil(left / (whale.slices - slice))
    const size = Math.min(part, room)
    if (size <= 0) break
    const firstPrice = atBid ? top.bid : top.ask
    const price = wish.token === 0 ? firstPrice : 1000 - firstPrice
    orders.push({ kind: 'order', at: time, token: wish.token, side: wish.side, price, size, isTaker: wish.isTaker })
    left -= size
    time += 400 + chance.whole(1200)
  }
  return orders
}
