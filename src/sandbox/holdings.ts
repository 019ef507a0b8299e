import { BoundedCache } from './bounded-cache.ts'
import { breathe } from './request.ts'
import { type Execution, type Listing, type Redemption, rounded, type TokenIndex, type World } from './world.ts'

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
  /** The same for everybody known. */
  readonly ofAll: (at: number) => Promise<readonly Holding[]>
  /** The same in one market; of one wallet or of all. */
  readonly inMarket: (number: number, at: number, wallet?: string) => readonly Holding[]
}

/** Finished markets remembered: the past does not change, and adding it up again is most of the work. */
const FINISHED_KEPT = 3072
/** Markets added up before other work is let in. */
const MARKETS_A_BREATH = 8

export function holdingsIn(world: World): Holdings {
  const finished = new BoundedCache<number, readonly Holding[]>(FINISHED_KEPT)

  const inMarket = (number: number, at: number, wallet?: string): readonly Holding[] => {
    const known = finished.get(number)
    const isOver = known?.every(holding => holding.lastAt <= at) ?? false
    if (known !== undefined && isOver) return ownOf(known, wallet)
    const market = world.marketByNumber(number)
    if (market === undefined) return []
    const holdings = world.traders.flatMap(({ address }) =>
      wallet === undefined || wallet === address || at > market.resolvesAt ? addedUpIn(world, market, address, at) : [],
    )
    if (at > market.resolvesAt && holdings.every(it => it.size === 0)) finished.set(number, holdings)
    return ownOf(holdings, wallet)
  }

  return {
    inMarket,
    of: async (wallet, at, openOnly) => {
      if (!world.isKnown(wallet)) return []
      const since = openOnly ? at : at - world.positionMemoryMs
      const found = await gathered(world.numbersBetween(since, at, wallet), number => inMarket(number, at, wallet))
      return openOnly ? found.filter(it => it.size > 0) : found
    },
    ofAll: at => gathered(world.numbersBetween(at - world.positionMemoryMs, at), number => inMarket(number, at)),
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

function ownOf(holdings: readonly Holding[], wallet: string | undefined): readonly Holding[] {
  return wallet === undefined ? holdings : holdings.filter(it => it.wallet === wallet)
}

function addedUpIn(world: World, market: Listing, wallet: string, at: number): readonly Holding[] {
  const trades = world.executions(market, -1, at, wallet)
  if (trades.length === 0) return []
  const redemptions = world.redemptions(market, wallet).filter(it => it.at <= at)
  return ([0, 1] as const).flatMap(token => {
    const own = trades.filter(it => it.token === token)
    const redeemed = redemptions.find(it => it.token === token)
    return own.length === 0 ? [] : [addedUp(market, wallet, own, redeemed)]
  })
}

/** Average cost: selling part of a holding takes that part of its cost and of its entry fees with it. */
function addedUp(
  market: Listing,
  wallet: string,
  trades: readonly Execution[],
  redeemed: Redemption | undefined,
): Holding {
  const sum = { size: 0, bought: 0, cost: 0, entryFees: 0, fees: 0, realized: 0, volume: 0, dollars: 0, average: 0 }
  for (const trade of trades) {
    sum.volume += trade.size
    sum.dollars += trade.size * trade.price
    sum.fees += trade.fee
    if (trade.side === 'BUY') {
      sum.size = rounded(sum.size + trade.size)
      sum.bought += trade.size
      sum.cost += trade.size * trade.price
      sum.entryFees += trade.fee
      sum.average = sum.cost / sum.size
    } else {
      takeOut(sum, trade.size, trade.size * trade.price - trade.fee)
    }
  }
  if (redeemed !== undefined) takeOut(sum, redeemed.size, redeemed.size * redeemed.payout)
  const last = trades.at(-1)?.at ?? 0
  return {
    wallet,
    number: market.number,
    category: market.category,
    token: trades[0]?.token ?? 0,
    size: sum.size,
    bought: rounded(sum.bought),
    volume: rounded(sum.volume),
    volumeDollars: rounded(sum.dollars),
    trades: trades.length,
    entryCost: rounded(sum.cost),
    entryFees: rounded(sum.entryFees),
    averagePrice: rounded(sum.average),
    fees: rounded(sum.fees),
    realized: rounded(sum.realized),
    firstAt: trades[0]?.at ?? 0,
    lastAt: redeemed?.at ?? last,
  }
}

/** A sale of what was never bought, which only a recording that starts late can show, realises nothing. */
function takeOut(
  sum: { size: number; cost: number; entryFees: number; realized: number },
  size: number,
  proceeds: number,
): void {
  const own = Math.min(size, sum.size)
  if (own <= 0) return
  const part = own / sum.size
  sum.realized += proceeds * (own / size) - (sum.cost + sum.entryFees) * part
  sum.cost *= 1 - part
  sum.entryFees *= 1 - part
  sum.size = rounded(sum.size - own)
}
