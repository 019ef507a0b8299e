import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach } from 'vitest'

/** The program as it is delivered: `npm test` builds it first. */
const ENTRY = resolve(import.meta.dirname, '../../dist/src/main.js')

/** Generous, since other tests share the machine: no wait is expected to come near it. */
export const PATIENCE_MS = 45_000

export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A process of the product's own, seen only from outside: what it is told, what it says, and how it ends. */
export type Started = {
  readonly pid: number
  readonly said: () => string
  readonly complained: () => string
  /** Types a line; its answer is what comes after. */
  readonly type: (line: string) => void
  /** Waits for words on stdout, from `after` characters on; gives where they end. Rejects with all that was said instead. */
  readonly hear: (words: RegExp, after?: number, withinMs?: number) => Promise<number>
  /** The same, of stderr. */
  readonly read: (words: RegExp, after?: number, withinMs?: number) => Promise<number>
  /** Types a line and waits for its answer, which it gives. */
  readonly ask: (line: string, words: RegExp) => Promise<string>
  readonly signal: (name: NodeJS.Signals) => void
  readonly ended: Promise<Ending>
  /** The end, or a rejection when it does not come in time. */
  readonly end: (withinMs?: number) => Promise<Ending>
}

export type Environment = Readonly<Record<string, string>>

const running = new Set<ChildProcess>()
const folders: string[] = []

afterEach(async () => {
  await Promise.all([...running].map(killed))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder that is gone after the test. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'remora process '))
  folders.push(made)
  return made
}

/**
 * Starts a run of Remora in an empty working folder, with nothing of ours in its environment but what is given. Killed after
 * the test if it still runs.
 */
export function started(args: readonly string[], environment: Environment = {}, cwd = folder()): Started {
  if (!existsSync(ENTRY)) throw new Error('dist is missing: npm run build makes it, and npm test does so by itself')
  const child = spawn(process.execPath, [ENTRY, ...args], {
    cwd,
    env: { ...foreign(), ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running.add(child)
  const { stdin, stdout, stderr, pid } = child
  if (pid === undefined) throw new Error('the process could not be started')
  const out = collected(stdout)
  const err = collected(stderr)
  // What is typed after its end is lost, as at any terminal.
  stdin.on('error', () => undefined)
  const ended = new Promise<Ending>(done => {
    child.once('close', (code, signal) => {
      running.delete(child)
      out.close()
      err.close()
      done({ code, signal })
    })
  })
  const all = (): string => `stdout:\n${out.text()}\nstderr:\n${err.text().slice(-4_000)}`
  const hear: Started['hear'] = (words, after = 0, withinMs = PATIENCE_MS) => out.until(words, after, withinMs, all)
  return {
    pid,
    said: out.text,
    complained: err.text,
    type: line => stdin.write(`${line}\n`),
    hear,
    read: (words, after = 0, withinMs = PATIENCE_MS) => err.until(words, after, withinMs, all),
    ask: async (line, words) => {
      const from = out.text().length
      stdin.write(`${line}\n`)
      const to = await hear(words, from)
      return out.text().slice(from, to)
    },
    signal: name => {
      if (child.exitCode === null && child.signalCode === null) child.kill(name)
    },
    ended,
    end: (withinMs = PATIENCE_MS) =>
      withDeadline(ended, withinMs, () => `it had not ended after ${withinMs} ms. ${all()}`),
  }
}

/** Asks again and again until the answer is not `undefined`; rejects at the deadline with what was still missing. */
export async function until<T>(
  what: () => string,
  look: () => T | undefined | Promise<T | undefined>,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`it did not happen within ${withinMs} ms: ${what()}`)
    await new Promise(next => setTimeout(next, AGAIN_MS))
  }
}

const AGAIN_MS = 200

/** The environment of this machine without anything that configures Remora, so that a developer's own settings change nothing. */
function foreign(): Record<string, string> {
  const ours = /^(REMORA|LIVE_TRADING|DRY_RUN|DATABASE_URL)/
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name))
  return { ...(Object.fromEntries(kept) as Record<string, string>), NO_COLOR: '1' }
}

type Collected = {
  readonly text: () => string
  readonly until: (words: RegExp, after: number, withinMs: number, context: () => string) => Promise<number>
  readonly close: () => void
}

function collected(stream: NodeJS.ReadableStream): Collected {
  let text = ''
  let isClosed = false
  const checks = new Set<() => void>()
  const check = (): void => {
    for (const one of checks) one()
  }
  stream.setEncoding('utf8')
  stream.on('data', (piece: string) => {
    text += piece
    check()
  })
  return {
    text: () => text,
    close: () => {
      isClosed = true
      check()
    },
    until: (words, after, withinMs, context) => {
      const heard = new Promise<number>((found, lost) => {
        const one = (): void => {
          const match = words.exec(text.slice(after))
          if (match === null && !isClosed) return
          checks.delete(one)
          if (match === null) lost(new Error(`it ended without saying ${words}. ${context()}`))
          else found(after + match.index + match[0].length)
        }
        checks.add(one)
        one()
      })
      return withDeadline(heard, withinMs, () => `${words} was not said within ${withinMs} ms. ${context()}`)
    },
  }
}

function withDeadline<T>(awaited: Promise<T>, withinMs: number, why: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(why())), withinMs)
    awaited.then(resolve, reject).finally(() => clearTimeout(late))
  })
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise(done => {
    child.once('close', () => done())
    child.kill('SIGKILL')
  })
}
