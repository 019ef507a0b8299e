import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { Discord } from '../stand-ins/discord/discord.ts'
import type { Telegram } from '../stand-ins/telegram/telegram.ts'

/** A life of the real program, seen from outside: it ends when it is told, or killed. */
export type Bot = {
  readonly said: () => string
  readonly end: () => Promise<number | null>
  readonly kill: () => Promise<void>
}

const ENDS_WITHIN_MS = 15_000

/** Starts the built program on a simulated market, with both stand-ins for its surfaces and nothing else of ours around it. */
export function startBot(
  entry: string,
  dataDir: string,
  { discord, telegram }: { readonly discord: Discord; readonly telegram: Telegram },
  more: Readonly<Record<string, string>> = {},
): Bot {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [resolve(entry), 'live'], {
    cwd: dataDir,
    env: {
      PATH,
      REMORA_DATA_DIR: dataDir,
      REMORA_PEOPLE: 'ann owner discord:400000000000000001 telegram:42; bob guardian telegram:77',
      REMORA_DISCORD_TOKEN: discord.token,
      REMORA_DISCORD_GUILD: discord.guild,
      REMORA_DISCORD_APPROVALS: discord.channels.approvals,
      REMORA_DISCORD_FILLS: discord.channels.fills,
      REMORA_DISCORD_RISK: discord.channels.risk,
      REMORA_DISCORD_LOG: discord.channels.log,
      REMORA_DISCORD_URL: discord.api,
      REMORA_TELEGRAM_TOKEN: telegram.token,
      REMORA_TELEGRAM_URL: telegram.api.apiRoot,
      ...more,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = new Promise<number | null>(done => child.once('close', code => done(code)))
  return {
    said: () => said,
    end: async () => {
      child.kill('SIGINT')
      const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
      const code = await ended
      clearTimeout(late)
      return code
    },
    kill: () => killed(child, ended),
  }
}

async function killed(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL')
  await ended
}
