import { join } from 'node:path'
import type { Purpose } from '../../../chat/notice/events.ts'
import { pressCodec } from '../../../chat/press-codec.ts'
import { suggest } from '../../../chat/suggest.ts'
import { openDiscord } from '../../../surfaces/discord/surface.ts'
import { openTelegram } from '../../../surfaces/telegram/surface.ts'
import type { Ears } from '../../../voices/ears.ts'
import type { Parcel } from '../../../voices/outbox-parcel.ts'
import type { Place, SurfaceName } from '../../../voices/surface.ts'
import { pressKeys } from './press-keys.ts'
import type { Spoken } from './voice.ts'
import type { VoicesOptions } from './voices.ts'
import type { Watch } from './watch.ts'

export type Surfaces = {
  readonly all: readonly Spoken[]
  readonly places: (surface: SurfaceName, purpose: Purpose) => readonly Place[]
}

/** The surfaces that the configuration names, with the keys that sign their buttons. The one place where their tokens are shown. */
export function openSurfaces(
  options: Pick<VoicesOptions, 'config' | 'commands' | 'desk' | 'memory' | 'clock' | 'note' | 'people'> & {
    readonly ears: Ears
    readonly changed: Watch['changed']
    readonly offer: (parcel: Parcel) => void
  },
): Surfaces {
  const { config, commands, desk, memory, clock, note, people, ears, changed, offer } = options
  const codec = pressCodec(pressKeys(join(config.dataDir, 'press.keys')))
  const shared = { ears, codec, commands, memory, clock, note }
  const discord =
    config.discord === undefined
      ? undefined
      : openDiscord({
          ...shared,
          ...config.discord,
          token: config.discord.token.reveal(),
          isKnown: account => people.of('discord', account) !== undefined,
          suggest: (command, option, typed) => suggest(desk, command, option, typed),
          changed: view => changed('discord', view),
        })
  const telegram =
    config.telegram === undefined
      ? undefined
      : openTelegram({
          ...shared,
          ...config.telegram,
          token: config.telegram.token.reveal(),
          people,
          offer,
          changed: view => changed('telegram', view),
        })
  return {
    all: [discord, telegram].filter(surface => surface !== undefined),
    places: (surface, purpose) => {
      if (surface === 'telegram') return telegram?.places(purpose) ?? []
      return discord === undefined ? [] : [discord.places[purpose]]
    },
  }
}
