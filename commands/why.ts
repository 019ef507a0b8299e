import { command } from '../src/chat/command.ts'
import { quoted, text } from '../src/chat/option.ts'
import { storyReply } from '../src/chat/story.ts'
import { UserError } from '../src/chat/user-error.ts'

export default command({
  name: 'why',
  summary: 'The whole story of one trade: seen, weighed, refused or sent, and what became of it.',
  access: 'viewer',
  options: { id: text('The short name on the card.') },
  async run({ id }, { desk }) {
    const told = await desk.story(id.toLowerCase().replace(/^#/, ''))
    if (told === undefined)
      throw new UserError(`No trade is called ${quoted(id)}. Cards, \`orders\` and \`pending\` show their names.`)
    return storyReply(told, desk.status().isSimulated)
  },
})
