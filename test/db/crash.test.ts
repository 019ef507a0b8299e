import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prismaJournal } from '../../src/adapters/prisma/journal.ts'
import { openTables } from '../../src/adapters/prisma/tables.ts'
import { seeded } from '../../src/core/units/seeded.ts'
import { JournalError } from '../../src/ports/journal.ts'
import { compiled } from './compiled.ts'
import { copiedBuy, entry } from './entries.ts'
import { all, failureOf, fileUrl, useFolder } from './folder.ts'

const folder = useFolder()
let program = ''

/** Appends batches until it is killed or has appended enough, and says after each which entry is on record. */
const APPENDER = `
import { writeSync } from 'node:fs'
import { openDatabase } from './src/adapters/prisma/client.js'
import { prismaJournal } from './src/adapters/prisma/journal.js'
import { copiedBuy } from './test/db/entries.js'
const [url, from, batches] = process.argv.slice(2)
const { connection } = await openDatabase(url)
const journal = await prismaJournal(connection)
let seq = Number(from)
for (let batch = 0; batch < Number(batches); batch += 1) {
  const entries = Array.from({ length: 1 + (batch % 5) }, (_, index) => copiedBuy(seq + 4 * index, seq + index)).flat()
  await journal.append(entries)
  seq += entries.length
  writeSync(1, String(seq - 1) + '\\n')
}
`

beforeAll(() => {
  program = compiled()
  writeFileSync(join(program, 'appender.mjs'), APPENDER)
})
afterAll(() => rmSync(program, { recursive: true, force: true }))

/** Runs the appender and kills it after so many acknowledged appends. Gives the last entry it said was on record. */
async function appendAndKill(url: string, from: number, killAfter: number): Promise<number> {
  const child = spawn(process.execPath, [join(program, 'appender.mjs'), url, String(from), '1000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let acknowledged = from - 1
  let appends = 0
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line)
    appends += 1
    if (appends === killAfter) child.kill('SIGKILL')
  }
  const [, signal] = await ended
  expect(signal).toBe('SIGKILL')
  return acknowledged
}

describe('a process that is killed while it appends', () => {
  test('leaves every entry that was acknowledged, and no gap, twenty times over', async () => {
    const random = seeded('killed')
    const url = fileUrl(folder.path('remora.db'))
    let last = 0
    for (let times = 0; times < 20; times += 1) {
      const acknowledged = await appendAndKill(url, last + 1, 1 + random.whole(12))
      const database = await folder.database()
      const entries = await all((await prismaJournal(database.connection)).readFrom(1))
      expect(entries.map(each => each.seq)).toEqual(entries.map((_, index) => index + 1))
      expect(entries.length).toBeGreaterThanOrEqual(acknowledged)
      expect(entries.length).toBeGreaterThan(last)
      // A batch is 4 to 20 entries of whole fours: a torn one would show.
      expect(entries.length % 4).toBe(0)
      last = entries.length
      await database.close()
    }
    const { connection } = await folder.database()
    expect(await openTables(connection).catchUp()).toBe(last)
  }, 60_000)
})

test('two processes that append to one journal: the second is told, and nothing is lost', async () => {
  const database = await folder.database()
  const journal = await prismaJournal(database.connection)
  await journal.append([entry(1, [])])
  const child = spawn(process.execPath, [join(program, 'appender.mjs'), fileUrl(database.file), '2', '1'], {
    stdio: 'ignore',
  })
  expect(await once(child, 'exit')).toEqual([0, null])
  const failure = await failureOf(journal.append([entry(2, [])]))
  expect(failure).toBeInstanceOf(JournalError)
  expect(failure.advice).toBe('Run one Remora only on one database.')
  expect(await all(journal.readFrom(1))).toHaveLength(5)
})

test('a full disk: what was recorded is still there, and what was not is not', async () => {
  const database = await folder.database()
  const journal = await prismaJournal(database.connection)
  await journal.append(copiedBuy(1, 1))
  const [pages] = await database.connection.rows('PRAGMA page_count', [])
  await database.connection.rows(`PRAGMA max_page_count = ${Number(pages?.page_count) + 6}`, [])
  let seq = 5
  const failure = await failureOf(
    (async () => {
      for (; seq < 1_000; seq += 4) await journal.append(copiedBuy(seq, seq))
    })(),
  )
  expect(failure).toBeInstanceOf(JournalError)
  expect(failure.message).toBe(`Writing the database failed: ${database.file} has no room: the disk is full`)
  expect(await all(journal.readFrom(1))).toHaveLength(seq - 1)
  await database.close()

  const again = await prismaJournal((await folder.database()).connection)
  expect(await all(again.readFrom(1))).toHaveLength(seq - 1)
  await again.append(copiedBuy(seq, seq))
})

test('a database that may only be read: an append says so', async () => {
  const database = await folder.database()
  const journal = await prismaJournal(database.connection)
  await database.connection.run('PRAGMA query_only = ON', [])
  const failure = await failureOf(journal.append([entry(1, [])]))
  expect(failure.message).toBe(`Writing the database failed: ${database.file} cannot be written`)
  expect(failure.advice).toContain('write to the file')
})

test('a lock that another program keeps: an append says so', async () => {
  const database = await folder.database('remora.db', { lockWaitMs: 1 })
  const journal = await prismaJournal(database.connection)
  const other = await folder.database('remora.db')
  await other.connection.transaction(async () => {
    expect((await failureOf(journal.append([entry(1, [])]))).message).toContain('is locked by another program')
  })
  expect(await all(journal.readFrom(1))).toEqual([])
})
