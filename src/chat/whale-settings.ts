import type { Instant } from '../core/units/ids.ts'
import { NOTE_MAX, WEIGHT_MAX, type WhaleSettings } from '../core/whale/whale.ts'
import { age, clean, dollars, moment } from './format.ts'
import { quoted, readDollars, readDuration } from './option.ts'
import { UserError } from './user-error.ts'

/** What can be set for one whale, as people type it. */
export const SETTINGS = ['on', 'off', 'mute', 'weight', 'cap', 'note'] as const
export type SettingName = (typeof SETTINGS)[number]

/** A shorter mute is over before the next trade; a longer one is better switched off, where the list shows it as such. */
const MUTE_RANGE = { min: 60_000, max: 30 * 86_400_000 }

/** What a person wants changed. Throws a `UserError` for a value that is missing, not wanted, or outside its range. */
export function readChange(name: SettingName, value: string | undefined, now: Instant): Partial<WhaleSettings> {
  if (name === 'on' || name === 'off') {
    if (value !== undefined) throw new UserError(`\`${name}\` takes nothing after it; not ${quoted(value)}.`)
    return { isEnabled: name === 'on' }
  }
  if (value === undefined) throw new UserError(`Say to what: ${EXAMPLES[name]}.`)
  const said = value.trim()
  const isNone = said.toLowerCase() === 'none'
  switch (name) {
    case 'mute':
      return { mutedUntil: readMute(said, now) }
    case 'weight':
      return { weight: readWeight(said) }
    case 'cap':
      return { stakeMax: isNone ? undefined : readCap(said) }
    case 'note':
      return { note: isNone ? '' : readNote(said) }
  }
}

const EXAMPLES: Readonly<Record<Exclude<SettingName, 'on' | 'off'>, string>> = {
  mute: 'mute 2h, or mute off',
  weight: 'weight 0.5',
  cap: 'cap $100, or cap none',
  note: 'note and some words, or note none',
}

/** What lifts a mute is one that ends now: to leave the field out would say that it stays. */
function readMute(said: string, now: Instant): Instant {
  if (said.toLowerCase() === 'off') return now
  return (now + readDuration(said, MUTE_RANGE)) as Instant
}

function readWeight(said: string): number {
  const weight = /^\d(?:\.\d{1,3})?$/.test(said) ? Number(said) : Number.NaN
  if (weight <= WEIGHT_MAX) return weight
  throw new UserError(
    `A weight is a number from 0 to ${WEIGHT_MAX}, 1 being neither more nor less; not ${quoted(said)}.`,
  )
}

function readCap(said: string): WhaleSettings['stakeMax'] {
  const amount = readDollars(said)
  if (amount > 0n) return amount
  throw new UserError('A cap is an amount over nothing. `off` stops copying this whale.')
}

function readNote(said: string): string {
  const words = clean(said, NOTE_MAX)
  if (words.length > NOTE_MAX) throw new UserError(`A note has at most ${NOTE_MAX} characters.`)
  return words
}

/** How long the mute still lasts, in milliseconds; `undefined` where there is none, or it has passed. */
export function muteLeft({ mutedUntil }: Pick<WhaleSettings, 'mutedUntil'>, now: Instant): number | undefined {
  return mutedUntil === undefined || mutedUntil <= now ? undefined : mutedUntil - now
}

/** What differs from an ordinary following, in as few words as a list has room for; empty where nothing does. */
export function settingsMarks(settings: WhaleSettings, now: Instant): string {
  const { isEnabled, weight, stakeMax } = settings
  const muted = muteLeft(settings, now)
  return [
    ...(isEnabled ? [] : ['off']),
    ...(muted === undefined ? [] : [`muted ${age(muted)}`]),
    ...(weight === 1 ? [] : [`×${weight}`]),
    ...(stakeMax === undefined ? [] : [`≤${dollars(stakeMax)}`]),
  ].join(', ')
}

/** All settings in full: `on; not muted; weight 1; no cap`. */
export function settingsText(settings: WhaleSettings, now: Instant): string {
  return [
    switchText(settings),
    muteText(settings, now),
    `weight ${settings.weight}`,
    settings.stakeMax === undefined ? 'no cap' : `at most ${dollars(settings.stakeMax)} a trade`,
  ].join('; ')
}

/** What changed, each `was → is`; empty where nothing did. */
export function changesText(before: WhaleSettings, after: WhaleSettings, now: Instant): string {
  const pairs: readonly (readonly [string, string, boolean])[] = [
    [switchText(before), switchText(after), before.isEnabled === after.isEnabled],
    [muteText(before, now), muteText(after, now), isMuteSame(before, after, now)],
    [`weight ${before.weight}`, String(after.weight), before.weight === after.weight],
    [`cap ${capText(before)}`, capText(after), before.stakeMax === after.stakeMax],
    [`note ${noteText(before)}`, noteText(after), before.note === after.note],
  ]
  return pairs.flatMap(([was, is, isSame]) => (isSame ? [] : [`${was} → ${is}`])).join(', ')
}

function isMuteSame(before: WhaleSettings, after: WhaleSettings, now: Instant): boolean {
  return muteLeft(before, now) === muteLeft(after, now)
}

function switchText({ isEnabled }: WhaleSettings): string {
  return isEnabled ? 'on' : 'off'
}

function muteText(settings: WhaleSettings, now: Instant): string {
  const left = muteLeft(settings, now)
  if (left === undefined || settings.mutedUntil === undefined) return 'not muted'
  return `muted until ${moment(settings.mutedUntil)} (${age(left)})`
}

function capText({ stakeMax }: WhaleSettings): string {
  return stakeMax === undefined ? 'none' : dollars(stakeMax)
}

function noteText({ note }: WhaleSettings): string {
  return note === '' ? 'none' : `"${clean(note, 60)}"`
}
