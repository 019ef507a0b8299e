import type { Announcement } from '../chat/announce-words.ts'
import type { Notice, PageView } from '../chat/notice/notice.ts'
import type { Notices } from '../chat/notice/notices.ts'
import { type Reply, reply } from '../chat/reply.ts'
import type { Instant, PersonId } from '../core/units/ids.ts'
import type { ChatMemory } from '../ports/chat-memory.ts'
import type { Clock } from '../ports/clock.ts'

export type HeraldOptions = {
  readonly clock: Clock
  readonly notices: Notices
  /** Calls with every announcement until the function that it gives back is called. */
  readonly listen: (hear: (told: Announcement) => void) => () => void
  readonly deliver: (notice: Notice) => void | Promise<void>
  /** The words and the picture of a day, for the place that the notice goes to. */
  readonly summarise: (notice: Notice, signal: AbortSignal) => Promise<Reply>
  readonly memory: Pick<ChatMemory, 'mark' | 'setMark'>
  /** What went wrong on the way to people; nothing of it stops the herald. */
  readonly report: (error: unknown) => void
  readonly signal: AbortSignal
}

export type Herald = {
  /** A person's word that they look after a page, once it is on record. */
  readonly acknowledge: (page: string, by: PersonId) => void
  readonly pages: () => readonly PageView[]
  /** Resolves once the signal has aborted and what is remembered has been written. */
  readonly done: Promise<void>
}

/** Where what was told to whom is kept across a restart. */
export const MARK = 'notices'
/** It is written at most so often. */
const WRITE_MS = 1_000
/** People change when they want to be told, which nobody announces. */
const LOOK_MS = 60_000

/** Hears what happens, asks the machine who is told of it, and hands that on. It never throws for what a surface does. */
export async function openHerald(options: HeraldOptions): Promise<Herald> {
  const { clock, notices, memory, report, signal } = options
  let written = await remembered(options)
  let writing = Promise.resolve()
  let isWriteDue = false
  let wake = new AbortController()
  signal.addEventListener('abort', () => wake.abort(), { once: true })
  const under = new Set<Promise<void>>()

  /** Lets a piece of work run by itself; what goes wrong with it is reported. */
  const begin = (work: () => void | Promise<void>): void => {
    const going: Promise<void> = Promise.resolve()
      .then(work)
      .catch(report)
      .finally(() => under.delete(going))
    under.add(going)
  }
  const write = async (): Promise<void> => {
    const text = notices.freeze()
    if (text === written) return
    await memory.setMark(MARK, text)
    written = text
  }
  const writeInTurn = (): Promise<void> => {
    writing = writing.then(write).catch(report)
    return writing
  }
  const writeSoon = async (): Promise<void> => {
    await clock.sleep(WRITE_MS, signal)
    isWriteDue = false
    await writeInTurn()
  }
  const tell = (decide: (at: Instant) => readonly Notice[]): void => {
    for (const notice of decide(clock.now())) begin(() => handOn(options, notice))
    if (!isWriteDue) begin(writeSoon)
    isWriteDue = true
    wake.abort()
  }
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      tell(notices.tick)
      wake = new AbortController()
      const now = clock.now()
      const due = Math.min(notices.nextAt(now) ?? Number.POSITIVE_INFINITY, now + LOOK_MS)
      await clock.sleep(Math.max(1, due - now), wake.signal)
    }
    leave()
    await Promise.all(under)
    await writeInTurn()
  }
  const leave = options.listen(told => tell(at => notices.tell(told, at)))
  return {
    acknowledge: (page, by) => tell(at => notices.acknowledge(page, by, at)),
    pages: notices.pages,
    done: run(),
  }
}

/** Takes up what was remembered, and gives it; a text that nobody can read is reported, and it begins anew. */
async function remembered({ memory, notices, report }: HeraldOptions): Promise<string | undefined> {
  try {
    const text = await memory.mark(MARK)
    if (text === undefined || notices.thaw(text)) return text
    report(new Error('what had been told to whom could not be read, and begins anew'))
  } catch (error) {
    report(error)
  }
  return undefined
}

/** A summary that cannot be made is told as that, and not left out. */
async function handOn({ deliver, summarise, report, signal }: HeraldOptions, notice: Notice): Promise<void> {
  const { needsSummary, ...ready } = notice
  if (needsSummary !== true) return deliver(notice)
  const made = await summarise(notice, signal).catch((error: unknown) => {
    report(error)
    return reply('The summary of the day could not be made', 'warn').note('`pnl` and `status` say how it stands.')
  })
  return deliver({ ...ready, reply: made })
}
