import { type Seeded, seeded } from '../core/units/seeded.ts'
import { mixHex } from './mix.ts'
import type { Trader } from './world.ts'

/** How one whale behaves. All of it is a habit; what it does in a given market is decided in `conduct.ts`. */
export type Whale = Trader & {
  readonly index: number
  /**
   * How much of the gap between the quoted and the true chance it sees: 1 all of it, 0 none, below 0 the wrong way
   * round.
   */
  readonly skill: number
  /** Dollars of a typical order. */
  readonly stake: number
  /** How often it looks at a market it is in, against the others. */
  readonly activity: number
  /** Parts an order is cut into. */
  readonly slices: number
  /** Share of its orders that rest in the book and are filled as a maker. */
  readonly makerShare: number
  /** How likely it is to leave early, each time it looks. */
  readonly restlessness: number
  /** Shares of its departures that are no sale: it buys the other token and merges both, or sends the shares away. */
  readonly mergeShare: number
  readonly transferShare: number
  /** Where it sends them. Nothing is told of this wallet. */
  readonly otherWallet: string
  /** Trades only below six cents or above ninety-four. */
  readonly extremesOnly: boolean
  readonly categories: readonly string[]
}

type Habits = Omit<Whale, 'address' | 'index' | 'pseudonym' | 'otherWallet'>

const PLAIN = {
  stake: 200,
  activity: 1,
  slices: 1,
  makerShare: 0,
  restlessness: 0.08,
  mergeShare: 0,
  transferShare: 0,
  extremesOnly: false,
  categories: ['crypto', 'sports'],
}

/**
 * The cast. Four see the truth well, four see some of it, four are guessing and four are reliably wrong; among them one
 * that trades crumbs, one that mostly makes, one that slices, one at the extremes and one whose name is meant to break
 * a chat. Three leave some of their positions without a sale.
 */
const CAST: readonly Habits[] = [
  { ...PLAIN, name: 'saltmarsh', skill: 0.95, stake: 420, activity: 1.2 },
  {
    ...PLAIN,
    name: 'QuietLedger',
    skill: 0.85,
    stake: 900,
    slices: 3,
    categories: ['politics', 'crypto', 'economics'],
  },
  { ...PLAIN, name: 'tidewatch', skill: 0.75, stake: 150, activity: 1.4, categories: ['sports', 'weather'] },
  { ...PLAIN, name: 'Ottoline', skill: 0.7, stake: 260, makerShare: 0.35, categories: ['culture', 'tech', 'crypto'] },
  { ...PLAIN, name: 'northgate', skill: 0.5, stake: 320, restlessness: 0.25, mergeShare: 0.6 },
  { ...PLAIN, name: 'brass.monkey', skill: 0.4, stake: 75, categories: ['weather', 'sports', 'economics'] },
  { ...PLAIN, name: 'lanternfish', skill: 0.45, stake: 1800, activity: 0.6, categories: ['politics', 'geopolitics'] },
  { ...PLAIN, name: 'crumbs', skill: 0.6, stake: 2, activity: 1.3 },
  { ...PLAIN, name: 'evenkeel', skill: 0.1, stake: 240, makerShare: 0.7, activity: 1.1 },
  { ...PLAIN, name: 'Coinflip Carl', skill: 0, stake: 180, restlessness: 0.3, transferShare: 0.5 },
  { ...PLAIN, name: 'longshot_lou', skill: 0.05, stake: 60, extremesOnly: true, activity: 1.5 },
  { ...PLAIN, name: '**@everyone** [gift](https://example.invalid)', skill: 0, stake: 110 },
  { ...PLAIN, name: 'MomentumMax', skill: -0.5, stake: 350, activity: 1.2, mergeShare: 0.3, transferShare: 0.2 },
  { ...PLAIN, name: 'hotTip', skill: -0.7, stake: 140, slices: 2, categories: ['sports', 'culture'] },
  { ...PLAIN, name: 'the_last_word', skill: -0.4, stake: 640, categories: ['politics', 'economics', 'tech'] },
  { ...PLAIN, name: 'doubledown', skill: -0.8, stake: 500, activity: 0.8, restlessness: 0.02 },
]

