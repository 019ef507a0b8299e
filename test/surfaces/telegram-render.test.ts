import { describe, expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { command } from '../../src/chat/command.ts'
import { LEFT_OUT } from '../../src/chat/fitting.ts'
import { pressCodec } from '../../src/chat/press-codec.ts'
import { type Reply, reply } from '../../src/chat/reply.ts'
import { later } from '../../src/core/units/ids.ts'
import { telegramCommands } from '../../src/surfaces/telegram/menu.ts'
import { telegramPrompt } from '../../src/surfaces/telegram/prompt.ts'
import { telegramMessage } from '../../src/surfaces/telegram/render.ts'
import { KINDS, mixtures } from '../chat/hostile.ts'
import { NOW } from '../chat/stand-in.ts'
import { expected, repliesWith } from './hostile-replies.ts'
import { scanTelegram, tappableIn } from './telegram-scanner.ts'

const codec = pressCodec([Buffer.from('a key of a test')])
const AT = later(NOW, 88_000)
const REPEATED = 'Sent again: an earlier try may have arrived.'

function textOf(said: Reply): string {
  return telegramMessage({ reply: said, codec }).html.text
}

/** What the server takes out of every text, and what we put in that nobody sees. */
function bare(text: string): string {
  return text.replace(/[\u030a\u0333\u033f\u2060]/g, '')
}

describe('the words of strangers', () => {
  test.each(Object.keys(KINDS))('%s are read as they stand, and nothing in them can be tapped', kind => {
    for (const text of KINDS[kind as keyof typeof KINDS]) check(text)
  })

  test('mixtures too', () => {
    for (const [index, text] of mixtures.entries()) check(text, [index % 3])
  })

  function check(text: string, ways: readonly number[] = [0, 1, 2]): void {
    const picture = { name: 'x.png', alt: text, png: new Uint8Array([1]) }
    for (const said of repliesWith(text)) {
      for (const way of ways) {
        const shown = way === 2 ? said.drawn(picture) : said
        checkMessage(shown, way > 0, way === 2 ? 1_024 : 4_096)
      }
    }
  }

  function checkMessage(said: Reply, isRepeat: boolean, most: number): void {
    const { html, plain } = telegramMessage({ reply: said, codec, isRepeat })
    const { faults, tags, seen, shownLength, tappable } = scanTelegram(html.text)
    expect(faults).toEqual([])
    expect(tappable).toEqual([])
    expect(tappableIn(plain.text)).toEqual([])
    expect(shownLength).toBeLessThanOrEqual(most)
    expect(plain.text.length).toBeLessThanOrEqual(most)
    expect(plain.text).not.toBe('')
    const countdown = `${new Date(AT).toISOString().slice(11, 19)}Z (`
    expect(bare(plain.text)).toBe(bare(seen).replaceAll(countdown, '('))
    const { lines, names } = expected(said.blocks)
    const all = bare([said.title, ...lines, ...(isRepeat ? [REPEATED] : [])].filter(line => line !== '').join('\n'))
    const read = bare(seen).replaceAll(countdown, '⏱ (')
    if (read === all) return
    expect(read.endsWith(isRepeat ? `${LEFT_OUT}\n${REPEATED}` : LEFT_OUT)).toBe(true)
    const kept = read.slice(0, read.lastIndexOf(LEFT_OUT)).trimEnd()
    expect(all.startsWith(kept.replace(/…$/, ''))).toBe(true)
    expect(tags.filter(tag => tag === 'b').length).toBeLessThanOrEqual(names * 8 + 8)
  }
})

test('the scanner sees what it is there for', () => {
  const faultsOf = (html: string): number => scanTelegram(html).faults.length
  expect(faultsOf('<b>x</b> <i>y</i> <code>z</code> &amp; &lt;')).toBe(0)
  for (const bad of ['<b>x', '<b><i>x</b></i>', '<u>x</u>', '<a href="x">x</a>', 'x < y', 'x & y', '&nbsp;', '<b/>'])
    expect(faultsOf(bad)).toBeGreaterThan(0)
  for (const bad of ['<code><b>x</b></code>', '<b><code>x</code></b>', '<blockquote>x</blockquote>', '<b><b>x</b></b>'])
    expect(faultsOf(bad)).toBeGreaterThan(0)
  for (const bad of [
    '@durov',
    '/stop',
    '(/stop)',
    '#FED',
    '$TSLA',
    '$1INCH',
    'evil.com',
    '💰.com',
    '1.1.1.1',
    'tg://x',
  ])
    expect(tappableIn(bad), bad).not.toEqual([])
  for (const bad of ['a@b.co', '+1 555 123 4567', '4111111111111111', '/\u030astop', 'https://x'])
    expect(tappableIn(bad), bad).not.toEqual([])
  for (const fine of ['2026-10-02 14:03Z', '$40.00', '#333444', '62.0 / 62.4', 'a/b', '…', '1,234,568.00'])
    expect(tappableIn(fine), fine).toEqual([])
  expect(scanTelegram('<code>/stop</code> <b>/stop</b>').tappable).toEqual(['/stop'])
})

describe('a message', () => {
  const card = reply('BUY Yes ≤63.4¢ $40.00 · Fed cuts?', 'warn')
    .text('Will the Fed cut rates in December?')
    .rows(['Who', 'swisstony bought'], ['Reasons', 'x'.repeat(201)], ['Size', '63.09 shares'])
    .until('Decide by', AT, '14:03:28Z, in 88 s')
    .until('Closes', AT, 'soon')
    .table(
      ['Id', 'Paid', 'Now'],
      [
        ['#333444', '$60.00', '58.0¢'],
        ['', 'lost', ''],
      ],
    )
    .code('<one>', 'two')
    .note('`why 7q2f` tells more')

  test('begins with the title, and has its blocks below', () => {
    const unix = Math.floor(AT / 1_000)
    const { html, plain, picture } = telegramMessage({ reply: card, codec })
    expect(html).toEqual({
      text: [
        '<b>BUY Yes ≤63.4¢ $40.00 · Fed cuts?</b>',
        'Will the Fed cut rates in December?',
        '<b>Who</b> swisstony bought',
        `<blockquote expandable><b>Reasons</b> ${'x'.repeat(201)}</blockquote>`,
        '<b>Size</b> 63.09 shares',
        `<b>Decide by</b> <tg-time unix="${unix}" format="r">14:03:28Z</tg-time> (14:03:28Z, in 88 s)`,
        `<b>Closes</b> <tg-time unix="${unix}" format="r">14:03:28Z</tg-time> (soon, 2026-10-02 14:03:28Z)`,
        '<b>#333444</b>',
        'Paid: $60.00 · Now: 58.0¢',
        'Paid: lost',
        '<pre>&lt;one&gt;\ntwo</pre>',
        '<code>why 7q2f</code><i> tells more</i>',
      ].join('\n'),
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    })
    expect(plain).toEqual({
      text: [
        'BUY Yes ≤63.4¢ $40.00 · Fed cuts?',
        'Will the Fed cut rates in December?',
        'Who swisstony bought',
        `Reasons ${'x'.repeat(201)}`,
        'Size 63.09 shares',
        'Decide by (14:03:28Z, in 88 s)',
        'Closes (soon, 2026-10-02 14:03:28Z)',
        '#333444',
        'Paid: $60.00 · Now: 58.0¢',
        'Paid: lost',
        '<one>\ntwo',
        '`why 7q2f` tells more',
      ].join('\n'),
      link_preview_options: { is_disabled: true },
    })
    expect(picture).toBeUndefined()
  })

  test('folds rows away from the thirteenth on', () => {
    const rows = Array.from({ length: 15 }, (_, index) => [`Row ${index}`, 'x'] as const)
    const lines = textOf(reply('Many').rows(...rows)).split('\n')
    expect(lines[12]).toBe('<b>Row 11</b> x')
    expect(lines[13]).toBe('<blockquote expandable><b>Row 12</b> x')
    expect(lines[15]).toBe('<b>Row 14</b> x</blockquote>')
  })

  test('says that it may be there twice, where it is sent again', () => {
    const { html, plain } = telegramMessage({ reply: reply('Filled'), codec, isRepeat: true })
    expect(html.text).toBe(`<b>Filled</b>\n<i>${REPEATED}</i>`)
    expect(plain.text).toBe(`Filled\n${REPEATED}`)
  })

  test('is cut between lines, with a sentence, to what a text and what a caption holds', () => {
    const rows = Array.from({ length: 40 }, (_, index) => [`<${index}>`, '@'.repeat(60)] as const)
    const long = reply('Long').rows(...rows)
    const picture = { name: 'day.png', alt: 'Up', png: new Uint8Array([1]) }
    for (const [said, most] of [
      [long, 4_096],
      [long.drawn(picture), 1_024],
    ] as const) {
      const { html, plain } = telegramMessage({ reply: said, codec })
      const { faults, shownLength } = scanTelegram(html.text)
      expect(faults).toEqual([])
      expect(Math.max(shownLength, plain.text.length)).toBeLessThanOrEqual(most)
      expect(Math.max(shownLength, plain.text.length)).toBeGreaterThan(most - 200)
      expect(html.text.endsWith(`\n<i>${LEFT_OUT}</i>`)).toBe(true)
    }
    expect(telegramMessage({ reply: long.drawn(picture), codec }).picture).toBe(picture)
  })

  test('counts letters as Telegram does, so that entities and tags take no room', () => {
    const rows = Array.from({ length: 12 }, (_, index) => [`Row ${index}`, '<&>'.repeat(60)] as const)
    const text = textOf(reply('Long').rows(...rows))
    expect(text.length).toBeGreaterThan(9_000)
    expect(text).not.toContain(LEFT_OUT)
  })

  test('breaks what could be tapped, and nothing of our own', () => {
    const shown = (said: string): string => textOf(reply('x').text(said)).split('\n')[1] ?? ''
    expect(shown('@durov /stop #FED $TSLA evil.com a@b.co https://x data/x')).toBe(
      '@\u2060durov /\u2060stop #\u2060FED $\u2060TSLA evil.\u2060com a@\u2060b.\u2060co https:\u2060//\u2060x data/x',
    )
    expect(shown('/\u030astop')).toBe('/\u2060stop')
    const ours = '$40.00 · #333444 · 62.0¢ / 62.4¢ · 2026-10-02 14:03Z · 14:03:20Z · ≤63.4¢ · 1,204.5'
    expect(shown(ours)).toBe(ours)
    expect(shown('Ask `why 7q2f`.')).toBe('Ask <code>why 7q2f</code>.')
    expect(shown('a `<x>` b')).toBe('a `&lt;x&gt;` b')
  })
})

test('presses are rows of at most three, signed, and a no is never beside a yes', () => {
  const form = { title: 'How much?', label: 'Dollars', example: '40' }
  const said = reply('Card')
    .press('Approve $40', 'approve 7q2f', { style: 'good' })
    .press('Half $20', 'approve 7q2f 20')
    .press('Reject', 'reject 7q2f', { style: 'danger', isBelow: true })
    .press('Mute', `whale 0x${'ab'.repeat(20)} mute 24h`)
    .press('Why', 'why 7q2f')
    .press('Other', 'approve 7q2f amount:', { asks: form })
    .press('Again', 'why 7q2f')
  const { html, plain } = telegramMessage({ reply: said, codec })
  const rows = html.reply_markup?.inline_keyboard ?? []
  expect(plain.reply_markup).toEqual(html.reply_markup)
  expect(rows.map(row => row.map(({ text, style }) => [text, style]))).toEqual([
    [
      ['Approve $40', 'success'],
      ['Half $20', undefined],
    ],
    [
      ['Reject', 'danger'],
      ['Mute', undefined],
      ['Why', undefined],
    ],
    [['Other', undefined]],
  ])
  for (const { callback_data } of rows.flat()) {
    expect(Buffer.byteLength(callback_data)).toBeLessThanOrEqual(64)
    expect(codec.read(callback_data)).toBeDefined()
  }
})

test('a form is asked for by a message to answer, which says the line that the answer completes', () => {
  const form = { title: 'How much for 7q2f?', label: 'Dollars, at most', example: '40.00' }
  const prompt = telegramPrompt({ line: 'approve 7q2f card:2 amount:', form })
  expect(prompt).toEqual({
    text: [
      '<b>How much for 7q2f?</b>',
      'Dollars, at most like <code>40.00</code>',
      'It completes <code>approve 7q2f card:2 amount:</code>',
    ].join('\n'),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    reply_markup: { force_reply: true, input_field_placeholder: '40.00', selective: true },
  })
  expect(scanTelegram(prompt.text).faults).toEqual([])
})

test('the menu lists the commands as Telegram takes them', () => {
  const menu = telegramCommands(commands)
  expect(menu.map(each => each.command)).toEqual(commands.map(({ name }) => name))
  expect(menu.length).toBeLessThanOrEqual(100)
  const odd = ['ok_1', 'Not', 'not-that', 'x'.repeat(33)].map(name =>
    command({ name, summary: 's'.repeat(300), access: 'viewer', options: {}, run: () => reply('x') }),
  )
  expect(telegramCommands(odd)).toEqual([{ command: 'ok_1', description: `${'s'.repeat(255)}…` }])
})
