import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Exported, ListedWhale, WhaleList } from '../../chat/desk.ts'
import { UserError } from '../../chat/user-error.ts'
import { decimal } from '../../core/units/money.ts'
import { WHALES_MAX, type Whale } from '../../core/whale/whale.ts'
import { LIST_VERSION, readWhaleList } from './whale-list-read.ts'

/** Ten thousand wallets with a name and a note each come to less; more is no list of whales. */
export const LIST_BYTES_MAX = 4_000_000

/**
 * The list of whales as a file for people: stable (by wallet, one order of fields), and without loss. What is `undefined` is left
 * out; times are in UTC, dollars are text, as a number of JSON would round them.
 */
export function whaleListText(whales: Iterable<Pick<Whale, 'address' | 'name' | 'settings'>>): string {
  const inOrder = [...whales].sort((one, other) => (one.address < other.address ? -1 : 1))
  return `${JSON.stringify({ version: LIST_VERSION, whales: inOrder.map(written) }, undefined, 2)}\n`
}

function written({ address, name, settings }: ListedWhale): object {
  const { isEnabled, mutedUntil, weight, stakeMax, note } = settings
  return {
    address,
    name,
    settings: {
      isEnabled,
      ...(mutedUntil === undefined ? {} : { mutedUntil: new Date(mutedUntil).toISOString() }),
      weight,
      ...(stakeMax === undefined ? {} : { stakeMax: decimal(stakeMax) }),
      note,
    },
  }
}

/** Writes the list whole or not at all: under another name first, on disk before it takes its own. Throws a `UserError`. */
export async function exportWhales(path: string, whales: Iterable<Whale>): Promise<Exported> {
  const all = [...whales]
  const text = whaleListText(all)
  if (Buffer.byteLength(text) > LIST_BYTES_MAX)
    throw new UserError(`The list would be over ${LIST_BYTES_MAX} bytes, which no import reads: shorten some notes.`)
  const beside = `${path}.${process.pid}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeSynced(beside, text)
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw new UserError(
      `The list could not be written to ${path} (${codeOf(error)}). What was there before is as it was.`,
    )
  }
  return { path, count: all.length }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Reads the list, as far as it can be one. Throws a `UserError` where there is no file, or one that is no file of such a size. */
export async function importWhales(path: string): Promise<WhaleList> {
  const read = readWhaleList(await textOf(path), WHALES_MAX)
  return { ...read, path }
}

async function textOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r')
    try {
      const stat = await file.stat()
      if (!stat.isFile()) throw new UserError(`${path} is no file.`)
      if (stat.size > LIST_BYTES_MAX)
        throw new UserError(`${path} has ${stat.size} bytes; a list of whales has at most ${LIST_BYTES_MAX}.`)
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    if (codeOf(error) === 'ENOENT')
      throw new UserError(
        `There is no ${path}. \`whales export\` writes one; one from elsewhere goes to the same place.`,
      )
    throw new UserError(`${path} could not be read (${codeOf(error)}).`)
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}
