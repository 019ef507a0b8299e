import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { type Database, type DatabaseOptions, openDatabase } from '../../src/adapters/prisma/client.ts'
import type { Entry } from '../../src/core/engine/entry.ts'

/** A folder for each test, gone after it, with every database in it closed first. */
export function useFolder(): {
  readonly path: (name: string) => string
  readonly database: (name?: string, options?: DatabaseOptions) => Promise<Database>
} {
  const folders: string[] = []
  const open: Database[] = []
  afterEach(async () => {
    for (const database of open.splice(0)) await database.close().catch(() => undefined)
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  const path = (name: string): string => {
    if (folders.length === 0) folders.push(mkdtempSync(join(tmpdir(), 'remora db %20 ')))
    return join(folders[0] ?? '', name)
  }
  return {
    path,
    database: async (name = 'remora.db', options) => {
      const opened = await openDatabase(fileUrl(path(name)), options)
      open.push(opened)
      return opened
    },
  }
}

/** A path may hold what a URL may not; ours are taken as they are, and `?` and `#` are refused. */
export function fileUrl(path: string): string {
  return `file:${path}`
}

export async function all(entries: AsyncIterable<Entry>): Promise<readonly Entry[]> {
  const found: Entry[] = []
  for await (const entry of entries) found.push(entry)
  return found
}

/** The error that a promise rejects with, for its sentence to be looked at. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { readonly advice?: string }> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('it was expected to fail')
}
