import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { UsageError } from '../../usage-error.ts'

const KEY_BYTES = 32
/** The first signs; buttons of the others are still read. More than this many are a mistake. */
const KEYS_MAX = 4

/**
 * The keys that sign buttons, from a file that only this user may read, one in hex a line; made at the first start. To change the
 * key, a new line is put above the old. Throws a `UsageError` for a file that holds anything else.
 */
export function pressKeys(path: string): readonly Uint8Array[] {
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600 })
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '')
  const isRight =
    lines.length > 0 && lines.length <= KEYS_MAX && lines.every(line => /^[0-9a-f]{64}$/.test(line.trim()))
  if (!isRight)
    throw new UsageError(
      `${path} does not hold keys (64 hex digits a line): put it back, or delete it and old buttons stop working`,
    )
  return lines.map(line => Buffer.from(line.trim(), 'hex'))
}