const ADJECTIVES = ['Quiet', 'Peppery', 'Amber', 'Hollow', 'Brisk', 'Velvet', 'Rusty', 'Lucid']
const NOUNS = ['Fox', 'Capital', 'Harbour', 'Lantern', 'Otter', 'Meadow', 'Compass', 'Anvil']

const CAST_SIZE = CAST.length
/** Above this the numbers that rows of one market are known by would meet. */
export const WHALES_MAX = 2000

/**
 * The cast with the wallets this seed gives them: the named sixteen, then as many more as asked for, whose habits are
 * drawn from the seed. The first whales are the same whatever the count. Throws a `RangeError` outside 1 to 2,000.
 */
export function whalesOf(seedKey: number, count = CAST_SIZE): readonly Whale[] {
  if (!Number.isInteger(count) || count < 1 || count > WHALES_MAX) {
    throw new RangeError(`a cast has 1 to ${WHALES_MAX} whales`)
  }
  return Array.from({ length: count }, (_, index) => {
    const { address, pseudonym } = walletOf(seedKey, index)
    const habits = CAST[index] ?? drawnHabits(seeded(`${seedKey}/habits/${index}`), index)
    return { ...habits, index, address, pseudonym, otherWallet: walletOf(seedKey, OTHER_WALLET_SALT + index).address }
  })
}

const CATEGORIES = ['crypto', 'sports', 'weather', 'culture', 'economics', 'politics', 'tech', 'geopolitics']
const FIRST_NAMES = ['slow', 'grey', 'north', 'tin', 'salt', 'early', 'paper', 'plain', 'second', 'old']
const LAST_NAMES = ['heron', 'margin', 'ferry', 'kettle', 'ledger', 'rook', 'harbour', 'signal', 'almanac', 'crane']

/** Somebody ordinary: mostly with little skill and a small stake, now and then with a habit of the named. */
function drawnHabits(chance: Seeded, index: number): Habits {
  const first = chance.pick(CATEGORIES)
  const second = chance.pick(CATEGORIES)
  const luck = chance.next()
  return {
    ...PLAIN,
    name: `${chance.pick(FIRST_NAMES)}${chance.pick(LAST_NAMES)}${index}`,
    skill: Math.round(chance.between(-0.8, 0.9) * 100) / 100,
    stake: Math.round(20 + 1200 * luck * luck * luck),
    activity: Math.round(chance.between(0.3, 1.1) * 100) / 100,
    slices: chance.chance(0.15) ? 2 + chance.whole(2) : 1,
    makerShare: chance.chance(0.2) ? chance.between(0.2, 0.8) : 0,
    restlessness: chance.between(0.02, 0.3),
    mergeShare: chance.chance(0.1) ? 0.5 : 0,
    transferShare: chance.chance(0.08) ? 0.4 : 0,
    extremesOnly: chance.chance(0.04),
    categories: first === second ? [first] : [first, second],
  }
}

/** Everybody else: enough wallets that the feed is mostly people nobody follows. */
const STRANGERS = 400
const STRANGER_SALT = 10_000
const OTHER_WALLET_SALT = 20_000

export function strangersOf(seedKey: number): readonly Trader[] {
  return Array.from({ length: STRANGERS }, (_, index) => {
    const wallet = walletOf(seedKey, STRANGER_SALT + index)
    return { ...wallet, name: index % 3 === 0 ? '' : `${wallet.pseudonym.toLowerCase()}-${index}` }
  })
}

function walletOf(seedKey: number, index: number): { readonly address: string; readonly pseudonym: string } {
  const adjective = ADJECTIVES[index % ADJECTIVES.length] ?? ''
  const noun = NOUNS[Math.floor(index / ADJECTIVES.length) % NOUNS.length] ?? ''
  return { address: `0x${mixHex(40, seedKey, 0x77a1, index)}`, pseudonym: `${adjective}-${noun}` }
}
