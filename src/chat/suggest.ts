import { LIMIT_NAMES } from '../core/risk/limits.ts'
import { ALL } from './decide-all.ts'
import type { Desk, Pending } from './desk.ts'
import { positionName } from './find-position.ts'
import { shortenedTo } from './fitting.ts'
import {
  age,
  cents,
  clean,
  dollars,
  NAME_GRAPHEMES,
  shareCount,
  signedDollars,
  visible,
  whaleHandle,
} from './format.ts'
import { PRESET_NAMES, rangeText, showLimit } from './limit-words.ts'
import { TEXT_MAX } from './option.ts'
import { openProfit } from './position-words.ts'

/** What can be picked instead of typed: how it is shown, and what it stands for. */
export type Suggestion = { readonly name: string; readonly value: string }

/** Discord's limits, on how many are offered and on the letters of each. */
const OFFERED_MAX = 25
const LETTERS_MAX = 100
/** As many digits of a token as its position is called by, where no other position ends in them. */
const TAG_DIGITS = 6

/** The part of the desk that answers from memory. */
type Memory = Pick<Desk, 'now' | 'pending' | 'positions' | 'whales' | 'limits' | 'people' | 'pages'>

/** By command and option. */
const SOURCES: ReadonlyMap<string, (desk: Memory) => readonly Suggestion[]> = new Map([
  ['approve id', waitingOrAll],
  ['reject id', waitingOrAll],
  ['why id', waiting],
  ['close what', held],
  ['whale who', followed],
  ['unfollow who', followed],
  ['limits name', limited],
  ['people account', accounts],
  ['ack page', unseen],
])

/** Whether an option names something that is open, so that typing it can be helped. */
export function isSuggested(command: string, option: string): boolean {
  return SOURCES.has(`${command} ${option}`)
}

/**
 * What may be meant by the letters typed so far: all of whose words are in it, what is most urgent first. `choices` are those of
 * the option, where it has more of them than a surface lists. From memory alone, since a surface waits for it.
 */
export function suggest(
  desk: Memory,
  command: string,
  option: string,
  typed: string,
  choices: readonly string[] = [],
): readonly Suggestion[] {
  const open = SOURCES.get(`${command} ${option}`)?.(desk) ?? []
  const offered = [...open, ...choices.map(choice => ({ name: choice, value: choice }))]
  const said = visible(typed.slice(0, TEXT_MAX)).toLowerCase().split(' ')
  const found: Suggestion[] = []
  for (const { name, value } of offered) {
    if (found.length >= OFFERED_MAX) break
    const all = `${name} ${value}`.toLowerCase()
    if (value.length <= LETTERS_MAX && said.every(word => all.includes(word))) found.push({ name: shown(name), value })
  }
  return found
}

function shown(name: string): string {
  return shortenedTo(visible(name), LETTERS_MAX, text => text.length)
}

function waiting(desk: Memory): readonly Suggestion[] {
  const urgent = [...desk.pending()].sort((one, other) => one.bound.expiresAt - other.bound.expiresAt)
  return urgent.map(each => ({ name: waitingName(each, desk), value: each.signal.short }))
}

/** All of them stands last, where a thumb does not fall on it first. */
function waitingOrAll(desk: Memory): readonly Suggestion[] {
  const found = waiting(desk).slice(0, OFFERED_MAX - 1)
  return found.length < 2 ? found : [...found, { name: `${ALL} ${found.length} that wait`, value: ALL }]
}

function waitingName({ signal, bound, title, outcome }: Pending, desk: Memory): string {
  const sign = bound.side === 'buy' ? '≤' : '≥'
  const what = `${signal.short} ${bound.side} ${clean(outcome, 20) || '?'} ${dollars(bound.dollars)} ${sign}${cents(bound.limit)}`
  return `${what} · ${age(bound.expiresAt - desk.now())} · ${clean(title)}`
}

function held(desk: Memory): readonly Suggestion[] {
  const tokens = desk.positions().map(({ token }) => token)
  const dear = [...desk.positions()].sort((one, other) => Number(other.cost - one.cost))
  return dear.map(position => {
    const tag = `#${tailOf(position.token, tokens)}`
    const worth = `${shareCount(position.shares)} shares, ${signedDollars(openProfit(position))}`
    return { name: `${tag} ${positionName(position, 50)} · ${worth}`, value: tag }
  })
}

/** The end of a token that no other token has: two markets whose numbers end alike must not be sold for each other. */
function tailOf(token: string, tokens: readonly string[]): string {
  for (let digits = TAG_DIGITS; digits < token.length; digits += 1) {
    const tail = token.slice(-digits)
    if (tokens.filter(each => each.endsWith(tail)).length === 1) return tail
  }
  return token
}

function followed(desk: Memory): readonly Suggestion[] {
  const best = [...desk.whales()].sort((one, other) => (other.quality?.score ?? -1) - (one.quality?.score ?? -1))
  return best.map(({ address, name, quality, settings }) => {
    const score = quality === undefined ? '' : ` · quality ${quality.score}`
    return { name: `${whaleHandle(name, address)}${score}${settings.isEnabled ? '' : ' · off'}`, value: address }
  })
}

function limited(desk: Memory): readonly Suggestion[] {
  const limits = desk.limits()
  const names = LIMIT_NAMES.map(name => ({
    name: `${name} · now ${showLimit(name, limits[name])}, from ${rangeText(name)}`,
    value: name,
  }))
  return [...PRESET_NAMES.map(name => ({ name: `${name}, a preset`, value: name })), ...names]
}

function accounts(desk: Memory): readonly Suggestion[] {
  return desk
    .people()
    .flatMap(({ person, accounts: theirs }) =>
      theirs.map(account => ({ name: `${clean(account, 60)} of ${clean(person, NAME_GRAPHEMES)}`, value: account })),
    )
}

function unseen(desk: Memory): readonly Suggestion[] {
  const pages = desk.pages().filter(page => page.acknowledgedBy === undefined)
  return pages.map(({ id, at, title }) => ({
    name: `${id} · ${age(desk.now() - at)} ago · ${clean(title)}`,
    value: id,
  }))
}
