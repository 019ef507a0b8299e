import { readActivityFrame } from '../src/adapters/polymarket/activity/wire-activity.ts'
import { assert } from '../src/core/units/brand.ts'
import { type WhaleAddress, whaleAddress } from '../src/core/units/ids.ts'
import { seeded } from '../src/core/units/seeded.ts'
import { tokenNumber, whaleNumber } from './made-market.ts'
import { between, type Case, grouped, interleaved, median, ratios, timed } from './measure.ts'
import { held, type Part } from './row.ts'

const FRAMES = 20_000
const SLICES = 20
const A_SLICE = FRAMES / SLICES
/** One frame in so many is of a watched wallet. */
const WATCHED_EVERY = 100
const FEW = 10
const MANY = 10_000
const BARE_RATIO_MIN = 0.6
/** Ten thousand wallets cost at most 1.2 times what ten do. */
const MANY_RATIO_MIN = 1 / 1.2

/** What the activity socket costs: parsing that cannot be avoided, and what we add to it. */
export const frames: Part = async () => {
  const cases = [FEW, MANY].map(watched => ({ texts: textsFor(watched), watched: watchedSet(watched) }))
  const passes = cases.flatMap(({ texts, watched }) => [bare(texts), ours(texts, watched)])
  const [fewBare, few, manyBare, many] = await interleaved(passes, { warmUps: 3, rounds: 21, slices: SLICES })
  const rates = (times: readonly number[] = []) => times.map(ms => (FRAMES * 1_000) / ms)
  const fewRatio = ratios(fewBare, few)
  const manyRatio = ratios(manyBare, many)
  const growth = ratios(few, many)
  const rows = [
    { what: 'frames a second, JSON.parse alone', of: rates(fewBare) },
    { what: `frames a second, ${grouped(FEW)} wallets watched`, of: rates(few) },
    { what: `frames a second, ${grouped(MANY)} wallets watched`, of: rates(many) },
  ]
  return [
    ...rows.map(({ what, of }) => ({ what, figure: grouped(median(of)), spread: between(of, 0) })),
    ...[
      { what: `frame rate, ${grouped(FEW)} watched against JSON.parse`, of: fewRatio, min: BARE_RATIO_MIN },
      { what: `frame rate, ${grouped(MANY)} watched against JSON.parse`, of: manyRatio, min: BARE_RATIO_MIN },
      { what: `frame rate, ${grouped(MANY)} watched against ${FEW}`, of: growth, min: MANY_RATIO_MIN },
    ].map(({ what, of, min }) =>
      held(what, median(of).toFixed(2), between(of), `≥ ${Math.round(min * 100) / 100}`, median(of) >= min),
    ),
  ]
}

function bare(texts: readonly string[]): Case {
  return {
    slice: index => {
      const part = sliceOf(texts, index)
      let parsed = 0
      const ms = timed(() => {
        for (const text of part) if (JSON.parse(text) !== undefined) parsed += 1
      })
      assert(parsed === A_SLICE, 'every frame is JSON')
      return ms
    },
  }
}

function ours(texts: readonly string[], watched: ReadonlySet<WhaleAddress>): Case {
  const isWatched = (whale: WhaleAddress): boolean => watched.has(whale)
  return {
    slice: index => {
      const part = sliceOf(texts, index)
      let heard = 0
      const ms = timed(() => {
        for (const text of part) heard += readActivityFrame(text, isWatched).length
      })
      assert(heard === A_SLICE / WATCHED_EVERY, 'the trades of watched wallets are heard, and no others')
      return ms
    },
  }
}

function sliceOf(texts: readonly string[], index: number): readonly string[] {
  return texts.slice(index * A_SLICE, (index + 1) * A_SLICE)
}

function watchedSet(size: number): ReadonlySet<WhaleAddress> {
  return new Set(Array.from({ length: size }, (_, whale) => whaleNumber(whale)))
}

/** Frames as the socket sends them, of wallets spread over all that are watched and of strangers who are never the same. */
function textsFor(watched: number): readonly string[] {
  const chance = seeded(`frames ${watched}`)
  return Array.from({ length: FRAMES }, (_, index) => {
    const isOurs = index % WATCHED_EVERY === 0
    const wallet = whaleNumber(isOurs ? chance.whole(watched) : 1_000_000 + index)
    assert(whaleAddress(wallet) !== undefined, 'a made-up wallet looks like one')
    return frameOf(index, wallet, chance.whole(90) + 5)
  })
}

function frameOf(index: number, proxyWallet: string, cents: number): string {
  return JSON.stringify({
    topic: 'activity',
    type: 'trades',
    timestamp: 1_795_132_801_234 + index,
    connection_id: 'Ya3QzdE8rPECHFg=',
    payload: {
      asset: tokenNumber(index % 500),
      conditionId: `0x${(index % 500).toString(16).padStart(64, '1')}`,
      eventSlug: 'lighthouse',
      slug: `lighthouse-${index % 500}-painted-green-before-june`,
      title: `Will the lighthouse number ${index % 500} be painted green before June?`,
      outcome: 'Yes',
      outcomeIndex: 0,
      side: index % 3 === 0 ? 'SELL' : 'BUY',
      size: 14.285715 + index,
      price: cents / 100,
      timestamp: 1_795_132_800,
      transactionHash: `0x${index.toString(16).padStart(64, '7')}`,
      proxyWallet,
      name: `Quiet-Gull-${index}`,
      pseudonym: 'Quiet-Gull',
      bio: '',
      icon: 'https://lighthouse.example/icons/green.png',
      profileImage: '',
    },
  })
}
