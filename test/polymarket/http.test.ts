import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { HttpError, type HttpRequest, jsonOverHttp } from '../../src/adapters/system/http.ts'
import { type Asked, forever, json, leapingClock, serve } from './stand-in.ts'

type Server = Awaited<ReturnType<typeof serve>>
type Refuse = (response: ServerResponse) => void

let server: Server | undefined
afterEach(async () => server?.stop())

async function fixture(
  answer: Parameters<typeof serve>[0],
  settings: { deadlineMs?: number; attemptMs?: number } = {},
) {
  server = await serve(answer)
  const clock = leapingClock()
  const http = jsonOverHttp({ clock, limits: { few: { most: 10, perMs: 10_000 } }, chance: () => 0.5, ...settings })
  const url = new URL(`${server.base}/thing?a=1`)
  const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
    source: 'test',
    url,
    signal: forever(),
    ...more,
  })
  return { clock, http, request, asked: server.asked }
}

async function failureOf(answer: Promise<unknown>): Promise<HttpError> {
  const error = await answer.then(
    () => undefined,
    reason => reason,
  )
  if (!(error instanceof HttpError)) throw new Error('there is an HttpError', { cause: error })
  return error
}

/** Refuses as often as `times` says and then answers. */
function afterRefusals(times: number, refuse: Refuse) {
  let left = times
  return (_asked: Asked, response: ServerResponse) => {
    left -= 1
    if (left >= 0) refuse(response)
    else json(response, { ok: true })
  }
}

describe('a read is repeated', () => {
  test('after as long as the server said, when it said 429', async () => {
    const { http, request, clock, asked } = await fixture(
      afterRefusals(1, response => json(response, {}, 429, { 'retry-after': '3' })),
    )
    expect(await http.get(request())).toEqual({ ok: true })
    expect(asked).toHaveLength(2)
    expect(clock.slept).toEqual([3_000])
  })

  test('after a date, when the server gave one', async () => {
    const at = new Date(leapingClock().now() + 2_000).toUTCString()
    const { http, request, clock } = await fixture(
      afterRefusals(1, response => json(response, {}, 503, { 'retry-after': at })),
    )
    await http.get(request())
    expect(clock.slept).toEqual([2_000])
  })

  test.each<[string, Refuse]>([
    ['a 503', response => json(response, {}, 503)],
    ['a truncated answer', response => response.writeHead(200).end('{"data":[1,')],
    ['a page in HTML', response => response.writeHead(200).end('<html></html>')],
    ['a connection that breaks', response => response.destroy()],
    [
      'an answer shorter than it said',
      response => {
        response.writeHead(200, { 'content-length': '1000' }).write('{}')
        response.destroy()
      },
    ],
  ])('with growing waits after %s', async (_name, refuse) => {
    const { http, request, clock } = await fixture(afterRefusals(2, refuse))
    expect(await http.get(request())).toEqual({ ok: true })
    expect(clock.slept).toEqual([188, 375])
  })

  test('and is given up after four attempts', async () => {
    const { http, request, asked } = await fixture((_asked, response) => json(response, {}, 500))
    const error = await failureOf(http.get(request()))
    expect(error).toMatchObject({ kind: 'status', status: 500, isFinal: false, source: 'test' })
    expect(asked).toHaveLength(4)
  })

  test('but not when the refusal is final', async () => {
    const { http, request, asked } = await fixture((_asked, response) => json(response, { error: 'gone' }, 404))
    const error = await failureOf(http.get(request()))
    expect(error).toMatchObject({ kind: 'status', status: 404, isFinal: true, body: '{"error":"gone"}' })
    expect(asked).toHaveLength(1)
  })
})

