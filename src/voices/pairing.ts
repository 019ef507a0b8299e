import type { Instant, PersonId } from '../core/units/ids.ts'
import { later } from '../core/units/ids.ts'

/**
 * Links a second account to a person: who is known on one surface asks for a code there and says it on the other. A code works
 * once, for five minutes, and guessing is stopped long before it could succeed. Codes live in memory: a restart voids them.
 */
export type Pairing = {
  /** A new code takes the place of the person's last. */
  readonly issue: (person: PersonId, at: Instant) => { readonly code: string; readonly until: Instant }
  /** Whose code it is. `account` is who says it, for counting wrong guesses. */
  readonly redeem: (code: string, account: string, at: Instant) => PersonId | 'wrong' | 'too many tries'
}

const CODE_MS = 5 * 60_000
const TRIES_WINDOW_MS = 10 * 60_000
/** Wrong guesses of one account, and of all together, within the window: of a million codes. */
const TRIES_MAX = 5
const TRIES_OF_ALL_MAX = 50

/** `sixDigits` draws a number from 0 to 999,999 that nobody can foresee. */
export function createPairing(sixDigits: () => number): Pairing {
  const codes = new Map<PersonId, { readonly code: string; readonly until: Instant }>()
  let wrong: { readonly account: string; readonly at: Instant }[] = []
  return {
    issue: (person, at) => {
      const issued = { code: String(sixDigits()).padStart(6, '0'), until: later(at, CODE_MS) }
      codes.set(person, issued)
      return issued
    },
    redeem: (code, account, at) => {
      wrong = wrong.filter(one => at - one.at < TRIES_WINDOW_MS)
      const own = wrong.filter(one => one.account === account).length
      if (own >= TRIES_MAX || wrong.length >= TRIES_OF_ALL_MAX) return 'too many tries'
      for (const [person, issued] of codes) {
        if (issued.code !== code || at >= issued.until) continue
        codes.delete(person)
        return person
      }
      wrong.push({ account, at })
      return 'wrong'
    },
  }
}
