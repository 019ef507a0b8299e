import { type Context, command } from '../src/chat/command.ts'
import { findWhale } from '../src/chat/find-whale.ts'
import { whaleText } from '../src/chat/format.ts'
import { factOf, instructed } from '../src/chat/instructing.ts'
import { choice, optional, text, who as whoOption } from '../src/chat/option.ts'
import { type Reply, reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'
import { type Found, strangerPage, whalePage, withSwitches } from '../src/chat/whale-page.ts'
import {
  changesText,
  muteLeft,
  readChange,
  SETTINGS,
  type SettingName,
  settingsText,
} from '../src/chat/whale-settings.ts'
import type { Whale } from '../src/core/whale/whale.ts'

export default command({
  name: 'whale',
  summary: 'All about one wallet; or switch it on or off, mute, weigh, cap or note it.',
  access: 'trader',
  options: {
    who: whoOption('A wallet, or the name of a whale that is followed ("in quotes").'),
    set: optional(choice('What to set.', SETTINGS)),
    value: optional(text('For mute 2h or off, weight 0 to 2, cap dollars or none, note words or none.')),
  },
  async run({ who, set, value }, context) {
    const whale = findWhale(context.desk, who)
    if (whale !== undefined) {
      return set === undefined ? shown(whale, context) : change(whale, set, value, context)
    }
    if (set !== undefined || who.kind !== 'wallet')
      throw new UserError('That wallet is not followed, so there is nothing to set: `follow` it first.')
    return strangerPage(await context.desk.look(who.whale), context.desk.limits().qualityMin)
  },
})

/** A whale that is followed is shown from memory, so that a venue that does not answer hides nothing of it. */
async function shown(whale: Whale, { desk }: Context): Promise<Reply> {
  return whalePage(whale, await profileOf(whale, desk), desk.limits().qualityMin, desk.now())
}

async function profileOf({ address }: Whale, desk: Context['desk']): Promise<Found> {
  try {
    return { kind: 'found', profile: await desk.profile(address) }
  } catch (error) {
    if (error instanceof UserError) return { kind: 'unknown' }
    throw error
  }
}

async function change(whale: Whale, set: SettingName, value: string | undefined, context: Context): Promise<Reply> {
  const now = context.desk.now()
  if (set === 'mute' && value?.trim().toLowerCase() === 'off' && muteLeft(whale.settings, now) === undefined)
    throw new UserError(`${whaleText(whale.name, whale.address)} is not muted.`)
  const facts = await instructed(context, {
    kind: 'setWhale',
    whale: whale.address,
    settings: { ...whale.settings, ...readChange(set, value, now) },
  })
  const after = factOf(facts, 'whaleSet')?.settings ?? whale.settings
  const changed = changesText(whale.settings, after, now)
  const said = reply(`${whaleText(whale.name, whale.address)} · ${changed === '' ? 'as it was' : changed}`, 'good')
    .rows(['Was', settingsText(whale.settings, now)], ['Is', settingsText(after, now)])
    .text('It holds from the next trade on. What was copied of it stays open, and its exits are followed as before.')
  return withSwitches(said, { address: whale.address, settings: after }, now)
}
