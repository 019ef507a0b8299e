import { existsSync, mkdirSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { JournalError } from '../../ports/journal.ts'

const EXAMPLE = 'Set DATABASE_URL to a file, such as file:./data/remora.db.'

/**
 * The database's file, from `file:` and a path: absolute, or relative to the working directory. Its folder is made where
 * there is none. Throws a `JournalError` for what is no file.
 */
export function databaseFile(url: string): string {
  if (/^postgres(ql)?:/i.test(url)) {
    throw new JournalError('PostgreSQL is not in this version of Remora', EXAMPLE)
  }
  const path = /^file:(?:\/\/(?=\/))?([^?#]+)$/i.exec(url)?.[1]
  if (path === undefined || path.endsWith('/') || path.includes(':memory:')) {
    throw new JournalError('DATABASE_URL does not name a file', EXAMPLE)
  }
  const file = isAbsolute(path) ? path : resolve(path)
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch (cause) {
    throw new JournalError(
      `the folder ${dirname(file)} cannot be made`,
      'Let the user that runs Remora write there, or set DATABASE_URL to another file.',
      cause,
    )
  }
  return file
}

/** The file as the driver wants it: a space, a `%` or a `#` in a folder's name is spelled out. */
export function driverUrl(file: string): string {
  return pathToFileURL(file).href
}

/** How far up the migrations are looked for: the compiled program lies deeper than the sources. */
const LEVELS_MAX = 6

/** The migrations that came with the program, wherever it was started from. */
export function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    const found = resolve(folder, 'prisma/migrations')
    if (existsSync(resolve(found, 'migration_lock.toml'))) return found
    folder = dirname(folder)
  }
  throw new JournalError('the folder prisma/migrations is missing', 'Install Remora again, with its prisma folder.')
}
