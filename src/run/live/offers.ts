import { createHash } from 'node:crypto'
import type { Offer } from '../../chat/desk.ts'
import type { Instant } from '../../core/units/ids.ts'

export type Offers = {
  readonly keep: (offer: Offer) => string
  readonly find: (name: string) => Offer | undefined
}

const KEPT_MS = 60_000
/** Far more than people open in a minute. */
const KEPT_MAX = 100
const NAME_LETTERS = 8

/**
 * What people were shown before a press that means all of it, since a button has no room for a list. It is named by what is in it:
 * after a restart a name stands for nothing, and never for something else.
 */
export function createOffers(now: () => Instant): Offers {
  const kept = new Map<string, { readonly offer: Offer; readonly until: number }>()
  return {
    keep: offer => {
      const name = nameOf(offer)
      kept.delete(name)
      kept.set(name, { offer, until: now() + KEPT_MS })
      for (const [other, { until }] of kept) if (until <= now() || kept.size > KEPT_MAX) kept.delete(other)
      return name
    },
    find: name => {
      const found = kept.get(name)
      return found !== undefined && found.until > now() ? found.offer : undefined
    },
  }
}

function nameOf(offer: Offer): string {
  const text = offer.map(({ signal, round }) => `${signal} ${round}`).join('\n')
  return createHash('sha256').update(text).digest('hex').slice(0, NAME_LETTERS)
}
