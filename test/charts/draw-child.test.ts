import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { interFonts } from '../../src/adapters/charts/inter.ts'
import { encodePicture } from '../../src/adapters/charts/picture-codec.ts'
import { pngOf } from '../../src/adapters/charts/png.ts'
import { PNG_SIGNATURE } from '../../src/adapters/charts/png-signature.ts'
import { profitOption } from '../../src/adapters/charts/profit-option.ts'
import { svgOf } from '../../src/adapters/charts/svg.ts'
import { jumpingClock } from '../../src/adapters/system/clock.ts'
import { DeadlineError } from '../../src/run/deadline.ts'
import { DrawError, openDrawing } from '../../src/run/live/draw-child.ts'
import { bar, hourly, NOW, pictureOf, wandering } from './made.ts'

/** The program as it is delivered: `npm test` builds it first. */
const ENTRY = resolve(import.meta.dirname, '../../dist/src/main.js')
const never = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'remora draw '))

beforeAll(() => {
  if (!existsSync(ENTRY)) throw new Error('dist is missing: npm run build makes it, and npm test does so by itself')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Another program in the place of ours, which does what ours would only do when it is broken. */
function program(...lines: readonly string[]): string {
  const file = join(folder, `program-${lines.join('').length}-${Math.floor(performance.now() * 1_000)}.mjs`)
  writeFileSync(file, [`const signature = Buffer.from('${PNG_SIGNATURE.toString('hex')}', 'hex')`, ...lines].join('\n'))
  return file
}

describe('the process that draws', { timeout: 120_000 }, () => {
  test('gives the same picture as drawing here would', async () => {
    const picture = pictureOf({ points: wandering('child', 168, 2) })
    const png = await openDrawing(ENTRY)(picture, never)
    const option = profitOption(picture, interFonts())
    if (option === undefined) throw new Error('there is something to draw')
    expect(Buffer.from(png).equals(pngOf(svgOf(option)))).toBe(true)
  })

  test('says in one line that there is nothing to draw', async () => {
    const draw = openDrawing(ENTRY)
    await expect(draw(pictureOf({ points: hourly('1') }), never)).rejects.toThrow(
      /drawing ended with 2: remora: there is nothing to draw/,
    )
  })

  test.each([
    ['nothing', ''],
    ['no JSON', 'draw me a whale\n'],
    ['half of it', encodePicture(pictureOf()).slice(0, -5)],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe])],
    ['far too much', Buffer.alloc(9 * 1024 * 1024, 0x20)],
  ])('takes %s for what it is, and puts nothing out', (_, input) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [ENTRY, 'draw'], { input })
    expect([status, stdout.length]).toEqual([2, 0])
    expect(stderr.toString()).toMatch(/^remora: .*\n$/)
  })

  test('has nothing of our environment', async () => {
    process.env.REMORA_TELEGRAM_TOKEN = 'a-token-that-nobody-may-see'
    const told = program('process.stdout.write(Buffer.concat([signature, Buffer.from(JSON.stringify(process.env))]))')
    const answer = Buffer.from(await openDrawing(told)(pictureOf(), never)).toString()
    delete process.env.REMORA_TELEGRAM_TOKEN
    expect(answer).not.toContain('a-token')
    const names = Object.keys(JSON.parse(answer.slice(answer.indexOf('{'))))
    // What a system adds by itself to any process is not ours.
    expect(names.filter(name => !/^(PATH|SystemRoot|__CF_USER_TEXT_ENCODING)$/.test(name))).toEqual([])
  })

  test('leaves no memory behind: twenty pictures, and ours is what it was', { timeout: 240_000 }, async () => {
    const draw = openDrawing(ENTRY)
    const whales = Array.from({ length: 40 }, (_, index) => bar(`whale ${index}`, String(index - 17)))
    const picture = pictureOf({ points: wandering('memory', 90 * 24, 1), whales })
    await draw(picture, never)
    const before = process.memoryUsage.rss()
    for (let count = 0; count < 20; count += 1) await draw(picture, never)
    expect(process.memoryUsage.rss() - before).toBeLessThan(60 * 1024 * 1024)
  })
})

