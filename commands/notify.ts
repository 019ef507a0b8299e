import { type Context, command } from '../src/chat/command.ts'
import { instructed } from '../src/chat/instructing.ts'
import {
  minuteText,
  plainNotice,
  quietText,
  readDaily,
  readEvent,
  readLoudness,
  readQuiet,
  readWhere,
  settingRows,
  withLoudness,
} from '../src/chat/notice/notice-words.ts'
import { choice, optional, text } from '../src/chat/option.ts'
import { type Reply, reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'
import type { NoticeSettings } from '../src/core/people/notice.ts'

type Said = { readonly what: string | undefined; readonly how: string | undefined; readonly where: string | undefined }

export default command({
  name: 'notify',
  summary: 'What you are told, how loudly and when; your quiet hours, and when the daily summary comes.',
  access: 'viewer',
  options: {
    action: optional(choice('What to do.', ['show', 'set', 'quiet', 'daily', 'reset'])),
    what: optional(text('What happens (filled); or a time: 23:00-07:30, 07:30.')),
    how: optional(text('off, digest, silent, on, page or usual; or the time zone (Europe/Rome).')),
    where: optional(text('discord or telegram; both if not said.')),
  },
  run({ action, what, how, where }, context) {
    const before = context.desk.notice(context.actor.person)
    if (action === undefined || action === 'show') return shown(before)
    return changed(action, before, { what, how, where }, context)
  },
})

async function changed(
  action: 'set' | 'quiet' | 'daily' | 'reset',
  before: NoticeSettings,
  said: Said,
  context: Context,
): Promise<Reply> {
  const notice = after(action, before, said)
  await instructed(context, { kind: 'setNotice', notice })
  return answer(action, notice, said)
}

function after(action: 'set' | 'quiet' | 'daily' | 'reset', before: NoticeSettings, said: Said): NoticeSettings {
  const { what, how, where } = said
  if (action === 'reset') return plainNotice()
  if (action === 'set') {
    if (what === undefined) throw new UserError('Say what and how loudly: notify set filled on telegram.', true)
    return withLoudness(before, readEvent(what), readLoudness(how), readWhere(where))
  }
  const words = [what, how, where].filter(word => word !== undefined).join(' ')
  if (action === 'quiet') {
    if (words === '')
      throw new UserError('Say from when to when, and where: notify quiet 23:00-07:30 Europe/Rome.', true)
    return { ...before, quiet: readQuiet(words, before) }
  }
  if (words === '') throw new UserError('Say when, and where: notify daily 07:30 Europe/Rome.', true)
  return { ...before, ...readDaily(words, before) }
}

function answer(action: 'set' | 'quiet' | 'daily' | 'reset', notice: NoticeSettings, { what = '' }: Said): Reply {
  const rows = settingRows(notice).filter(([event]) => event === what.toLowerCase())
  switch (action) {
    case 'set':
      return reply('Set, and in force from now on', 'good').table(HEAD, rows).privately()
    case 'quiet':
      return reply(`Quiet hours: ${quietText(notice.quiet)}`, 'good')
        .text(notice.quiet === undefined ? 'Everything is told as it happens.' : QUIET_MEANING)
        .privately()
    case 'daily':
      return reply(`The summary of the day comes at ${dailyText(notice)}`, 'good').privately()
    case 'reset':
      return reply('You are told everything as usual again', 'good').press('Show', 'notify').privately()
  }
}

const HEAD = ['What', 'Discord', 'Telegram', 'Meaning']
const QUIET_MEANING =
  'Proposals come without a sound and expire unless you decide. All else is in one message when the quiet hours end.'

function shown(notice: NoticeSettings): Reply {
  return reply('What you are told, and how loudly')
    .rows(['Quiet hours', quietText(notice.quiet)], ['Daily summary', dailyText(notice)])
    .table(HEAD, settingRows(notice))
    .note('* as you set it. A channel is as loud as the loudest wish of its people. `notify set filled on telegram`')
    .privately()
}

function dailyText({ dailyAt, zone }: NoticeSettings): string {
  return `${minuteText(dailyAt)} in ${zone}`
}
