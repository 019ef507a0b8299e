import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, ApiError, answerOf } from './api-error.ts'
import { note } from './bounded.ts'
import type { Ending, FaultBoard, RestFault } from './faults.ts'
import { bodyOf } from './json.ts'
import type { RateGate } from './rate-limits.ts'
import { type Call, readCall, refuseText } from './request.ts'
import { type Match, majorOf, type router } from './router.ts'
import type { World } from './world.ts'

/** What the REST side is made of. */
export type Rest = {
  readonly world: World
  readonly faults: FaultBoard
  readonly limits: RateGate
  readonly find: ReturnType<typeof router>
  readonly calls: Call[]
  /** Requests for which there is no route. */
  readonly unhandled: Call[]
}

const PAGE = '<!doctype html><title>Sign in</title><p>Sign in to use this network.</p>'
const BAD_GATEWAY: Answer = { status: 502, body: { message: '502: Bad Gateway', code: 0 } }

/** Takes one request: notes it, lets a fault strike, does it, answers. */
export async function handleRequest(rest: Rest, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, faults } = rest
  const call = await readCall(request, world.now())
  note(rest.calls, call)
  const fault = faults.forRequest(call.method, call.path)
  world.changed()
  const send = (answer: Answer) => {
    call.status = answer.status
    respond(response, answer)
    world.changed()
  }
  switch (fault?.kind) {
    case undefined:
      return send(done(rest, call))
    case 'hang':
      return
    case 'cut':
      return cut(request, fault.by)
    case 'html':
      call.status = 200
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
      return
    case 'answer':
      return send(given(fault))
    case 'revoked':
      return send(done(rest, call, true))
    case 'truncated': {
      const answer = done(rest, call)
      call.status = answer.status
      respond(response, answer, text => text.slice(0, Math.floor(text.length / 2)))
      return
    }
    case 'late': {
      const isDoneFirst = fault.holds !== 'request'
      const early = isDoneFirst ? done(rest, call) : undefined
      world.changed()
      setTimeout(() => send(early ?? done(rest, call)), fault.ms).unref()
      return
    }
    case 'lost':
      done(rest, call)
      world.changed()
      if (fault.by === 'reset' || fault.by === 'close') return cut(request, fault.by)
      if (fault.by !== 'hang') send(BAD_GATEWAY)
  }
}

function cut({ socket }: IncomingMessage, by: Ending = 'reset'): void {
  if (by === 'reset') socket.resetAndDestroy()
  else socket.destroy()
}

/** Does what is asked, and gives the answer that a good Discord would send. */
function done(rest: Rest, call: Call, isRevoked = false): Answer {
  const { world, limits, find } = rest
  const match = find(call.method, call.path)
  if (match === undefined) {
    note(rest.unhandled, call)
    return answerOf(new ApiError('notFound'))
  }
  const isTokenGood = !isRevoked && call.authorization === `Bot ${world.token}`
  if (match.route.isOpen !== true && !isTokenGood) return answerOf(new ApiError('unauthorized'))
  const { headers, refusal } = limits.take({
    method: call.method,
    path: call.path,
    route: match.route.name,
    major: majorOf(match),
    isOfInteraction: isOfInteraction(world, match),
  })
  const answer = refusal ?? answered(world, match, call)
  return { ...answer, headers: { ...headers, ...answer.headers } }
}

function answered(world: World, { route, places }: Match, call: Call): Answer {
  try {
    refuseText(call)
    return route.answer({
      world,
      at: name => places[name] ?? '',
      query: call.query,
      body: bodyOf(call.body),
      raw: call.body,
      uploads: call.uploads,
    })
  } catch (error) {
    if (error instanceof ApiError) return answerOf(error)
    throw error
  }
}

function isOfInteraction(world: World, { places }: Match): boolean {
  return places.interaction !== undefined || places.webhook === world.bot.id
}

function given({ status, code = 0, message = '', body, headers }: RestFault & { readonly kind: 'answer' }): Answer {
  return { status, body: body ?? { message: message || `${status}: a fault`, code }, ...(headers ? { headers } : {}) }
}

function respond(response: ServerResponse, answer: Answer, shortened = (text: string) => text): void {
  if (response.destroyed) return
  const { status, body, headers } = answer
  if (body === undefined) {
    response.writeHead(status, headers).end()
    return
  }
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(shortened(JSON.stringify(body)))
}
