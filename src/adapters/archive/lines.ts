import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { RecordingError } from './recording-error.ts'

/** A line longer than this is no line of a recording; the longest real one has some thousand characters. */
const LINE_MAX = 4 * 1024 * 1024

/** Some lines of a file, in order. */
export type Lines = {
  /** The number of the first of them, from 1. */
  readonly first: number
  readonly texts: readonly string[]
  /** Whether the file ends here without having ended the line, as one does whose writer was stopped. */
  readonly isUnfinished: boolean
}

/** The file's text, unpacked where its first two bytes say that it is packed, whatever its name says. */
async function textStream(file: string): Promise<Readable> {
  const isPacked = await hasGzipMark(file)
  const bytes = createReadStream(file)
  if (!isPacked) return bytes.setEncoding('utf8')
  return pipeline(bytes, createGunzip(), ignoreHere).setEncoding('utf8')
}

/** `pipeline` destroys its end with the same error, and there whoever reads on meets it. */
function ignoreHere(): void {}

async function hasGzipMark(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw new RecordingError('the file cannot be opened', { file }, cause)
  }
}

/** The text in pieces. Throws a `RecordingError` where the file is damaged, with `line()` to say how far it was good. */
export async function* piecesOf(
  file: string,
  line: () => number | undefined = () => undefined,
): AsyncGenerator<string> {
  const stream = await textStream(file)
  try {
    for await (const piece of stream) yield String(piece)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const reached = line()
    throw new RecordingError(
      `the file is cut short or damaged (${why})`,
      reached === undefined ? { file } : { file, line: reached },
      cause,
    )
  } finally {
    stream.destroy()
  }
}

/** The lines in bunches, since awaiting each of a million lines would take longer than reading them. */
export async function* linesOf(file: string): AsyncGenerator<Lines> {
  let first = 1
  let rest = ''
  for await (const piece of piecesOf(file, () => first)) {
    const texts = (rest + piece).split('\n')
    rest = texts.pop() ?? ''
    if (rest.length > LINE_MAX) throw new RecordingError('a line is too long to be one', { file, line: first })
    if (texts.length > 0) yield { first, texts, isUnfinished: false }
    first += texts.length
  }
  if (rest !== '') yield { first, texts: [rest], isUnfinished: true }
}

/** How a file begins: at most `most` characters. */
export async function beginningOf(file: string, most: number): Promise<string> {
  let text = ''
  for await (const piece of piecesOf(file)) {
    text += piece
    if (text.length >= most) break
  }
  return text.slice(0, most)
}

/** A whole file that has no lines to read it by. Throws a `RecordingError` over `most` characters. */
export async function wholeOf(file: string, most: number): Promise<string> {
  const pieces: string[] = []
  let length = 0
  for await (const piece of piecesOf(file)) {
    length += piece.length
    if (length > most)
      throw new RecordingError(`the file has more than ${most} characters, the most that is read`, { file })
    pieces.push(piece)
  }
  return pieces.join('')
}
