import { encode } from '../../core/engine/codec.ts'
import type { Fact, FactOf } from '../../core/engine/fact.ts'
import type { Hold } from '../../core/risk/holds.ts'
import type { Limits } from '../../core/risk/limits.ts'
import type { ModeWish } from '../../core/risk/mode.ts'
import { decimal, type Usd } from '../../core/units/money.ts'
import type { Batch, Place } from './batch.ts'

/** What a fact says about whales, and about what people and safety devices have set: mode, limits, holds. */
export async function writePeople(batch: Batch, fact: Fact, place: Place): Promise<void> {
  switch (fact.kind) {
    case 'whaleFollowed':
      return follow(batch, fact)
    case 'whaleUnfollowed':
      return unfollow(batch, fact.whale, place)
    case 'whaleScored':
      return score(batch, fact)
    case 'breakerOpened':
      return placeHold(batch, fact.opening)
    case 'holdPlaced':
      return placeHold(batch, fact.hold)
    case 'breakerReset':
      return batch.holds.remove(fact.breaker)
    case 'holdReleased':
      return batch.holds.remove(fact.holder)
    case 'modeChanged':
      return changeMode(batch, fact, place)
    case 'modeRefused':
      return refuseMode(batch, fact, place)
    case 'limitsChanged':
      return changeLimits(batch, fact, place)
    default:
      return
  }
}

/** A wallet that is followed again keeps what was found out about it. */
async function follow(batch: Batch, { whale, name, at }: FactOf<'whaleFollowed'>): Promise<void> {
  const unknown = { score: null, record: null, quality: null }
  const row = (await batch.whales.get(whale)) ?? unknown
  batch.whales.put({ ...unknown, ...row, address: whale, name, followedAt: BigInt(at), unfollowedAt: null })
}

async function unfollow(batch: Batch, whale: string, { at }: Place): Promise<void> {
  const row = await batch.whales.get(whale)
  if (row !== undefined) batch.whales.put({ ...row, unfollowedAt: at })
}

async function score(batch: Batch, { whale, record, quality }: FactOf<'whaleScored'>): Promise<void> {
  const row = await batch.whales.get(whale)
  if (row === undefined) return
  batch.whales.put({ ...row, score: quality.score, record: encode(record), quality: encode(quality) })
}

function placeHold(batch: Batch, { by, effect, since, until, why }: Hold): void {
  const isTimed = typeof until === 'number'
  batch.holds.put({
    holder: by,
    effect,
    since: BigInt(since),
    until: isTimed ? BigInt(until) : null,
    release: isTimed ? 'released by time' : until,
    why,
  })
}

async function changeMode(batch: Batch, { before, after, by }: FactOf<'modeChanged'>, place: Place): Promise<void> {
  const now = modeText(after)
  batch.modes.put({ ...place, before: modeText(before), after: now, accepted: true, ...by, reason: '' })
  batch.mode = now
}

/** A refusal does not say what the mode was; the change before it does. */
async function refuseMode(batch: Batch, { wish, faults, by }: FactOf<'modeRefused'>, place: Place): Promise<void> {
  batch.mode ??= (await batch.modes.select('"accepted" ORDER BY "seq", "place"', [])).at(-1)?.after ?? FIRST_MODE
  const reason = faults.join('; ')
  batch.modes.put({ ...place, before: batch.mode, after: modeText(wish), accepted: false, ...by, reason })
}

const FIRST_MODE = modeText({ kind: 'paper', approvals: false })

function modeText(mode: ModeWish): string {
  return mode.kind === 'paper' && mode.approvals ? 'paper with approvals' : mode.kind
}

function changeLimits(batch: Batch, { before, after, changed, by }: FactOf<'limitsChanged'>, place: Place): void {
  for (const name of changed) {
    batch.limits.put({ ...place, name, before: limitText(before[name]), after: limitText(after[name]), ...by })
  }
}

function limitText(value: Limits[keyof Limits]): string {
  return typeof value === 'bigint' ? decimal(value as Usd) : String(value)
}
