import { JournalError } from '../../ports/journal.ts'

/** SQLite's primary result codes that a person can do something about. Source: sqlite.org/rescode.html. */
const ADVICE: ReadonlyMap<number, readonly [what: string, advice: string]> = new Map([
  [5, ['is locked by another program', 'Stop the other program that has it open, then start again.']],
  [6, ['is locked by another program', 'Stop the other program that has it open, then start again.']],
  [8, ['cannot be written', 'Let the user that runs Remora write to the file and to its folder.']],
  [
    10,
    ['could not be read or written by the disk', 'Check the disk and the system log, then restore the last backup.'],
  ],
  [11, ['is damaged', 'Restore the last backup, or move the file away and start anew.']],
  [13, ['has no room: the disk is full', 'Make room on the disk, then start again; what was recorded is still there.']],
  [14, ['cannot be opened', 'Check that the folder exists and that the user that runs Remora may write to it.']],
  [19, ['was written by another process at the same time', 'Run one Remora only on one database.']],
  [26, ['is not a database', 'Point DATABASE_URL to another file, or move this one away.']],
])

const OTHER_ADVICE = 'Look at the cause, then start again; what was recorded is still there.'

/** What SQLite said, as a `JournalError` that names the file and says what to do. */
export function failure(file: string, doing: string, cause: unknown): JournalError {
  if (cause instanceof JournalError) return cause
  const code = sqliteCode(cause)
  const known = code === undefined ? undefined : ADVICE.get(code)
  if (known === undefined)
    return new JournalError(`${doing} failed (${file}): ${messageOf(cause)}`, OTHER_ADVICE, cause)
  const [what, advice] = known
  return new JournalError(`${doing} failed: ${file} ${what}`, advice, cause)
}

/** The causes that are looked through for a code: the driver's error is wrapped at most twice. */
const DEPTH_MAX = 5

/** The driver tells of a file that it cannot open in words alone (libsql 0.5.29). */
const OPENING = /^ConnectionFailed\(.*: (\d+)"\)$/s

/** The primary result code, wherever the driver or its adapter put it; `undefined` for what did not come from SQLite. */
function sqliteCode(error: unknown): number | undefined {
  let at: unknown = error
  for (let depth = 0; depth < DEPTH_MAX && typeof at === 'object' && at !== null; depth += 1) {
    for (const name of ['rawCode', 'extendedCode', 'originalCode']) {
      const code = Number(Reflect.get(at, name) ?? Number.NaN)
      if (Number.isInteger(code)) return code & 0xff
    }
    const opening = OPENING.exec(String(Reflect.get(at, 'message')))?.[1]
    if (opening !== undefined) return Number(opening) & 0xff
    at = Reflect.get(at, 'cause')
  }
  return undefined
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^SQLITE_\w+: /, '')
}
