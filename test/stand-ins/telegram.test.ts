import { createServer } from 'node:http'
import { Telegraf, TelegramError } from 'telegraf'
import type { Update } from 'telegraf/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Trouble } from './telegram/faults.ts'
import type { Person } from './telegram/person.ts'
import { REAL_LIMITS } from './telegram/rate-limits.ts'
import { startTelegram, type Telegram } from './telegram/telegram.ts'

/** The stand-in as telegraf's own client and router see it. */

const ANN = 42
const TEAM = -1_001_234_567_890
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let telegram: Telegram
let ann: Person
let bot: Telegraf
let clock = 0

beforeEach(async () => {
  clock = Date.parse('2026-12-01T12:00:00Z')
  telegram = await startTelegram({ now: () => clock })
  ann = telegram.person({ id: ANN, name: 'Ann', username: 'ann' })
  bot = new Telegraf(telegram.token, { telegram: telegram.api })
})
afterEach(() => telegram.stop())

/** One call by telegraf's client, with whatever fields it knows or does not know. */
function call(method: string, payload: object = {}, signal?: AbortSignal): Promise<unknown> {
  const callAny = bot.telegram.callApi.bind(bot.telegram) as (
    method: string,
    payload: object,
    options: { signal?: AbortSignal },
  ) => Promise<unknown>
  return callAny(method, payload, signal === undefined ? {} : { signal })
}

async function poll(options: object = {}): Promise<readonly Update[]> {
  return (await call('getUpdates', options)) as readonly Update[]
}

/** Hands everything that waits to the router, as a poller would. */
async function handleAll(): Promise<void> {
  const updates = await poll()
  await Promise.all(updates.map(update => bot.handleUpdate(update)))
  await poll({ offset: (updates.at(-1)?.update_id ?? -1) + 1 })
}

