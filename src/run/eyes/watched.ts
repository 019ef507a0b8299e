import type { Entry } from '../../core/engine/entry.ts'
import type { StateView } from '../../core/engine/state.ts'
import type { WhaleAddress } from '../../core/units/ids.ts'
import type { Watched } from '../../ports/feeds.ts'
import type { Followed } from './reconciler-wallet.ts'

/** The followed wallets as streams see them; `read` is a reader of the journal, which hears of every change. */
export function watchedIn(state: StateView): Watched & { readonly read: (entries: readonly Entry[]) => void } {
  const listeners = new Set<() => void>()
  return {
    has: whale => state.whales.has(whale),
    all: () => [...state.whales.keys()],
    onChange: (changed, signal) => {
      if (signal.aborted) return
      listeners.add(changed)
      signal.addEventListener('abort', () => listeners.delete(changed), { once: true })
    },
    read: entries => {
      const isChanged = entries.some(({ facts }) =>
        facts.some(({ kind }) => kind === 'whaleFollowed' || kind === 'whaleUnfollowed'),
      )
      if (isChanged) for (const listener of [...listeners]) listener()
    },
  }
}

/** The same for the rounds: who is followed, up to when each was asked for by the last mark, and whose copies we hold. */
export function followedIn(state: StateView): Followed {
  return {
    whales: () => state.whales.values(),
    from: whale => {
      const { from, behind } = state.swept
      // Before the first mark nothing is on record of anybody.
      return from === 0 ? undefined : (behind.get(whale) ?? from)
    },
    isHeld: whale => isHeld(state, whale),
  }
}

function isHeld(state: StateView, whale: WhaleAddress): boolean {
  for (const books of state.accounts.values()) {
    for (const position of books.positions.values()) if (position.lots.has(whale)) return true
  }
  return false
}
