import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Seeded, seeded } from '../../src/core/units/seeded.ts'
import { seededWorld } from '../../src/sandbox/seeded-world.ts'
import { accountOf, differences, folded, journalOf, tradesShown, venueSideOf } from './outside.ts'
import { type Environment, folder, type Started, started, until } from './started.ts'

/** More, and another world, by hand: REMORA_KILLS=200 REMORA_KILL_SEED=other npx vitest run test/process/kill.test.ts */
const KILLS = Number(process.env.REMORA_KILLS ?? 12)
const SEED = process.env.REMORA_KILL_SEED ?? 'killed'
/** The world goes this much faster than ours, so that a life of a second sees trades. */
const SPEED = 20
const FOLLOWED = 8
/** What the last life is given to come to rest in. */
const REST_MS = 60_000
/** A trade is shown by its second, and takes a moment to be told; what is younger than this is not asked for yet. */
const SETTLED_MS = 3_000

/** Limits that let a bought position happen often in a world this fast, where most markets end within a minute. */
const LIMITS = {
  closesInMinMs: '0s',
  qualityMin: '50',
  priceMoveMax: '20c',
  liquidityMin: '$0',
  positionsMax: '100',
  stakeMin: '$1',
  confidenceMin: '0',
  hourlyLossMax: '$100000',
  dailyLossMax: '$100000',
  dailyLossPctMax: '50%',
  lossesInARowMax: '100',
  drawdownPctMax: '90%',
}

test(`killed ${KILLS} times at random: nothing is copied twice, lost, or booked on one side only`, {
  timeout: 120_000 + KILLS * 8_000,
}, async () => {
  const startedAt = Date.now()
  const chance = seeded(`kills ${SEED}`)
  const dataDir = join(folder(), 'data')
  const { hosts, host } = await sandbox()
  const whales = seededWorld({ seed: SEED, speed: SPEED, strangersPerSecond: 5 }).whales.slice(0, FOLLOWED)
  const environment = {
    ...hosts,
    REMORA_MARKET: 'polymarket',
    REMORA_DATA_DIR: dataDir,
    REMORA_PAPER_BALANCE: '1000000',
    REMORA_FOLLOW: whales.map(whale => whale.address).join(','),
  }
  const live = (): Started => started(['live'], environment)

  const first = live()
  await first.hear(/Type help/)
  for (const [name, value] of Object.entries(LIMITS)) {
    await first.ask(`limits set ${name} ${value} phrase:"I ACCEPT ${name} ${value}"`, /Changed, and in force/)
  }
  await kill(first, 0)

  const moments = new Map<string, number>()
  for (let kills = 1; kills < KILLS; kills += 1) {
    const process = live()
    const moment = MOMENTS[kills % MOMENTS.length] ?? anywhere
    await moment(process, chance)
    const phase = phaseOf(process)
    moments.set(phase, (moments.get(phase) ?? 0) + 1)
    await kill(process, chance.between(0, 5))
  }

  // Left alone, it takes up all that was interrupted, and finds what it missed while it was away.
  const calm = live()
  await calm.read(/"by":"recovery".*"hold released"/)
  const heardBy = Date.now()
  let missing: readonly string[] = []
  const shown = await until(
    () => `every trade that the Data API shows is in the journal; not there: ${missing.join(' ')}`,
    async () => {
      if (Date.now() < heardBy + SETTLED_MS) return undefined
      const account = accountOf(await journalOf(dataDir))
      const trades = await followedTrades(host, account.followed)
      const settled = trades.filter(trade => trade.happenedAt <= heardBy - 1_000)
      missing = settled.map(trade => trade.id).filter(id => !account.trades.has(id))
      return missing.length === 0 ? settled : undefined
    },
    REST_MS,
  )
  // A slow machine may have read no whale's past before each kill: without one copy the kills would have shown little.
  await until(
    () => 'at least one trade is copied',
    async () => (accountOf(await journalOf(dataDir)).copied > 0 ? true : undefined),
    REST_MS,
  )
  for (const { address } of whales) await calm.ask(`unfollow ${address}`, /is not followed any more/)
  let open: readonly string[] = []
  await until(
    () => `every signal, order and redemption comes to its end; open: ${open.join(' ')}`,
    async () => {
      const { signals, openOrders, accounts } = folded(await journalOf(dataDir))
      open = [...signals.keys(), ...openOrders, ...(accounts.get('paper')?.redeeming.keys() ?? [])]
      return open.length === 0 ? true : undefined
    },
    REST_MS,
  )
  calm.signal('SIGINT')
  expect(await calm.end()).toEqual({ code: 0, signal: null })
  expect(existsSync(join(dataDir, 'remora.lock'))).toBe(false)

  const entries = await journalOf(dataDir)
  const account = accountOf(entries)
  const venue = venueSideOf(dataDir)
  // The service counts in seconds: a trade told in the second of the following may be shown as from before it.
  const everything = await followedTrades(host, account.followed, 1_000)
  const known = new Set(everything.map(trade => trade.id))
  const seconds = Math.round((Date.now() - startedAt) / 1_000)
  process.stdout.write(
    [
      `seed ${SEED}: ${KILLS} kills in ${seconds} s (${[...moments].map(([phase, times]) => `${times} ${phase}`).join(', ')})`,
      `${account.lives} starts on record, ${entries.length} entries, ${shown.length} trades shown before the end`,
      `${account.signals.size} signals: ${account.copied} copied, ${account.refused} refused, ${account.withdrawn} withdrawn`,
      `${account.plans} orders, of which ${account.doubts} were found without an answer at a start (${account.doubtsFilled} of them carried out); ${venue.orders.size} at the venue\n`,
    ].join('\n'),
  )
  expect(account.wrong).toEqual([])
  expect(account.unfinished).toEqual([])
  expect(venue.wrong).toEqual([])
  expect(differences(folded(entries), venue)).toEqual([])
  expect([...account.trades].filter(trade => !known.has(trade))).toEqual([])
  expect(shown.filter(trade => !account.trades.has(trade.id))).toEqual([])
  expect(shown.length).toBeGreaterThan(KILLS)
  expect(account.copied).toBeGreaterThan(0)

  const replay = started(['replay'], { REMORA_DATA_DIR: dataDir })
  expect(await replay.end()).toEqual({ code: 0, signal: null })
  expect(replay.said()).toContain('every decision is the same')
})

