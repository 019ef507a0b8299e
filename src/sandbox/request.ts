/** A request as the routes see it: a path below the host's prefix, its query, and a body for the few that take one. */
export type Request = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

/** An answer on its way out. `maxAgeSeconds` is how long the edge in front of the host may repeat it. */
export type Answer = { readonly status: number; readonly body: unknown; readonly maxAgeSeconds?: number }

/** A request that is refused. Each host words its refusals its own way, so the body is whole when this is made. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly answer: Answer

  constructor(status: number, body: unknown) {
    super(`refused with ${status}`)
    this.answer = { status, body }
  }
}

export function ok(body: unknown, maxAgeSeconds?: number): Answer {
  return { status: 200, body, ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }) }
}

export const ADDRESS = /^0x[0-9a-f]{40}$/

/** Lets other work of the process in: a long answer is made in small steps. */
export function breathe(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
