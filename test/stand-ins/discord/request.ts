import type { IncomingMessage } from 'node:http'
import { ApiError } from './api-error.ts'
import type { Upload } from './message-book.ts'

/** Most bytes of a request; beyond it the connection is cut. Discord takes files of 10 MiB, ten of them. */
const BODY_MAX = 110 * 1_024 * 1_024

/** A request as it came, for the log of calls. `status` comes with the answer; it is missing while there is none. */
export type Call = {
  readonly method: string
  /** Decoded, without the version: `/channels/1/messages`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly uploads: readonly Upload[]
  readonly authorization: string | undefined
  readonly at: number
  status?: number
}

/** Reads a request to its end. A body that is no JSON is left as a text. */
export async function readCall(request: IncomingMessage, at: number): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const type = request.headers['content-type'] ?? ''
  const bytes = await bytesOf(request)
  const parts = type.startsWith('multipart/') ? await partsOf(bytes, type) : { text: bytes.toString(), uploads: [] }
  return {
    method: request.method ?? 'GET',
    path: decodeURIComponent(url.pathname).replace(/^\/api(?:\/v\d+)?/, ''),
    query: Object.fromEntries(url.searchParams),
    body: parsed(parts.text),
    uploads: parts.uploads,
    authorization: request.headers.authorization,
    at,
  }
}

/** Throws where a body came that is no JSON. */
export function refuseText({ body }: Call): void {
  if (typeof body === 'string') throw new ApiError('invalidJson')
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > BODY_MAX) request.destroy()
  }
  return Buffer.concat(chunks)
}

async function partsOf(bytes: Buffer, type: string): Promise<{ text: string; uploads: readonly Upload[] }> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
  const uploads: Upload[] = []
  for (const [key, part] of form) {
    const index = /^files\[(\d+)\]$/.exec(key)?.[1]
    if (index === undefined || typeof part === 'string') continue
    const content = Buffer.from(await part.arrayBuffer())
    uploads.push({ index, filename: part.name, contentType: part.type, bytes: content })
  }
  return { text: String(form.get('payload_json') ?? ''), uploads }
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
