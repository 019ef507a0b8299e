import type { Seeded } from '../core/units/seeded.ts'
import { along } from './path.ts'
import { midAt, type Quoting, topAt } from './quotes.ts'
import type { Whale } from './whales.ts'
import type { Side, TokenIndex } from './world.ts'

/** One order of a whale, filled. Price in thousandths of a dollar, size in hundredths of a share. */
export type WhaleOrder = {
  readonly at: number
  readonly token: TokenIndex
  readonly side: Side
  readonly price: number
  readonly size: number
  readonly isTaker: boolean
}

/** What a whale thinks one token is worth, and the best prices for it: thousandths of a dollar. */
type View = {
  readonly worth: number
  readonly bid: number
  readonly ask: number
  readonly room: number
  readonly bidRoom: number
}

type Wish = { readonly token: TokenIndex; readonly side: Side; readonly size: number; readonly isTaker: boolean }

/** Nobody trades in the first moments or the last: the feed and the close should not race. */
const QUIET_START_MS = 2000
const QUIET_END_MS = 1500
/** At most this share of the best level, so that an order fills at one price. */
const LEVEL_SHARE = 0.9
/** Thousandths of a dollar of gain a share, after the fee, for which a whale with an opinion moves. */
const EDGE_WANTED = 8
/** How hazy the picture of a whale without skill is, in thousandths. */
const HAZE = 45

/** All a whale does in one market, in order of time. It never sells what it has not bought. */
export function conduct(
  whale: Whale,
  of: Quoting,
  feeRate: number,
  looks: number,
  chance: Seeded,
): readonly WhaleOrder[] {
  const orders: WhaleOrder[] = []
  const first = of.opensAt + QUIET_START_MS
  const last = of.closesAt - QUIET_END_MS
  const times = Array.from({ length: looks }, () => Math.floor(chance.between(first, last))).sort((a, b) => a - b)
  let held: { token: TokenIndex; size: number } = { token: 0, size: 0 }
  let busyUntil = first
  for (const time of times) {
    if (time <= busyUntil) continue
    const wish = wishAt(whale, of, feeRate, held, time, chance)
    if (wish === undefined) continue
    for (const order of slicesOf(whale, of, wish, time, last, chance)) {
      orders.push(order)
      busyUntil = order.at
      const left = order.side === 'BUY' ? held.size + order.size : held.size - order.size
      held = { token: order.token, size: left }
    }
  }
  return orders
}

function wishAt(
  whale: Whale,
  of: Quoting,
  feeRate: number,
  held: { readonly token: TokenIndex; readonly size: number },
  at: number,
  chance: Seeded,
): Wish | undefined {
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
    orders.push({ at: time, token: wish.token, side: wish.side, price, size, isTaker: wish.isTaker })
    left -= size
    time += 400 + chance.whole(1200)
  }
  return orders
}
