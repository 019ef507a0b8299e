import type { Instant } from '../core/units/ids.ts'
import type { FeedView, Health, SurfaceHealth } from './desk.ts'
import { age, clean, counted } from './format.ts'
import type { Row } from './reply.ts'

/** Groups of requests that are listed, the fullest first; the others have all the more room. */
const GROUPS_SHOWN = 7
/** From here on a burst would reach the limit, and the venue slows down what comes beyond it. */
const NEAR = 0.8

/** How a surface is, what waits to be sent there, and what is wrong with how it is set up. */
export function surfaceRows(
  { name, status, since, why, waiting, delivered, failed, faults }: SurfaceHealth,
  now: Instant,
) {
  const reason = why === '' ? '' : `: ${clean(why, 100)}`
  const sent = `${delivered} sent, ${counted(waiting, 'message')} waiting${failed === 0 ? '' : `, ${failed} not delivered`}`
  const rows: Row[] = [[`Surface ${clean(name, 20)}`, `${status} for ${age(now - since)}${reason}; ${sent}`]]
  return [...rows, ...faults.slice(0, FAULTS_SHOWN).map((fault): Row => ['', clean(fault, 120)])]
}

const FAULTS_SHOWN = 4

type Requests = Health['requests']

/** What a source told, and how late: empty where nothing was measured yet. */
export function toldText({ lagMs, lagP99Ms, first, confirmed, missed, late }: FeedView): string {
  const worst = lagP99Ms === undefined ? '' : `, ${inSeconds(lagP99Ms)} at the 99th in 100`
  const counts = [
    ...(first === undefined ? [] : [`${first} told first`]),
    ...(confirmed === undefined ? [] : [`${confirmed} confirmed`]),
    ...(missed === undefined ? [] : [`${missed} missed`]),
    ...(late === undefined || late === 0 ? [] : [`${late} too late`]),
  ]
  return [...(lagMs === undefined ? [] : [`${inSeconds(lagMs)} behind${worst}`]), counts.join(', ')]
    .filter(part => part !== '')
    .join('; ')
}

/** The groups that were asked anything of, as a table: in the last 10 s, at most so far, and what is allowed. */
export function requestRows(requests: Requests): readonly (readonly string[])[] {
  return [...requests]
    .filter(({ inWindow, peak }) => inWindow > 0 || peak > 0)
    .sort((one, other) => fullness(other) - fullness(one))
    .slice(0, GROUPS_SHOWN)
    .map(one => [
      clean(one.group, 30),
      String(one.inWindow),
      String(one.peak),
      `${one.limit}${isNear(one) ? ' (NEAR)' : ''}`,
    ])
}

/** Whether some group is so full now that the venue may begin to slow us down. */
export function isNear({ inWindow, limit }: Requests[number]): boolean {
  return inWindow >= limit * NEAR
}

export function bookRows({ books }: Pick<Health, 'books'>): readonly Row[] {
  if (books === undefined) return []
  const { subscribed, trusted, disagreements } = books
  return [['Books', `${subscribed} mirrored, ${trusted} of them trusted; found to differ so far: ${disagreements}`]]
}

/** What of the delay is ours. */
export function ownPartRows({ ownPart }: Pick<Health, 'ownPart'>): readonly Row[] {
  if (ownPart.length === 0) return []
  const words = ownPart.map(
    ({ source, p50Ms, p99Ms }) => `${clean(source, 20)} ${p50Ms.toFixed(1)} ms (${p99Ms.toFixed(1)} ms at the 99th)`,
  )
  return [['Our part', words.join(', ')]]
}

/** Sources are told apart by tenths of a second. */
function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

function fullness({ peak, limit }: Requests[number]): number {
  return limit === 0 ? 0 : peak / limit
}
