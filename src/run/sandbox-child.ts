import { type ChildProcess, fork } from 'node:child_process'
import { z } from 'zod'
import type { Hosts } from '../adapters/polymarket/client.ts'
import { startSandbox } from '../sandbox/sandbox.ts'

/** The simulated market in a process of its own: its memory and its work are not the bot's. */
export type SandboxChild = { readonly hosts: Hosts; readonly stop: () => void; readonly ended: Promise<string> }

const READY_MS = 15_000
const ready = z.object({
  hosts: z.object({
    gamma: z.string(),
    data: z.string(),
    clob: z.string(),
    marketSocket: z.string(),
    activitySocket: z.string(),
  }),
})

/** Starts it and waits until it answers. It ends with us, also when we are killed: its line to us breaks. */
export function forkSandbox(
  entry: string,
  options: { readonly seed: string; readonly speed: number },
): Promise<SandboxChild> {
  const child = fork(entry, ['sandbox-child', options.seed, String(options.speed)], {
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
export async function serveAsChild(seed: string, speed: number): Promise<void> {
  // An interrupt from the keyboard reaches both of us; we leave when the bot does.
  process.on('SIGINT', () => undefined)
  const sandbox = await startSandbox({ seed, speed })
  process.send?.({ hosts: sandbox.hosts })
  await new Promise(resolve => process.once('disconnect', resolve))
  await sandbox.stop()
}
