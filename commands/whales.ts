import { need } from '../src/chat/access.ts'
import { candidatesReply } from '../src/chat/candidate-words.ts'
import { type Context, command } from '../src/chat/command.ts'
import {
  age,
  clean,
  counted,
  percent,
  sentence,
  shortAddress,
  signedDollars,
  whaleHandle,
  whaleText,
} from '../src/chat/format.ts'
import { factOf } from '../src/chat/instructing.ts'
import { choice, optional, quoted, text as textOption } from '../src/chat/option.ts'
import { type Reply, reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'
import { faultsReply, importedReply, importPlan, planReply } from '../src/chat/whale-import.ts'
import { settingsMarks } from '../src/chat/whale-settings.ts'
import type { Instruction } from '../src/core/engine/input.ts'
import type { Instant } from '../src/core/units/ids.ts'
import type { Whale } from '../src/core/whale/whale.ts'

const SHOWN_MAX = 20

export default command({
  name: 'whales',
  summary: 'The wallets that are followed, best first; find others, or write and read the list as a file.',
  access: 'viewer',
  isObeyedLate: false,
  options: {
    what: optional(choice('What to do.', ['list', 'find', 'export', 'import'])),
    text: optional(textOption('For find: a category, like politics. For import: yes, to do what it showed.')),
  },
  run({ what, text }, context) {
    switch (what) {
      case 'find':
        return find(text, context)
      case 'export':
        return exported(text, context)
      case 'import':
        return imported(text, context)
      default:
        return listed(text, context)
    }
  },
})

function listed(said: string | undefined, { desk }: Context): Reply {
  takesNothing('list', said)
  const whales = [...desk.whales()].sort((one, other) => (other.quality?.score ?? -1) - (one.quality?.score ?? -1))
  if (whales.length === 0)
    return reply('No wallet is followed.').note('`follow 0x…` begins with one; `whales find` proposes some.')
  const { qualityMin } = desk.limits()
  const rows = whales.slice(0, SHOWN_MAX).map(whale => row(whale, desk.now(), qualityMin))
  const list = reply(`${counted(whales.length, 'whale')} followed; copied from quality ${qualityMin} up`).table(
    ['Whale', 'Wallet', 'Quality', 'Set', 'Won', 'Profit', 'Last trade'],
    rows,
  )
  return whales.length > SHOWN_MAX ? list.note(`… and ${whales.length - SHOWN_MAX} more`) : list
}

function row(whale: Whale, now: Instant, qualityMin: number): readonly string[] {
  const { address, name, quality, record, settings, lastTradeAt } = whale
  const score = quality === undefined ? '?' : `${quality.score}${quality.score < qualityMin ? ' (too low)' : ''}`
  const won =
    record === undefined || record.resolved === 0
      ? '?'
      : `${percent(record.won / record.resolved, 0)} of ${record.resolved}`
  const profit = record === undefined ? '?' : signedDollars(record.profit)
  const last = lastTradeAt === undefined ? '-' : `${age(now - lastTradeAt)} ago`
  return [whaleText(name, address), shortAddress(address), score, settingsMarks(settings, now), won, profit, last]
}

/** What the venue calls a category: its words with hyphens between. */
const CATEGORY = /^[a-z0-9][a-z0-9-]{0,39}$/

/** It asks the venue a dozen questions, so it is for those who may act on the answer. */
async function find(said: string | undefined, { desk, actor }: Context): Promise<Reply> {
  need(actor, 'trader', 'Looking for candidates')
  const category = said?.trim().toLowerCase().replace(/\s+/g, '-')
  if (category !== undefined && !CATEGORY.test(category))
    throw new UserError(`A category is a word like politics or sports; not ${quoted(said ?? '')}.`)
  return candidatesReply(await desk.candidates(category), category, desk.limits().qualityMin)
}

async function exported(said: string | undefined, { desk, actor }: Context): Promise<Reply> {
  need(actor, 'trader', 'Writing the list to a file')
  takesNothing('export', said)
  const { path, count } = await desk.exportWhales()
  return reply(`${counted(count, 'whale')} written, with name and settings`, 'good')
    .rows(['File', path])
    .note('`whales import` reads it back, there or in another Remora’s data folder. What it had before is replaced.')
}

async function imported(said: string | undefined, context: Context): Promise<Reply> {
  const { desk, actor } = context
  need(actor, 'trader', 'Reading the list from a file')
  const isYes = said?.trim().toLowerCase() === 'yes'
  if (said !== undefined && !isYes) throw new UserError('`whales import` shows what would change; add yes to do it.')
  const list = await desk.readWhales()
  if (list.kind === 'faulty') return faultsReply(list)
  const plan = importPlan(list.whales, desk.whales())
  if (!isYes || plan.follow.length + plan.change.length === 0) return planReply(list.path, plan, desk.now())
  const refused: string[] = []
  for (const { address, name, settings } of plan.follow) {
    const wish = { kind: 'follow', whale: address, name, record: undefined, settings } as const
    refused.push(...(await refusalOf(wish, whaleHandle(name, address), context)))
  }
  for (const { listed: one, whale } of plan.change) {
    const wish = { kind: 'setWhale', whale: whale.address, settings: one.settings } as const
    refused.push(...(await refusalOf(wish, whaleHandle(whale.name, whale.address), context)))
  }
  return importedReply(plan, refused)
}

/** One refusal does not keep the others from being taken in. */
async function refusalOf(wish: Instruction, whose: string, { desk, actor }: Context): Promise<readonly string[]> {
  const why = factOf(await desk.instruct(wish, actor), 'instructionRefused')?.why
  return why === undefined ? [] : [`${whose}: ${sentence(clean(why, 200))}`]
}

function takesNothing(what: string, said: string | undefined): void {
  if (said !== undefined) throw new UserError(`\`whales ${what}\` takes nothing after it; not ${quoted(said)}.`)
}
