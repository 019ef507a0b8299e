import { type Instant, instant } from '../../core/units/ids.ts'
import type { ChatMemory, Letter } from '../../ports/chat-memory.ts'
import type { Clock } from '../../ports/clock.ts'
import { readUpdate, type Update } from './updates.ts'

/** Told of what has been kept: `isAgain` for what a process before this one left. */
export type Dispatch = (update: Update, isAgain: boolean) => Promise<void>

/** What was said is kept until it was answered, and Telegram is asked for what comes behind it only then. */
export type Letters = {
  /** What the next poll begins with. */
  readonly offset: () => number | undefined
  /** Reads what the process before has left, and has it done. Tried again with the next batch where it fails. */
  readonly load: () => Promise<void>
  /**
   * Keeps these, moves the offset behind `last`, and has what is new done without waiting for it. Rejects, and moves nothing, where
   * they cannot be kept.
   */
  readonly keep: (updates: readonly Update[], last: number | undefined) => Promise<void>
  /** Never rejects. */
  readonly settle: (number: number) => Promise<void>
  /** Resolves when nothing is under way any more. */
  readonly idle: () => Promise<unknown>
}

export type LettersOptions = {
  readonly memory: Pick<ChatMemory, 'take' | 'settle' | 'unsettled' | 'mark' | 'setMark'>
  readonly clock: Clock
  readonly dispatch: Dispatch
  /** What else has to be read before anything can be kept. */
  readonly loadMore: () => Promise<void>
  readonly note: (what: string, error?: unknown) => void
}

const SURFACE = 'telegram'
const OFFSET = 'telegram offset'
/** After a week without any, Telegram numbers updates anew, perhaps lower. */
const OFFSET_GOOD_MS = 6 * 86_400_000

export function createLetters({ memory, clock, dispatch, loadMore, note }: LettersOptions): Letters {
  let offset: number | undefined
  let movedAt: Instant = clock.now()
  let isLoaded = false
  /** Kept and not settled yet. */
  const open = new Set<number>()
  const underWay = new Set<Promise<void>>()
  let marking: Promise<void> | undefined

  const settle = async (number: number): Promise<void> => {
    if (!open.delete(number)) return
    try {
      await memory.settle(SURFACE, String(number))
    } catch (error) {
      note('that something was answered could not be kept: a restart will take it up again', error)
    }
  }
  const start = (update: Update, isAgain: boolean): void => {
    const { update_id: number } = update
    open.add(number)
    const done = dispatch(update, isAgain)
      .catch(error => note(`update ${number} could not be handled`, error))
      .then(() => settle(number))
      .finally(() => underWay.delete(done))
    underWay.add(done)
  }
  /** Only a convenience, for what is given again after a restart is known: while one is written, only the newest waits. */
  const mark = (): void => {
    const value = `${offset} ${movedAt}`
    marking ??= memory
      .setMark(OFFSET, value)
      .catch(error => note('how far was read could not be kept', error))
      .then(() => {
        marking = undefined
        if (value !== `${offset} ${movedAt}`) mark()
      })
  }
  const load = async (): Promise<void> => {
    if (isLoaded) return
    await loadMore()
    const [kept = '', at = ''] = (await memory.mark(OFFSET))?.split(' ') ?? []
    const left = await memory.unsettled(SURFACE)
    if (isLoaded) return
    isLoaded = true
    const isGood = Number.isSafeInteger(Number(kept)) && clock.now() - Number(at) < OFFSET_GOOD_MS
    if (offset === undefined && kept !== '' && isGood) offset = Number(kept)
    for (const letter of left) {
      const update = readUpdate(parsed(letter))
      if (update !== undefined && !open.has(update.update_id)) start(update, true)
    }
  }

  return {
    offset: () => (clock.now() - movedAt < OFFSET_GOOD_MS ? offset : undefined),
    load,
    keep: async (updates, last) => {
      const letters = updates.map(update => letterOf(update, clock.now()))
      if (letters.length > 0) await load()
      const taken = letters.length > 0 ? await memory.take(letters) : []
      const fresh = new Set(taken.map(({ id }) => id))
      if (last !== undefined) {
        offset = last + 1
        movedAt = clock.now()
        mark()
      }
      for (const update of updates) if (fresh.delete(String(update.update_id))) start(update, false)
    },
    settle,
    idle: () => Promise.all([...underWay, marking]),
  }
}

function letterOf(update: Update, at: Instant): Letter {
  return { surface: SURFACE, id: String(update.update_id), at: instant(at), text: JSON.stringify(update) }
}

function parsed({ text }: Letter): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Damaged on the disk: nothing is left to do about it.
    return undefined
  }
}