/** The refusal of a call, or an assertion that it was refused at all. */
async function refusal(asked: Promise<unknown>): Promise<TelegramError['response']> {
  const error: unknown = await asked.then(
    () => expect.unreachable('it was not refused'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TelegramError)
  return (error as TelegramError).response
}

describe('a conversation', () => {
  test('the bot learns who it is', async () => {
    const me = await bot.telegram.getMe()
    expect(me).toMatchObject({ ...telegram.bot, can_read_all_group_messages: false })
    expect(me.id).toBe(700_000_001)
  })

  test('a command comes in and is answered', async () => {
    bot.command('status', context => context.reply(`paper, asked at ${context.message.date}`))
    const said = ann.say('/status now', { agoMs: 5_000 })
    await handleAll()
    const reply = await said.reply
    expect(reply).toMatchObject({ chatId: ANN, isFromBot: true, text: `paper, asked at ${clock / 1_000 - 5}` })
    expect(telegram.latest(ANN)).toBe(reply)
    expect(telegram.pending()).toEqual([])
  })

  test('a press is told, answered, and its card edited', async () => {
    bot.command('buy', context =>
      context.reply('Buy at 63.4c?', {
        reply_markup: {
          inline_keyboard: [[{ text: 'Approve', callback_data: 'a:1', style: 'success' } as never]],
        },
      }),
    )
    bot.action(/^a:(\d)$/, async context => {
      await context.answerCbQuery(`taken ${context.match[1]}`, { show_alert: true })
      await context.editMessageText('Bought.')
    })
    const said = ann.say('/buy')
    await handleAll()
    const card = await said.reply
    expect(card.keyboard[0]?.[0]).toMatchObject({ style: 'success' })

    const press = ann.press(card, 'Approve')
    await handleAll()
    expect(await press.answered).toMatchObject({ text: 'taken 1', isAlert: true })
    expect((await press.answered).delayMs).toBeGreaterThan(0)
    const edited = await telegram.until(() => telegram.message(ANN, card.id)?.editDate !== undefined)
    expect(edited).toBe(true)
    expect(telegram.message(ANN, card.id)).toMatchObject({ text: 'Bought.', keyboard: [] })
    expect(() => ann.press(card, 'Approve')).toThrow(/has no button «Approve»/)
    expect(telegram.transcript(ANN)).toBe(
      [
        'Ann: /buy',
        'Remora: Buy at 63.4c?',
        '  [Approve]',
        'Ann presses [Approve] of #2',
        '(an alert to Ann: taken 1)',
        'Remora edits #2: Bought.',
      ].join('\n'),
    )
  })

  test('a forged press carries any data, of a message that is gone too', async () => {
    ann.press(99, 'x'.repeat(80), { forged: true })
    expect(await poll()).toMatchObject([
      { callback_query: { data: 'x'.repeat(80), message: { message_id: 99, date: 0 }, from: { id: ANN } } },
    ])
  })

  test('a press is answered once, and in time', async () => {
    const { message_id: id } = await bot.telegram.sendMessage(ANN, 'Buy?', keyboard('Yes'))
    const old = ann.press(id, 'Yes', { agoMs: 20_000 })
    const fresh = ann.press(id, 'Yes')
    const tooOld = 'Bad Request: query is too old and response timeout expired or query ID is invalid'
    expect(await refusal(bot.telegram.answerCbQuery(old.id))).toMatchObject({ error_code: 400, description: tooOld })
    telegram.conduct.callbackLifeMs = 1_000
    clock += 1_001
    expect((await refusal(bot.telegram.answerCbQuery(fresh.id))).description).toBe(tooOld)
    telegram.conduct.callbackLifeMs = 5_000
    await bot.telegram.answerCbQuery(fresh.id)
    expect((await refusal(bot.telegram.answerCbQuery(fresh.id))).description).toBe(tooOld)
    expect((await refusal(bot.telegram.answerCbQuery('1'))).description).toBe(tooOld)
  })

  test('what is edited in a chat, by whom and as whom, is told as such', async () => {
    const group = telegram.group({ id: TEAM, title: 'Team', topics: { 7: 'Approvals' } })
    const said = ann.say('/mode papr', { chat: group.id, topic: 7 })
    ann.say('/mode paper', { chat: group.id, edited: said.id })
    ann.say('/stop', { chat: group.id, replyTo: said.id, senderChat: { id: TEAM, title: 'Team' } })
    const [first, second, third] = await poll()
    expect(first).toMatchObject({ message: { message_thread_id: 7, is_topic_message: true, chat: { is_forum: true } } })
    expect(second).toMatchObject({
      edited_message: { message_id: said.id, text: '/mode paper', edit_date: clock / 1_000 },
    })
    expect(third).toMatchObject({
      message: {
        sender_chat: { id: TEAM },
        from: { username: 'GroupAnonymousBot' },
        reply_to_message: { message_id: said.id },
        entities: [{ type: 'bot_command', offset: 0, length: 5 }],
      },
    })
  })

  test('where the bot is an ordinary member, privacy keeps from it what is not its own', async () => {
    const group = telegram.group({ id: -5, title: 'Chatter' })
    group.setMember(telegram.bot.id, 'member')
    const { message_id: card } = await bot.telegram.sendMessage(-5, 'hello')
    for (const text of ['nice weather', '/stop', '/stop@other_bot', `/stop@${telegram.bot.username}`])
      ann.say(text, { chat: -5 })
    ann.say('yes', { chat: -5, replyTo: card })
    ann.say(`hey @${telegram.bot.username}`, { chat: -5 })
    const texts = (await poll()).map(update => 'message' in update && 'text' in update.message && update.message.text)
    expect(texts).toEqual(['/stop', '/stop@remora_test_bot', 'yes', 'hey @remora_test_bot'])
  })
})

describe('updates', () => {
  test('are confirmed only by a higher offset', async () => {
    const [first, second] = [ann.say('one').update, ann.say('two').update]
    expect(await poll({ limit: 1 })).toMatchObject([{ update_id: first.update_id }])
    expect(await poll({ offset: first.update_id })).toHaveLength(2)
    expect(await poll({ offset: second.update_id })).toMatchObject([{ update_id: second.update_id }])
    expect(await poll({ offset: first.update_id })).toHaveLength(1)
    expect(await poll({ offset: second.update_id + 1 })).toEqual([])
    expect(telegram.confirmedBelow()).toBe(second.update_id + 1)
  })

  test('come into a long poll that waits, all of one turn together', async () => {
    const polled = poll({ timeout: 30 })
    await telegram.until(() => telegram.isPolled())
    ann.say('one')
    ann.say('two')
    expect(await polled).toHaveLength(2)
    expect(telegram.isPolled()).toBe(false)
  })

  test('are asked for by one: another poll ends the first with 409', async () => {
    const first = poll({ timeout: 30 })
    await telegram.until(() => telegram.isPolled())
    const second = poll({ timeout: 30 })
    expect(await refusal(first)).toMatchObject({ error_code: 409, description: expect.stringMatching(/^Conflict: /) })
    ann.say('hello')
    expect(await second).toHaveLength(1)
  })

  test('of kinds that are not wanted are not kept', async () => {
    await poll({ allowed_updates: ['callback_query'] })
    ann.say('unheard')
    ann.block()
    ann.unblock()
    expect(await poll()).toEqual([])
    await poll({ allowed_updates: [] })
    ann.say('heard')
    expect(await poll()).toHaveLength(1)
  })

  test('come again under the same number, though they are confirmed', async () => {
    const { update } = ann.say('/stop')
    await poll({ offset: update.update_id + 1 })
    telegram.again(update)
    expect(await poll({ offset: update.update_id + 1 })).toEqual([update])
    expect(await poll({ offset: update.update_id + 1 })).toEqual([])
  })

  test('may be anything, are kept for a day, and can be dropped', async () => {
    const garbage = telegram.deliver({ message: { text: 7 } })
    expect(await poll()).toEqual([garbage])
    clock += 24 * 60 * 60 * 1_000
    expect(await poll()).toEqual([])
    ann.say('hello')
    await bot.telegram.deleteWebhook({ drop_pending_updates: true })
    expect(await poll()).toEqual([])
  })
})

function keyboard(...labels: readonly string[]) {
  return { reply_markup: { inline_keyboard: [labels.map(text => ({ text, callback_data: text }))] } }
}

describe('what the bot sends', () => {
  test('is kept with everything that was said of it', async () => {
    telegram.group({ id: TEAM, title: 'Team', topics: { 7: 'Approvals' } })
    const said = ann.say('hello', { chat: TEAM, topic: 7 })
    await call('sendMessage', {
      chat_id: TEAM,
      text: ' Answer me ',
      message_thread_id: 7,
      disable_notification: true,
      protect_content: true,
      link_preview_options: { is_disabled: true },
      reply_parameters: { message_id: said.id },
      reply_markup: { force_reply: true, selective: true },
      an_unknown_field: 1,
    })
    expect(await said.reply).toMatchObject({
      text: 'Answer me',
      topic: 7,
      isSilent: true,
      isProtected: true,
      linkPreview: { is_disabled: true },
      replyTo: said.id,
      markup: { force_reply: true, selective: true },
      sent: { an_unknown_field: 1 },
    })
  })

  test('is not modified by an edit that changes nothing', async () => {
    const { message_id: id } = await bot.telegram.sendMessage(ANN, 'same', keyboard('Yes'))
    const same = refusal(bot.telegram.editMessageText(ANN, id, undefined, 'same', keyboard('Yes')))
    expect((await same).description).toMatch(/^Bad Request: message is not modified: specified new message content/)
    await bot.telegram.editMessageReplyMarkup(ANN, id, undefined, keyboard('No').reply_markup)
    expect(telegram.message(ANN, id)).toMatchObject({ text: 'same', keyboard: [[{ text: 'No' }]] })
    await bot.telegram.editMessageText(ANN, id, undefined, 'same')
    expect(telegram.message(ANN, id)?.keyboard).toEqual([])
  })

  test('may be a photo, whose bytes arrive as they were', async () => {
    const said = ann.say('/chart')
    await bot.telegram.sendPhoto(
      ANN,
      { source: PNG, filename: 'profit.png' },
      { caption: '<b>Profit</b> &lt;7 d&gt;', parse_mode: 'HTML', ...keyboard('More') },
    )
    const sent = await said.reply
    expect(sent.photo).toMatchObject({ name: 'profit.png', width: 1, height: 1 })
    expect(sent.photo?.bytes.equals(PNG)).toBe(true)
    expect(sent).toMatchObject({ text: 'Profit <7 d>', entities: [{ type: 'bold', offset: 0, length: 6 }] })
    expect(sent.keyboard).toEqual([[{ text: 'More', callback_data: 'More' }]])

    await bot.telegram.editMessageCaption(ANN, sent.id, undefined, 'Loss')
    expect(telegram.message(ANN, sent.id)?.text).toBe('Loss')
    const other = { source: Buffer.concat([PNG, PNG]), filename: 'other.png' }
    await bot.telegram.editMessageMedia(ANN, sent.id, undefined, { type: 'photo', media: other, caption: 'Anew' })
    expect(telegram.message(ANN, sent.id)).toMatchObject({ text: 'Anew', photo: { name: 'other.png' } })
    await bot.telegram.sendPhoto(ANN, sent.photo?.fileId ?? '')
    expect(telegram.latest(ANN)?.photo).toBe(sent.photo)
    expect(telegram.transcript(ANN)).toContain('Remora: [photo profit.png, 1×1]\n  Profit <7 d>\n  [More]')
  })

  test('can be pinned, unpinned and deleted', async () => {
    const { message_id: id } = await bot.telegram.sendMessage(ANN, 'status')
    await bot.telegram.pinChatMessage(ANN, id, { disable_notification: true })
    expect(telegram.pinned(ANN)).toEqual([id])
    expect(await bot.telegram.getChat(ANN)).toMatchObject({ pinned_message: { message_id: id } })
    await bot.telegram.unpinChatMessage(ANN, id)
    await bot.telegram.deleteMessage(ANN, id)
    expect(telegram.messages(ANN)).toEqual([])
    const edit = bot.telegram.editMessageText(ANN, id, undefined, 'late')
    expect((await refusal(edit)).description).toBe('Bad Request: message to edit not found')
    expect((await refusal(bot.telegram.deleteMessage(ANN, id))).description).toBe(
      'Bad Request: message to delete not found',
    )
  })

  test('commands are kept by scope and language', async () => {
    const commands = [{ command: 'stop', description: 'Halts everything' }]
    await bot.telegram.setMyCommands(commands)
    await bot.telegram.setMyCommands([], { scope: { type: 'chat', chat_id: TEAM } })
    expect(await bot.telegram.getMyCommands()).toEqual(commands)
    expect(telegram.commands()).toEqual(commands)
    expect(telegram.commands({ type: 'chat', chat_id: TEAM })).toEqual([])
  })
})

describe('html', () => {
  test.each([
    ['plain &lt;&gt;&amp;&quot; &laquo; &#64;&#x40; a > b & c', 'plain <>&" &laquo; @@ a > b & c', []],
    ['<b>a</b><strong>b</strong>', 'ab', ['bold 0+1', 'bold 1+1']],
    ['🏟 🏟<i>🏟 &lt🏟</i>', '🏟 🏟🏟 <🏟', ['italic 5+6']],
    ['<i>a<B k = v>b</b></i>', 'ab', ['italic 0+2', 'bold 1+1']],
    [
      '<u>a</u><ins>b</ins><s>c</s><del>d</del>',
      'abcd',
      ['underline 0+1', 'underline 1+1', 'strikethrough 2+1', 'strikethrough 3+1'],
    ],
    ['<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', 'ab', ['spoiler 0+1', 'spoiler 1+1']],
    ['<code>a &amp;&amp; b</code>', 'a && b', ['code 0+6']],
    ['<pre><code class="language-fift">x</code></pre>', 'x', ['pre 0+1 fift']],
    ['<pre>x <code class="language-fift">y</code></pre>', 'x y', ['pre 0+3']],
    ['<a href="https://x.com/?a=1&amp;b=2">x</a>', 'x', ['text_link 0+1 https://x.com/?a=1&b=2']],
    ["<a href='javascript:alert(1)'>x</a>", 'x', []],
    ['<a href="tg://user?id=42">x</a><a href="tg://user?id=43">y</a>', 'xy', ['text_mention 0+1 42']],
    ['<blockquote expandable>why</blockquote>', 'why', ['expandable_blockquote 0+3']],
    ['<blockquote>a <blockquote>b</blockquote></blockquote>', 'a b', ['blockquote 0+3']],
    ['<tg-time unix="1796126600" format="r">in 90 s</tg-time>', 'in 90 s', ['date_time 0+7 1796126600 r']],
    ['<b></b>  <i> a </i>\r\n', 'a', ['italic 0+1']],
    ['<code><a href="http://x.com">x</a> @ann</code>', 'x @ann', ['code 0+6']],
    ['<i>a</>', 'a', ['italic 0+1']],
  ])('%j is read', async (html, text, entities) => {
    await bot.telegram.sendMessage(ANN, html, { parse_mode: 'HTML' })
    const sent = telegram.latest(ANN)
    expect(sent?.text).toBe(text)
    const told = sent?.entities.map(({ type, offset, length, url, user, language, unix_time, date_time_format }) =>
      [type, `${offset}+${length}`, url, user?.id, language, unix_time, date_time_format].filter(Boolean).join(' '),
    )
    expect(told).toEqual(entities)
  })

  test.each([
    ['🏟 🏟&lt;<abacaba', 'Unclosed start tag at byte offset 13'],
    ['🏟 🏟&lt;<abac>', 'Unsupported start tag "abac" at byte offset 13'],
    ['a < b', 'Unsupported start tag "" at byte offset 2'],
    ['0.62 <0.64>', 'Unsupported start tag "0.64" at byte offset 5'],
    ['x<br/>', 'Unsupported start tag "br/" at byte offset 1'],
    ['<i =a>', 'Empty attribute name in the tag "i" at byte offset 0'],
    ['<a href', 'Unclosed start tag "a" at byte offset 0'],
    ['<a href = ', 'Unclosed start tag "a" at byte offset 0'],
    ['<a href="x"', 'Unclosed start tag at byte offset 0'],
    ['<a href="x>y</a>', 'Unclosed start tag at byte offset 0'],
    ['<a href=x/>y</a>', 'Unexpected end of name token at byte offset 8'],
    ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>x</b', 'Unclosed end tag at byte offset 4'],
    ['<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['<b><i>x</i>', 'Can\'t find end tag corresponding to start tag "b"'],
    [
      '&#xDFDF;',
      'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units',
    ],
    ['<tg-time unix="soon">x</tg-time>', 'Invalid Unix time specified'],
  ])('%j is refused', async (html, fault) => {
    const refused = await refusal(bot.telegram.sendMessage(ANN, html, { parse_mode: 'HTML' }))
    expect(refused).toEqual({ ok: false, error_code: 400, description: `Bad Request: can't parse entities: ${fault}` })
    expect(telegram.messages(ANN)).toEqual([])
  })
})

describe('hostile text', () => {
  const HOSTILE = [
    '@durov',
    'a:@Admin_1!',
    'https://evil.example/x',
    'evil.com',
    'EVIL.COM/claim?a=1',
    'tg://resolve?domain=x',
    't.me/joinchat',
    'me@evil.org',
    '1.2.3.4:80',
    '/stop',
    '(/approve@some_bot)',
    '#free',
    '#свобода',
    '$USDC',
  ]
  const loose = () => {
    const sent = telegram.latest(ANN)
    return [sent?.mentions, sent?.links, sent?.hashtags, sent?.cashtags, sent?.commands, sent?.textLinks].flat()
  }

  test.each(HOSTILE)('%j is tappable in plain text', async text => {
    await bot.telegram.sendMessage(ANN, `Will ${text} happen?`)
    expect(loose()).toHaveLength(1)
  })

  test.each(HOSTILE)('%j is not in code, by html or by entities', async text => {
    const title = `Will ${text} happen?`
    await bot.telegram.sendMessage(ANN, `<code>${title}</code>`, { parse_mode: 'HTML' })
    expect(loose()).toEqual([])
    const entities = [{ type: 'code' as const, offset: 0, length: title.length }]
    await bot.telegram.sendMessage(ANN, title, { entities })
    expect(loose()).toEqual([])
    expect(telegram.latest(ANN)?.text).toBe(title)
  })

  test('tags that are escaped are text, and a link that is meant is told apart', async () => {
    const html = '&lt;a href="http://x.com"&gt;free&lt;/a&gt; <a href="https://polymarket.com/event/x">market</a>'
    await bot.telegram.sendMessage(ANN, html, { parse_mode: 'HTML' })
    expect(telegram.latest(ANN)).toMatchObject({
      links: ['http://x.com'],
      textLinks: ['https://polymarket.com/event/x'],
    })
  })

  test.each(['Hello.World', 'U.S. GDP at 3.2%', 'and/or 24/7', '$40 #1 @', 'e.g. a & b', 'Fed 0.25–0.50'])(
    '%j is nothing but text',
    async text => {
      await bot.telegram.sendMessage(ANN, text)
      expect(loose()).toEqual([])
    },
  )
})

describe('refused', () => {
  const row = (count: number) => Array.from({ length: count }, () => ({ text: 'x', callback_data: 'x' }))
  const marked = (...rows: readonly object[]) => ({ chat_id: ANN, text: 'x', reply_markup: { inline_keyboard: rows } })

  test.each<[string, string, object, string]>([
    ['no text', 'sendMessage', { chat_id: ANN }, 'message text is empty'],
    ['blank text', 'sendMessage', { chat_id: ANN, text: ' \n ' }, 'text must be non-empty'],
    ['a long text', 'sendMessage', { chat_id: ANN, text: 'x'.repeat(4_097) }, 'message is too long'],
    [
      'a long caption',
      'sendPhoto',
      { chat_id: ANN, photo: { source: PNG }, caption: 'x'.repeat(1_025) },
      'message caption is too long',
    ],
    ['no picture', 'sendPhoto', { chat_id: ANN, photo: { source: Buffer.from('x') } }, 'IMAGE_PROCESS_FAILED'],
    ['no chat', 'sendMessage', { text: 'x' }, 'chat_id is empty'],
    ['an unknown chat', 'sendMessage', { chat_id: 1, text: 'x' }, 'chat not found'],
    ['an unknown topic', 'sendMessage', { chat_id: ANN, text: 'x', message_thread_id: 9 }, 'message thread not found'],
    [
      'an unknown reply',
      'sendMessage',
      { chat_id: ANN, text: 'x', reply_parameters: { message_id: 9 } },
      'message to be replied not found',
    ],
    ['another grammar', 'sendMessage', { chat_id: ANN, text: 'x', parse_mode: 'MarkdownV2' }, 'unsupported parse_mode'],
    [
      'entities beyond the text',
      'sendMessage',
      { chat_id: ANN, text: 'x', entities: [{ type: 'bold', offset: 2, length: 1 }] },
      'receive an entity with incorrect offset 2',
    ],
    ['long data', 'sendMessage', marked([{ text: 'x', callback_data: 'é'.repeat(33) }]), 'BUTTON_DATA_INVALID'],
    ['no data', 'sendMessage', marked([{ text: 'x', callback_data: '' }]), 'BUTTON_DATA_INVALID'],
    [
      'a button without a deed',
      'sendMessage',
      marked([{ text: 'x' }]),
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    ['a long row', 'sendMessage', marked(row(9)), 'reply markup is too long'],
    ['many buttons', 'sendMessage', marked(...Array.from({ length: 13 }, () => row(8))), 'reply markup is too long'],
    ['no message to edit', 'editMessageText', { chat_id: ANN, message_id: 9, text: 'x' }, 'message to edit not found'],
    ['a long answer', 'answerCallbackQuery', { callback_query_id: '1', text: 'x'.repeat(201) }, 'MESSAGE_TOO_LONG'],
    ['an unknown action', 'sendChatAction', { chat_id: ANN, action: 'dancing' }, 'wrong parameter action in request'],
    [
      'a capital command',
      'setMyCommands',
      { commands: [{ command: 'Stop', description: 'x' }] },
      'BOT_COMMAND_INVALID',
    ],
    [
      'a silent command',
      'setMyCommands',
      { commands: [{ command: 'stop', description: '' }] },
      'command description must be non-empty',
    ],
    [
      'an unknown scope',
      'setMyCommands',
      { commands: [], scope: { type: 'all' } },
      "can't parse BotCommandScope: unsupported type specified",
    ],
  ])('%s', async (_, method, payload, description) => {
    expect(await refusal(call(method, payload))).toEqual({
      ok: false,
      error_code: 400,
      description: `Bad Request: ${description}`,
    })
    expect(telegram.calls.at(-1)?.outcome).toEqual({
      kind: 'refused',
      code: 400,
      description: `Bad Request: ${description}`,
    })
  })

  test('what is just small enough is not', async () => {
    await bot.telegram.sendMessage(ANN, `<b>${'&amp;'.repeat(4_096)}</b>`, { parse_mode: 'HTML' })
    await call('sendMessage', marked([{ text: 'x', callback_data: 'é'.repeat(32) }], row(8)))
    expect(telegram.messages(ANN)).toHaveLength(2)
  })

  test('by a person who blocked the bot, until they let it in', async () => {
    ann.block()
    expect(await refusal(bot.telegram.sendMessage(ANN, 'hello'))).toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    })
    expect(() => ann.say('hello')).toThrow(/cannot write/)
    expect(await poll()).toMatchObject([{ my_chat_member: { new_chat_member: { status: 'kicked' } } }])
    ann.unblock()
    await bot.telegram.sendMessage(ANN, 'hello')
  })

  test('by a stranger, until they write', async () => {
    const bob = telegram.person({ id: 43, name: 'Bob', isStranger: true })
    expect((await refusal(bot.telegram.sendMessage(43, 'hello'))).description).toBe('Bad Request: chat not found')
    bob.say('/start')
    await bot.telegram.sendMessage(43, 'hello')
  })

  test('by a group that became another one, which says which', async () => {
    const group = telegram.group({ id: -5, title: 'Team' })
    group.migrate(TEAM)
    expect(await refusal(bot.telegram.sendMessage(-5, 'hello'))).toMatchObject({
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: TEAM },
    })
    await bot.telegram.sendMessage(TEAM, 'hello')
    expect(await poll()).toMatchObject([
      { message: { chat: { id: -5 }, migrate_to_chat_id: TEAM } },
      { message: { chat: { id: TEAM }, migrate_from_chat_id: -5 } },
    ])
  })

  test('by a group that threw the bot out, and by one that lets it pin nothing', async () => {
    const group = telegram.group({ id: TEAM, title: 'Team' })
    const { message_id: id } = await bot.telegram.sendMessage(TEAM, 'status')
    group.setMember(telegram.bot.id, 'member')
    expect((await refusal(bot.telegram.pinChatMessage(TEAM, id))).description).toMatch(
      /not enough rights to manage pinned/,
    )
    expect(await bot.telegram.getChatMember(TEAM, ANN)).toMatchObject({ status: 'member', user: { id: ANN } })
    group.expel()
    expect(await refusal(bot.telegram.sendMessage(TEAM, 'hello'))).toMatchObject({ error_code: 403 })
    group.readmit()
    await bot.telegram.sendMessage(TEAM, 'hello')
  })

  test('with another token, whatever is asked', async () => {
    const stranger = new Telegraf('1:other', { telegram: telegram.api })
    for (const asked of [stranger.telegram.getMe(), stranger.telegram.sendMessage(ANN, 'hello')])
      expect(await refusal(asked)).toMatchObject({ error_code: 401, description: 'Unauthorized' })
  })

  test('as unknown, and kept apart', async () => {
    expect(await refusal(call('sendDice', { chat_id: ANN }))).toMatchObject({ error_code: 404 })
    expect(telegram.unhandled).toMatchObject([{ method: 'sendDice', body: { chat_id: ANN } }])
  })
})

