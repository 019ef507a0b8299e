import type { FeedView } from '../chat/desk.ts'
import type { Instant } from '../core/units/ids.ts'
import type { FeedState } from '../ports/feeds.ts'

/** How every source of trades is doing, as `status` and `health` show it. */
export class FeedBoard {
  readonly #feeds = new Map<string, FeedView>()
  readonly #note: (what: string, why?: unknown) => void

  /** `note` hears of a source that is not live any more. */
  constructor(note: (what: string, why?: unknown) => void) {
    this.#note = note
  }

  see(name: string, { status, since, why = '' }: FeedState): void {
    this.#feeds.set(name, { name, status, since, why, lastAt: this.#feeds.get(name)?.lastAt })
    if (status === 'down' || status === 'stale') this.#note(`the feed ${name} is ${status}`, why)
  }

  /** It told a trade. */
  heard(name: string, at: Instant): void {
    const feed = this.#feeds.get(name)
    if (feed !== undefined) this.#feeds.set(name, { ...feed, lastAt: at })
  }

  views(): readonly FeedView[] {
    return [...this.#feeds.values()]
  }
}
