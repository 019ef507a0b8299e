import type { BaseMessageOptions } from 'discord.js'
import { describe, expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { command } from '../../src/chat/command.ts'
import { LEFT_OUT } from '../../src/chat/fitting.ts'
import { choice, flag, optional, text } from '../../src/chat/option.ts'
import { pressCodec } from '../../src/chat/press-codec.ts'
import { type Reply, reply } from '../../src/chat/reply.ts'
import { later } from '../../src/core/units/ids.ts'
import { commandsJson } from '../../src/surfaces/discord/command-data.ts'
import { discordModal } from '../../src/surfaces/discord/modal.ts'
import { discordMessage } from '../../src/surfaces/discord/render.ts'
import { hostileTexts, KINDS, mixtures } from '../chat/hostile.ts'
import { NOW } from '../chat/stand-in.ts'
import { type Found, pingsOf, scanDiscord, seenText } from './discord-scanner.ts'
import { expected, repliesWith } from './hostile-replies.ts'

const codec = pressCodec([Buffer.from('a key of a test')])
const CALLED = '223456789012345678'
const ROLE = '323456789012345678'

function descriptionOf(said: Reply): string {
  return discordMessage({ reply: said, codec }).embeds[0]?.description ?? ''
}

/** What may stand in a text of strangers: code of nothing but the letters of our own commands. */
function isPlain({ kind, text: shown }: Found): boolean {
  return kind === 'text' || (kind === 'code' && /^[A-Za-z0-9 :#%$._"…-]{1,60}$/.test(shown))
}

function counts(found: readonly Found[], kind: Found['kind']): number {
  return found.filter(each => each.kind === kind).length
}

describe('the words of strangers', () => {
  test('are many, and of every kind', () => {
    expect(new Set(hostileTexts()).size).toBeGreaterThanOrEqual(500)
    expect(Object.keys(KINDS).length).toBeGreaterThanOrEqual(20)
    expect(hostileTexts()).toEqual(hostileTexts())
  })

  test.each(Object.keys(KINDS))('%s are read as they stand, and nothing else comes of them', kind => {
    for (const text of KINDS[kind as keyof typeof KINDS]) check(text)
  })

  test('mixtures too', () => {
    for (const text of mixtures) check(text)
  })

  function check(text: string): void {
    for (const said of repliesWith(text)) {
      const message = discordMessage({ reply: said, codec, calls: [CALLED], roleCalled: ROLE })
      const called = `\n<@${CALLED}> <@&${ROLE}>`
      expect(message.content.length).toBeLessThanOrEqual(2_000)
      expect(message.content.endsWith(called)).toBe(true)
      const title = scanDiscord(message.content.slice(0, -called.length))
      expect(title.filter(each => !isPlain(each))).toEqual([])
      expect(said.title.startsWith(seenText(title).replace(/…$/, ''))).toBe(true)
      expect(pingsOf(message.content)).toEqual([`<@${CALLED}>`, `<@&${ROLE}>`])
      expect(message.allowedMentions).toEqual({ parse: [], users: [CALLED], roles: [ROLE] })
      for (const row of message.components)
        for (const { label } of row.components) {
          expect(label?.length).toBeGreaterThan(0)
          expect(label?.length).toBeLessThanOrEqual(80)
        }
      checkDescription(said, message.embeds[0]?.description ?? '')
    }
  }

  function checkDescription(said: Reply, description: string): void {
    expect(description.length).toBeLessThanOrEqual(4_096)
    expect(pingsOf(description.replace(/```\n[^`]*(?:`\u2060[^`]*)*\n```/g, ''))).toEqual([])
    const found = scanDiscord(description)
    const ours: readonly Found['kind'][] = ['bold', 'small', 'time', 'block']
    expect(found.filter(each => !isPlain(each) && !ours.includes(each.kind))).toEqual([])
    const seen = seenText(found.map(each => (each.kind === 'time' ? { ...each, text: '⏱' } : each)))
    const { lines, names, notes } = expected(said.blocks)
    const all = lines.join('\n')
    if (seen === all) {
      expect(counts(found, 'bold')).toBe(names)
      expect(counts(found, 'small')).toBe(notes)
    } else {
      expect(seen.endsWith(LEFT_OUT)).toBe(true)
      expect(all.startsWith(seen.slice(0, -LEFT_OUT.length).trimEnd())).toBe(true)
      expect(counts(found, 'bold')).toBeLessThanOrEqual(names)
    }
  }
})

test('the scanner sees what it is there for', () => {
  const seen = (source: string): readonly string[] =>
    scanDiscord(source).flatMap(each => (each.kind === 'text' ? [] : [each.kind]))
  expect(seen('**x** *x* _x_ __x__ ~~x~~ ||x|| `x`')).toEqual([
    'bold',
    'italic',
    'italic',
    'underline',
    'strike',
    'spoiler',
    'code',
  ])
  expect(seen('# x\n-# x\n> x\n- x\n1. x')).toEqual(['header', 'small', 'quote', 'list', 'list'])
  expect(seen('<@1> <@&1> <#1> </a:1> @here <:a:1> :a: <t:1:R> [x](y) https://x.y <https://x>')).toEqual([
    ...Array<string>(5).fill('mention'),
    ...Array<string>(2).fill('emoji'),
    'time',
    ...Array<string>(3).fill('link'),
  ])
  expect(seen('```\nx\n``` evil.com **# x**')).toEqual(['block', 'link', 'bold', 'header'])
  expect(seen('\\*x\\* \\`x\\` \\[x](y)')).toEqual([])
})

describe('a message', () => {
  const card = reply('BUY Yes ≤63.4¢ $40.00 · Fed cuts?', 'warn')
    .text('Will the Fed cut rates in December?')
    .rows(['Who', 'swisstony bought'], ['Size', '63.09 shares'])
    .until('Decide by', later(NOW, 88_000), '14:03:28Z, in 88 s')
    .table(
      ['Id', 'Paid', 'Now'],
      [
        ['#333444', '$60.00', '58.0¢'],
        ['', 'lost', ''],
      ],
    )
    .code('one', 'two')
    .note('`why 7q2f` tells more')

  test('holds the title where a lock screen looks, and the rest below it in the colour of its tone', () => {
    const { content, embeds, files } = discordMessage({ reply: card, codec })
    expect(content).toBe('BUY Yes ≤63.4¢ $40.00 · Fed cuts?')
    expect(embeds).toEqual([
      {
        color: 0xd29922,
        description: [
          'Will the Fed cut rates in December?',
          '**Who** swisstony bought',
          '**Size** 63.09 shares',
          `**Decide by** <t:${Math.floor(later(NOW, 88_000) / 1_000)}:R> (14:03:28Z, in 88 s)`,
          '**#333444**',
          'Paid: $60.00 · Now: 58.0¢',
          'Paid: lost',
          '```',
          'one',
          'two',
          '```',
          '-# `why 7q2f` tells more',
        ].join('\n'),
      },
    ])
    expect(files).toEqual([])
  })

  test('is what discord.js takes, and calls nobody of itself', () => {
    const message: BaseMessageOptions = discordMessage({ reply: card, codec })
    expect(message.allowedMentions).toEqual({ parse: [], users: [], roles: [] })
    expect(discordMessage({ reply: reply('Stopped'), codec })).toEqual({
      content: 'Stopped',
      embeds: [],
      components: [],
      files: [],
      allowedMentions: { parse: [], users: [], roles: [] },
    })
  })

  test('calls accounts by their numbers alone, each once, and never a made-up one', () => {
    const calls = [CALLED, CALLED, '@everyone', '1> @here <@2', '', '12']
    const { content, allowedMentions } = discordMessage({ reply: card, codec, calls, roleCalled: '@everyone' })
    expect(content).toBe(`BUY Yes ≤63.4¢ $40.00 · Fed cuts?\n<@${CALLED}>`)
    expect(allowedMentions).toEqual({ parse: [], users: [CALLED], roles: [] })
    const many = Array.from({ length: 200 }, (_, index) => String(223456789012345000n + BigInt(index)))
    const long = discordMessage({ reply: reply('字'.repeat(256)), codec, calls: many, roleCalled: ROLE })
    expect(long.content.length).toBeLessThanOrEqual(2_000)
    expect(long.content.startsWith('字'.repeat(256))).toBe(true)
    expect(long.content.endsWith(`<@&${ROLE}>`)).toBe(true)
  })

  test('is cut between lines, with a sentence, and never through a fence or an escape', () => {
    const rows = Array.from({ length: 40 }, (_, index) => [`*${index}*`, '_'.repeat(60)] as const)
    const long = descriptionOf(reply('Long').rows(...rows))
    expect(long.length).toBeLessThanOrEqual(4_096)
    expect(long.split('\n').at(-1)).toBe(`-# ${LEFT_OUT}`)
    expect(long.split('\n').slice(0, -1)).toSatisfy((lines: readonly string[]) =>
      lines.every(line => /^\*\*\\\*\d+\\\*\*\* (?:\\_){60}$/.test(line)),
    )
    const fences = descriptionOf(reply('Code').code(...Array.from({ length: 60 }, () => '`'.repeat(50))))
    expect(fences.match(/```/g)).toHaveLength(2)
    expect(fences.endsWith(`\n\`\`\`\n-# ${LEFT_OUT}`)).toBe(true)
  })

  test('shows a picture with the words for those who cannot see it', () => {
    const png = new Uint8Array([137, 80, 78, 71])
    const { files } = discordMessage({ reply: card.drawn({ name: 'day.png', alt: 'Up by $12', png }), codec })
    expect(files).toEqual([{ attachment: Buffer.from(png), name: 'day.png', description: 'Up by $12' }])
  })

  test('leaves our own code alone and takes no other for it', () => {
    const shown = (said: string): string => descriptionOf(reply('x').text(said))
    expect(shown('Ask `why 7q2f`, or `marketPctMax`; `follow 0x…` (`close #id 50%`).')).toBe(
      'Ask `why 7q2f`, or `marketPctMax`; `follow 0x…` (`close #id 50%`).',
    )
    expect(shown('a `*x*` b')).toBe('a \\`\\*x\\*\\` b')
    expect(shown('a `<x>` b')).toBe('a \\`<\u2060x>\\` b')
    expect(shown("it's a ` trap: `why 7q2f`")).toBe("it's a \\` trap: `why 7q2f`")
    expect(shown('``x``')).toBe('\\`\\`x\\`\\`')
    expect(shown('x`y`')).toBe('x\\`y\\`')
    expect(shown('` x `')).toBe('\\` x \\`')
  })
})

