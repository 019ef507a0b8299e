import { type Fields, fieldsIn } from './fields.ts'
import { linesOf } from './lines.ts'
import { type Place, RecordingError } from './recording-error.ts'

/** One line of a recording of JSON lines, and where it stands. */
export type Row = { readonly fields: Fields; readonly place: Place }

/** Lines that are read: all of them are held at once. */
const LINES_MAX = 200_000

/** Every line of these files that is not blank, in order. Throws a `RecordingError`. */
export async function rowsOf(files: readonly string[]): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const file of files) {
    for await (const { first, texts } of linesOf(file)) {
      for (const [index, text] of texts.entries()) {
        const place = { file, line: first + index }
        if (rows.length >= LINES_MAX) throw new RecordingError(`there are more than ${LINES_MAX} lines`, { file })
        if (text.trim() !== '') rows.push({ fields: fieldsIn(text, place), place })
      }
    }
  }
  return rows
}
