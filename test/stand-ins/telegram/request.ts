import type { IncomingMessage } from 'node:http'
import { isFields } from './fields.ts'
import { badRequest, type Fields, Refusal, type Upload } from './wire.ts'

/** Reads what was sent: JSON, a form, a multipart form or a query string. */

/** What the Bot API takes at most. */
const BODY_BYTES_MAX = 50 * 1_024 * 1_024

/** What a call carries. */
export type Content = { readonly body: Fields; readonly files: ReadonlyMap<string, Upload> }

/** Throws when there is more than the Bot API takes. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > BODY_BYTES_MAX) throw new Refusal(413, 'Request Entity Too Large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The fields and files of a call, from wherever they were put. */
export function readContent(contentType: string, raw: Buffer, query: URLSearchParams): Content {
  const asked = Object.fromEntries(query)
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (boundary !== undefined) {
    const { body, files } = multipart(raw, boundary)
    return { body: { ...asked, ...body }, files }
  }
  if (contentType.startsWith('application/x-www-form-urlencoded'))
    return { body: { ...asked, ...Object.fromEntries(new URLSearchParams(raw.toString())) }, files: new Map() }
  return { body: { ...asked, ...json(raw) }, files: new Map() }
}

function json(raw: Buffer): Fields {
  if (raw.length === 0) return {}
  let value: unknown
  try {
    value = JSON.parse(raw.toString())
  } catch (cause) {
    throw Object.assign(badRequest("can't parse JSON object"), { cause })
  }
  if (!isFields(value)) throw badRequest('JSON object expected')
  return value
}

function multipart(raw: Buffer, boundary: string): Content {
  const files = new Map<string, Upload>()
  const body: Record<string, string> = {}
  for (const { head, content } of partsOf(raw, boundary)) {
    const name = /[; ]name="([^"]*)"/i.exec(head)?.[1]
    const fileName = /[; ]filename="([^"]*)"/i.exec(head)?.[1]
    if (name === undefined) throw badRequest('a part of the form has no name')
    if (fileName === undefined) body[name] = content.toString()
    else files.set(name, { name: fileName, bytes: Buffer.from(content) })
  }
  return { body, files }
}

function* partsOf(raw: Buffer, boundary: string): Generator<{ head: string; content: Buffer }> {
  const delimiter = `--${boundary}`
  let at = raw.indexOf(delimiter)
  while (at !== -1) {
    const begin = at + delimiter.length
    const end = raw.indexOf(`\r\n${delimiter}`, begin)
    if (end === -1) return
    const part = raw.subarray(begin + 2, end)
    const headEnd = part.indexOf('\r\n\r\n')
    if (headEnd === -1) throw badRequest('a part of the form has no head')
    yield { head: part.subarray(0, headEnd).toString(), content: part.subarray(headEnd + 4) }
    at = end + 2
  }
}
