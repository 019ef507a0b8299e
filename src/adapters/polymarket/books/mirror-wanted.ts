import type { Instant, TokenId } from '../../../core/units/ids.ts'

/** The tokens whose books somebody asked for lately. */
export type WantedTokens = {
  readonly ask: (token: TokenId, now: Instant) => void
  readonly forget: (token: TokenId) => void
  /** Those that still matter, in the order in which they were asked for last. */
  readonly current: (now: Instant) => readonly TokenId[]
  readonly has: (token: TokenId) => boolean
}

/** Forgets what nobody asked for in `forMs`, and beyond `most` what was asked for longest ago. */
export function wantedTokens(most: number, forMs: number): WantedTokens {
  const askedAt = new Map<TokenId, Instant>()
  return {
    ask: (token, now) => {
      askedAt.delete(token)
      askedAt.set(token, now)
      const [oldest] = askedAt.keys()
      if (askedAt.size > most && oldest !== undefined) askedAt.delete(oldest)
    },
    forget: token => void askedAt.delete(token),
    current: now => {
      for (const [token, at] of askedAt) {
        if (now - at < forMs) break
        askedAt.delete(token)
      }
      return [...askedAt.keys()]
    },
    has: token => askedAt.has(token),
  }
}
