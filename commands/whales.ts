import { command } from '../src/chat/command.ts'
import { age, counted, percent, shortAddress, signedDollars, whaleText } from '../src/chat/format.ts'
import { reply } from '../src/chat/reply.ts'
import type { Whale } from '../src/core/whale/whale.ts'

const SHOWN_MAX = 20

export default command({
  name: 'whales',
  summary: 'The wallets that are followed, best first.',
  access: 'viewer',
  options: {},
  run(_values, { desk }) {
    const whales = [...desk.whales()].sort((one, other) => (other.quality?.score ?? -1) - (one.quality?.score ?? -1))
    if (whales.length === 0) return reply('No wallet is followed.').note('`follow 0x…` begins with one.')
    const { qualityMin } = desk.limits()
    const rows = whales.slice(0, SHOWN_MAX).map(whale => row(whale, desk.now(), qualityMin))
    const said = reply(`${counted(whales.length, 'whale')} followed; copied from quality ${qualityMin} up`).table(
      ['Whale', 'Wallet', 'Quality', 'Won', 'Profit', 'Last trade'],
      rows,
    )
    return whales.length > SHOWN_MAX ? said.note(`… and ${whales.length - SHOWN_MAX} more`) : said
  },
})

function row(
  { address, name, quality, record, lastTradeAt }: Whale,
  now: number,
  qualityMin: number,
): readonly string[] {
  const score = quality === undefined ? '?' : `${quality.score}${quality.score < qualityMin ? ' (too low)' : ''}`
  const won =
    record === undefined || record.resolved === 0
      ? '?'
      : `${percent(record.won / record.resolved, 0)} of ${record.resolved}`
  const profit = record === undefined ? '?' : signedDollars(record.profit)
  const last = lastTradeAt === undefined ? '-' : `${age(now - lastTradeAt)} ago`
  return [whaleText(name, address), shortAddress(address), score, won, profit, last]
}
