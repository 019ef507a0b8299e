import { systemClock } from '../../adapters/system/clock.ts'
import type { Config } from '../../adapters/system/config.ts'
import type { Log } from '../../adapters/system/log.ts'
import type { TokenId } from '../../core/units/ids.ts'
import { seeded } from '../../core/units/seeded.ts'
import { type Addresses, addressesOf, marketAt } from '../live/live-market.ts'
import { forkSandbox } from '../live/sandbox-child.ts'
import { checkHosts, type Probe } from './check.ts'

/** How long after its frames began a mirrored book is looked at again. */
const LOOK_EVERY_MS = 200

/**
 * `npm start -- --check`: asks every configured host, says which answer, how late and in which version, and ends with a verdict.
 * Nothing is traded and nothing is written. The exit code is 1 where a host is not well.
 */
export async function runCheck(
  config: Config,
  entry: string,
  log: Log,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const sandbox = config.market === 'sandbox' ? await forkSandbox(entry, config.sandbox) : undefined
  try {
    const addresses = addressesOf(config, sandbox)
    if (sandbox !== undefined)
      print('The simulated market on this machine; REMORA_MARKET=polymarket checks the real one.')
    const probes = await check(addresses, log, signal)
    for (const line of lines(probes, addresses)) print(line)
    if (probes.some(({ isWell }) => !isWell)) process.exitCode = 1
  } finally {
    sandbox?.stop()
  }
}

async function check(addresses: Addresses, log: Log, signal: AbortSignal): Promise<readonly Probe[]> {
  const clock = systemClock
  const stop = new AbortController()
  const onAbort = (): void => stop.abort()
  signal.addEventListener('abort', onAbort, { once: true })
  const market = marketAt(addresses, { clock, chance: seeded(`check ${clock.now()}`), log })
  const mirroring = market.mirror(stop.signal)
  const mirrored = async (token: TokenId, until: AbortSignal): Promise<string> => {
    while (!until.aborted) {
      await market.data.book(token, until)
      if (market.sockets().some(({ trusted }) => trusted > 0)) return 'books are told, and agree with the REST API'
      await clock.sleep(LOOK_EVERY_MS, until)
    }
    throw new Error('no book that agrees with the REST API was told')
  }
  try {
    return await checkHosts({
      clock,
      hosts: addresses.hosts,
      streams: market.streams,
      nodes: addresses.nodes.length,
      mirrored,
      signal: stop.signal,
    })
  } finally {
    stop.abort()
    signal.removeEventListener('abort', onAbort)
    await mirroring
  }
}

function lines(probes: readonly Probe[], { nodes }: Addresses): readonly string[] {
  const width = Math.max(...probes.map(({ name }) => name.length))
  const rows = probes.map(
    ({ name, address, isWell, tookMs, said }) =>
      `${isWell ? 'ok  ' : 'FAIL'}  ${name.padEnd(width)}  ${String(tookMs).padStart(5)} ms  ${said}  (${address})`,
  )
  const chain =
    nodes.length > 0
      ? []
      : [`      ${'chain'.padEnd(width)}         not configured: REMORA_RPC_URLS names Polygon nodes`]
  const unwell = probes.filter(({ isWell }) => !isWell).map(({ name }) => name)
  const verdict =
    unwell.length === 0
      ? 'GREEN: everything that is configured answers.'
      : `RED: ${unwell.join(', ')} ${unwell.length === 1 ? 'is' : 'are'} not well. Trades would be missed, or nothing could be bought.`
  return [...rows, ...chain, verdict]
}
