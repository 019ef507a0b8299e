import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../src/adapters/prisma/client.ts'
import { prismaJournal } from '../src/adapters/prisma/journal.ts'
import type { Journal } from '../src/ports/journal.ts'

/** A folder that is there for as long as the work, and then gone. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'remora-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A journal in a database of its own, opened as the live run opens it: WAL, and every commit waits for the disk. */
export function withJournal<T>(work: (journal: Journal, database: Database) => Promise<T>): Promise<T> {
  return inScratch(async folder => {
    const database = await openDatabase(`file:${join(folder, 'bench.db')}`)
    try {
      return await work(await prismaJournal(database.connection), database)
    } finally {
      await database.close()
    }
  })
}
