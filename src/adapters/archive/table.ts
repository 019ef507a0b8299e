import { pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { piecesOf } from './lines.ts'
import { type Place, RecordingError } from './recording-error.ts'

/** Rows one table may have: what still fits in memory as events. */
const ROWS_MAX = 400_000
const ROW_CHARACTERS_MAX = 65_536

export type TableRow = { readonly at: Place; readonly cells: readonly string[] }

/** The rows of a CSV file after its header, which must be this one. Throws a `RecordingError`. */
export async function* tableOf(file: string, header: readonly string[]): AsyncGenerator<TableRow> {
  let line = 0
  const rows = pipeline(
    piecesOf(file, () => line + 1),
    parse({ bom: true, skip_empty_lines: true, max_record_size: ROW_CHARACTERS_MAX }),
    ignoreHere,
  )
  try {
    for await (const cells of rows) {
      line += 1
      if (!isCells(cells)) throw new RecordingError('a row is a list of cells', { file, line })
      if (line === 1) {
        if (cells.join(',') !== header.join(','))
          throw new RecordingError(`the columns must be ${header.join(',')}`, { file, line })
        continue
      }
      if (line > ROWS_MAX)
        throw new RecordingError(`there are more than ${ROWS_MAX} rows, the most that are read`, { file })
      yield { at: { file, line }, cells }
    }
  } catch (cause) {
    if (cause instanceof CsvError) throw new RecordingError(cause.message, { file, line: line + 1 }, cause)
    throw cause
  }
}

/** `pipeline` destroys its end with the same error, and the loop that reads it throws it. */
function ignoreHere(): void {}

function isCells(value: unknown): value is readonly string[] {
  return Array.isArray(value)
}
