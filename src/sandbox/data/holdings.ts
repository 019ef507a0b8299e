import { BoundedCache } from '../bounded-cache.ts'
import { breathe } from '../request.ts'
import {
  type Departure,
  type Entry,
  type Execution,
  type Listing,
  rounded,
  type TokenIndex,
  type World,
} from '../world.ts'

/** What a wallet did with one token, up to a moment. Dollars and shares. */
export type Holding = {
  readonly wallet: string
  readonly number: number
  readonly category: string
  readonly token: TokenIndex
  readonly size: number
  /** All that was ever bought. */
  readonly bought: number
  /** Traded in either direction. */
  readonly volume: number
  readonly volumeDollars: number
  readonly trades: number
  /** What the shares still held cost, without and with the fees of buying them. */
  readonly entryCost: number
  readonly entryFees: number
  readonly averagePrice: number
  readonly fees: number
  readonly realized: number
  readonly firstAt: number
  readonly lastAt: number
}

export type Holdings = {
  /**
   * Every holding of a known wallet that changed within the world's memory; only those not yet gone where `openOnly`.
   */
  readonly of: (wallet: string, at: number, openOnly: boolean) => Promise<readonly Holding[]>
  /** What the public table counts, of everybody known or of one: the same, of a day at most. */
  readonly ofTable: (at: number, wallet?: string) => Promise<readonly Holding[]>
  /** The same in one market; of one wallet or of all. */
  readonly inMarket: (number: number, at: number, wallet?: string) => readonly Holding[]
}

/** Finished markets of wallets remembered, for each wallet: the past does not change, and adding it up is most of the work. */
const FINISHED_KEPT_A_WALLET = 1024
/** What a day of a cast of two hundred takes, in some 60 MB. */
const FINISHED_KEPT_MAX = 160 * FINISHED_KEPT_A_WALLET
/** At least the whole past of ten wallets. */
const WALLETS_KEPT_MIN = 32
/** Markets added up before other work is let in: of everybody, one of them is tens of milliseconds. */
const MARKETS_A_BREATH = 2
/** The table of everybody looks back this far at most: it would else be the dearest question of all. */
const TABLE_MEMORY_MS = 86_400_000

export function holdingsIn(world: World): Holdings {
  const kept = Math.min(FINISHED_KEPT_MAX, Math.max(WALLETS_KEPT_MIN, world.traders.length) * FINISHED_KEPT_A_WALLET)
  const finished = new BoundedCache<string, readonly Holding[]>(kept)

  const ownIn = (market: Listing, wallet: string, at: number): readonly Holding[] => {
    const key = `${market.number}/${wallet}`
    const known = finished.get(key)
    if (known?.every(holding => holding.lastAt <= at)) return known
    const holdings = addedUpIn(world, market, wallet, at)
    if (at > market.resolvesAt && holdings.every(it => it.size === 0)) finished.set(key, holdings)
    return holdings
  }

  const inMarket = (number: number, at: number, wallet?: string): readonly Holding[] => {
    const market = world.marketByNumber(number)
    if (market === undefined) return []
    const wallets = wallet === undefined ? world.tradersIn(market).map(it => it.address) : [wallet]
    return wallets.flatMap(it => (world.isKnown(it) ? ownIn(market, it, at) : []))
  }

  return {
    inMarket,
    of: async (wallet, at, openOnly) => {
      if (!world.isKnown(wallet)) return []
      const since = openOnly ? at : at - world.positionMemoryMs
      const found = await gathered(world.numbersBetween(since, at, wallet), number => inMarket(number, at, wallet))
      return openOnly ? found.filter(it => it.size > 0) : found
    },
    ofTable: (at, wallet) => {
      const since = at - Math.min(world.positionMemoryMs, TABLE_MEMORY_MS)
      return gathered(world.numbersBetween(since, at, wallet), number => inMarket(number, at, wallet))
    },
  }
}

async function gathered(
  numbers: readonly number[],
  inOne: (number: number) => readonly Holding[],
): Promise<readonly Holding[]> {
  const found: Holding[] = []
  for (const [done, number] of numbers.entries()) {
    if (done % MARKETS_A_BREATH === MARKETS_A_BREATH - 1) await breathe()
    found.push(...inOne(number))
  }
  return found
}

function addedUpIn(world: World, market: Listing, wallet: string, at: number): readonly Holding[] {
  const past: readonly Entry[] = [
    ...world.executions(market, -1, at, wallet),
    ...world.departures(market, -1, at, wallet),
  ].sort((a, b) => a.at - b.at || a.index - b.index)
  return ([0, 1] as const).flatMap(token => {
    const own = past.filter(it => it.kind === 'merge' || it.token === token)
    return own.some(it => it.kind === 'trade') ? [addedUp(market, wallet, token, own)] : []
  })
}

type Sum = {
  size: number
  bought: number
  cost: number
  entryFees: number
  fees: number
  realized: number
  volume: number
  dollars: number
  average: number
  trades: number
}

/** Average cost: what leaves takes its part of the cost and of the entry fees with it. */
function addedUp(market: Listing, wallet: string, token: TokenIndex, past: readonly Entry[]): Holding {
  const sum: Sum = {
    ...{ size: 0, bought: 0, cost: 0, entryFees: 0, fees: 0 },
    ...{ realized: 0, volume: 0, dollars: 0, average: 0, trades: 0 },
  }
  for (const entry of past) {
    if (entry.kind === 'trade') addTrade(sum, entry)
    else takeOut(sum, entry.size, broughtBy(sum, entry))
  }
  return {
    wallet,
    number: market.number,
    category: market.category,
    token,
    size: sum.size,
    bought: rounded(sum.bought),
    volume: rounded(sum.volume),
    volumeDollars: rounded(sum.dollars),
    trades: sum.trades,
    entryCost: rounded(sum.cost),
    entryFees: rounded(sum.entryFees),
    averagePrice: rounded(sum.average),
    fees: rounded(sum.fees),
    realized: rounded(sum.realized),
    firstAt: past[0]?.at ?? 0,
    lastAt: past.at(-1)?.at ?? 0,
  }
}

function addTrade(sum: Sum, trade: Execution): void {
  sum.trades += 1
  sum.volume += trade.size
  sum.dollars += trade.size * trade.price
  sum.fees += trade.fee
  if (trade.side === 'SELL') {
    takeOut(sum, trade.size, trade.size * trade.price - trade.fee)
    return
  }
  sum.size = rounded(sum.size + trade.size)
  sum.bought += trade.size
  sum.cost += trade.size * trade.price
  sum.entryFees += trade.fee
  sum.average = sum.cost / sum.size
}

/**
 * Dollars that a departure counts as having brought. A merge pays a dollar for two tokens, so half of it is each one's;
 * shares sent away take their cost with them and realise nothing.
 */
function broughtBy(sum: Sum, entry: Departure): number {
  switch (entry.kind) {
    case 'merge':
      return entry.size / 2
    case 'redemption':
      return entry.size * entry.payout
    case 'transfer':
      return sum.size === 0 ? 0 : ((sum.cost + sum.entryFees) * entry.size) / sum.size
  }
}

/** A sale of what was never bought, which only a recording that starts late can show, realises nothing. */
function takeOut(sum: Sum, size: number, proceeds: number): void {
  const own = Math.min(size, sum.size)
  if (own <= 0) return
  const part = own / sum.size
  sum.realized += proceeds * (own / size) - (sum.cost + sum.entryFees) * part
  sum.cost *= 1 - part
  sum.entryFees *= 1 - part
  sum.size = rounded(sum.size - own)
}
