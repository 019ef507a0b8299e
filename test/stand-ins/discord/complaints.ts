import { isMissing } from './json.ts'

/** Where in a payload. */
export type Path = readonly (string | number)[]

/** One thing that Discord holds against a payload. The codes of what is rarely met are no more than like Discord's. */
export type Complaint = { readonly path: Path; readonly code: string; readonly message: string }

/** Bounds of a length, both included. */
export type Length = { readonly min: number; readonly max: number }

type Branch = { [key: string]: Branch | readonly { readonly code: string; readonly message: string }[] }

/** The complaints as the tree that Discord sends under `errors`. */
export function errorTree(complaints: readonly Complaint[]): object {
  const root: Branch = {}
  for (const { path, code, message } of complaints) {
    let branch = root
    for (const step of path) {
      const next = branch[step]
      const grown: Branch = next === undefined || Array.isArray(next) ? {} : (next as Branch)
      branch[step] = grown
      branch = grown
    }
    const already = branch._errors
    branch._errors = [...(Array.isArray(already) ? already : []), { code, message }]
  }
  return root
}

/** The complaint as one thing in a list, so that checks can be joined. */
export function complaint(path: Path, code: string, message: string): readonly Complaint[] {
  return [{ path, code, message }]
}

/** That something is missing. */
export function missing(path: Path): readonly Complaint[] {
  return complaint(path, 'BASE_TYPE_REQUIRED', 'This field is required')
}

/** That something is none of what it may be. */
export function notOneOf(path: Path, allowed: readonly (string | number)[]): readonly Complaint[] {
  return complaint(path, 'BASE_TYPE_CHOICES', `Value must be one of {${allowed.join(', ')}}.`)
}

/** That a number of things lies outside its bounds. */
export function lengthOutside(path: Path, { min, max }: Length): readonly Complaint[] {
  if (min === 0) return complaint(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`)
  return complaint(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)
}

/** What is wrong with how many there are of something. */
export function countComplaints(count: number, path: Path, length: Length): readonly Complaint[] {
  return count < length.min || count > length.max ? lengthOutside(path, length) : []
}

/**
 * What is wrong with a text that may be left out unless its least length is above zero.
 *
 * Counts UTF-16 units, which is never less than what Discord counts: what passes here passes there.
 */
export function textComplaints(value: unknown, path: Path, length: Length): readonly Complaint[] {
  if (isMissing(value)) return length.min > 0 ? missing(path) : []
  if (typeof value !== 'string') return complaint(path, 'STRING_TYPE_CONVERT', 'Could not interpret value as string.')
  if (length.min > 0 && value.trim() === '') return missing(path)
  return countComplaints(value.length, path, length)
}

/** What is wrong with a whole number that may be left out. */
export function numberComplaints(value: unknown, path: Path, { min, max }: Length): readonly Complaint[] {
  if (isMissing(value)) return []
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return complaint(path, 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not int.`)
  }
  if (value < min) return complaint(path, 'NUMBER_TYPE_MIN', `int value should be greater than or equal to ${min}.`)
  if (value > max) return complaint(path, 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${max}.`)
  return []
}

/** What is wrong with the address of something to show; `attachment://` names a file of the same message. */
export function addressComplaints(value: unknown, path: Path): readonly Complaint[] {
  if (isMissing(value)) return []
  if (typeof value === 'string' && /^attachment:\/\/\S+$/.test(value)) return []
  if (typeof value !== 'string' || !URL.canParse(value)) {
    return complaint(path, 'URL_TYPE_INVALID_URL', 'Not a well formed URL.')
  }
  if (/^https?:$/.test(new URL(value).protocol)) return []
  return complaint(path, 'URL_TYPE_INVALID_SCHEME', "Scheme must be one of ('http', 'https').")
}

/** The same complaints, about a payload that lies deeper. */
export function under(path: Path, complaints: readonly Complaint[]): readonly Complaint[] {
  return complaints.map(one => ({ ...one, path: [...path, ...one.path] }))
}
