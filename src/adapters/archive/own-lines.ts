import type { ConditionId, WhaleAddress } from '../../core/units/ids.ts'
import type { Archived, Recording } from '../../ports/archive.ts'
import { fieldsIn } from './fields.ts'
import { rankOf } from './in-order.ts'
import { type Introduced, readLine } from './line-read.ts'
import { linesOf } from './lines.ts'
import { type Place, RecordingError } from './recording-error.ts'
import { type Tally, tally } from './tally.ts'

/** Weeks of books of a busy bot; twelve bytes are kept of each. */
const LINES_MAX = 20_000_000
/** How many events may wait for one that should have come before them. */
const HELD_MAX = 200_000
/** Markets whose names are kept for the lines that leave them out. */
const MARKETS_MAX = 200_000

/**
 * Opens recordings of our own, which may be larger than memory: they are read through once to check every line and to find
 * the order, and again each time the events are asked for. A file in order is told as it is read; in one that is not, only
 * what came too early is held back.
 */
export async function openOwnLines(name: string, files: readonly string[]): Promise<Recording> {
  const notes = tally()
  const whales = new Set<WhaleAddress>()
  const times: number[] = []
  const ranks: number[] = []
  for await (const event of eventsOf(files, notes)) {
    if (times.length >= LINES_MAX) throw new RecordingError(`there are more than ${LINES_MAX} lines`, { file: name })
    times.push(event.at)
    ranks.push(rankOf(event.kind))
    if (event.kind === 'trade') whales.add(event.trade.whale)
  }
  const places = placesOf(times, ranks)
  const total = times.length
  return {
    name,
    notes: () => notes.words(),
    whales: [...whales].sort(),
    total,
    events: () => told(name, files, places, total),
  }
}

/** Where each event belongs, or `undefined` where all stand where they belong. */
function placesOf(times: readonly number[], ranks: readonly number[]): Uint32Array | undefined {
  const compare = (one: number, other: number): number =>
    (times[one] ?? 0) - (times[other] ?? 0) || (ranks[one] ?? 0) - (ranks[other] ?? 0) || one - other
  let isSorted = true
  for (let index = 1; index < times.length && isSorted; index += 1) isSorted = compare(index - 1, index) < 0
  if (isSorted) return undefined
  const places = new Uint32Array(times.length)
  for (const [place, index] of Uint32Array.from(times.keys()).sort(compare).entries()) places[index] = place
  return places
}

async function* told(
  name: string,
  files: readonly string[],
  places: Uint32Array | undefined,
  total: number,
): AsyncGenerator<Archived> {
  const held = new Map<number, Archived>()
  let index = 0
  let next = 0
  for await (const event of eventsOf(files, tally())) {
    // A bot may be writing on: what came after the count does not belong to this recording.
    if (index >= total) return
    const place = places?.[index] ?? index
    index += 1
    if (place !== next) {
      if (held.size >= HELD_MAX)
        throw new RecordingError('the lines are too far out of order: sort them by at', { file: name })
      held.set(place, event)
      continue
    }
    yield event
    next += 1
    for (let waiting = held.get(next); waiting !== undefined; waiting = held.get(next)) {
      yield waiting
      held.delete(next)
      next += 1
    }
  }
}

async function* eventsOf(files: readonly string[], notes: Tally): AsyncGenerator<Archived> {
  const markets = new Map<ConditionId, Introduced>()
  for (const file of files) {
    for await (const { first, texts, isUnfinished } of linesOf(file)) {
      for (const [index, text] of texts.entries()) {
        if (text.trim() === '') continue
        const event = eventIn(text, { file, line: first + index }, isUnfinished, markets, notes)
        if (event !== undefined) yield event
      }
    }
  }
}

function eventIn(
  text: string,
  at: Place,
  isUnfinished: boolean,
  markets: Map<ConditionId, Introduced>,
  notes: Tally,
): Archived | undefined {
  if (isUnfinished && !isWhole(text)) {
    notes.add('lines at the end of a file that were not written to their end: left out')
    return undefined
  }
  const event = readLine(fieldsIn(text, at), at, condition => markets.get(condition))
  if (event.kind === 'unusable') {
    notes.add(event.why)
    return undefined
  }
  if (event.kind === 'market') {
    if (markets.size >= MARKETS_MAX && !markets.has(event.market.condition))
      throw new RecordingError(`there are more than ${MARKETS_MAX} markets`, at)
    markets.set(event.market.condition, { title: event.market.title, outcomes: event.market.outcomes })
  }
  return event
}

/** Whether a line got its end, although the file stops right behind it. */
function isWhole(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
