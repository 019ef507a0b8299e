import { command } from '../src/chat/command.ts'
import { age, clean, clock, moment } from '../src/chat/format.ts'
import { reply } from '../src/chat/reply.ts'
import { feedText } from '../src/chat/status-words.ts'

const PROBLEMS_SHOWN = 8
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
    const isWell = lag <= LAG_MAX && health.feeds.every(feed => feed.status === 'live')
    const said = reply(
      isWell ? 'All feeds are live, and the record keeps up' : 'Something is not well',
      isWell ? 'good' : 'warn',
    ).rows(
      ...health.feeds.map(feed => [`Feed ${clean(feed.name, 20)}`, feedText(feed, now)] as const),
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
    const problems = health.problems
      .slice(-PROBLEMS_SHOWN)
      .map(each => [clock(each.at), clean(each.what, 160)] as const)
    return problems.length === 0 ? said.note('No problem since the start.') : said.rows(...problems)
  },
})
