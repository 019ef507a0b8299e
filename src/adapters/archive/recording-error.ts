/** A recording that cannot be read: which file, and which line where it is one. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
  readonly file: string
  readonly line: number | undefined

  constructor(message: string, at: { readonly file: string; readonly line?: number }, cause?: unknown) {
    const place = at.line === undefined ? at.file : `${at.file}:${at.line}`
    super(`${place}: ${message}`, cause === undefined ? undefined : { cause })
    this.file = at.file
    this.line = at.line
  }
}

/** Where in a recording something stands. */
export type Place = { readonly file: string; readonly line: number }
