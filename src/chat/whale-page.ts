import type { Instant } from '../core/units/ids.ts'
import type { OwnRecord } from '../core/whale/record.ts'
import type { Whale } from '../core/whale/whale.ts'
import type { Look, Profile } from './desk.ts'
import { age, clean, counted, dollars, signedDollars, whaleText } from './format.ts'
import { profileRows } from './profile-words.ts'
import { type Reply, type Row, reply } from './reply.ts'
import { muteLeft, settingsText } from './whale-settings.ts'
import { qualityOfRecord, recordRows, withQuality } from './whale-words.ts'

/** What was found out of who a wallet is: `unknown` where nobody answered. */
export type Found = { readonly kind: 'found'; readonly profile: Profile | undefined } | { readonly kind: 'unknown' }

/** Everything about a whale that is followed, what people set first, since that is what they come for. */
export function whalePage(whale: Whale, found: Found, qualityMin: number, now: Instant): Reply {
  const { address, name, settings, record, quality, own, followedAt, lastTradeAt } = whale
  const isCopied = settings.isEnabled && muteLeft(settings, now) === undefined && (quality?.score ?? 0) >= qualityMin
  const score = quality === undefined ? 'quality not known yet' : `quality ${quality.score}`
  const last = lastTradeAt === undefined ? 'no trade heard yet' : `last trade ${age(now - lastTradeAt)} ago`
  const note = clean(settings.note, 200)
  const base = reply(
    `${whaleText(name, address)} · ${isCopied ? 'copied' : 'NOT copied'} · ${score}`,
    isCopied ? 'good' : 'warn',
  )
    .rows(
      ['Wallet', address],
      ['Followed', `for ${age(now - followedAt)}, ${last}`],
      ['Set to', settingsText(settings, now)],
      ...(note === '' ? [] : ([['Note', note]] as const)),
      ['Our copies', ownText(own)],
    )
    .rows(...foundRows(found))
    .rows(...(record === undefined ? ([['Record', 'not read yet']] as const) : recordRows(record)))
  return withSwitches(quality === undefined ? base : withQuality(base, quality), whale, now)
}

/** Who a wallet is that is not followed: a page to decide by, with the press that follows it. */
export function strangerPage({ whale, name, profile, record }: Look, qualityMin: number): Reply {
  const quality = qualityOfRecord(record)
  const isGood = quality.score >= qualityMin
  const said = reply(
    `${whaleText(name, whale)} · not followed · quality ${quality.score}`,
    isGood ? 'good' : 'warn',
  ).rows(['Wallet', whale], ...profileRows(profile), ...recordRows(record))
  const page = withQuality(said, quality)
  return (
    isGood
      ? page
      : page.text(`Its quality is under ${qualityMin}: followed, it would be shown and refused until that changes.`)
  ).press('Follow', `follow ${whale}`)
}

/** The presses that silence a whale, or let it speak again, as things stand. */
export function withSwitches(
  said: Reply,
  { address, settings }: Pick<Whale, 'address' | 'settings'>,
  now: Instant,
): Reply {
  const line = `whale ${address}`
  const muted = muteLeft(settings, now) !== undefined
  return said
    .press(muted ? 'Unmute' : 'Mute 1 h', `${line} mute ${muted ? 'off' : '1h'}`)
    .press(settings.isEnabled ? 'Off' : 'On', `${line} ${settings.isEnabled ? 'off' : 'on'}`)
}

function foundRows(found: Found): readonly Row[] {
  return found.kind === 'found'
    ? profileRows(found.profile)
    : [['Profile', 'could not be had now; ask again in a moment']]
}

function ownText({ copies, closed, staked, profit }: OwnRecord): string {
  if (copies === 0) return 'none yet'
  const ended =
    closed === 0 ? 'none finished' : `${closed} finished: ${dollars(staked)} staked, ${signedDollars(profit)}`
  return `${counted(copies, 'copy', 'copies')}, ${ended}`
}
