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
  /** Trades only below six cents or above ninety-four. */
  readonly extremesOnly: boolean
  readonly categories: readonly string[]
}

type Habits = Omit<Whale, 'address' | 'index' | 'pseudonym'>

const PLAIN = {
  stake: 200,
  activity: 1,
  slices: 1,
  makerShare: 0,
  restlessness: 0.08,
  extremesOnly: false,
  categories: ['crypto', 'sports'],
}

/**
 * The cast. Four see the truth well, four see some of it, four are guessing and four are reliably wrong; among them one
 * that trades crumbs, one that mostly makes, one that slices, one at the extremes and one whose name is meant to break
 * a chat.
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
  { ...PLAIN, name: 'northgate', skill: 0.5, stake: 320, restlessness: 0.25 },
  { ...PLAIN, name: 'brass.monkey', skill: 0.4, stake: 75, categories: ['weather', 'sports', 'economics'] },
  { ...PLAIN, name: 'lanternfish', skill: 0.45, stake: 1800, activity: 0.6, categories: ['politics', 'geopolitics'] },
  { ...PLAIN, name: 'crumbs', skill: 0.6, stake: 2, activity: 1.3 },
  { ...PLAIN, name: 'evenkeel', skill: 0.1, stake: 240, makerShare: 0.7, activity: 1.1 },
  { ...PLAIN, name: 'Coinflip Carl', skill: 0, stake: 180, restlessness: 0.3 },
  { ...PLAIN, name: 'longshot_lou', skill: 0.05, stake: 60, extremesOnly: true, activity: 1.5 },
  { ...PLAIN, name: '**@everyone** [gift](https://example.invalid)', skill: 0, stake: 110 },
  { ...PLAIN, name: 'MomentumMax', skill: -0.5, stake: 350, activity: 1.2 },
  { ...PLAIN, name: 'hotTip', skill: -0.7, stake: 140, slices: 2, categories: ['sports', 'culture'] },
  { ...PLAIN, name: 'the_last_word', skill: -0.4, stake: 640, categories: ['politics', 'economics', 'tech'] },
  { ...PLAIN, name: 'doubledown', skill: -0.8, stake: 500, activity: 0.8, restlessness: 0.02 },
]

const ADJECTIVES = ['Quiet', 'Peppery', 'Amber', 'Hollow', 'Brisk', 'Velvet', 'Rusty', 'Lucid']
const NOUNS = ['Fox', 'Capital', 'Harbour', 'Lantern', 'Otter', 'Meadow', 'Compass', 'Anvil']

/** The cast with the wallets this seed gives them. */
export function whalesOf(seedKey: number): readonly Whale[] {
  return CAST.map((habits, index) => ({ ...habits, index, ...walletOf(seedKey, index) }))
}

/** Everybody else: enough wallets that the feed is mostly people nobody follows. */
const STRANGERS = 400
const STRANGER_SALT = 10_000

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
