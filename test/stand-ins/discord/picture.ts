import type { FaultBoard } from './faults.ts'
import type { GatewayView } from './gateway.ts'
import type { Rest } from './rest.ts'
import { transcriptOf } from './transcript.ts'

/** Calls and lines that a picture shows: what happened last is what explains a wait in vain. */
const CALLS_SHOWN = 15
const LINES_SHOWN = 12

/** What there is, for somebody who waited for something else. */
export function pictureOf(rest: Rest, gateway: GatewayView, faults: FaultBoard): string {
  const { world, calls, unhandled, limits } = rest
  const talks = [...world.channels.values()].flatMap(channel => {
    const lines = transcriptOf(world, channel).split('\n')
    return lines.length === 1 && lines[0] === '' ? [] : [`#${channel.name}`, ...lines.slice(-LINES_SHOWN)]
  })
  const open = [...world.interactions.values()].filter(one => one.acknowledgement === undefined)
  return [
    `gateway: ${gateway.connections()} open, ${gateway.identifies()} identified, ${gateway.resumes()} resumed, closed with [${gateway.closures.slice(-CALLS_SHOWN).join(', ')}]`,
    `faults: ${
      faults
        .active()
        .map(one => `${one.fault.kind} (${one.hits()})`)
        .join(', ') || 'none'
    }`,
    `unanswered: ${open.map(one => `${one.by.name} ${one.deed}`).join(', ') || 'nothing'}`,
    `limited: ${limits.limited.length}, unhandled: ${unhandled.map(one => `${one.method} ${one.path}`).join(', ') || 'none'}`,
    'last calls:',
    ...calls.slice(-CALLS_SHOWN).map(one => `  ${one.method} ${one.path} ${one.status ?? 'unanswered'}`),
    ...talks,
  ].join('\n')
}
