import type { Config } from '../../../adapters/system/config.ts'
import type { Command } from '../../../chat/command.ts'
import { dailyReply } from '../../../chat/daily.ts'
import type { Desk, SurfaceHealth } from '../../../chat/desk.ts'
import type { Budget, Notice, PageView, Target } from '../../../chat/notice/notice.ts'
import { createNotices } from '../../../chat/notice/notices.ts'
import type { Router } from '../../../chat/router.ts'
import type { Entry } from '../../../core/engine/entry.ts'
import type { StateView } from '../../../core/engine/state.ts'
import { PLAIN_NOTICE } from '../../../core/people/notice.ts'
import { tradingState } from '../../../core/risk/holds.ts'
import type { ChatMemory } from '../../../ports/chat-memory.ts'
import type { Clock } from '../../../ports/clock.ts'
import { openHerald } from '../../../voices/herald.ts'
import type { Pairing } from '../../../voices/pairing.ts'
import type { Directory } from '../../../voices/people.ts'
import type { Place, Sender } from '../../../voices/surface.ts'
import type { Intake } from '../../intake.ts'
import type { Service } from '../../supervisor.ts'
import type { AnnouncerDesk } from '../announcer.ts'
import type { Note } from '../live-services.ts'
import { keepBoard } from './board.ts'
import { openEars } from './hearing.ts'
import { parcelsOf } from './parcels.ts'
import { openSurfaces } from './surfaces.ts'
import { openVoice, type Voice } from './voice.ts'
import { createWatch, type WatchOptions } from './watch.ts'

export type VoicesOptions = {
  readonly config: Pick<Config, 'discord' | 'telegram' | 'dataDir'>
  readonly clock: Clock
  readonly state: StateView
  readonly desk: Desk
  readonly router: Router
  readonly commands: readonly Command[]
  readonly announcer: AnnouncerDesk
  readonly intake: Intake
  readonly memory: ChatMemory
  readonly people: Directory
  readonly pairing: Pairing
  readonly seq: () => number
  readonly note: Note
  readonly signal: AbortSignal
  readonly watch?: Pick<WatchOptions, 'nobodyMs' | 'awayMs'>
  /** Cards in an hour, where it is not as many as a person can take. */
  readonly budget?: Budget
  /** How fast messages go out, where it is not as fast as the surfaces are known to take them. */
  readonly pace?: Sender['pace']
}

/** All that people hear and say beside the console. */
export type Voices = {
  readonly services: readonly Service[]
  readonly health: () => readonly SurfaceHealth[]
  readonly pages: () => readonly PageView[]
  /** A reader of the record: who looks after which page. */
  readonly read: (entries: readonly Entry[]) => void
  /** Resolves once the signal has aborted and all is written down. */
  readonly done: Promise<void>
}

export const NO_VOICES: Voices = {
  services: [],
  health: () => [],
  pages: () => [],
  read: () => undefined,
  done: Promise.resolve(),
}

/** Between two tries of a surface that ended with an error; it tries again by itself long before. */
const AGAIN_MS = 5_000

/** Opens the surfaces that are set up. Whatever they do, trading goes on, and stops when it should. */
export async function openVoices(options: VoicesOptions): Promise<Voices> {
  const { config, clock, state, desk, announcer, note, signal } = options
  if (config.discord === undefined && config.telegram === undefined) return NO_VOICES
  const watch = createWatch({
    surfaces: [
      ...(config.discord === undefined ? [] : (['discord'] as const)),
      ...(config.telegram === undefined ? [] : (['telegram'] as const)),
    ],
    clock,
    offer: input => options.intake.offer(input),
    say: announcer.say,
    seq: options.seq,
    ...options.watch,
  })
  const voices = new Map<string, Voice>()
  const surfaces = openSurfaces({
    ...options,
    ears: openEars(options),
    changed: watch.changed,
    offer: parcel => voices.get(parcel.place.surface)?.offer(parcel),
  })
  for (const surface of surfaces.all) {
    const { card } = announcer
    const { pace = surface.sender.pace } = options
    const spoken = { ...surface, sender: { ...surface.sender, pace } }
    const voice = openVoice({ ...options, surface: spoken, card, changed: watch.changed })
    voices.set(voice.name, voice)
  }
  const deliver = (notice: Notice): void => {
    const places = surfaces.places(notice.place.surface, notice.place.purpose).filter(isFor(notice.place))
    for (const parcel of parcelsOf(notice, places, notice.reply)) voices.get(parcel.place.surface)?.offer(parcel)
  }
  const herald = await openHerald({
    clock,
    notices: createNotices({
      places: {
        discord: config.discord !== undefined,
        telegram: config.telegram !== undefined,
        telegramGroup: config.telegram?.group !== undefined,
      },
      people: () => listenersOf(options),
      trading: () => tradingState(state.holds.values()),
      ...(options.budget === undefined ? {} : { budget: options.budget }),
    }),
    listen: announcer.listen,
    deliver,
    summarise: () => dailyReply(desk),
    memory: options.memory,
    report: error => note('telling people', error),
    signal,
  })
  const boards = (): readonly Place[] =>
    surfaces.all.flatMap(({ sender }) =>
      surfaces.places(sender.surface, 'risk').filter(place => place.person === undefined),
    )
  const offer = (parcel: Parameters<Voice['offer']>[0]): void => voices.get(parcel.place.surface)?.offer(parcel)
  return {
    services: [
      ...[...voices.values()].map(voice => serviceOf(voice, clock, note)),
      { name: 'watch over the surfaces', isEssential: false, run: watch.run },
      {
        name: 'boards',
        isEssential: false,
        run: until => keepBoard({ desk, clock, places: boards, offer }, until),
      },
    ],
    health: () => [...voices.values()].map(voice => voice.health()),
    pages: herald.pages,
    read: entries => {
      for (const { facts } of entries)
        for (const fact of facts) if (fact.kind === 'pageAcknowledged') herald.acknowledge(fact.page, fact.by.person)
    },
    done: herald.done,
  }
}

/** A surface that fails is begun anew, as often as it takes: it is never a reason for the process to end. */
function serviceOf(voice: Voice, clock: Clock, note: Note): Service {
  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await voice.run(signal).catch(error => note(voice.name, error))
      await clock.sleep(AGAIN_MS, signal)
    }
  }
  return { name: voice.name, isEssential: false, run }
}

function isFor(target: Target): (place: Place) => boolean {
  return place => place.person === target.person
}

function listenersOf({ people, state }: Pick<VoicesOptions, 'people' | 'state'>) {
  return people.all.map(({ id }) => ({
    id,
    accounts: { discord: people.accounts(id, 'discord'), telegram: people.accounts(id, 'telegram') },
    notice: state.notices.get(id) ?? PLAIN_NOTICE,
  }))
}