describe('buttons', () => {
  test('are rows of at most four, and a no is never beside a yes', () => {
    const said = reply('Card')
      .press('Approve $40', 'approve 7q2f', { style: 'good' })
      .press('Half $20', 'approve 7q2f 20')
      .press('Reject', 'reject 7q2f', { style: 'danger', isBelow: true })
      .press('Mute', 'whale x mute 24h')
      .press('Why', 'why 7q2f')
      .press('Other', 'approve 7q2f amount:', { asks: { title: 'How much?', label: 'Dollars', example: '40' } })
      .press('Status', 'status')
    const rows = discordMessage({ reply: said, codec }).components
    expect(rows.map(row => row.components.map(({ label, style }) => [label, style]))).toEqual([
      [
        ['Approve $40', 3],
        ['Half $20', 2],
      ],
      [
        ['Reject', 4],
        ['Mute', 2],
        ['Why', 2],
        ['Other', 2],
      ],
      [['Status', 2]],
    ])
    const read = rows.flatMap(row => row.components.map(each => codec.read(each.custom_id)))
    expect(read.map(each => [each?.line, each?.isForm])).toEqual([
      ['approve 7q2f', false],
      ['approve 7q2f 20', false],
      ['reject 7q2f', false],
      ['whale x mute 24h', false],
      ['why 7q2f', false],
      ['approve 7q2f amount:', true],
      ['status', false],
    ])
  })

  test('are there once each, and in five rows at most', () => {
    const twice = reply('x')
      .press('Stop', 'stop')
      .press('Halt', 'stop')
      .press('Stop with a word', 'stop', {
        asks: { title: 'Why?', label: 'Why', example: 'lunch' },
      })
    expect(discordMessage({ reply: twice, codec }).components[0]?.components.map(({ label }) => label)).toEqual([
      'Stop',
      'Stop with a word',
    ])
    const below = Array.from({ length: 9 }, (_, index) => index).reduce(
      (said, index) => said.press(`No ${index}`, `reject ${index}`, { isBelow: true }),
      reply('x'),
    )
    expect(discordMessage({ reply: below, codec }).components).toHaveLength(5)
  })
})

