import { command } from '../src/chat/command.ts'
import type { FeedView, SurfaceHealth } from '../src/chat/desk.ts'
import { age, clean, clock, moment } from '../src/chat/format.ts'
import { bookRows, isNear, ownPartRows, requestRows, surfaceRows, toldText } from '../src/chat/health-words.ts'
import { type Row, reply } from '../src/chat/reply.ts'
import { feedText } from '../src/chat/status-words.ts'
import type { Instant } from '../src/core/units/ids.ts'

const PROBLEMS_SHOWN = 6
/** Tables this far behind the journal show a past that people would take for the present. */
const LAG_MAX = 1_000
const MEGABYTE = 1_048_576

export default command({
  name: 'health',
  summary: 'Feeds, record, queues and the latest problems.',
  access: 'viewer',
  options: {},
  async run(_values, { desk }) {
    const health = await desk.health()
    const now = desk.now()
    const lag = health.seq - health.tablesSeq
    const isWell =
      lag <= LAG_MAX &&
      health.feeds.every(feed => feed.status === 'live') &&
      health.surfaces.every(isWellSurface) &&
      !health.requests.some(isNear)
    const said = reply(
      isWell ? 'All feeds are live, and the record keeps up' : 'Something is not well',
      isWell ? 'good' : 'warn',
    ).rows(
      ...health.feeds.flatMap(feed => feedRows(feed, now)),
      ...health.surfaces.flatMap(surface => surfaceRows(surface, now)),
      ...ownPartRows(health),
      ...bookRows(health),
      ['Record', `entry ${health.seq}; the tables are ${lag} behind; ${health.queued} inputs wait`],
      [
        'Append',
        `${health.appendP50Ms.toFixed(1)} ms half the time, ${health.appendP99Ms.toFixed(1)} ms at the 99th in 100`,
      ],
      [
        'Process',
        `up ${age(now - health.startedAt)} since ${moment(health.startedAt)}, ${Math.round(health.rssBytes / MEGABYTE)} MB`,
      ],
      ['Database', clean(health.database, 60)],
    )
    const requests = requestRows(health.requests)
    const asked = requests.length === 0 ? said : said.table(['Requests', 'In 10 s', 'Peak', 'Limit'], requests)
    const problems = health.problems
      .slice(-PROBLEMS_SHOWN)
      .map(each => [clock(each.at), clean(each.what, 160)] as const)
    return problems.length === 0 ? asked.note('No problem since the start.') : asked.rows(...problems)
  },
})

function isWellSurface({ status, faults }: SurfaceHealth): boolean {
  return status === 'live' && faults.length === 0
}

/** How a source is, and below it what it told, so that no line is longer than a phone shows. */
function feedRows(feed: FeedView, now: Instant): readonly Row[] {
  const name = clean(feed.name, 20)
  const told = toldText(feed)
  const state = [`Feed ${name}`, feedText(feed, now)] as const
  return told === '' ? [state] : [state, [`Told by ${name}`, told]]
}
