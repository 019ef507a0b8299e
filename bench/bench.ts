import { fork } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Part, type Row, table } from './row.ts'

const ENTRY = fileURLToPath(import.meta.url)
/** What tells a process that it is a part of a run and not the run. */
const PART = '--part'

const PARTS: ReadonlyMap<string, () => Promise<Part>> = new Map([
  ['steps', async () => (await import('./steps.ts')).steps],
  ['backtest', async () => (await import('./backtests.ts')).backtests],
  ['journal', async () => (await import('./appends.ts')).appends],
  ['latency', async () => (await import('./latency.ts')).latency],
  ['frames', async () => (await import('./frames.ts')).frames],
  ['chain', async () => (await import('./chain-frames.ts')).chainFrames],
  ['snapshots', async () => (await import('./snapshots.ts')).snapshots],
  ['signals', async () => (await import('./signals.ts')).signals],
  ['rest', async () => (await import('./rest.ts')).rest],
])

/** In turn, since they measure time; the last two measure memory and do not mind each other. */
const ALL: readonly (readonly string[])[] = [
  ...[...PARTS.keys()].slice(0, -2).map(part => [part]),
  [...PARTS.keys()].slice(-2),
]

const USAGE = `usage: npm run bench -- [${[...PARTS.keys()].join(' | ')}] [recording, for backtest]`

/** `npm run bench`: every part, or one by its name. Exit code 1 where a target is missed. */
async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === PART) return measureHere(rest)
  if (name !== undefined && !PARTS.has(name)) {
    print(USAGE)
    return 2
  }
  const [cpu] = cpus()
  print(`node ${process.version}, ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${process.platform}`)
  const rows: Row[] = []
  const from = performance.now()
  for (const parts of name === undefined ? ALL : [[name]]) {
    print(`measuring ${parts.join(' and ')} …`)
    rows.push(...(await Promise.all(parts.map(part => measureApart(part, rest)))).flat())
  }
  print(`\n${table(rows)}\n`)
  const missed = rows.filter(row => row.isMet === false).length
  print(`${missed === 0 ? 'Every target is met' : `${missed} missed`}, ${seconds(from)} s in all.`)
  return missed === 0 ? 0 : 1
}

/** Each part in a process of its own: none inherits another's heap, or the shapes that its code was compiled for. */
function measureApart(part: string, args: readonly string[]): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    let rows: readonly Row[] | undefined
    const child = fork(ENTRY, [PART, part, ...args])
    child.once('message', message => {
      rows = message as readonly Row[]
    })
    child.once('error', reject)
    child.once('exit', code => {
      if (code === 0 && rows !== undefined) resolve(rows)
      else reject(new Error(`the part ${part} ended with code ${code}`))
    })
  })
}

async function measureHere([name = '', ...args]: readonly string[]): Promise<number> {
  const part = await PARTS.get(name)?.()
  if (part === undefined) return 2
  const rows = await part(args)
  if (process.send === undefined) print(table(rows))
  else await new Promise(resolve => process.send?.(rows, resolve))
  return 0
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1_000).toFixed(0)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exit(1)
  },
)