describe('too much', () => {
  test('in a chat is refused for as long as it says', async () => {
    telegram.conduct.limits = { ...telegram.conduct.limits, privateChat: { count: 2, windowMs: 10_000 } }
    await bot.telegram.sendMessage(ANN, 'one')
    clock += 4_000
    await bot.telegram.sendMessage(ANN, 'two')
    expect(await refusal(bot.telegram.sendMessage(ANN, 'three'))).toMatchObject({
      error_code: 429,
      description: 'Too Many Requests: retry after 6',
      parameters: { retry_after: 6 },
    })
    clock += 6_000
    await bot.telegram.sendMessage(ANN, 'three')
    expect(telegram.messages(ANN).map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    expect(telegram.limited).toMatchObject([
      { method: 'sendMessage', chatId: ANN, limit: 'privateChat', retryAfterSeconds: 6 },
    ])
  })

  test('in a group, edits apart from the rest, and everywhere together', async () => {
    telegram.group({ id: TEAM, title: 'Team' })
    telegram.conduct.limits = { ...REAL_LIMITS, everywhere: { count: 21, windowMs: 1_000 } }
    for (let sent = 0; sent < 20; sent += 1) await bot.telegram.sendMessage(TEAM, `${sent}`)
    expect(await refusal(bot.telegram.sendMessage(TEAM, 'x'))).toMatchObject({ parameters: { retry_after: 60 } })
    await bot.telegram.editMessageText(TEAM, 1, undefined, 'edited')
    await bot.telegram.sendMessage(ANN, 'hello')
    telegram.person({ id: 43, name: 'Bob' })
    expect(await refusal(bot.telegram.sendMessage(43, 'x'))).toMatchObject({ parameters: { retry_after: 1 } })
    expect(telegram.limited.map(({ limit }) => limit)).toEqual(['group', 'everywhere'])
  })
})

describe('faults', () => {
  const hello = (signal?: AbortSignal) => call('sendMessage', { chat_id: ANN, text: 'hello' }, signal)

  test.each<[Trouble, object, number]>([
    [{ kind: 'reset' }, { name: 'FetchError', code: 'ECONNRESET' }, 0],
    [{ kind: 'answerLost' }, { name: 'FetchError', code: 'ECONNRESET' }, 1],
    [{ kind: 'html' }, { name: 'FetchError', type: 'invalid-json' }, 0],
    [{ kind: 'truncated' }, { name: 'FetchError', type: 'invalid-json' }, 1],
    [{ kind: 'badGateway' }, { response: { error_code: 502, description: 'Bad Gateway' } }, 0],
    [{ kind: 'error', code: 500, description: 'Internal Server Error' }, { response: { error_code: 500 } }, 0],
    [
      { kind: 'error', code: 429, description: 'Too Many Requests: retry after 3', parameters: { retry_after: 3 } },
      { response: { error_code: 429, parameters: { retry_after: 3 } } },
      0,
    ],
  ])('%j strikes once, and leaves what it says', async (trouble, error, sent) => {
    const fault = telegram.faults.add(trouble, { method: 'sendMessage' })
    await bot.telegram.getMe()
    await expect(hello()).rejects.toMatchObject(error)
    expect(telegram.messages(ANN)).toHaveLength(sent)
    expect(fault.hits()).toBe(1)
    expect(telegram.calls.at(-1)?.outcome).toEqual({ kind: 'struck', trouble: trouble.kind, isDone: sent === 1 })
    await hello()
    expect(telegram.messages(ANN)).toHaveLength(sent + 1)
  })

  test('a call that hangs is ended by its signal', async () => {
    telegram.faults.add({ kind: 'hang' }, { method: 'sendMessage', isDone: true })
    const abort = new AbortController()
    const asked = hello(abort.signal)
    await telegram.until(() => telegram.latest(ANN))
    abort.abort()
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
    await hello()
    expect(telegram.messages(ANN)).toHaveLength(2)
  })

  test('a poll whose caller left waits no more, and its updates stay', async () => {
    const abort = new AbortController()
    const asked = call('getUpdates', { timeout: 30 }, abort.signal)
    await telegram.until(() => telegram.isPolled())
    abort.abort()
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
    await telegram.until(() => telegram.calls.at(-1)?.outcome.kind === 'gone')
    expect(telegram.isPolled()).toBe(false)
    ann.say('hello')
    expect(await poll()).toHaveLength(1)
  })

  test('a late answer comes after what was done', async () => {
    telegram.faults.add({ kind: 'late', byMs: 30 })
    const asked = hello()
    let isAnswered = false
    void asked.then(() => {
      isAnswered = true
    })
    await telegram.until(() => telegram.latest(ANN))
    expect(isAnswered).toBe(false)
    expect(await asked).toMatchObject({ text: 'hello' })
  })

  test('a conflict takes polls only, and a revoked token everything until it is cleared', async () => {
    telegram.faults.add({ kind: 'conflict' }, { times: 2 })
    await hello()
    for (const asked of [poll(), poll()]) expect(await refusal(asked)).toMatchObject({ error_code: 409 })
    expect(await poll()).toEqual([])
    telegram.faults.add({ kind: 'unauthorized' })
    for (const asked of [poll(), hello(), call('getMe')])
      expect(await refusal(asked)).toMatchObject({ error_code: 401 })
    await telegram.faults.clear()
    await hello()
    expect(telegram.faults.active()).toEqual([])
  })

  test('a fault may choose by what is asked', async () => {
    telegram.faults.add(
      { kind: 'error', code: 400, description: 'Bad Request: no' },
      { when: ({ body }) => body.text === 'no' },
    )
    await hello()
    expect((await refusal(call('sendMessage', { chat_id: ANN, text: 'no' }))).description).toBe('Bad Request: no')
  })

  test('refused connections are let in again, by the clock or by hand', async () => {
    await telegram.faults.refuseConnections()
    await expect(hello()).rejects.toMatchObject({ name: 'FetchError', code: 'ECONNREFUSED' })
    await telegram.faults.clear()
    await hello()
    await telegram.faults.refuseConnections(20)
    await telegram.until(() => telegram.isListening())
    await hello()
  })

  test('a restart cuts who waits, and forgets nothing', async () => {
    ann.say('one')
    await hello()
    await poll({ offset: ann.say('two').update.update_id + 1 })
    const polled = poll({ timeout: 30 })
    await telegram.until(() => telegram.isPolled())
    const { port } = telegram
    const [, cut] = await Promise.allSettled([telegram.restart(), polled])
    expect(cut).toMatchObject({ status: 'rejected', reason: { name: 'FetchError' } })
    expect(telegram.port).toBe(port)
    ann.say('three')
    expect(await poll()).toMatchObject([{ message: { text: 'three' } }])
    expect(telegram.messages(ANN).map(({ text }) => text)).toEqual(['one', 'hello', 'two', 'three'])
  })

  test('once stopped, it stays so, and its port is free', async () => {
    await telegram.faults.refuseConnections(1)
    await telegram.stop()
    await telegram.faults.clear()
    const other = createServer()
    await new Promise<void>((resolve, reject) => {
      other.once('error', reject).listen(telegram.port, '127.0.0.1', resolve)
    })
    await new Promise(resolve => other.close(resolve))
  })
})

describe('who waits', () => {
  test('is told as soon as it is so', async () => {
    const found = telegram.until(({ latest }) => latest(ANN)?.text.startsWith('hello') && latest(ANN)?.id)
    await bot.telegram.sendMessage(ANN, 'good morning')
    await bot.telegram.sendMessage(ANN, 'hello')
    expect(await found).toBe(2)
  })

  test('in vain is shown what there is instead', async () => {
    ann.say('/status')
    await refusal(bot.telegram.sendMessage(1, 'hello'))
    const waited = telegram.until(({ latest }) => latest(ANN), 1)
    await expect(waited).rejects.toThrow(
      /not so within 1 ms\n── Ann \(42\)\nAnn: \/status\n── 1 updates wait, no poll waits.*\nsendMessage to 1: 400 Bad Request: chat not found/,
    )
  })

  test('finds the log of calls bounded', async () => {
    const small = await startTelegram({ callsMax: 2 })
    const other = new Telegraf(small.token, { telegram: small.api })
    for (let asked = 0; asked < 3; asked += 1) await other.telegram.getMe()
    expect(small.calls).toHaveLength(2)
    expect(JSON.stringify(small.calls)).not.toContain(small.token)
    await small.stop()
  })
})
