import type { Answer } from './api-error.ts'
import type { Body } from './json.ts'
import type { Upload } from './message-book.ts'
import type { World } from './world.ts'

/** A request with its place, ready to be done. */
export type Asked = {
  readonly world: World
  /** What stood in the place of each `:name` of the route. */
  readonly at: (name: string) => string
  readonly query: Readonly<Record<string, string>>
  /** The body as an object; an empty one where none came or a list. */
  readonly body: Body
  /** The body as it came. */
  readonly raw: unknown
  readonly uploads: readonly Upload[]
}

/** What the stand-in does for one method and path. Throws an `ApiError` for what Discord refuses. */
export type Route = {
  /** As in `POST /channels/:channel/messages`. */
  readonly name: string
  /** Whether it goes without the bot's token, since the path carries one. */
  readonly isOpen?: boolean
  readonly answer: (asked: Asked) => Answer
}

/** A route that fits, and what stands in its places. */
export type Match = { readonly route: Route; readonly places: Readonly<Record<string, string>> }

/** The names that give a request a bucket of its own. Source: Discord's reference, "Rate limits". */
const MAJOR = ['channel', 'guild', 'webhook', 'token']

/** Finds the first route that fits. */
export function router(routes: readonly Route[]): (method: string, path: string) => Match | undefined {
  const compiled = routes.map(route => {
    const [method = '', template = ''] = route.name.split(' ')
    return { route, method, pattern: new RegExp(`^${template.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`) }
  })
  return (method, path) => {
    for (const one of compiled) {
      const found = one.method === method ? one.pattern.exec(path) : null
      if (found !== null) return { route: one.route, places: { ...found.groups } }
    }
    return undefined
  }
}

/** The ids of a match by which its bucket is told from others of the same route. */
export function majorOf({ places }: Match): string {
  return MAJOR.map(name => places[name] ?? '').join('/')
}

/** Done, with something to give back. */
export function given(body: unknown): Answer {
  return { status: 200, body }
}

/** Done, with nothing to give back. */
export const DONE: Answer = { status: 204 }