type Moment = (process: Started, chance: Seeded) => Promise<void>

const anywhere: Moment = (process, chance) => pass(process, chance.between(300, 4_000))
/** While it opens the database, recovers, and compares the books. */
const early: Moment = (process, chance) => pass(process, chance.between(200, 1_500))
/** Between the plan of an order and the record of its answer, which are 40 to 160 ms apart, or a little after. */
const inAnOrder: Moment = async (process, chance) => {
  const waitMs = chance.between(0, 200)
  await Promise.race([process.read(/"msg":"order planned"/).catch(() => 0), pass(process, 4_000)])
  await pass(process, waitMs)
}
/** As soon as it has said that it starts, when effects are taken up again. */
const inRecovery: Moment = async (process, chance) => {
  const waitMs = chance.between(0, 300)
  await process.hear(/Type help/)
  await pass(process, waitMs)
}
const MOMENTS: readonly Moment[] = [anywhere, inAnOrder, early, inAnOrder, inRecovery]

/** Lets it live on, unless it ends by itself, which it must not. */
async function pass(process: Started, ms: number): Promise<void> {
  const over = new Promise<void>(done => setTimeout(done, ms))
  const died = await Promise.race([process.ended, over])
  if (died !== undefined) throw new Error(`it ended by itself (${died.code}): ${process.complained().slice(-2_000)}`)
}

async function kill(process: Started, afterMs: number): Promise<void> {
  await pass(process, afterMs)
  process.signal('SIGKILL')
  expect(await process.end()).toEqual({ code: null, signal: 'SIGKILL' })
}

/** How far it had come, for the figures. */
function phaseOf(process: Started): string {
  const log = process.complained()
  if (!process.said().includes('Type help')) return 'before the start was done'
  if (!/"by":"recovery".*"hold released"/.test(log)) return 'in recovery'
  const last = Math.max(log.lastIndexOf('"order planned"'), log.lastIndexOf('"order closed"'))
  return last >= 0 && log.startsWith('"order planned"', last) ? 'with an order in flight' : 'in trading'
}

async function sandbox(): Promise<{ readonly hosts: Environment; readonly host: string }> {
  const market = started(['sandbox', '--port', '0', '--seed', SEED, '--speed', String(SPEED)])
  await market.hear(/REMORA_RPC_URLS=\S+/)
  const hosts = Object.fromEntries(
    [...market.said().matchAll(/^(REMORA_\w+_URLS?)=(\S+)$/gm)].map(([, name = '', url = '']) => [name, url]),
  )
  return { hosts, host: hosts.REMORA_DATA_URL ?? '' }
}

async function followedTrades(host: string, followed: ReadonlyMap<string, number>, beforeMs = 0) {
  const all = await Promise.all(
    [...followed].map(async ([whale, since]) => {
      const trades = await tradesShown(host, whale, since - beforeMs)
      return trades.filter(trade => trade.happenedAt >= since - beforeMs)
    }),
  )
  return all.flat()
}
