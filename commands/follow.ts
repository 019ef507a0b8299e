import { type Context, command } from '../src/chat/command.ts'
import type { Look, Profile } from '../src/chat/desk.ts'
import { clean, counted, shortAddress, whaleText } from '../src/chat/format.ts'
import { instructed } from '../src/chat/instructing.ts'
import { quoted, who as whoOption } from '../src/chat/option.ts'
import { joinedText, profileRows } from '../src/chat/profile-words.ts'
import { type Reply, reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'
import { strangerPage } from '../src/chat/whale-page.ts'
import { qualityOfRecord, recordRows, withQuality } from '../src/chat/whale-words.ts'

/** Wallets of one name that are shown, as many as there are presses. */
const NAMESAKES_MAX = 5

export default command({
  name: 'follow',
  summary: 'Follow a wallet: copy its trades from now on, if they pass every gate.',
  access: 'trader',
  options: { who: whoOption('The wallet, 0x and 40 hex digits; or a public name, to be shown whose it is.') },
  async run({ who }, context) {
    if (who.kind === 'wallet') return follow(await context.desk.look(who.whale), context)
    if (who.kind === 'short')
      throw new UserError('Many wallets look like that when shortened: give all of its 40 hex digits, or its name.')
    return byName(who.name, context)
  },
})

async function follow(look: Look, context: Context): Promise<Reply> {
  const { whale, name, record, isFollowed } = look
  const quality = qualityOfRecord(record)
  const { qualityMin } = context.desk.limits()
  const shown = whaleText(name, whale)
  if (!isFollowed) await instructed(context, { kind: 'follow', whale, name, record })
  const isGood = quality.score >= qualityMin
  const title = isFollowed ? `${shown} is followed already` : `Following ${shown}`
  const rows = [['Wallet', whale] as const, ...profileRows(look.profile), ...recordRows(record)]
  const said = withQuality(reply(title, isGood ? 'good' : 'warn').rows(...rows), quality)
  return (
    isGood
      ? said
      : said.text(`Its quality is under ${qualityMin}: its trades are shown and refused until that changes.`)
  )
    .press('Settings', `whale ${whale}`)
    .press('Unfollow', `unfollow ${whale}`)
}

/** A name is nobody's alone: whose it is, is shown, and a person says which wallet is meant. */
async function byName(name: string, { desk }: Context): Promise<Reply> {
  const found = await desk.find(name)
  const [only] = found
  if (only === undefined) {
    throw new UserError(
      `Nobody on Polymarket shows ${quoted(name)} as their name. Copy it from the profile page, or give the wallet.`,
    )
  }
  if (found.length > 1) return namesakes(name, found)
  const look = await desk.look(only.whale)
  if (!look.isFollowed)
    return strangerPage(look, desk.limits().qualityMin).note('Nothing is followed before you press.')
  return reply(`${whaleText(look.name, look.whale)} is followed already`)
    .rows(['Wallet', look.whale], ...profileRows(look.profile))
    .press('Settings', `whale ${look.whale}`)
}

function namesakes(name: string, found: readonly Profile[]): Reply {
  const shown = found.slice(0, NAMESAKES_MAX)
  const rows = shown.map(({ whale, pseudonym, joinedAt, isVerified, bio }) => [
    shortAddress(whale),
    clean(pseudonym, 30),
    joinedText(joinedAt),
    isVerified ? 'yes' : 'no',
    clean(bio, 60),
  ])
  const said = reply(`${counted(found.length, 'wallet')} show the name ${quoted(name)}: which is meant?`, 'warn')
    .table(['Wallet', 'Pseudonym', 'Joined', 'Verified', 'Bio'], rows)
    .note('Nothing is followed yet. A look shows how each has done.')
  const listed = found.length > shown.length ? said.note(`… and ${found.length - shown.length} more`) : said
  return shown.reduce((so, { whale }) => so.press(`Look ${shortAddress(whale)}`, `whale ${whale}`), listed)
}