describe('what a broken process does costs only the picture', { timeout: 60_000 }, () => {
  test.each<[string, readonly string[], RegExp]>([
    ['it fails', ["console.error('out of ink\\nat line 1')", 'process.exit(3)'], /^drawing ended with 3: out of ink$/],
    ['it is killed', ["process.kill(process.pid, 'SIGKILL')"], /^drawing ended with SIGKILL$/],
    ['it says nothing', [], /^what was drawn is not a PNG$/],
    ['it says something else', ["console.log('<svg></svg>')"], /^what was drawn is not a PNG$/],
    [
      'it never stops talking',
      [
        'const talk = () => { while (process.stdout.write(Buffer.alloc(65536))); process.stdout.once("drain", talk) }',
        'talk()',
      ],
      /^the picture has more than 10485760 bytes$/,
    ],
  ])('%s', async (_, lines, why) => {
    const failed = await openDrawing(program(...lines))(pictureOf(), never).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(DrawError)
    expect((failed as Error).message).toMatch(why)
  })

  test('it is not there', async () => {
    await expect(openDrawing(join(folder, 'nothing.mjs'))(pictureOf(), never)).rejects.toThrow(/^drawing ended with 1/)
  })
})

/** Where programs report that they have begun, each by a line of its own that breaks when it ends. */
type Switchboard = {
  readonly port: number
  readonly next: () => Promise<Socket>
  readonly open: () => number
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function switchboard(): Promise<Switchboard> {
  const arrived: Socket[] = []
  const waiting: ((socket: Socket) => void)[] = []
  let open = 0
  const server = createServer(socket => {
    open += 1
    socket.on('error', () => undefined)
    socket.once('close', () => {
      open -= 1
    })
    const first = waiting.shift()
    if (first === undefined) arrived.push(socket)
    else first(socket)
  })
  servers.push(server)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    next: () =>
      new Promise(found => {
        const socket = arrived.shift()
        if (socket === undefined) waiting.push(found)
        else found(socket)
      }),
    open: () => open,
  }
}

/** Begins, reports, and draws only when it is told to. */
function patient(port: number): string {
  return program(
    "import { connect } from 'node:net'",
    `const line = connect(${port}, '127.0.0.1')`,
    "line.on('error', () => undefined)",
    "line.once('data', () => process.stdout.write(signature, () => process.exit(0)))",
    'setInterval(() => undefined, 1_000)',
  )
}

function hungUp(socket: Socket): Promise<void> {
  return new Promise(done => {
    if (socket.closed) done()
    else socket.once('close', () => done())
    socket.resume()
  })
}

describe('the turns', { timeout: 60_000 }, () => {
  test('a process that hangs is killed at the deadline', async () => {
    const calls = await switchboard()
    const clock = jumpingClock(NOW)
    const drawn = openDrawing(patient(calls.port), clock)(pictureOf(), never).catch((error: unknown) => error)
    const line = await calls.next()
    expect(clock.next()).toBe(NOW + 10_000)
    clock.jump()
    expect(await drawn).toBeInstanceOf(DeadlineError)
    await hungUp(line)
  })

  test('a process is killed when the run ends', async () => {
    const calls = await switchboard()
    const end = new AbortController()
    const drawn = openDrawing(patient(calls.port))(pictureOf(), end.signal).catch((error: unknown) => error)
    const line = await calls.next()
    end.abort(new Error('the run has ended'))
    expect(await drawn).toMatchObject({ message: 'the run has ended' })
    await hungUp(line)
  })

  test('one is drawn at a time, three wait, a further one is turned away, and then there is room again', async () => {
    const calls = await switchboard()
    const draw = openDrawing(patient(calls.port))
    const wishes = [1, 2, 3, 4].map(() => draw(pictureOf(), never))
    await expect(draw(pictureOf(), never)).rejects.toThrow('4 pictures are on their way already')
    for (const wish of wishes) {
      const line = await calls.next()
      expect(calls.open()).toBe(1)
      line.write('draw')
      await hungUp(line)
      await wish
    }
    const again = draw(pictureOf(), never)
    const line = await calls.next()
    line.write('draw')
    expect(Buffer.from(await again)).toEqual(PNG_SIGNATURE)
  })

  test('who waited past the deadline is told so, and nothing is begun for them', async () => {
    const calls = await switchboard()
    const clock = jumpingClock(NOW)
    const draw = openDrawing(patient(calls.port), clock)
    const wishes = [1, 2].map(() => draw(pictureOf(), never).catch((error: unknown) => error))
    const line = await calls.next()
    clock.jump()
    clock.jump()
    for (const wish of wishes) expect(await wish).toBeInstanceOf(DeadlineError)
    await hungUp(line)
    expect(calls.open()).toBe(0)
  })
})
