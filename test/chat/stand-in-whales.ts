import type { Candidates, Desk, Health, Profile } from '../../src/chat/desk.ts'
import { UserError } from '../../src/chat/user-error.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import type { Asker, Instruction } from '../../src/core/engine/input.ts'
import { instant, type WhaleAddress } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import type { WhaleRecord } from '../../src/core/whale/record.ts'
import { PLAIN_SETTINGS, settingsFault, type Whale, type WhaleSettings } from '../../src/core/whale/whale.ts'
import { whaleListText } from '../../src/run/live/whale-list.ts'
import { readWhaleList } from '../../src/run/live/whale-list-read.ts'

/** What of the stand-in's world is about whales; `file` is the text of the file of whales. */
export type WhaleWorld = {
  whales: Map<string, Whale>
  profiles: readonly Profile[]
  candidates: Candidates
  file: string | undefined
  isVenueAway: boolean
}

export const NAMESAKE = `0x${'e'.repeat(40)}` as WhaleAddress
const OTHER = `0x${'f'.repeat(40)}` as WhaleAddress

export function profile(whale: WhaleAddress, name: string, change: Partial<Profile> = {}): Profile {
  const joinedAt = instant(Date.UTC(2024, 4, 1))
  return { whale, name, pseudonym: 'Quiet-Otter', bio: '', joinedAt, isVerified: false, ...change }
}

export function newProfiles(swiss: WhaleAddress, newcomer: WhaleAddress): readonly Profile[] {
  return [
    profile(swiss, 'swisstony', { isVerified: true, bio: 'Rates, elections, and a little football. '.repeat(6) }),
    profile(newcomer, 'newcomer', { joinedAt: undefined, pseudonym: '' }),
    profile(NAMESAKE, 'Gemini', { pseudonym: 'Loud-Heron', bio: 'the real one' }),
    profile(OTHER, 'gemini', { isVerified: true }),
  ]
}

export function newCandidates(good: WhaleRecord, poor: WhaleRecord, newcomer: WhaleAddress): Candidates {
  const copyable = { takerShare: 0.62, liquidShare: 0.9 }
  return {
    found: [
      { whale: newcomer, name: 'newcomer', record: poor },
      { whale: NAMESAKE, name: '', record: { ...good, resolved: 410, won: 287, ...copyable } },
      { whale: OTHER, name: 'gemini', record: { ...good, profit: usd('4100') } },
    ],
    ranked: 31,
    followed: 2,
    failed: 1,
    isCut: true,
  }
}

const SINCE = instant(Date.UTC(2026, 9, 2, 13, 40, 0))

export const HEALTH: Pick<Health, 'requests' | 'books' | 'ownPart' | 'surfaces'> = {
  surfaces: [
    { name: 'discord', status: 'live', since: SINCE, why: '', waiting: 2, delivered: 118, failed: 1, faults: [] },
    {
      name: 'telegram',
      status: 'down',
      since: SINCE,
      why: 'another program polls with the same token',
      waiting: 14,
      delivered: 97,
      failed: 0,
      faults: [],
    },
  ],
  requests: [
    { group: 'data', inWindow: 31, peak: 88, limit: 800 },
    { group: 'data /trades', inWindow: 22, peak: 64, limit: 300 },
    { group: 'gamma', inWindow: 0, peak: 0, limit: 4_000 },
    { group: 'clob /book', inWindow: 0, peak: 12, limit: 1_500 },
  ],
  books: { subscribed: 42, trusted: 40, disagreements: 1 },
  ownPart: [
    { source: 'chain', p50Ms: 0.42, p99Ms: 2.9 },
    { source: 'activity', p50Ms: 0.31, p99Ms: 1.8 },
  ],
}

/** The questions about whales, answered from memory. */
export function whaleDesk(
  world: WhaleWorld,
): Pick<Desk, 'profile' | 'find' | 'candidates' | 'exportWhales' | 'readWhales'> {
  const path = 'data/whales.json'
  const away = (what: string): void => {
    if (world.isVenueAway) throw new UserError(`${what}: no answer within 8 s. Try again in a moment.`)
  }
  return {
    profile: async whale => {
      away('Its profile could not be had')
      return world.profiles.find(one => one.whale === whale)
    },
    find: async name => {
      away('That name could not be looked up')
      return world.profiles.filter(one => one.name.toLowerCase() === name.toLowerCase())
    },
    candidates: async category => {
      away('The rankings could not be had')
      return category === 'chess' ? { found: [], ranked: 0, followed: 0, failed: 0, isCut: false } : world.candidates
    },
    exportWhales: async () => {
      world.file = whaleListText(world.whales.values())
      return { path, count: world.whales.size }
    },
    readWhales: async () => {
      if (world.file === undefined) throw new UserError(`There is no ${path}.`)
      return { ...readWhaleList(world.file, 100), path }
    },
  }
}

/** What the engine would do with what is set for one whale. */
export function setWhale(
  world: WhaleWorld,
  { whale: address, settings }: Extract<Instruction, { readonly kind: 'setWhale' }>,
  by: Asker,
): readonly Fact[] {
  const refuse = (why: string): readonly Fact[] => [{ kind: 'instructionRefused', instruction: 'setWhale', why, by }]
  const whale = world.whales.get(address)
  if (whale === undefined) return refuse('that wallet is not followed')
  const names = Object.keys(PLAIN_SETTINGS) as readonly (keyof WhaleSettings)[]
  if (names.every(name => settings[name] === whale.settings[name])) return refuse('nothing would change')
  const fault = settingsFault(settings)
  if (fault !== undefined) return refuse(fault)
  world.whales.set(address, { ...whale, settings })
  return [{ kind: 'whaleSet', whale: address, settings, by }]
}
