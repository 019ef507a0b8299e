import readline from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Announcement } from '../../chat/announce-words.ts'
import type { Actor } from '../../chat/desk.ts'
import { type Reply, reply } from '../../chat/reply.ts'
import { calledBy, type Router } from '../../chat/router.ts'
import { render } from './render.ts'

/** A terminal, or what stands for one in a pipe and in tests. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number }
export type ConsoleInput = Readable & { readonly isTTY?: boolean }

export type ConsoleParts = {
  readonly input: ConsoleInput
  readonly output: Output
  readonly router: Router
  /** Who sits here. `press` is the beginning of each line's own, and must differ from run to run. */
  readonly actor: Actor
  /** Hands each announcement to `hear` until the function that it gives back is called. */
  readonly announcements: (hear: (announcement: Announcement) => void) => () => void
  /** Whether colours are wanted where the output can show them; the caller has read NO_COLOR. */
  readonly colours: boolean
  /** Called when the person asks to leave: the caller shuts down, and then aborts the signal. */
  readonly leave: () => void
  readonly signal: AbortSignal
}

export type Console = {
  /** Resolves when the signal aborts. The end of the input does not end it: announcements go on. */
  readonly done: Promise<void>
  readonly announce: (said: Reply) => void
}

const PROMPT = 'remora> '
/** Lines that wait for an answer; a pipe is faster than any of them. */
const QUEUE_MAX = 200
/** A stuck terminal keeps at most this much; what is only nice to know is then left out. */
const UNWRITTEN_MAX = 1_000_000
const PLAIN_WIDTH = 100
/** How long answers that are on their way are waited for at the end. */
const LEAVE_WAIT_MS = 2_000

/** Runs the console until the signal aborts: lines are commands, announcements come in above what is being typed. */
export function runConsole(parts: ConsoleParts): Promise<void> {
  return openConsole(parts).done
}

/** The same, with a way to say something on it. */
export function openConsole(parts: ConsoleParts): Console {
  const { input, output, router, actor, signal } = parts
  const isTerminal = output.isTTY === true && input.isTTY === true
  const lines = readline.createInterface({ input, output, terminal: isTerminal, prompt: PROMPT, historySize: 200 })
  let queue: Promise<void> = Promise.resolve()
  let waiting = 0
  let count = 0
  let isClosed = false
  let isGone = false

  const write = (text: string): void => {
    if (isGone) return
    if (!isTerminal || isClosed) {
      output.write(`${text}\n`)
      return
    }
    // The cursor may be some rows down in a long line that is being typed: go up to its first row, and draw it again below.
    const { rows } = lines.getCursorPos()
    if (rows > 0) readline.moveCursor(output, 0, -rows)
    readline.cursorTo(output, 0)
    readline.clearScreenDown(output)
    output.write(`${text}\n`)
    lines.prompt(true)
  }
  const show = (said: Reply): void => {
    write(render(said, { width: output.columns ?? PLAIN_WIDTH, colours: parts.colours && output.isTTY === true }))
  }
  let lastTitle = ''
  const hearAnnouncement = ({ level, reply: said, isUpdate }: Announcement): void => {
    if (level === 'info' && output.writableLength > UNWRITTEN_MAX) return
    // Nothing that stands here can be edited: a card that would now say what was said just above is not said again.
    if (isUpdate === true && said.title === lastTitle) return
    lastTitle = said.title
    show(said)
  }
  const answer = async (line: string, press: string): Promise<void> => {
    show(await router.hear(line, { ...actor, press }))
  }

  const take = (line: string): void => {
    if (line.trim() === '') {
      if (isTerminal) lines.prompt()
      return
    }
    if (/^\/?(exit|quit)$/i.test(line.trim())) {
      show(reply('Shutting down. What is open stays open, and is looked after again at the next start.'))
      parts.leave()
      return
    }
    count += 1
    const press = `${actor.press}-${count}`
    // A stop never waits behind anything.
    if (calledBy(line, router.commands) === 'stop') {
      void answer(line, press)
      return
    }
    if (waiting >= QUEUE_MAX) {
      show(reply(`Too many lines at once: ${QUEUE_MAX} wait already. That one was not taken.`, 'warn'))
      return
    }
    waiting += 1
    queue = queue
      .then(() => answer(line, press))
      .finally(() => {
        waiting -= 1
      })
  }

  const done = new Promise<void>(resolve => {
    const unsubscribe = parts.announcements(hearAnnouncement)
    const end = (): void => {
      unsubscribe()
      lines.close()
      const deadline = setTimeout(resolve, LEAVE_WAIT_MS)
      void queue.then(() => {
        clearTimeout(deadline)
        resolve()
      })
    }
    lines.on('line', take)
    lines.on('SIGINT', parts.leave)
    lines.on('close', () => {
      isClosed = true
    })
    // A terminal that is gone takes the words with it, and nothing else.
    output.on('error', () => {
      isGone = true
    })
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
  if (isTerminal) lines.prompt()
  return { done, announce: show }
}
