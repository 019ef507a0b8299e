import type { Clock } from '../../ports/clock.ts'

/** Channels that would not take a message. Each is asked again only after a while, however much is to be said there. */
export type BadChannels = {
  /** Why it is not asked at the moment; nothing where it may be. */
  readonly why: (channel: string) => string | undefined
  readonly bad: (channel: string, why: string) => void
  /** Somebody has changed channels or permissions: all may be asked again. */
  readonly forgive: () => void
}

export function badChannels(clock: Pick<Clock, 'now'>, forMs: number): BadChannels {
  const found = new Map<string, { readonly until: number; readonly why: string }>()
  return {
    why: channel => {
      const bad = found.get(channel)
      return bad !== undefined && clock.now() < bad.until ? bad.why : undefined
    },
    bad: (channel, why) => void found.set(channel, { until: clock.now() + forMs, why }),
    forgive: () => found.clear(),
  }
}
