import type { MarketSocketView } from '../../adapters/polymarket/books/mirror.ts'
import type { FeedView, Health } from '../../chat/desk.ts'
import type { Journal } from '../../ports/journal.ts'
import type { SourceView } from '../eyes/feed-board.ts'
import type { Meter } from './meter.ts'

/** A source as people are told of it. */
export function feedView({ toldFirst, lagP50Ms, passedOn: _, ...view }: SourceView): FeedView {
  return { ...view, first: toldFirst, lagMs: lagP50Ms }
}

/** All connections to the market socket as one; nothing while no book is asked for. */
export function booksIn(sockets: readonly MarketSocketView[]): Health['books'] {
  if (sockets.length === 0) return undefined
  const sum = (of: (socket: MarketSocketView) => number): number =>
    sockets.reduce((total, socket) => total + of(socket), 0)
  return {
    subscribed: sum(socket => socket.tokens),
    trusted: sum(socket => socket.trusted),
    disagreements: Math.max(...sockets.map(socket => socket.disagreements)),
  }
}

/** The journal with a watch on how long its appends take. */
export function metered(journal: Journal, meter: Meter): Journal {
  return {
    ...journal,
    append: async entries => {
      const from = performance.now()
      await journal.append(entries)
      meter.append(performance.now() - from)
    },
  }
}
