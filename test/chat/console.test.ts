import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { announcements } from '../../src/chat/announce.ts'
import type { Announcement } from '../../src/chat/announce-words.ts'
import { emptyNotebook } from '../../src/chat/notebook.ts'
import { reply } from '../../src/chat/reply.ts'
import { createRouter, type Router } from '../../src/chat/router.ts'
import { storyReply } from '../../src/chat/story.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import { PRESETS } from '../../src/core/risk/limits.ts'
import { usd } from '../../src/core/units/money.ts'
import { openConsole } from '../../src/surfaces/console/console.ts'
import { render } from '../../src/surfaces/console/render.ts'
import { widthOf } from '../../src/surfaces/console/width.ts'
import { actor, askedFact, NOW, newWorld, plannedFact, signalFrom, standIn, trade, weighedFact } from './stand-in.ts'

const hostilePart = fc.constantFrom(
  '\u001b[2J',
  '\u009b31m',
  '\u001b]0;title\u0007',
  '\r\n',
  '\t',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u0301\u0301\u0301\u0301',
  '字',
  '👩‍👩‍👧',
  'Ｗ',
  'ﷺ',
  '@everyone',
  '<b>',
  '`',
  'word ',
  'Supercalifragilistic',
  '\ud800',
  '\u0000',
  '\u{e0041}',
)
const hostileTitle = fc.oneof(
  fc.array(hostilePart, { minLength: 1, maxLength: 60 }).map(each => each.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
)

test('no title breaks a line, emits an escape or is wider than the screen', () => {
  fc.assert(
    fc.property(hostileTitle, hostileTitle, fc.integer({ min: 20, max: 200 }), (title, name, width) => {
      const signal = signalFrom(trade({ transaction: '0x0d', title, outcome: title, name, source: name }))
      const facts: readonly Fact[] = [
        { kind: 'signalOpened', signal },
        weighedFact(signal),
        { ...askedFact, signal: signal.id } as Fact,
        plannedFact(signal),
        { kind: 'signalRefused', signal: signal.id, refusals: [{ code: 'QUOTE_UNAVAILABLE', detail: title }] },
        { kind: 'signalWithdrawn', signal: signal.id, why: title },
      ]
      const context = { isSimulated: true, equity: usd('1000'), limits: PRESETS.standard, notebook: emptyNotebook() }
      const told = { signal: signal.id, facts: facts.map((fact, seq) => ({ seq, at: NOW, fact })) }
      const replies = [
        ...announcements({ seq: 1, at: NOW, facts }, context).map(each => each.reply),
        storyReply(told, true),
      ]
      for (const said of replies) {
        const shown = render(said, { width, colours: false })
        expect(shown.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
        for (const line of shown.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(Math.max(40, width))
      }
    }),
    { numRuns: 500 },
  )
})

test('colours come only where they are wanted, and each line closes its own', () => {
  const said = reply('Stopped', 'danger').text('Nothing is sent.').press('Resume', 'resume')
  expect(render(said, { width: 80, colours: false })).not.toContain('\u001b')
  for (const line of render(said, { width: 80, colours: true })
    .split('\n')
    .filter(each => each.includes('\u001b'))) {
    expect(line.endsWith('\u001b[0m')).toBe(true)
  }
})

type Opened = ReturnType<typeof openConsole> & {
  readonly input: PassThrough
  readonly output: PassThrough
  readonly end: AbortController
  readonly say: (announcement: Announcement) => void
  readonly shown: () => string
  readonly left: () => number
}

function open(isTerminal: boolean, change: (router: Router) => Router = router => router): Opened {
  const input = Object.assign(new PassThrough(), { isTTY: isTerminal, setRawMode: () => input })
  const output = Object.assign(new PassThrough(), { isTTY: isTerminal, columns: 80 })
  const end = new AbortController()
  let shown = ''
  let left = 0
  let say: (announcement: Announcement) => void = () => undefined
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
  })
  const router = createRouter({ commands, desk: standIn(newWorld()), report: fault => expect(fault).toBeUndefined() })
  const opened = openConsole({
    input,
    output,
    router: change(router),
    actor: actor('owner', 'run7'),
    announcements: hear => {
      say = hear
      return () => {
        say = () => undefined
      }
    },
    colours: false,
    leave: () => {
      left += 1
      end.abort()
    },
    signal: end.signal,
  })
  return { ...opened, input, output, end, say: each => say(each), shown: () => shown, left: () => left }
}

const PAGE: Announcement = {
  ...{ id: '1.0', version: 1, at: NOW, level: 'page', event: 'breaker' },
  reply: reply('A breaker opened', 'danger'),
}

test('an announcement comes in above what is being typed, and the line is drawn again', async () => {
  const opened = open(true)
  opened.input.write('pend')
  await new Promise(resolve => setImmediate(resolve))
  opened.say(PAGE)
  const after = opened.shown().split('!! A breaker opened\n')[1] ?? ''
  expect(opened.shown()).toContain('\u001b[1G\u001b[0J!! A breaker opened\n')
  expect(after).toContain('remora> pend')
  const answered = once(opened.output, 'data')
  opened.input.write('ing\n')
  await answered
  opened.end.abort()
  await opened.done
  expect(opened.shown()).toContain('1 trade to decide')
})

test('a card that would only say again what was said above is not said again', async () => {
  const opened = open(false)
  opened.say(PAGE)
  opened.say({ ...PAGE, id: '1.1', isUpdate: true })
  opened.say({ ...PAGE, id: '1.2', isUpdate: true, reply: reply('It is over') })
  opened.say({ ...PAGE, id: '2.0' })
  opened.end.abort()
  await opened.done
  expect(opened.shown().match(/A breaker opened|It is over/g)).toEqual([
    'A breaker opened',
    'It is over',
    'A breaker opened',
  ])
})

test('the end of the input does not end the console', async () => {
  const opened = open(false)
  opened.input.end('whales\n')
  await once(opened.output, 'data')
  expect(opened.shown()).toContain('2 whales followed')
  opened.say(PAGE)
  expect(opened.shown()).toContain('A breaker opened')
  expect(opened.left()).toBe(0)
  opened.end.abort()
  await opened.done
})

test('lines are answered in their order, each with a press of its own', async () => {
  const presses: string[] = []
  const opened = open(false, router => ({
    ...router,
    hear: (line, who) => {
      presses.push(`${line} ${who.press}`)
      return router.hear(line, who)
    },
  }))
  opened.input.write('status\n\n  \nwhales\nquit\n')
  await opened.done
  expect(presses).toEqual(['status run7-1', 'whales run7-2'])
  expect(opened.left()).toBe(1)
})

test('a stop does not wait behind a slow answer', async () => {
  let finish: () => void = () => undefined
  const slow = new Promise<void>(resolve => {
    finish = resolve
  })
  const opened = open(false, router => ({
    ...router,
    hear: async (line, who) => {
      if (line === 'health') await slow
      return router.hear(line, who)
    },
  }))
  opened.input.write('health\nstatus\n/STOP!\n')
  await once(opened.output, 'data')
  expect(opened.shown()).toContain('STOPPED')
  expect(opened.shown()).not.toContain('Record')
  finish()
  opened.end.abort()
  await opened.done
})

test('a terminal that is gone takes the words with it, and nothing else', async () => {
  const opened = open(false)
  opened.output.destroy(new Error('EPIPE'))
  await new Promise(resolve => setImmediate(resolve))
  opened.say(PAGE)
  opened.end.abort()
  await opened.done
  expect(opened.left()).toBe(0)
})
