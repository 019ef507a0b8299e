import type { IncomingMessage, ServerResponse } from 'node:http'
import { clobApi } from './clob.ts'
import { dataApi } from './data.ts'
import { edgeCache } from './edge-cache.ts'
import { gammaApi } from './gamma.ts'
import { type Answer, ok, Refused, type Request } from './request.ts'
import type { World } from './world.ts'

/** What says on every answer that none of this is real. */
export const SIMULATED_HEADER = { 'x-simulated': 'remora-sandbox' } as const

/** Five hundred token ids fit in half of this. */
const BODY_BYTES_MAX = 131_072

export type RestHandler = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>

/** Serves the venue's three hosts side by side, each under its own prefix. */
export function restHandler(world: World, now: () => number): RestHandler {
  const gamma = gammaApi(world)
  const data = dataApi(world)
  const clob = clobApi(world)
  const edge = edgeCache()

  const route = async (host: string, request: Request): Promise<Answer> => {
    const at = world.clock.worldTime(now())
    switch (host) {
      case 'gamma':
        return gamma(request, at)
      case 'data':
        return data(request, at)
      case 'clob':
        return clob(request, at)
      case '':
        return ok({ simulated: true, what: 'A stand-in for a prediction market. Nothing here is real.' })
      default:
        throw new Refused(404, { error: 'not found' })
    }
  }

  return async (incoming, response) => {
    try {
      const address = incoming.url ?? '/'
      const url = new URL(address, 'http://sandbox.invalid')
      const [, host = '', ...rest] = url.pathname.split('/')
      const body = await bodyOf(incoming)
      const request: Request = {
        method: incoming.method ?? 'GET',
        path: `/${rest.join('/')}`,
        query: url.searchParams,
        body,
      }
      const key = `${request.method} ${address}`
      const sent = await edge.answer(key, now(), () => route(host, request))
      send(response, sent.status, sent.text, {
        'cache-control': sent.maxAgeSeconds > 0 ? `public, max-age=${sent.maxAgeSeconds}` : 'no-store',
        'x-cache': sent.isHit ? 'Hit from cloudfront' : 'Miss from cloudfront',
      })
    } catch (error) {
      const answer =
        error instanceof Refused ? error.answer : { status: 500, body: { error: 'internal error', code: 'internal' } }
      send(response, answer.status, JSON.stringify(answer.body), {})
    }
  }
}

function send(response: ServerResponse, status: number, text: string, headers: Record<string, string>): void {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json', ...SIMULATED_HEADER, ...headers })
  response.end(text)
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  incoming.setEncoding('utf8')
  for await (const chunk of incoming) {
    text += String(chunk)
    if (text.length > BODY_BYTES_MAX) throw new Refused(413, { error: 'payload too large' })
  }
  return text
}