test('a form asks for one short text, and carries its line signed', () => {
  const form = { title: 'How much for 7q2f? '.repeat(5), label: 'Dollars, at most', example: '40.00' }
  const modal = discordModal({ line: 'approve 7q2f card:2 amount:', form }, codec)
  expect(codec.read(modal.custom_id)).toEqual({ line: 'approve 7q2f card:2 amount:', isForm: true, isOld: false })
  expect(modal.title.length).toBeLessThanOrEqual(45)
  expect(modal.components).toEqual([
    {
      type: 18,
      label: 'Dollars, at most',
      component: {
        type: 4,
        custom_id: 'text',
        style: 1,
        placeholder: '40.00',
        min_length: 1,
        max_length: 200,
        required: true,
      },
    },
  ])
})

describe('commands as Discord is told of them', () => {
  const told = commandsJson(commands)

  test('are every command and their other words, each once, within its limits', () => {
    const names = told.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining([...commands.map(({ name }) => name), 'halt', 'panic']))
    expect(names.length).toBeLessThanOrEqual(100)
    for (const each of told) {
      expect(each.name).toMatch(/^[a-z0-9_-]{1,32}$/)
      expect(each.description.length).toBeGreaterThan(0)
      expect(each.description.length).toBeLessThanOrEqual(100)
      expect(each.contexts).toEqual([0])
      expect(JSON.stringify(each).length).toBeLessThan(8_000)
      const needs = (each.options ?? []).map(option => option.required === true)
      expect([...needs].sort((one, other) => Number(other) - Number(one))).toEqual(needs)
    }
  })

  test('offer choices, help where something open is named, and take text for the rest', () => {
    const options = { b: optional(choice('One.', ['x', 'y'])), c: optional(flag('Or not.')), a: text('Words.') }
    const own = command({
      name: 'own',
      also: ['Bad Word', 'own', 'mine'],
      summary: 's'.repeat(150),
      access: 'viewer',
      options,
      run: () => reply('x'),
    })
    const [first, second, ...none] = commandsJson([own])
    expect(none).toEqual([])
    expect(second?.name).toBe('mine')
    expect(first?.description).toHaveLength(100)
    expect(first?.options).toEqual([
      { type: 3, name: 'a', description: 'Words.', required: true, max_length: 200 },
      {
        type: 3,
        name: 'b',
        description: 'One.',
        required: false,
        choices: ['x', 'y'].map(each => ({ name: each, value: each })),
      },
      {
        type: 3,
        name: 'c',
        description: 'Or not.',
        required: false,
        choices: ['on', 'off'].map(each => ({ name: each, value: each })),
      },
    ])
    const helped = told.flatMap(({ name, options: asked = [] }) =>
      asked.flatMap(each => ('autocomplete' in each && each.autocomplete === true ? [`${name} ${each.name}`] : [])),
    )
    expect(helped).toEqual(
      expect.arrayContaining(['approve id', 'reject id', 'close what', 'whale who', 'limits name']),
    )
  })
})
