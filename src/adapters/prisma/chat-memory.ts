import { type Instant, instant } from '../../core/units/ids.ts'
import type { ChatMemory, Letter, Posted } from '../../ports/chat-memory.ts'
import type { Connection, Row, Statements } from './connection.ts'

/** A letter that was answered is known for so long: Telegram gives its own out again for a day. */
const LETTERS_KEPT_MS = 3 * 86_400_000
/** A message older than this is not edited any more. */
const POSTED_KEPT_MS = 7 * 86_400_000
const POSTED_MAX = 20_000
/** Old rows are swept once in so many writes. */
const SWEEP_EVERY = 500

/** What surfaces remember, beside the journal and on the same terms: a write that has resolved is on the disk. */
export function prismaChatMemory(connection: Connection, now: () => Instant): ChatMemory {
  let writes = 0
  const swept = async (statements: Statements): Promise<void> => {
    writes += 1
    if (writes % SWEEP_EVERY !== 1) return
    await statements.run('DELETE FROM "Letter" WHERE "settled" = ? AND "at" < ?', [
      true,
      BigInt(now() - LETTERS_KEPT_MS),
    ])
    await statements.run('DELETE FROM "Posted" WHERE "at" < ?', [BigInt(now() - POSTED_KEPT_MS)])
  }
  return {
    take: letters =>
      connection.transaction(async statements => {
        await swept(statements)
        const taken: Letter[] = []
        for (const letter of letters) if ((await insert(statements, letter)) > 0) taken.push(letter)
        return taken
      }),
    settle: async (surface, id) => {
      await connection.run('UPDATE "Letter" SET "settled" = ? WHERE "surface" = ? AND "id" = ?', [true, surface, id])
    },
    unsettled: async surface => {
      const sql = 'SELECT * FROM "Letter" WHERE "surface" = ? AND "settled" = ? ORDER BY "at", "id"'
      return (await connection.rows(sql, [surface, false])).map(letterOf)
    },
    keep: async posted => {
      await connection.run(KEEP, valuesOf(posted))
    },
    forget: async ({ surface, place, purpose, subject }) => {
      await connection.run(FORGET, [surface, place, purpose, subject])
    },
    posted: async surface => {
      const sql = `SELECT * FROM "Posted" WHERE "surface" = ? AND "at" >= ? ORDER BY "at" DESC LIMIT ${POSTED_MAX}`
      return (await connection.rows(sql, [surface, BigInt(now() - POSTED_KEPT_MS)])).map(postedOf).reverse()
    },
    mark: async name => {
      const [row] = await connection.rows('SELECT "value" FROM "ChatMark" WHERE "name" = ?', [name])
      return row === undefined ? undefined : String(row.value)
    },
    setMark: async (name, value) => {
      await connection.run('INSERT OR REPLACE INTO "ChatMark" ("name", "value") VALUES (?, ?)', [name, value])
    },
  }
}

function insert({ run }: Statements, { surface, id, at, text }: Letter): Promise<number> {
  const sql = 'INSERT OR IGNORE INTO "Letter" ("surface", "id", "at", "text", "settled") VALUES (?, ?, ?, ?, ?)'
  return run(sql, [surface, id, BigInt(at), text, false])
}

const COLUMNS = ['surface', 'place', 'purpose', 'subject', 'message', 'nonce', 'version', 'at', 'isOpen'] as const
const NAMES = COLUMNS.map(name => `"${name}"`).join(', ')
const KEEP = `INSERT OR REPLACE INTO "Posted" (${NAMES}) VALUES (${COLUMNS.map(() => '?').join(', ')})`
const FORGET = 'DELETE FROM "Posted" WHERE "surface" = ? AND "place" = ? AND "purpose" = ? AND "subject" = ?'

function valuesOf({ surface, place, purpose, subject, message, nonce, version, at, isOpen }: Posted) {
  return [surface, place, purpose, subject, message, nonce, BigInt(version), BigInt(at), isOpen]
}

function letterOf(row: Row): Letter {
  return { surface: String(row.surface), id: String(row.id), at: instant(Number(row.at)), text: String(row.text) }
}

function postedOf(row: Row): Posted {
  return {
    surface: String(row.surface),
    place: String(row.place),
    purpose: String(row.purpose),
    subject: String(row.subject),
    message: String(row.message),
    nonce: String(row.nonce),
    version: Number(row.version),
    at: instant(Number(row.at)),
    isOpen: row.isOpen === true,
  }
}
