import { parseArgs } from 'node:util'
import { faultsNamed } from './faults/control.ts'
import { RecordingError } from './recorded/recording.ts'
import { type Sandbox, type SandboxOptions, startSandbox, WHALES_DEFAULT } from './sandbox.ts'
import { WHALES_MAX } from './whales.ts'

const USAGE =
  'usage: npm run sandbox -- [--port 4100] [--seed text] [--speed 1] [--strangers 5] [--recording path] ' +
  '[--whales 16] [--faults activity:silent,data:cached]'
const SPEED_MAX = 1000
const STRANGERS_MAX = 200

/**
 * Runs the sandbox until the signal. Prints where it is, then what to set so that the bot asks it.
 *
 * What a person got wrong is one line and an exit code, never a stack.
 */
export async function runSandbox(
  args: readonly string[],
  write: (line: string) => void,
  signal: AbortSignal,
  complain = write,
): Promise<void> {
  const options = optionsIn(args)
  const sandbox = typeof options === 'string' ? options : await startSandbox(options).catch(explained)
  if (typeof sandbox === 'string') {
    complain(`sandbox: ${sandbox}`)
    process.exitCode = 2
    return
  }
  for (const line of greeting(sandbox)) write(line)
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  await sandbox.stop()
}

function greeting({ hosts, whales }: Sandbox): readonly string[] {
  return [
    'SIMULATED: a stand-in for Polymarket on this machine. No real market, no real money, no orders.',
    `gamma            ${hosts.gamma}`,
    `data             ${hosts.data}`,
    `clob             ${hosts.clob}`,
    `market socket    ${hosts.marketSocket}`,
    `activity socket  ${hosts.activitySocket}`,
    `node             ${hosts.rpc.join(' ')}`,
    `wallets to follow: ${whales
      .slice(0, 3)
      .map(whale => whale.address)
      .join(' ')}`,
    '',
    `REMORA_GAMMA_URL=${hosts.gamma}`,
    `REMORA_DATA_URL=${hosts.data}`,
    `REMORA_CLOB_URL=${hosts.clob}`,
    `REMORA_MARKET_SOCKET_URL=${hosts.marketSocket}`,
    `REMORA_ACTIVITY_SOCKET_URL=${hosts.activitySocket}`,
    `REMORA_RPC_URLS=${hosts.rpc.join(',')}`,
  ]
}

/** The options, or the sentence that says what is wrong with them. */
function optionsIn(args: readonly string[]): SandboxOptions | string {
  const given = parsedArgs(args)
  if (typeof given === 'string') return given
  const port = numberIn(given.port ?? '0')
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return `--port must be 0 to 65535 (${USAGE})`
  const speed = numberIn(given.speed ?? '1')
  if (!(speed > 0 && speed <= SPEED_MAX)) return `--speed must be above 0 and at most ${SPEED_MAX} (${USAGE})`
  const strangers = numberIn(given.strangers ?? '5')
  if (!(strangers >= 0 && strangers <= STRANGERS_MAX)) return `--strangers must be 0 to ${STRANGERS_MAX} (${USAGE})`
  const whales = numberIn(given.whales ?? String(WHALES_DEFAULT))
  if (!Number.isInteger(whales) || whales < 1 || whales > WHALES_MAX) {
    return `--whales must be a whole number from 1 to ${WHALES_MAX} (${USAGE})`
  }
  const faults = given.faults === undefined ? [] : faultsNamed(given.faults)
  if (typeof faults === 'string') return `--faults: ${faults} (${USAGE})`
  const { seed, recording } = given
  return {
    port,
    speed,
    strangersPerSecond: strangers,
    whales,
    faults,
    ...(seed === undefined ? {} : { seed }),
    ...(recording === undefined ? {} : { recording }),
  }
}

function parsedArgs(args: readonly string[]): Readonly<Record<string, string | undefined>> | string {
  const text = { type: 'string' } as const
  try {
    const options = {
      port: text,
      seed: text,
      speed: text,
      strangers: text,
      recording: text,
      whales: text,
      faults: text,
    }
    return { ...parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values }
  } catch (error) {
    const [first = 'bad arguments'] = error instanceof Error ? error.message.split(/[.\n]/) : []
    return `${first} (${USAGE})`
  }
}

function numberIn(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

/** What a person can do something about, as a sentence; anything else is thrown on. */
function explained(error: unknown): string {
  if (error instanceof RecordingError) return error.message
  if (error instanceof Error && 'code' in error) return `cannot listen on 127.0.0.1: ${String(error.code)}`
  throw error
}
