import { readFileSync } from 'node:fs'
import { jsonlJournal } from '../adapters/jsonl/journal.ts'
import { openDatabase } from '../adapters/prisma/client.ts'
import { prismaJournal } from '../adapters/prisma/journal.ts'
import { prepare } from '../adapters/simulated/venue.ts'
import { readConfig } from '../adapters/system/config.ts'
import { encode } from '../core/engine/codec.ts'
import type { Journal } from '../ports/journal.ts'
import { type Divergence, replay } from './replay.ts'

/** `npm run replay [-- journal.jsonl]`: decides a journal again, the database's own where no file is named. */
export async function runReplay(args: readonly string[], print: (line: string) => void): Promise<void> {
  const [file] = args
  const journal = file === undefined ? await databaseJournal() : await fileJournal(file)
  const result = await replay(journal, prepare)
  for (const divergence of result.divergences) for (const line of told(divergence)) print(line)
  const verdict =
    result.divergences.length === 0 ? 'every decision is the same' : `${result.divergences.length} decisions differ`
  print(`${result.entries} entries, ${result.facts} facts: ${verdict}`)
  if (result.divergences.length > 0) process.exitCode = 1
  await journal.close()
}

async function databaseJournal(): Promise<Journal> {
  const database = await openDatabase(readConfig(process.env).databaseUrl)
  const journal = await prismaJournal(database.connection)
  return { ...journal, close: () => database.close() }
}

async function fileJournal(file: string): Promise<Journal> {
  readFileSync(file, { flag: 'r' })
  return jsonlJournal(file)
}

const WIDTH = 400

function told({ seq, input, recorded, decided }: Divergence): readonly string[] {
  return [
    `entry ${seq} (${input})`,
    ...recorded.map(fact => `  recorded ${encode(fact).slice(0, WIDTH)}`),
    ...decided.map(fact => `  decided  ${encode(fact).slice(0, WIDTH)}`),
  ]
}
