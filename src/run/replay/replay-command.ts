import { recordedJournal } from '../../adapters/jsonl/journal.ts'
import { openDatabase } from '../../adapters/prisma/client.ts'
import { prismaJournal } from '../../adapters/prisma/journal.ts'
import { prepare } from '../../adapters/simulated/venue.ts'
import { readConfig } from '../../adapters/system/config.ts'
import { encode } from '../../core/engine/codec.ts'
import type { Fact } from '../../core/engine/fact.ts'
import type { Journal } from '../../ports/journal.ts'
import { type Divergence, replay } from './replay.ts'

/** `npm run replay [-- journal.jsonl]`: decides a journal again, the database's own where no file is named. */
export async function runReplay(args: readonly string[], print: (line: string) => void): Promise<void> {
  const [file] = args
  const journal = file === undefined ? await databaseJournal() : recordedJournal(file)
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

/** How much of a fact is shown around the place where the two begin to differ. */
const SHOWN = 160

/** The facts of one decision, side by side; only those that differ, from where they do. */
function told({ seq, input, recorded, decided }: Divergence): readonly string[] {
  const lines = [`entry ${seq} (${input})`]
  for (let index = 0; index < Math.max(recorded.length, decided.length); index += 1) {
    const [before, after] = [factText(recorded[index]), factText(decided[index])]
    if (before === after) continue
    const from = Math.max(0, firstDifference(before, after) - SHOWN / 4)
    lines.push(`  recorded ${recorded[index]?.kind ?? 'nothing'} …${before.slice(from, from + SHOWN)}`)
    lines.push(`  decided  ${decided[index]?.kind ?? 'nothing'} …${after.slice(from, from + SHOWN)}`)
  }
  return lines
}

function factText(fact: Fact | undefined): string {
  return fact === undefined ? '' : encode(fact)
}

function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}
