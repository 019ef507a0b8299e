import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, answerOf, type Fate, fateOf, refusalAnswer, send, UNAUTHORIZED } from './answer.ts'
import { carryOut, methodNamed } from './api.ts'
import type { Call, CallLog, Outcome } from './calls.ts'
import type { Struck } from './faults.ts'
import type { RateLimiter } from './rate-limits.ts'
import { readBody, readContent } from './request.ts'
import { type Ask, Refusal, remember } from './wire.ts'
import type { World } from './world.ts'

/** Where a request becomes a call, meets its fault, and is answered. */

export type Door = {
  readonly world: World
  readonly token: string
  readonly log: CallLog
  /** Calls of methods that are not known. */
  readonly unhandled: Call[]
  readonly limiter: RateLimiter
  readonly strike: (ask: Ask) => Struck | undefined
}

const UNHANDLED_MAX = 500

export async function handle(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableEnded) gone.abort()
  })
  try {
    const ask = await askOf(door, request, gone.signal)
    const call = door.log.open(ask, door.world.now())
    gone.signal.addEventListener('abort', () => settle(door, call, { kind: 'gone' }))
    if (methodNamed(ask.method) === undefined) remember(door.unhandled, call, UNHANDLED_MAX)
    meet(await fateOfCall(door, ask, call), response)
  } catch (error) {
    send(response, refusalAnswer(asRefusal(error)))
  }
}

async function askOf(door: Door, request: IncomingMessage, gone: AbortSignal): Promise<Ask> {
  const raw = await readBody(request)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback')
  const [, token, name] = /^\/bot([^/]+)\/([^/]+)$/.exec(decodeURIComponent(pathname)) ?? []
  if (token === undefined || name === undefined) throw new Refusal(404, 'Not Found')
  const method = methodNamed(name) ?? name
  if (token !== door.token) {
    const call = door.log.open({ method, body: {}, files: new Map(), gone }, door.world.now())
    settle(door, call, refusedWith(UNAUTHORIZED))
    throw UNAUTHORIZED
  }
  return { method, ...readContent(request.headers['content-type'] ?? '', raw, searchParams), gone }
}

async function fateOfCall(door: Door, ask: Ask, call: Call): Promise<Fate> {
  const struck = door.strike(ask)
  if (struck === undefined) {
    const { answer, outcome } = await replyTo(door, ask)
    settle(door, call, outcome)
    return { kind: 'answer', answer, afterMs: 0 }
  }
  const reply = struck.isDone ? await replyTo(door, ask) : undefined
  settle(door, call, { kind: 'struck', trouble: struck.trouble.kind, isDone: reply?.outcome.kind === 'done' })
  return fateOf(struck.trouble, reply?.answer ?? answerOf(true))
}

type Reply = { readonly answer: Answer; readonly outcome: Outcome }

async function replyTo({ world, limiter }: Door, ask: Ask): Promise<Reply> {
  try {
    const result = await carryOut(world, limiter, ask)
    return { answer: answerOf(result), outcome: { kind: 'done', result } }
  } catch (error) {
    const refusal = asRefusal(error)
    return { answer: refusalAnswer(refusal), outcome: refusedWith(refusal) }
  }
}

/** The first outcome of a call stays: a poll whose caller left is over, whatever comes of it. */
function settle({ log }: Door, call: Call, outcome: Outcome): void {
  if (call.outcome.kind === 'open') log.close(call, outcome)
}

function meet(fate: Fate, response: ServerResponse): void {
  switch (fate.kind) {
    case 'answer':
      if (fate.afterMs === 0) send(response, fate.answer)
      else setTimeout(send, fate.afterMs, response, fate.answer).unref()
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'silence':
      return
  }
}

function refusedWith({ code, description }: Refusal): Outcome {
  return { kind: 'refused', code, description }
}

/** What is no refusal is a mistake in here, and says so where a test looks: in the log of calls. */
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  return new Refusal(500, `Internal Server Error: ${error instanceof Error ? error.stack : error}`)
}
