import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { held, type Part, type Row } from './row.ts'
import { inScratch } from './scratch.ts'

const MAX_MB = 150
const REST_MS = 30_000
const READY_MS = 30_000
const AFTER_COMMANDS_MS = 5_000
const LEAVE_MS = 15_000
const BETWEEN_COMMANDS_MS = 400
/** Every kind of question: the state, the tables through Prisma, and a setting that is written. */
const COMMANDS = ['help', 'status', 'whales', 'positions', 'orders', 'pnl', 'pnl week', 'breakers', 'health', 'mode']

/** The memory of the live run itself, started as `npm start` starts it, on the simulated market, which is another process. */
export const rest: Part = () => inScratch(folder => measured(join(folder, 'data')))

async function measured(dataDir: string): Promise<readonly Row[]> {
  const child = start(dataDir)
  const kill = (): boolean => child.kill('SIGKILL')
  process.once('exit', kill)
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  try {
    await said(child, 'Type help')
    await wait(REST_MS)
    const resting = rssOf(child)
    for (const command of COMMANDS) {
      child.stdin?.write(`${command}\n`)
      await wait(BETWEEN_COMMANDS_MS)
    }
    await wait(AFTER_COMMANDS_MS)
    const asked = rssOf(child)
    const peak = peakOf(child)
    child.stdin?.write('exit\n')
    await Promise.race([exited, wait(LEAVE_MS)])
    return [
      row(`RSS of the live run after ${REST_MS / 1_000} s`, resting, peak),
      row(`RSS after ${COMMANDS.length} commands`, asked, peak),
    ]
  } finally {
    if (child.exitCode === null) kill()
    process.off('exit', kill)
    await exited
  }
}

function row(what: string, megabytes: number, peak: number | undefined): Row {
  const spread = peak === undefined ? '' : `at most ${peak.toFixed(0)} MB since the start`
  return held(what, `${megabytes.toFixed(0)} MB`, spread, `≤ ${MAX_MB} MB`, megabytes <= MAX_MB)
}

/** With the same flags for node as the start script has, so that the figure is the one that people get. */
function start(dataDir: string): ChildProcess {
  const root = rootFolder()
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const flags = /\bnode ((?:--\S+ )*)dist\/src\/main\.js live/.exec(scripts.start)?.[1]?.trim() ?? ''
  const own = Object.entries(process.env).filter(([name]) => !/^(REMORA|DATABASE_URL|LIVE_TRADING|DRY_RUN)/.test(name))
  return spawn(
    process.execPath,
    [...flags.split(' ').filter(flag => flag !== ''), join(root, 'dist/src/main.js'), 'live'],
    // A folder of its own also keeps an `.env` of this checkout out of it.
    {
      cwd: dirname(dataDir),
      env: { ...Object.fromEntries(own), REMORA_DATA_DIR: dataDir },
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  )
}

function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the live run did not start in time')), READY_MS)
    child.once('exit', code => reject(new Error(`the live run ended with code ${code}`)))
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).on('line', line => {
      if (!line.includes(words)) return
      clearTimeout(late)
      resolve()
    })
  })
}

/** Resident memory in megabytes, of the process alone: its children count for themselves. */
function rssOf({ pid }: ChildProcess): number {
  const status = `/proc/${pid}/status`
  if (existsSync(status)) return fieldOf(status, 'VmRSS')
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) / 1_024
}

function peakOf({ pid }: ChildProcess): number | undefined {
  const status = `/proc/${pid}/status`
  return existsSync(status) ? fieldOf(status, 'VmHWM') : undefined
}

function fieldOf(file: string, name: string): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1]
  return Number(kilobytes) / 1_024
}

const LEVELS_MAX = 6

function rootFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    if (existsSync(join(folder, 'package.json'))) return folder
    folder = dirname(folder)
  }
  throw new Error('package.json is missing')
}

function wait(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
