import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'

/** Another process works on this folder already. */
export class LockedError extends Error {
  override readonly name = 'LockedError'
}

/**
 * Takes a folder for this process alone, with a file that names it; gives what lets go of it. A file that a killed process left
 * behind is taken over. Throws a `LockedError` while the process that it names is alive.
 */
export function lockFolder(path: string): () => void {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = openSync(path, 'wx')
      writeSync(file, `${process.pid}\n`)
      closeSync(file)
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = Number(readFileSync(path, 'utf8').trim())
      if (holder !== process.pid && isAlive(holder)) {
        throw new LockedError(
          `another Remora (process ${holder}) works in this folder; stop it first, or set REMORA_DATA_DIR to another`,
        )
      }
      rmSync(path, { force: true })
    }
  }
  throw new LockedError(`the file ${path} could not be taken; is another Remora starting right now?`)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
