import type { IncomingMessage, ServerResponse } from 'node:http'
import { clobApi } from './clob.ts'
import { dataApi } from './data/data.ts'
import { type EdgeCache, edgeCache, type Sent } from './edge-cache.ts'
import { type AnswerFaults, answerFaults } from './faults/answers.ts'
import { faultyNode } from './faults/chain.ts'
import { faultControl } from './faults/control.ts'
import type { Source, Switchboard } from './faults/faults.ts'
import { gammaApi } from './gamma.ts'
import { type NodeApi, nodeApi } from './node/api.ts'
import { type Answer, ok, Refused, type Request } from './request.ts'
import type { World } from './world.ts'

/** What says on every answer that none of this is real. */
export const SIMULATED_HEADER = { 'x-simulated': 'remora-sandbox' } as const

/** Two thousand wallets of a filter fit in half of this, five hundred token ids in a fifth. */
const BODY_BYTES_MAX = 262_144

export type RestHandler = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>

/** Serves the venue's three hosts and a node of its chain side by side, each under its own prefix, and the faults' switches. */
export function restHandler(world: World, board: Switchboard, now: () => number): RestHandler {
  const gamma = gammaApi(world)
  const data = dataApi(world)
  const clob = clobApi(world)
  const node = faultyNode(nodeApi(world), board)
  const control = faultControl(board)
  const edge = edgeCache()
  const faults = answerFaults(board, now)

  const route = async (host: string, request: Request): Promise<Answer> => {
    const at = world.clock.worldTime(now())
    switch (host) {
      case 'gamma':
        return gamma(request, at)
      case 'data':
        return data(request, at)
      case 'clob':
        return clob(request, at)
      case 'rpc':
        return asked(node, request, at)
      case 'faults':
        return control(request)
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
      const source = SOURCE_OF[host]
      const make = (): Promise<Answer> => route(host, request)
      if (source !== undefined && board.isTroubled(source)) {
        return await answerTroubled(source, { faults, edge, key, make, now }, request.method, response)
      }
      const sent = await edge.answer(key, now(), make)
      send(response, sent.status, sent.text, headersOf(sent))
    } catch (error) {
      const answer =
        error instanceof Refused ? error.answer : { status: 500, body: { error: 'internal error', code: 'internal' } }
      send(response, answer.status, JSON.stringify(answer.body), {})
    }
  }
}

/** Which source a prefix belongs to. The switches belong to none, so that nothing can be switched for ever. */
const SOURCE_OF: Readonly<Record<string, Source>> = {
  gamma: 'gamma',
  data: 'data',
  clob: 'clob',
  rpc: 'chain',
}

async function asked(node: NodeApi, { method, path, body }: Request, at: number): Promise<Answer> {
  if (path !== '/') throw new Refused(404, { error: 'not found' })
  if (method !== 'POST') throw new Refused(405, { error: 'a node is asked with POST' })
  let question: unknown
  try {
    question = JSON.parse(body)
  } catch {
    return ok({ jsonrpc: '2.0', id: null, error: { code: PARSE_ERROR, message: 'parse error' } })
  }
  return ok(await node(question, at))
}

/** JSON-RPC's number for a body that is no JSON. */
const PARSE_ERROR = -32_700

type Troubled = {
  readonly faults: AnswerFaults
  readonly edge: EdgeCache
  readonly key: string
  readonly make: () => Promise<Answer>
  readonly now: () => number
}

/** The same way to an answer, past everything that is wrong with the source. */
async function answerTroubled(
  source: Source,
  { faults, edge, key, make, now }: Troubled,
  method: string,
  response: ServerResponse,
): Promise<void> {
  const met = await faults.meet(source, response)
  if (met.kind === 'gone') return
  if (met.kind === 'answered') return send(response, met.status, JSON.stringify(met.body), met.headers)
  const told = async (): Promise<Answer> => faults.withhold(source, await make())
  const sent = await edge.answer(key, now(), told, faults.ageSeconds(source, method))
  const { text, isCut } = faults.spoil(source, sent.text)
  if (isCut) cutShort(response, text, headersOf(sent))
  else send(response, sent.status, text, headersOf(sent))
}

function headersOf(sent: Sent): Record<string, string> {
  return {
    'cache-control': sent.maxAgeSeconds > 0 ? `public, max-age=${sent.maxAgeSeconds}` : 'no-store',
    'x-cache': sent.isHit ? 'Hit from cloudfront' : 'Miss from cloudfront',
  }
}

/** Promises the whole answer, sends half of it and closes the connection. */
function cutShort(response: ServerResponse, text: string | Buffer, headers: Record<string, string>): void {
  const whole = Buffer.from(text)
  if (response.destroyed) return
  const length = { 'content-length': String(whole.length + 1) }
  response.writeHead(200, { 'content-type': 'application/json', ...SIMULATED_HEADER, ...headers, ...length })
  response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy())
}

function send(
  response: ServerResponse,
  status: number,
  text: string | Buffer,
  headers: Readonly<Record<string, string>>,
): void {
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
