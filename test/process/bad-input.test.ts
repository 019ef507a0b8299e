import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/adapters/prisma/client.ts'
import { type Environment, folder, started } from './started.ts'

/** Runs to its end, which must be a refusal in one line that a person can act on, and gives that line. */
async function refusal(args: readonly string[], environment: Environment = {}, cwd = folder()): Promise<string> {
  const { end, complained } = started(args, environment, cwd)
  const { code } = await end()
  expect(complained()).toMatch(/^\S.*\n$/)
  expect(complained()).not.toMatch(/\n\s+at |Error:/)
  expect(code === 1 || code === 2).toBe(true)
  return complained().trimEnd()
}

describe('an environment that cannot be meant is refused before anything is touched', () => {
  test.each([
    ['REMORA_FOLOW', '0x12', /REMORA_FOLOW is not a variable of Remora; did you mean REMORA_FOLLOW\?/],
    ['REMORA_FOLLOW', '0x12', /REMORA_FOLLOW holds "0x12", which is no wallet/],
    ['LIVE_TRADING', 'yes', /LIVE_TRADING is true or false, and nothing else/],
    ['LIVE_TRADING', 'true', /LIVE_TRADING=true: this version of Remora trades on paper only/],
    ['DRY_RUN', 'maybe', /DRY_RUN is true or false, and nothing else/],
    ['REMORA_GAMMA_URL', 'nonsense', /REMORA_GAMMA_URL is an address that begins with http/],
  ])('%s=%s', { timeout: 60_000 }, async (name, value, words) => {
    const dataDir = join(folder(), 'data')
    expect(await refusal(['live'], { REMORA_DATA_DIR: dataDir, [name]: value })).toMatch(words)
    expect(existsSync(dataDir)).toBe(false)
  })
})

describe('a place that cannot be used is named', () => {
  test('a database that is no file', { timeout: 60_000 }, async () => {
    const environment = { REMORA_DATA_DIR: join(folder(), 'data'), DATABASE_URL: 'postgresql://localhost/remora' }
    expect(await refusal([], environment)).toMatch(/PostgreSQL is not in this version of Remora\. Set DATABASE_URL/)
  })

  test('a data folder under a file', { timeout: 60_000 }, async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, 'kept')
    const said = await refusal([], { REMORA_DATA_DIR: join(file, 'data') })
    expect(said).toContain(join(file, 'data'))
    expect(said).toContain('REMORA_DATA_DIR')
    expect(readFileSync(file, 'utf8')).toBe('kept')
  })

  test('a database that is garbage, which is left as it is', { timeout: 60_000 }, async () => {
    const dataDir = folder()
    const file = join(dataDir, 'remora.db')
    const garbage = 'this was never a database\n'.repeat(400)
    writeFileSync(file, garbage)
    expect(await refusal([], { REMORA_DATA_DIR: dataDir })).toMatch(/remora\.db is not a database\. Point DATABASE_URL/)
    expect(readFileSync(file, 'utf8')).toBe(garbage)
  })

  test('a database of a newer Remora, which is left as it is', { timeout: 60_000 }, async () => {
    const dataDir = folder()
    const url = `file:${join(dataDir, 'remora.db')}`
    const made = await openDatabase(url)
    await made.connection.run(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ('newer', 'abc', '29991231000000_newer', '2026-01-01', '2026-01-01', 1)`,
      [],
    )
    await made.close()
    const said = await refusal([], { REMORA_DATA_DIR: dataDir })
    expect(said).toMatch(
      /was written by a newer Remora: it has the migration 29991231000000_newer\. Start that version/,
    )
  })
})

describe('a command line that cannot be meant is refused with how it is used', () => {
  const garbage = (): string => {
    const file = join(folder(), 'garbage.jsonl')
    writeFileSync(file, '{"seq":1}\nnot json\n')
    return file
  }
  test.each<[string, () => readonly string[], RegExp]>([
    ['backtest without a recording', () => ['backtest'], /usage: npm run backtest/],
    [
      'backtest of what is not there',
      () => ['backtest', '/nowhere/at/all'],
      /\/nowhere\/at\/all: there is no such file/,
    ],
    ['backtest with an option that is none', () => ['backtest', '--wat', 'x'], /Unknown option '--wat'.*usage/],
    [
      'replay of what is not there',
      () => ['replay', '/nowhere.jsonl'],
      /\/nowhere\.jsonl cannot be read\. Check its name/,
    ],
    ['replay of what is no journal', () => ['replay', garbage()], /garbage\.jsonl/],
    ['sim with a number that is none', () => ['sim', '--seeds', 'many'], /--seeds takes a whole number.*usage/],
    ['sim with an option that is none', () => ['sim', '--sedes', '3'], /--sedes is no option.*usage/],
    ['sandbox with a port that is none', () => ['sandbox', '--port', '99999'], /--port must be 0 to 65535.*usage/],
    [
      'a run that is none',
      () => ['lvie'],
      /lvie is not a run of Remora: live, sandbox, replay, backtest, sim, trial, calibrate or account/,
    ],
  ])('%s', { timeout: 60_000 }, async (_, args, words) => {
    expect(await refusal(args())).toMatch(words)
  })

  test('a port that is taken', { timeout: 60_000 }, async () => {
    const first = started(['sandbox', '--port', '0'])
    await first.hear(/REMORA_ACTIVITY_SOCKET_URL=\S+/)
    const port = /REMORA_GAMMA_URL=http:\/\/127\.0\.0\.1:(\d+)/.exec(first.said())?.[1] ?? ''
    expect(await refusal(['sandbox', '--port', port])).toMatch(/cannot listen on 127\.0\.0\.1: EADDRINUSE/)
  })
})
