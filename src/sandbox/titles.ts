import type { Seeded } from '../core/units/seeded.ts'

/** What a market is about, in words. */
export type Subject = {
  readonly category: string
  readonly title: string
  readonly outcomes: readonly [string, string]
}

const YES_NO = ['Yes', 'No'] as const
const PLACES = [
  'Harbour City',
  'Northfield',
  'Eastmere',
  'Saint Alba',
  'Oakridge',
  'Low Fenwick',
  'Port Sorrel',
  'Kestrel Bay',
]
const COINS = ['Bitcoin', 'Ethereum', 'Solana', 'Dogecoin']
const PARTIES = ['the Orchard Party', 'the River Alliance', 'the Civic Union', 'the Independents']
const COMPANIES = ['Fernworks', 'Halcyon Labs', 'Bluequarry', 'Tin Lantern Studios']

/** Taker fee rates by category, as the venue publishes them. */
export const FEE_RATES: Readonly<Record<string, number>> = {
  crypto: 0.07,
  sports: 0.05,
  weather: 0.05,
  culture: 0.05,
  economics: 0.05,
  politics: 0.04,
  tech: 0.04,
  geopolitics: 0,
}

/** One title in this many is hostile to whatever displays it. */
const NASTY_ONE_IN = 10

/** A question for a market of this category; a few of them carry what real titles carry, and worse. */
export function subjectOf(chance: Seeded, category: string): Subject {
  const plain = plainSubject(chance, category)
  if (!chance.chance(1 / NASTY_ONE_IN)) return plain
  return { ...plain, title: nastyTitle(chance, plain.title) }
}

function plainSubject(chance: Seeded, category: string): Subject {
  const place = chance.pick(PLACES)
  const level = chance.whole(90) + 5
  const ask = (title: string): Subject => ({ category, title, outcomes: YES_NO })
  switch (category) {
    case 'crypto':
      return { category, title: `${chance.pick(COINS)} Up or Down, round ${level}`, outcomes: ['Up', 'Down'] }
    case 'sports': {
      const rival = PLACES[(PLACES.indexOf(place) + 1 + chance.whole(PLACES.length - 1)) % PLACES.length] ?? 'Visitors'
      return { category, title: `${place} vs. ${rival}`, outcomes: [place, rival] }
    }
    case 'weather':
      return ask(`Will ${place} reach ${level - 4}°C at the next reading?`)
    case 'economics':
      return ask(`Will ${place} report inflation above ${(level / 10).toFixed(1)}%?`)
    case 'politics':
      return ask(`Will ${chance.pick(PARTIES)} win the ${place} by-election?`)
    case 'geopolitics':
      return ask(`Will ${place} and ${chance.pick(PLACES)} sign the ferry treaty?`)
    case 'tech':
      return ask(`Will ${chance.pick(COMPANIES)} ship version ${level}?`)
    default:
      return ask(`Will ${chance.pick(COMPANIES)} win best picture number ${level}?`)
  }
}

function nastyTitle(chance: Seeded, title: string): string {
  const longTail = ' and then, as the rules of this market go on to say at some length,'.repeat(9)
  return chance.pick([
    `**${title}** _really_ \`code\` ~~no~~ ||spoiler|| [click](https://example.invalid)`,
    `@everyone @here <@123456789> ${title}`,
    `\u202e${title}\u202c \u05d4\u05d0\u05dd \u05d6\u05d4 \u05d9\u05e7\u05e8\u05d4\u061f`,
    `\u{1F40B}\u{1F680} ${title} \u{1F9D1}\u200d\u{1F680}`,
    `${title}${longTail} what then?`,
    `<b>${title}</b> & "quotes" 'single' \\ backslash`,
    `# ${title}\n> second line\t\u0007bell`,
  ])
}
