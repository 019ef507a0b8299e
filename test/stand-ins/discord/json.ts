/** A JSON object nobody has looked into yet. */
export type Body = Readonly<Record<string, unknown>>

/** The value as an object; anything else counts as an empty one. */
export function bodyOf(value: unknown): Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}
}

/** The objects of a list; anything else than a list counts as an empty one. */
export function bodiesOf(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value.map(bodyOf) : []
}

/** The texts of a list, without what is no text. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(one => typeof one === 'string') : []
}

/** The value as a text; anything else counts as an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The value as a number; anything else counts as zero. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

/** Whether nothing was said: Discord takes `null` and a missing field alike. */
export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null
}
