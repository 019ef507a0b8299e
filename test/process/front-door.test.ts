import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accountOf, journalOf } from './outside.ts'
import { folder, type Started, started } from './started.ts'

/** What a first start promises. */
const FIRST_MINUTE_MS = 60_000
/** The simulated world is that of the moment: in some of its minutes nobody buys anything that passes the gates. */
const QUIET_WORLD_MS = 150_000
/** What a shutdown promises, and a little for the machine. */
const SHUTDOWN_MS = 12_000

test('a first start with nothing configured trades and explains within a minute', { timeout: 240_000 }, async () => {
  const remora = started([], { REMORA_DATA_DIR: join(folder(), 'data') })
  await remora.hear(/A first start\./)
  await remora.hear(/not (?:bought|sold) · [\s\S]*? — [\s\S]*?`why\s+\w{6}`/, 0, FIRST_MINUTE_MS)
  await remora.hear(/^[*] .*(?:BUY|SELL) [\s\S]*?\n {2}Who {2,}\S[\s\S]*?> why \w{6}/m, 0, QUIET_WORLD_MS)

  expect(await remora.ask('status', /Feed activity .*/)).toMatch(/trading · PAPER[\s\S]*Equity +\$/)
  expect(await remora.ask('positions', /positions? open|No position/i)).toMatch(/PAPER/)
  expect(await remora.ask('pnl', /final, .*open/)).toMatch(/\$/)
  expect(await remora.ask('health', /No problem since the start|Database .*/)).toMatch(/Record +entry \d+/)
  expect(remora.said()).toContain('SIMULATED MARKET')
  await stopped(remora)
})

test('a stop outlives a restart, and the record goes on where it ended', { timeout: 120_000 }, async () => {
  const dataDir = join(folder(), 'data')
  const environment = { REMORA_DATA_DIR: dataDir, REMORA_SANDBOX_SPEED: '20' }
  const first = started([], environment)
  await first.hear(/the hold of recovery is released/)
  expect(await first.ask('stop', /It survives a restart/)).toContain('STOPPED')
  await stopped(first)
  const before = await journalOf(dataDir)

  const second = started(['live'], environment)
  await second.hear(/Going on from/)
  await second.hear(/the hold of recovery is released/)
  expect(await second.ask('status', /Feed activity .*/)).toMatch(/HALTED[\s\S]*operator halts everything/)
  await second.hear(/Something\s+halts\s+trading/)
  await stopped(second)

  const after = await journalOf(dataDir)
  const account = accountOf(after)
  expect(account.wrong).toEqual([])
  expect(account.lives).toBe(2)
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.length).toBeGreaterThan(before.length)
  const since = accountOf(after.slice(before.length).map((entry, index) => ({ ...entry, seq: index + 1 })))
  expect(since.plans).toBe(0)
})

test('a second process on the same folder is turned away, and the first does not notice', {
  timeout: 120_000,
}, async () => {
  const environment = { REMORA_DATA_DIR: join(folder(), 'data') }
  const first = started([], environment)
  await first.hear(/Type help/)
  const second = started([], environment)
  expect(await second.end()).toEqual({ code: 1, signal: null })
  expect(second.complained()).toBe(
    `remora: another Remora (process ${first.pid}) works in this folder; stop it first, or set REMORA_DATA_DIR to another\n`,
  )
  expect(await first.ask('status', /Equity .*/)).toContain('PAPER')
  await stopped(first)
})

test('a process that was killed leaves a lock that the next start takes over', { timeout: 120_000 }, async () => {
  const environment = { REMORA_DATA_DIR: join(folder(), 'data') }
  const first = started([], environment)
  await first.hear(/the hold of recovery is released/)
  first.signal('SIGKILL')
  await first.end()
  const second = started([], environment)
  await second.hear(/Going on from/)
  await stopped(second)
})

test('what is typed wrong is answered with what would be right, and costs nothing', { timeout: 120_000 }, async () => {
  const dataDir = join(folder(), 'data')
  const remora = started([], { REMORA_DATA_DIR: dataDir, REMORA_SANDBOX_SPEED: '0.1' })
  await remora.hear(/Following [\s\S]*by start/)
  const stranger = `0x${'0'.repeat(38)}ab`
  expect(await remora.ask('follow', /How it is typed: .*/)).toContain('who is missing')
  expect(await remora.ask(`follow ${stranger}`, /Quality 0/)).toContain('no resolved market yet')
  expect(await remora.ask('approve nope', /No trade is called "nope".*/)).toContain('`pending` lists')
  expect(await remora.ask('limits set stakeMax -5', /Dollars look like.*/)).toContain('not "-5"')
  await remora.ask('close nothing', /No open position fits "nothing"|No position is open/)
  expect(await remora.ask('limits', /stakeMax .*/)).toMatch(/stakeMax +\$1,000\.00/)
  await stopped(remora)
  const facts = (await journalOf(dataDir)).flatMap(entry => entry.facts)
  expect(facts.filter(fact => fact.kind === 'limitsChanged')).toEqual([])
})

async function stopped(remora: Started): Promise<void> {
  remora.signal('SIGINT')
  expect(await remora.end(SHUTDOWN_MS)).toEqual({ code: 0, signal: null })
  expect(remora.said()).toContain('Stopped in order. The next start goes on from here.')
}
