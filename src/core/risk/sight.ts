import type { Instant } from '../units/ids.ts'

/** Sources that tell trades by themselves, and the rounds that ask for them. */
export type StreamName = 'chain' | 'activity'
export type SourceName = StreamName | 'sweep'

/** How a source is doing: `stale` is open and says nothing that can be used, `down` does not answer. */
export type SourceStatus = 'connecting' | 'live' | 'stale' | 'down'

export type Standing = { readonly status: SourceStatus; readonly since: Instant; readonly why: string }

/** Why nothing new may be bought on what a source shows: `undefined` where it may. */
export type Blindness = { readonly source: SourceName; readonly why: string }

/**
 * Which sources keep us from buying. One stream that is live sees every trade, so the others may be away; with none, each of them
 * is in the way. Without the rounds nobody knows what the streams missed, a sale among it, so they are always needed.
 */
export function blindnesses(sources: ReadonlyMap<SourceName, Standing>): readonly Blindness[] {
  const found: Blindness[] = []
  const streams = [...sources].filter(([name]) => name !== 'sweep')
  if (streams.length > 0 && streams.every(([, standing]) => isBlind(standing))) {
    for (const [source, standing] of streams) found.push({ source, why: whyOf(standing) })
  }
  const sweep = sources.get('sweep')
  if (sweep !== undefined && isBlind(sweep)) found.push({ source: 'sweep', why: whyOf(sweep) })
  return found
}

function isBlind({ status }: Standing): boolean {
  return status === 'stale' || status === 'down'
}

function whyOf({ status, why }: Standing): string {
  return why === '' ? `it is ${status}` : `it is ${status}: ${why}`
}
