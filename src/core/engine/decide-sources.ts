import { isFeedHolder } from '../risk/holds.ts'
import { blindnesses } from '../risk/sight.ts'
import { qualityOf } from '../whale/quality.ts'
import type { Deciding } from './deciding.ts'
import type { InputOf } from './input.ts'

/** A source of trades has changed: what it keeps us from is held back, and let go where it no longer does. */
export function decideSource({ state, at, conclude }: Deciding, input: InputOf<'sourceSeen'>): void {
  const { source, status, why } = input
  if (state.sources.get(source)?.status === status) return
  conclude({ kind: 'sourceChanged', source, status, why, at })
  const blind = new Map(blindnesses(state.sources).map(one => [`feed:${one.source}` as const, one.why]))
  for (const [by, reason] of blind) {
    if (state.holds.has(by)) continue
    const hold = { by, effect: 'reduce', since: at, until: 'released when settled', why: reason } as const
    conclude({ kind: 'holdPlaced', hold })
  }
  for (const holder of [...state.holds.keys()]) {
    if (!isFeedHolder(holder) || blind.has(holder)) continue
    conclude({ kind: 'holdReleased', holder, why: 'trades are seen again' })
  }
}

/** How far the wallets have been asked for what they did: kept, so that a new process asks on from there. */
export function decideSwept({ state, conclude }: Deciding, { from, behind }: InputOf<'tradesSwept'>): void {
  if (from < state.swept.from) return
  conclude({ kind: 'whalesSwept', from, behind })
}

export function decideRecord({ state, conclude }: Deciding, { whale, record }: InputOf<'whaleRecorded'>): void {
  const followed = state.whales.get(whale)
  if (followed === undefined) return
  conclude({ kind: 'whaleScored', whale, record, quality: qualityOf(record, followed.own) })
}
