import { BlockTimes } from '../src/adapters/polymarket/chain/blocks.ts'
import { POLYGON_CONTRACTS } from '../src/adapters/polymarket/chain/contracts.ts'
import { ChainTeller } from '../src/adapters/polymarket/chain/teller.ts'
import { systemClock } from '../src/adapters/system/clock.ts'
import { assert } from '../src/core/units/brand.ts'
import { instant, type WhaleAddress } from '../src/core/units/ids.ts'
import { seeded } from '../src/core/units/seeded.ts'
import { conditionNumber, whaleNumber } from './made-market.ts'
import { between, type Case, grouped, interleaved, median, ratios, timed } from './measure.ts'
import { held, type Part } from './row.ts'

/** The node tells only logs of watched wallets, so every frame is one. */
const FRAMES = 4_000
const SLICES = 20
const A_SLICE = FRAMES / SLICES
const FEW = 10
const MANY = 10_000
/** Ten thousand wallets cost at most 1.2 times what ten do. */
const MANY_RATIO_MIN = 1 / 1.2
const ORDER_FILLED = '0xd543adfd945773f1a62f74f0ee55a5e3b9b1a28262980ba90b1a89f2ea84d8ee'
const EXCHANGE = '0xE111180000d2663C0091e4f400237545B87B996B'
const BLOCK = 90_000_000
const AT = instant(1_795_132_800_000)

/** What a log of the chain costs from its text to the trade that is told, with few and with many wallets watched. */
export const chainFrames: Part = async () => {
  const passes = [FEW, MANY].map(watched => telling(watched))
  const [few, many] = await interleaved(passes, { warmUps: 3, rounds: 21, slices: SLICES })
  const growth = ratios(few, many)
  const rates = (times: readonly number[] = []) => times.map(ms => (FRAMES * 1_000) / ms)
  return [
    ...[
      { what: `logs a second, ${grouped(FEW)} wallets watched`, of: rates(few) },
      { what: `logs a second, ${grouped(MANY)} wallets watched`, of: rates(many) },
    ].map(({ what, of }) => ({ what, figure: grouped(median(of)), spread: between(of, 0) })),
    held(
      `log rate, ${grouped(MANY)} watched against ${FEW}`,
      median(growth).toFixed(2),
      between(growth),
      `≥ ${Math.round(MANY_RATIO_MIN * 100) / 100}`,
      median(growth) >= MANY_RATIO_MIN,
    ),
  ]
}

function telling(watched: number): Case {
  const wallets = new Set<WhaleAddress>(Array.from({ length: watched }, (_, whale) => whaleNumber(whale)))
  const chance = seeded(`logs ${watched}`)
  let told = 0
  let round = 0
  const facts = { condition: conditionNumber(1), title: 'Will the lighthouse be painted green?', outcome: 'Yes' }
  const blocks = new BlockTimes()
  blocks.learn({ block: BLOCK, at: AT })
  const teller = new ChainTeller({
    contracts: POLYGON_CONTRACTS,
    tokens: { known: () => facts, learn: () => undefined, find: async () => facts },
    blocks,
    clock: systemClock,
    note: () => undefined,
    watched: { has: whale => wallets.has(whale), all: () => [...wallets], onChange: () => undefined },
    hear: () => {
      told += 1
    },
    fail: error => {
      throw error
    },
    departureHoldMs: 0,
    tokenRetryMs: [],
    signal: new AbortController().signal,
  })
  return {
    slice: index => {
      round += 1
      // Every log is another transaction: a repeated one would cost less.
      const texts = Array.from({ length: A_SLICE }, (_, place) =>
        frameOf(round * FRAMES + index * A_SLICE + place, whaleNumber(chance.whole(watched))),
      )
      told = 0
      const ms = timed(() => {
        for (const text of texts) teller.take(JSON.parse(text).params.result, 0)
      })
      assert(told === A_SLICE, 'every log is told as a trade')
      return ms
    },
  }
}

const word = (hex: string): string => hex.replace(/^0x/, '').toLowerCase().padStart(64, '0')

/** A purchase of 100 shares at 52 cents, as a node tells it to who subscribed for this wallet. */
function frameOf(number: number, wallet: string): string {
  const words = ['0', ((number % 500) + 1).toString(16), '3197500', '5f5e100', 'f3c00', '0', '0']
  const result = {
    address: EXCHANGE,
    topics: [ORDER_FILLED, `0x${word(number.toString(16))}`, `0x${word(wallet)}`, `0x${word(EXCHANGE)}`],
    data: `0x${words.map(word).join('')}`,
    blockNumber: `0x${BLOCK.toString(16)}`,
    blockHash: `0x${word('b')}`,
    transactionHash: `0x${word(number.toString(16))}`,
    logIndex: '0x1',
    removed: false,
  }
  return JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params: { subscription: '0x1', result } })
}
