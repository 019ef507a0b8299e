import { rounded, type World } from '../world.ts'
import { type DataQuery, envelope, invalid } from './data-query.ts'
import { valued } from './data-rows.ts'
import type { Holding, Holdings } from './holdings.ts'

/** One wallet's record over what the table remembers. */
type Standing = {
  readonly wallet: string
  readonly pnl: number
  readonly realized: number
  readonly volume: number
  readonly volumeDollars: number
  readonly fees: number
  readonly trades: number
  readonly markets: number
  readonly biggestWin: number
}

export type Standings = {
  readonly leaderboard: (query: DataQuery, at: number) => Promise<object>
  readonly stats: (wallet: string, at: number) => Promise<object | null>
}

/** Tables are made again once in this long of the world's time, and always as of a whole such period. */
const REFRESH_MS = 60_000
const LIMIT_MAX = 1000

/**
 * Who has done how well. The longer windows show no more than a day, so they differ from `day` only in
 * that `all` counts what is realised and the others what is marked as well.
 */
export function standingsIn(world: World, holdings: Holdings): Standings {
  let latest: { readonly asOf: number; readonly found: Promise<readonly Holding[]> } | undefined
  const everything = (asOf: number): Promise<readonly Holding[]> => {
    if (latest?.asOf !== asOf) latest = { asOf, found: holdings.ofTable(asOf) }
    return latest.found
  }
  const asOfNow = (at: number) => Math.floor(at / REFRESH_MS) * REFRESH_MS

  return {
    leaderboard: async (query, at) => {
      const limit = query.whole('limit', 100, 1, LIMIT_MAX)
      const period = query.oneOf('time_period', ['day', 'week', 'month', 'all'], 'day')
      const sort = query.oneOf('sort_by', ['PNL', 'VOLUME'], 'PNL')
      const category = query.text('category')?.toLowerCase() ?? 'overall'
      const only = query.wallet('user')
      const [since, skipped] = query.cursor() ?? [asOfNow(at), 0]
      const asOf = since ?? asOfNow(at)
      const wanted = (await everything(asOf)).filter(it => category === 'overall' || it.category === category)
      const table = standingsOf(world, wanted, asOf)
      const pnlOf = (standing: Standing) => (period === 'all' ? standing.realized : standing.pnl)
      const byPnl = [...table].sort((a, b) => pnlOf(b) - pnlOf(a) || (a.wallet < b.wallet ? -1 : 1))
      const byVolume = [...table].sort((a, b) => b.volume - a.volume || (a.wallet < b.wallet ? -1 : 1))
      const row = (standing: Standing, rank: object) => ({
        ...rank,
        user_id: standing.wallet,
        pnl: pnlOf(standing),
        volume: standing.volume,
        user_name: world.traderByAddress(standing.wallet)?.name ?? '',
        profile_image: '',
        x_username: '',
        verified: false,
      })
      if (only !== undefined) {
        const own = table.filter(it => it.wallet === only)
        const rankIn = (list: readonly Standing[]) => {
          const place = list.findIndex(it => it.wallet === only)
          return place < 0 ? null : place + 1
        }
        return envelope(
          own.map(it => row(it, { rank_pnl: rankIn(byPnl), rank_volume: rankIn(byVolume) })),
          limit,
          null,
        )
      }
      const from = skipped ?? 0
      const list = sort === 'PNL' ? byPnl : byVolume
      const shown = list.slice(from, from + limit).map((it, place) => row(it, { rank: from + place + 1 }))
      const next = from + shown.length < list.length ? query.cursorFor([asOf, from + shown.length]) : null
      return envelope(shown, limit, next)
    },
    stats: async (wallet, at) => {
      if (wallet.includes(',')) throw invalid('user', 'user must be an address')
      const asOf = asOfNow(at)
      const [own] = standingsOf(world, await holdings.ofTable(asOf, wallet), asOf)
      return own === undefined ? null : statsRow(world, own, asOf)
    },
  }
}

function standingsOf(world: World, all: readonly Holding[], at: number): readonly Standing[] {
  const byWallet = new Map<string, Holding[]>()
  for (const holding of all) {
    const own = byWallet.get(holding.wallet)
    if (own === undefined) byWallet.set(holding.wallet, [holding])
    else own.push(holding)
  }
  return [...byWallet].map(([wallet, own]) => {
    const sum = { pnl: 0, realized: 0, volume: 0, volumeDollars: 0, fees: 0, trades: 0, biggestWin: 0 }
    for (const holding of own) {
      sum.realized += holding.realized
      sum.pnl += holding.realized + unrealizedOf(world, holding, at)
      sum.volume += holding.volume
      sum.volumeDollars += holding.volumeDollars
      sum.fees += holding.fees
      sum.trades += holding.trades
      sum.biggestWin = Math.max(sum.biggestWin, holding.realized)
    }
    return {
      wallet,
      pnl: rounded(sum.pnl),
      realized: rounded(sum.realized),
      volume: rounded(sum.volume),
      volumeDollars: rounded(sum.volumeDollars),
      fees: rounded(sum.fees),
      trades: sum.trades,
      markets: new Set(own.map(it => it.number)).size,
      biggestWin: rounded(sum.biggestWin),
    }
  })
}

function unrealizedOf(world: World, holding: Holding, at: number): number {
  if (holding.size === 0) return 0
  const market = world.marketByNumber(holding.number)
  return market === undefined ? 0 : valued(world, market, holding, at).unrealized
}

/** `trades` counts markets, as at the venue; `trade_count` counts trades. What is not modelled is null. */
function statsRow(world: World, own: Standing, at: number): object {
  return {
    proxy_wallet: own.wallet,
    trades: own.markets,
    biggest_win: own.biggestWin,
    views: 0,
    join_date: new Date(world.clock.wallTime(0)).toISOString(),
    all_time_pnl: {
      timestamp: Math.floor(world.clock.wallTime(at) / 1000),
      source_block: null,
      realized_market_pnl: own.realized,
      realized_pnl: own.realized,
      unrealized_pnl: rounded(own.pnl - own.realized),
      economic_pnl: own.pnl,
      trade_pnl: own.pnl,
      deposits: null,
      withdrawals: null,
      fees: own.fees,
      maker_rebate: null,
      taker_rebate: null,
      volume: own.volume,
      volume_usdc: own.volumeDollars,
      trade_count: own.trades,
    },
  }
}
