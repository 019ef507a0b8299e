import type { ServerResponse } from 'node:http'
import type { Trouble } from './faults.ts'
import { Refusal } from './wire.ts'

/** An answer on its way out. */
export type Answer = { readonly status: number; readonly type: 'json' | 'html'; readonly body: string }

const PORTAL = '<!doctype html><html><head><title>Sign in</title></head><body>Welcome to the network.</body></html>'
const BAD_GATEWAY =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n'

export const UNAUTHORIZED = new Refusal(401, 'Unauthorized')
const CONFLICT = new Refusal(
  409,
  'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
)

/** The answer that carries a result. */
export function answerOf(result: unknown): Answer {
  return { status: 200, type: 'json', body: JSON.stringify({ ok: true, result }) }
}

/** The answer that carries a refusal. */
export function refusalAnswer({ code, description, parameters }: Refusal): Answer {
  const body = { ok: false, error_code: code, description, ...(parameters === undefined ? {} : { parameters }) }
  return { status: code, type: 'json', body: JSON.stringify(body) }
}

/** What a trouble makes of an answer: another one, with a delay, or none with the connection reset or left open. */
export type Fate =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly afterMs: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' }

/** What becomes of an answer that a trouble met. */
export function fateOf(trouble: Trouble, answer: Answer): Fate {
  const instead = (other: Answer): Fate => ({ kind: 'answer', answer: other, afterMs: 0 })
  switch (trouble.kind) {
    case 'error': {
      const { code, description = `Error ${code}`, parameters } = trouble
      return instead(refusalAnswer(new Refusal(code, description, parameters)))
    }
    case 'conflict':
      return instead(refusalAnswer(CONFLICT))
    case 'unauthorized':
      return instead(refusalAnswer(UNAUTHORIZED))
    case 'html':
      return instead({ status: 200, type: 'html', body: PORTAL })
    case 'badGateway':
      return instead({ status: 502, type: 'html', body: BAD_GATEWAY })
    case 'truncated':
      return instead({ ...answer, body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) })
    case 'late':
      return { kind: 'answer', answer, afterMs: trouble.byMs }
    case 'reset':
    case 'answerLost':
      return { kind: 'reset' }
    case 'hang':
      return { kind: 'silence' }
  }
}

/** Does nothing where nobody is connected any more. */
export function send(response: ServerResponse, { status, type, body }: Answer): void {
  if (response.destroyed || response.headersSent) return
  const contentType = type === 'json' ? 'application/json' : 'text/html; charset=utf-8'
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body)
}
