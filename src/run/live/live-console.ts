import type { Config } from '../../adapters/system/config.ts'
import { createLog } from '../../adapters/system/log.ts'
import type { Actor } from '../../chat/desk.ts'
import { runConsole } from '../../surfaces/console/console.ts'
import { startLive } from './live.ts'

/** The live run with the console as its surface: whoever sits at this machine owns it. */
export async function runLive(config: Config, entry: string, stop: AbortController): Promise<void> {
  const log = createLog(config.logLevel, process.stderr.isTTY === true)
  const live = await startLive(config, log, entry, stop.signal)
  for (const line of live.greeting) process.stdout.write(`${line}\n`)
  process.stdout.write('Type help for what can be asked, exit to leave.\n')
  const actor: Actor = {
    person: live.owner,
    name: 'you',
    access: 'owner',
    surface: 'console',
    press: `console ${Date.now().toString(36)}`,
  }
  const gone = new AbortController()
  const talking = runConsole({
    input: process.stdin,
    output: process.stdout,
    router: live.router,
    actor,
    announcements: live.announcer.listen,
    colours: process.env.NO_COLOR === undefined,
    leave: () => stop.abort(),
    signal: gone.signal,
  })
  try {
    await live.ended
  } finally {
    gone.abort()
    await talking
  }
  process.stdout.write('Stopped in order. The next start goes on from here.\n')
}
