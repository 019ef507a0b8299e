import { badRequest, type Fields } from './wire.ts'

/** Reads the fields of a call. A multipart call and a query string carry everything as text, so text is taken for any type. */

/** Whether something is an object with fields, and no array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text, `undefined` where there is none, and where it is empty: the Bot API does not tell the two apart. */
export function textOf(body: Fields, name: string): string | undefined {
  const value = body[name]
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number, `undefined` for anything else. */
export function integerOf(body: Fields, name: string): number | undefined {
  const text = textOf(body, name)
  if (text === undefined) return undefined
  return /^-?\d{1,16}$/.test(text) ? Number(text) : undefined
}

/** Whether a flag is set. */
export function flagOf(body: Fields, name: string): boolean {
  const value = body[name]
  return value === true || value === 1 || (typeof value === 'string' && /^(?:true|yes|1)$/i.test(value))
}

/** An object or an array, parsed when it came as text. `what` is the name of its type in the refusal. */
export function structureOf(body: Fields, name: string, what: string): unknown {
  const value = body[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch (cause) {
    throw Object.assign(badRequest(`can't parse ${what} JSON object`), { cause })
  }
}

/** An object; throws for anything else. */
export function fieldsOf(body: Fields, name: string, what: string): Fields | undefined {
  const value = structureOf(body, name, what)
  if (value === undefined) return undefined
  if (!isFields(value)) throw badRequest(`object expected as ${what}`)
  return value
}

/** An array; throws for anything else. */
export function listOf(body: Fields, name: string, what: string): readonly unknown[] | undefined {
  const value = structureOf(body, name, what)
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw badRequest(`array expected as ${what}`)
  return value
}
