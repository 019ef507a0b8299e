import { command } from '../src/chat/command.ts'
import { whaleText } from '../src/chat/format.ts'
import { instructed } from '../src/chat/instructing.ts'
import { wallet } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'
import { qualityOfRecord, recordRows, withQuality } from '../src/chat/whale-words.ts'

export default command({
  name: 'follow',
  summary: 'Follow a wallet: copy its trades from now on, if they pass every gate.',
  access: 'trader',
  options: { wallet: wallet('The wallet, 0x and 40 hex digits.') },
  async run({ wallet: whale }, context) {
    const { name, record, isFollowed } = await context.desk.look(whale)
    const quality = qualityOfRecord(record)
    const { qualityMin } = context.desk.limits()
    const shown = whaleText(name, whale)
    if (!isFollowed) await instructed(context, { kind: 'follow', whale, name, record })
    const isGood = quality.score >= qualityMin
    const title = isFollowed ? `${shown} is followed already` : `Following ${shown}`
    const said = withQuality(
      reply(title, isGood ? 'good' : 'warn').rows(['Wallet', whale], ...recordRows(record)),
      quality,
    )
    const unfollow = `unfollow ${whale}`
    return (
      isGood
        ? said
        : said.text(`Its quality is under ${qualityMin}: its trades are shown and refused until that changes.`)
    ).press('Unfollow', unfollow)
  },
})
