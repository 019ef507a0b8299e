import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/** Another process works on this folder already. */
export class LockedError extends Error {
  override readonly name = 'LockedError'
}

/**
 * Takes a folder for this process alone, with a file that names it; gives what lets go of it. A file that a killed process left
 * behind is taken over. Throws a `LockedError` while the process that it names is alive.
 */
export function lockFolder(path: string): () => void {
  const own = `${path}.${process.pid}`
  writeFileSync(own, `${process.pid}\n`)
  try {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (isTaken(own, path)) return () => rmSync(path, { force: true })
      const holder = Number(readFileSync(path, 'utf8').trim())
      if (holder !== process.pid && isAlive(holder)) {
        const advice = 'stop it first, or set REMORA_DATA_DIR to another'
        throw new LockedError(`another Remora (process ${holder}) works in this folder; ${advice}`)
      }
      rmSync(path, { force: true })
    }
  } finally {
    rmSync(own, { force: true })
  }
  throw new LockedError(`the file ${path} could not be taken; is another Remora starting right now?`)
}

/** A second name for a file that is written already: it appears whole or not at all. */
function isTaken(own: string, path: string): boolean {
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
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
