import { need } from '../src/chat/access.ts'
import { command } from '../src/chat/command.ts'
import { clean, counted, personText } from '../src/chat/format.ts'
import { instructed } from '../src/chat/instructing.ts'
import { choice, optional, text } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'

export default command({
  name: 'people',
  summary: 'Who may do what, and through which accounts; unlink one.',
  access: 'viewer',
  isObeyedLate: false,
  options: {
    action: optional(choice('What to do.', ['show', 'unlink'])),
    account: optional(text('The account to unlink, as it is shown: telegram:42.')),
  },
  async run({ action, account }, context) {
    if (action === 'unlink') {
      need(context.actor, 'owner', 'Unlinking an account')
      const [, surface, id] = /^(\w{1,20}):(\S{1,40})$/.exec(account ?? '') ?? []
      if (surface === undefined || id === undefined)
        throw new UserError('Say which, as `people` shows it: people unlink telegram:42.')
      await instructed(context, { kind: 'unlinkAccount', surface, account: id })
      return reply(`${clean(surface, 20)} account ${clean(id, 40)} speaks for nobody any more`, 'warn').privately()
    }
    const people = context.desk.people()
    if (people.length === 0)
      return reply('Nobody is on the list: whoever sits at the console is the owner').note(
        'REMORA_PEOPLE sets the list.',
      )
    const rows = people.map(each => [personText(each.person), each.access, each.accounts.join(', ') || 'no account'])
    return reply(`${counted(people.length, 'person', 'people')} on the list`)
      .table(['Who', 'Role', 'Accounts'], rows)
      .note('The list is REMORA_PEOPLE. `link` adds an account of your own.')
      .privately()
  },
})
