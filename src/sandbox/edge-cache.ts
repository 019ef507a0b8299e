import type { Answer } from './request.ts'

/** An answer as sent: its text, and whether the edge gave it without asking the host. */
export type Sent = {
  readonly status: number
  readonly text: string
  readonly maxAgeSeconds: number
  readonly isHit: boolean
}

type Kept = { readonly text: string; readonly madeAt: number; readonly maxAgeSeconds: number }

/** Enough to catch somebody who asks the same address again, and no more: each page may be half a megabyte. */
const CHARACTERS_MAX = 1_000_000

export type EdgeCache = {
  /** `ageSecondsMin` makes every answer at least that old before it is asked for anew; 0 leaves it to the answer. */
  readonly answer: (
    address: string,
    nowMs: number,
    make: () => Promise<Answer>,
    ageSecondsMin?: number,
  ) => Promise<Sent>
}

/**
 * The content network in front of the venue. It repeats an answer for its whole age to whoever asks the same address,
 * whatever the request says about caching: a poller that does not change its address sees a past up to five minutes
 * old.
 */
export function edgeCache(): EdgeCache {
  const kept = new Map<string, Kept>()
  let characters = 0

  const forget = (address: string): void => {
    characters -= kept.get(address)?.text.length ?? 0
    kept.delete(address)
  }

  return {
    answer: async (address, nowMs, make, ageSecondsMin = 0) => {
      const known = kept.get(address)
      const knownAge = Math.max(known?.maxAgeSeconds ?? 0, ageSecondsMin)
      if (known !== undefined && nowMs < known.madeAt + knownAge * 1000) {
        return { status: 200, text: known.text, maxAgeSeconds: knownAge, isHit: true }
      }
      forget(address)
      const { status, body, maxAgeSeconds: ownAge = 0 } = await make()
      const text = JSON.stringify(body)
      const maxAgeSeconds = Math.max(ownAge, ageSecondsMin)
      if (maxAgeSeconds > 0 && text.length < CHARACTERS_MAX) {
        forget(address)
        kept.set(address, { text, madeAt: nowMs, maxAgeSeconds: ownAge })
        characters += text.length
      }
      for (const oldest of kept.keys()) {
        if (characters <= CHARACTERS_MAX) break
        forget(oldest)
      }
      return { status, text, maxAgeSeconds, isHit: false }
    },
  }
}
