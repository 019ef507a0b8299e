import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { playDay } from './scenario.ts'

/** `npm run demo:chat`: a day on Discord and Telegram, against stand-ins on this machine, printed as both sides saw it. */
const folder = mkdtempSync(join(tmpdir(), 'remora-demo-'))
const print = (text: string): void => void process.stdout.write(`${text}\n`)
try {
  const day = await playDay(join(import.meta.dirname, '../../src/main.js'), folder, print)
  for (const channel of ['approvals', 'fills', 'risk', 'log'] as const)
    print(`\n===== Discord #${channel}\n${day.discord.transcript(channel)}`)
  print(`\n===== Telegram, Ann's private chat\n${day.telegram.transcript(42)}`)
  await day.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
