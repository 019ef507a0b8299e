import type { Instant } from '../core/units/ids.ts'
import type { Whale } from '../core/whale/whale.ts'
import type { ListedWhale, WhaleList } from './desk.ts'
import { counted, whaleHandle } from './format.ts'
import { type Reply, reply } from './reply.ts'
import { changesText, settingsMarks } from './whale-settings.ts'

/** What taking a file of whales in would do: nobody is ever unfollowed by it. */
export type ImportPlan = {
  readonly follow: readonly ListedWhale[]
  readonly change: readonly { readonly listed: ListedWhale; readonly whale: Whale }[]
  /** Listed, and followed just so; and followed without being listed, which stays. */
  readonly same: number
  readonly kept: number
}

/** How many wallets are named one by one, and how many faults. */
const SHOWN_MAX = 10

export function importPlan(listed: readonly ListedWhale[], whales: readonly Whale[]): ImportPlan {
  const followed = new Map(whales.map(whale => [whale.address, whale]))
  const follow: ListedWhale[] = []
  const change: { listed: ListedWhale; whale: Whale }[] = []
  for (const one of listed) {
    const whale = followed.get(one.address)
    if (whale === undefined) follow.push(one)
    else if (isOther(one, whale)) change.push({ listed: one, whale })
  }
  const same = listed.length - follow.length - change.length
  return { follow, change, same, kept: whales.length - same - change.length }
}

function isOther({ settings }: ListedWhale, whale: Whale): boolean {
  const names = Object.keys(settings) as readonly (keyof ListedWhale['settings'])[]
  return names.some(name => settings[name] !== whale.settings[name])
}

export function faultsReply({ path, faults }: Extract<WhaleList, { readonly kind: 'faulty' }>): Reply {
  const said = reply(`Nothing was taken in: ${counted(faults.length, 'fault')} in the file of whales`, 'warn').rows([
    'File',
    path,
  ])
  const listed = faults.slice(0, SHOWN_MAX).reduce((so, fault) => so.text(fault), said)
  return faults.length > SHOWN_MAX ? listed.note(`… and ${faults.length - SHOWN_MAX} more`) : listed
}

/** What would change, before anything does. */
export function planReply(path: string, plan: ImportPlan, now: Instant): Reply {
  const { follow, change } = plan
  const isIdle = follow.length === 0 && change.length === 0
  const title = isIdle
    ? 'The file of whales changes nothing'
    : `It would follow ${counted(follow.length, 'wallet')} and change ${change.length}`
  const rows = [
    ...follow.map(({ address, name, settings }) => {
      const marks = settingsMarks(settings, now)
      return ['follow', whaleHandle(name, address), marks === '' ? 'as usual' : marks]
    }),
    ...change.map(({ listed, whale }) => {
      const words = changesText(whale.settings, listed.settings, now)
      return ['change', whaleHandle(whale.name, whale.address), words === '' ? 'a mute that is over' : words]
    }),
  ]
  const said = reply(title).rows(['File', path], ['Left alone', leftText(plan)])
  if (isIdle) return said
  const table = said.table(['What', 'Whale', 'Settings'], rows.slice(0, SHOWN_MAX))
  const listed = rows.length > SHOWN_MAX ? table.note(`… and ${rows.length - SHOWN_MAX} more`) : table
  return listed.press('Import', 'whales import yes')
}

/** What taking it in has come to; `refused` are the engine's reasons, one for each wallet that it would not take. */
export function importedReply(plan: ImportPlan, refused: readonly string[]): Reply {
  const wished = plan.follow.length + plan.change.length
  const tone = refused.length === 0 ? 'good' : 'warn'
  const said = reply(`Took in ${wished - refused.length} of ${counted(wished, 'wallet')}`, tone).rows(
    ['Asked', `${plan.follow.length} to follow, ${plan.change.length} to change`],
    ['Left alone', leftText(plan)],
  )
  const listed = refused.slice(0, SHOWN_MAX).reduce((so, why) => so.text(why), said)
  const whole = refused.length > SHOWN_MAX ? listed.note(`… and ${refused.length - SHOWN_MAX} more`) : listed
  return whole.press('Whales', 'whales')
}

function leftText({ same, kept }: ImportPlan): string {
  return `${same} are as the file has them; ${kept} are not in it and stay followed`
}
