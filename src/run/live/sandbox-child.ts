import { type ChildProcess, fork } from 'node:child_process'
import { z } from 'zod'
import type { Hosts } from '../../adapters/polymarket/client.ts'
import { startSandbox, WHALES_DEFAULT } from '../../sandbox/sandbox.ts'

/** The simulated market in a process of its own: its memory and its work are not the bot's. */
export type SandboxChild = {
  /** Every address of the market, the nodes of its chain among them. */
  readonly hosts: Hosts & { readonly rpc: readonly string[] }
  readonly stop: () => void
  readonly ended: Promise<string>
}

const READY_MS = 15_000
const ready = z.object({
  hosts: z.object({
    gamma: z.string(),
    data: z.string(),
    clob: z.string(),
    marketSocket: z.string(),
    activitySocket: z.string(),
    rpc: z.array(z.string()),
  }),
})

/** Starts it and waits until it answers. It ends with us, also when we are killed: its line to us breaks. */
export function forkSandbox(
  entry: string,
  options: { readonly seed: string; readonly speed: number; readonly whales?: number },
): Promise<SandboxChild> {
  const { seed, speed, whales = WHALES_DEFAULT } = options
  const child = fork(entry, ['sandbox-child', seed, String(speed), String(whales)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = new Promise<string>(resolve => {
    child.once('exit', code => resolve(`the simulated market ended with code ${code}`))
  })
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => fail(new Error('the simulated market did not start in time')), READY_MS)
    const fail = (error: Error): void => {
      clearTimeout(late)
      child.kill()
      reject(error)
    }
    child.once('error', fail)
    void ended.then(why => fail(new Error(why)))
    child.once('message', message => {
      clearTimeout(late)
      const { hosts } = ready.parse(message)
      resolve({ hosts, ended, stop: () => stop(child) })
    })
  })
}

function stop(child: ChildProcess): void {
  if (child.connected) child.disconnect()
}

/** The other end: what the forked process does. */
export async function serveAsChild(seed: string, speed: number, whales = WHALES_DEFAULT): Promise<void> {
  // An interrupt from the keyboard reaches both of us; we leave when the bot does.
  process.on('SIGINT', () => undefined)
  const sandbox = await startSandbox({ seed, speed, whales })
  process.send?.({ hosts: sandbox.hosts })
  await new Promise(resolve => process.once('disconnect', resolve))
  await sandbox.stop()
}
