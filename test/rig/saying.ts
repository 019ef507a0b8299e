import type { Reply } from '../../src/chat/reply.ts'
import { ANN_TELEGRAM, type Process } from './rig.ts'

let said = 0

/** What somebody says in Telegram, without the wires between. */
export function say(process: Process, line: string, account = ANN_TELEGRAM): Promise<Reply> {
  said += 1
  const base = { surface: 'telegram', account: String(account), name: 'whoever', late: undefined } as const
  return process.ears.hear({ ...base, id: `said ${said}`, said: { kind: 'line', line } })
}

/** A whale trades in that market, and its card waits: its short name. */
export async function waiting(process: Process, number: number): Promise<string> {
  const asked = seen(process, 'approvalAsked')
  process.hear(process.market.trade({ on: number }))
  await asked
  return [...process.state.signals.values()].findLast(({ stage }) => stage.kind === 'waiting')?.short ?? ''
}

/** Until one of these facts is on record. */
export function seen(process: Process, ...kinds: readonly string[]): Promise<void> {
  return new Promise(resolve => {
    const stop = process.watch(({ facts }) => {
      if (!facts.some(({ kind }) => kinds.includes(kind))) return
      stop()
      resolve()
    })
  })
}
