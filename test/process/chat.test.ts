import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { startBot } from '../demo/bot.ts'
import { playDay } from '../demo/scenario.ts'
import { startDiscord } from '../stand-ins/discord/discord.ts'
import { startTelegram } from '../stand-ins/telegram/telegram.ts'
import { folder } from './started.ts'

const ENTRY = resolve(import.meta.dirname, '../../dist/src/main.js')
const SOON_MS = 45_000

test('a day on both surfaces: cards, an approval, fills, a kill, old buttons, a breaker, a stop, and going on', {
  timeout: 600_000,
}, async () => {
  const day = await playDay(ENTRY, folder(), () => undefined)
  try {
    expect(day.steps.map(({ step }) => step)).toEqual(
      expect.arrayContaining([
        'started',
        'approvals are on',
        'a card arrived on both',
        'approved on Discord',
        'the card on Telegram followed',
        'killed',
        'the old button still works',
        'a breaker opened',
        'the page was acknowledged',
        'stopped from Telegram',
        'still stopped after a restart',
        'the card of two lives ago explains itself',
        'resumed by the owner',
      ]),
    )
    expect(day.discord.unhandled).toEqual([])
    expect(day.telegram.unhandled).toEqual([])
    expect(day.discord.failures).toEqual([])
    // Registered once, and found in place by the lives that followed.
    expect(day.discord.commandPuts()).toBe(1)
  } finally {
    await day.close()
  }
})

test('C3: no secret stands in any log, message or file, whatever breaks', { timeout: 240_000 }, async () => {
  const discord = await startDiscord()
  const telegram = await startTelegram({ token: '7654321:CANARY-telegram-1d0c6f0a9b8e7d6c5b4a' })
  const ann = discord.person({ id: '400000000000000001', name: 'ann' })
  const phone = telegram.person({ id: 42, name: 'Ann' })
  telegram.person({ id: 77, name: 'Bob' })
  const dataDir = folder()
  const bot = startBot(
    ENTRY,
    dataDir,
    { discord, telegram },
    {
      REMORA_LOG_LEVEL: 'debug',
      REMORA_RPC_URLS: 'ws://127.0.0.1:9/v2/CANARY-node-key',
      REMORA_MARKET: 'polymarket',
      REMORA_GAMMA_URL: 'http://127.0.0.1:9',
      REMORA_DATA_URL: 'http://127.0.0.1:9',
      REMORA_CLOB_URL: 'http://127.0.0.1:9',
      REMORA_MARKET_SOCKET_URL: 'ws://127.0.0.1:9',
      REMORA_ACTIVITY_SOCKET_URL: 'ws://127.0.0.1:9',
    },
  )
  try {
    await discord.until(() => discord.commands().length > 20, SOON_MS)
    await telegram.until(() => telegram.isPolled(), SOON_MS)
    for (const kind of ['html', 'truncated', 'reset', 'badGateway', 'conflict'] as const) {
      const fault = telegram.faults.add({ kind }, { times: 3 })
      phone.say('/status')
      await telegram.until(() => fault.hits() >= 3, SOON_MS)
    }
    for (const fault of [
      { kind: 'html' },
      { kind: 'truncated' },
      { kind: 'cut' },
      { kind: 'answer', status: 500, body: {} },
      { kind: 'answer', status: 403, body: { code: 50013, message: 'Missing Permissions' } },
    ] as const) {
      discord.faults.set({ ...fault, times: 2 })
      ann.slash('health', {}, { channel: 'approvals' })
      phone.say('/health')
      await discord.until(() => discord.faults.active().length === 0, SOON_MS)
    }
    discord.gateway.reconnect()
    await telegram.faults.clear()
    phone.say('/people')
    phone.say('/link')
    phone.say('/whale 0x1111111111111111111111111111111111111111')
    await telegram.until(() => telegram.messages(42).some(each => /Your code is/.test(each.text)), SOON_MS)
    discord.faults.set({ kind: 'revoked' })
    ann.slash('status', {}, { channel: 'approvals' })
    telegram.faults.add({ kind: 'unauthorized' })
    await discord.until(() => /revoked|token/i.test(bot.said()), SOON_MS).catch(() => undefined)
  } finally {
    await bot.end()
  }
  const keys = readFileSync(join(dataDir, 'press.keys'), 'utf8').trim()
  const secrets = [telegram.token, 'CANARY-telegram', 'CANARY-node-key', discord.token, keys]
  const words = [
    bot.said(),
    ...(['approvals', 'fills', 'risk', 'log'] as const).map(name => discord.transcript(name)),
    JSON.stringify(discord.calls.map(({ body }) => body)),
    telegram.transcript(42),
    ...readdirSync(dataDir)
      .filter(name => name !== 'press.keys')
      .map(name => readFileSync(join(dataDir, name)).toString('latin1')),
  ]
  for (const secret of secrets)
    expect(words.filter(text => text.includes(secret)).map(text => text.slice(0, 80))).toEqual([])
  await discord.stop()
  await telegram.stop()
})
