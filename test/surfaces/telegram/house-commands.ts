import { type Command, command } from '../../../src/chat/command.ts'
import type { Access } from '../../../src/chat/desk.ts'
import { optional, text } from '../../../src/chat/option.ts'
import { type Reply, reply } from '../../../src/chat/reply.ts'
import type { Deeds } from './house.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Commands that only write down that they were carried out. */
export function commandsOf(deeds: Deeds, tell: () => void): readonly Command[] {
  const doing = (
    name: string,
    access: Access,
    isObeyedLate: boolean,
    answer: (line: string) => Reply,
    also: string[] = [],
  ) =>
    command({
      name,
      also,
      summary: `Does ${name}.`,
      access,
      isObeyedLate,
      options: {
        id: optional(text('Which.')),
        amount: optional(text('Dollars, at most.')),
        card: optional(text('The version of the card.')),
      },
      run({ id, amount, card }, { actor }) {
        const what = [name, id, amount, card === undefined ? undefined : `card:${card}`].filter(Boolean).join(' ')
        if (name === 'stop') deeds.stoppedAt ??= performance.now()
        deeds.done.push({ what, by: actor.person, press: actor.press })
        tell()
        return answer(what)
      },
    })
  const slow = command({
    name: 'slow',
    summary: 'Takes as long as the test wants.',
    access: 'viewer',
    options: {},
    run: () =>
      new Promise<Reply>(resolve => {
        const before = deeds.release
        deeds.release = () => {
          before()
          resolve(reply('slow at last', 'good'))
        }
      }),
  })
  const picture = command({
    name: 'picture',
    summary: 'Shows a picture.',
    access: 'viewer',
    options: { words: optional(text('Whether many.')) },
    run: ({ words }) => {
      const said = reply('Profit, 7 days', 'good').press('Status', 'status')
      const long = Array.from({ length: 30 }, (_, row) => [`Day ${row}`, 'x'.repeat(60)] as const)
      return (words === undefined ? said : said.rows(...long)).drawn({ name: 'profit', alt: 'a line', png: PNG })
    },
  })
  return [
    doing('stop', 'guardian', true, () => reply('PAPER · STOPPED', 'danger').press('Status', 'status'), ['halt']),
    doing('approve', 'trader', false, what => reply(`done: ${what}`, 'good').press('Why', 'why a7').privately()),
    doing('reject', 'guardian', true, what => reply(`done: ${what}`).privately()),
    doing('mode', 'owner', false, what => reply(`done: ${what}`, 'good')),
    doing('status', 'viewer', true, () => reply('PAPER · running').press('Confirm $80', 'approve a7 $80 card:1')),
    doing('why', 'viewer', true, what => reply(`because: ${what}`)),
    slow,
    picture,
  ]
}