describe('a wait has an end', () => {
  test('when the server never answers', async () => {
    const { http, request, asked } = await fixture(() => {}, { attemptMs: 40, deadlineMs: 300 })
    const startedAt = performance.now()
    const error = await failureOf(http.get(request()))
    expect(error).toMatchObject({ kind: 'late', isFinal: false })
    expect(asked.length).toBeGreaterThan(1)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  test('when the server stops in the middle of an answer', async () => {
    const { http, request } = await fixture((_asked, response) => response.writeHead(200).write('{"a":'), {
      attemptMs: 40,
      deadlineMs: 100,
    })
    expect(await failureOf(http.get(request()))).toMatchObject({ kind: 'late' })
  })

  test('when it is called off', async () => {
    const stop = new AbortController()
    const { http, request, asked } = await fixture(() => stop.abort())
    expect(await failureOf(http.get(request({ signal: stop.signal })))).toMatchObject({ kind: 'aborted' })
    expect(asked).toHaveLength(1)
  })

  test('when the server asks for more patience than there is, and it is not asked again before', async () => {
    const { http, request, asked, clock } = await fixture((_asked, response) =>
      json(response, {}, 429, { 'retry-after': '30' }),
    )
    const limited = request({ groups: ['few'] })
    expect(await failureOf(http.get(limited))).toMatchObject({ kind: 'status', retryAfterMs: 30_000 })
    expect(await failureOf(http.get(limited))).toMatchObject({ kind: 'limited' })
    expect(asked).toHaveLength(1)
    await clock.sleep(30_000)
    await failureOf(http.get(limited))
    expect(asked).toHaveLength(2)
  })
})

test('an answer without end is cut off', async () => {
  const { http, request, asked } = await fixture((_asked, response) => {
    response.writeHead(200)
    const block = Buffer.alloc(1_048_576, 0x20)
    const pour = () => {
      while (!response.destroyed && response.write(block));
      if (!response.destroyed) response.once('drain', pour)
    }
    pour()
  })
  expect(await failureOf(http.get(request()))).toMatchObject({ kind: 'too-large', isFinal: true })
  expect(asked).toHaveLength(1)
})

test('a write is sent once, a read by POST again', async () => {
  const { http, request, asked } = await fixture((_asked, response) => json(response, {}, 503))
  await failureOf(http.post({ ...request(), body: { a: 1 }, isRead: false }))
  expect(asked.map(one => [one.method, one.body])).toEqual([['POST', '{"a":1}']])
  await failureOf(http.post({ ...request(), body: [], isRead: true }))
  expect(asked).toHaveLength(1 + 4)
})

test('no window holds more requests than the published limit', async () => {
  const times: number[] = []
  const { http, request, clock } = await fixture((_asked, response) => {
    times.push(clock.now())
    json(response, {})
  })
  for (let count = 0; count < 40; count += 1) await http.get(request({ groups: ['few'] }))
  for (const start of times)
    expect(times.filter(time => time >= start && time < start + 10_000).length).toBeLessThanOrEqual(10)
  expect(times.at(-1)).toBeLessThan((times[0] ?? 0) + 60_000)
})

test('what was asked is what was really sent, repeats included, in the last ten seconds and at most', async () => {
  const { http, request, clock } = await fixture(afterRefusals(2, response => json(response, {}, 503)))
  expect(http.usage()).toEqual([])
  await http.get(request({ groups: ['few'] }))
  expect(http.usage()).toEqual([{ group: 'few', inWindow: 3, peak: 3, limit: 10 }])
  await clock.sleep(10_000)
  expect(http.usage()).toEqual([{ group: 'few', inWindow: 0, peak: 3, limit: 10 }])
  await http.get(request({ groups: ['few', 'unknown'] }))
  expect(http.usage()).toEqual([{ group: 'few', inWindow: 1, peak: 3, limit: 10 }])
})

test('no window was ever fuller than its limit, by its own count too', async () => {
  const { http, request } = await fixture((_asked, response) => json(response, {}))
  for (let count = 0; count < 30; count += 1) await http.get(request({ groups: ['few'] }))
  const [few] = http.usage()
  expect(few?.peak).toBeGreaterThan(2)
  expect(few?.peak).toBeLessThanOrEqual(10)
})
