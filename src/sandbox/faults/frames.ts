import { fateOf, rowNumber } from './fate.ts'
import type { Fault, Source, Switchboard } from './faults.ts'
import { type Garbage, garbageLike } from './garbage.ts'

/** What one connection is told, with the faults of its source in between. */
export type Line = {
  /** Sends a frame, or keeps it, loses it, doubles it. */
  readonly send: (text: string) => void
  /** Sends what was kept long enough, and the garbage of the time since the last call. */
  readonly beat: (nowMs: number) => void
}

/** Shares of the rows, and of the answers to a subscriber. */
export const MISSING_SHARE = 0.2
export const REPEAT_SHARE = 0.3
export const LATE_SHARE = 0.5
/** Half of the repeated rows follow at once, the others within this. */
const REPEAT_AFTER_MAX_MS = 10_000
/** Rows are shuffled among those of the same span of time. */
export const REORDER_SPAN_MS = 4_000
export const LATE_MIN_MS = 5_000
export const LATE_MAX_MS = 120_000
export const SLOW_MIN_MS = 2_000
export const SLOW_MAX_MS = 12_000
export const GARBAGE_A_SECOND = 5
/** After a long gap no more garbage than this comes at once. */
const GARBAGE_AT_ONCE_MAX = 50
/** Frames one connection keeps back: two minutes at some 60 a second, half of them late. Beyond it the oldest go. */
const KEPT_MAX = 4096

type Kept = { readonly text: string; readonly fault: Fault; readonly dueAt: number; readonly order: number }

/** A line without faults sends what it is given and does nothing else. */
export function faultyLine(
  source: Source,
  board: Switchboard,
  now: () => number,
  send: (frame: Garbage) => void,
): Line {
  let kept: Kept[] = []
  let lastGood = '{}'
  let beatAt = now()
  let garbageDue = 0
  const chance = board.chanceOf(source)
  const isOn = (fault: Fault): boolean => board.isOn(source, fault)

  const keep = (text: string, fault: Fault, dueAt: number, order: number): void => {
    kept.push({ text, fault, dueAt, order })
    if (kept.length > KEPT_MAX) send(kept.shift()?.text ?? '')
  }

  const tell = (text: string, row: number): void => {
    const at = now()
    if (isOn('late') && fateOf(board, 'late', row) < LATE_SHARE) {
      keep(text, 'late', at + between(LATE_MIN_MS, LATE_MAX_MS, fateOf(board, 'lateFor', row)), row)
    } else if (isOn('reorder')) {
      keep(text, 'reorder', (Math.floor(at / REORDER_SPAN_MS) + 1) * REORDER_SPAN_MS, fateOf(board, 'order', row))
    } else send(text)
  }

  const tellAgain = (text: string, row: number): void => {
    if (fateOf(board, 'repeat', row) >= REPEAT_SHARE) return
    const after = fateOf(board, 'repeatAfter', row)
    if (after < 0.5) tell(text, row)
    else keep(text, 'repeat', now() + after * REPEAT_AFTER_MAX_MS, row)
  }

  const sendTroubled = (text: string): void => {
    if (isOn('halfOpen')) return
    if (isAnswer(source, text)) {
      if (isOn('slow')) keep(text, 'slow', now() + chance.between(SLOW_MIN_MS, SLOW_MAX_MS), 0)
      else if (source === 'chain' || !isOn('silent')) send(text)
      return
    }
    if (isOn('silent')) return
    lastGood = text
    const row = rowNumber(text)
    if (isOn('missing') && fateOf(board, 'missing', row) < MISSING_SHARE) return
    tell(text, row)
    if (isOn('repeat')) tellAgain(text, row)
  }

  const release = (at: number): void => {
    if (isOn('silent') || isOn('halfOpen')) return
    // A fault that was taken off keeps nothing back any more.
    const due = kept.filter(it => it.dueAt <= at || !isOn(it.fault))
    if (due.length === 0) return
    kept = kept.filter(it => it.dueAt > at && isOn(it.fault))
    for (const { text } of due.sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)) send(text)
  }

  const litter = (passedMs: number): void => {
    garbageDue = Math.min(garbageDue + (passedMs * GARBAGE_A_SECOND) / 1000, GARBAGE_AT_ONCE_MAX)
    for (; garbageDue >= 1; garbageDue -= 1) send(garbageLike(lastGood, chance))
  }

  return {
    send: text => (board.isTroubled(source) ? sendTroubled(text) : send(text)),
    beat: at => {
      const passedMs = Math.max(0, at - beatAt)
      beatAt = at
      if (kept.length > 0) release(at)
      if (isOn('garbage') && !isOn('silent') && !isOn('halfOpen')) litter(passedMs)
    },
  }
}

/** What answers a subscriber rather than tells it something: books on subscribing, and answers of the node. */
function isAnswer(source: Source, text: string): boolean {
  switch (source) {
    case 'chain':
      return !text.includes('"eth_subscription"')
    case 'market':
      return !text.startsWith('{')
    default:
      return text === ''
  }
}

function between(low: number, high: number, fate: number): number {
  return low + fate * (high - low)
}
