import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/adapters/system/config.ts'

function faultsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

describe('the environment', () => {
  test('says nothing: the sandbox, ten thousand dollars on paper, the standard limits', () => {
    const config = readConfig({})
    expect(config).toMatchObject({
      market: 'sandbox',
      preset: 'standard',
      deposit: 10_000_000_000n,
      follow: [],
      hosts: {},
    })
    expect(config.databaseUrl).toBe(`file:${config.dataDir}/remora.db`)
  })

  test('names hosts: then it is not the sandbox', () => {
    expect(readConfig({ REMORA_GAMMA_URL: 'http://127.0.0.1:1/gamma' })).toMatchObject({
      market: 'polymarket',
      hosts: { gamma: 'http://127.0.0.1:1/gamma' },
    })
  })

  test('an empty variable is one that is not set', () => {
    expect(readConfig({ REMORA_PRESET: '', LIVE_TRADING: '' }).preset).toBe('standard')
  })

  test.each([
    ['a misspelt name', { REMORA_FOLOW: 'x' }, 'REMORA_FOLOW is not a variable of Remora; did you mean REMORA_FOLLOW?'],
    ['a misspelt name of the other kind', { LIVE_TRADING_LIMT: '5' }, 'LIVE_TRADING_LIMT is not a variable of Remora'],
    [
      'a wallet that is none',
      { REMORA_FOLLOW: '0x12' },
      'REMORA_FOLLOW holds "0x12", which is no wallet: 0x and 40 hex digits',
    ],
    ['a boolean that is none', { LIVE_TRADING: 'yes' }, 'LIVE_TRADING is true or false, and nothing else; it is "yes"'],
    ['False in capitals', { DRY_RUN: 'False' }, 'DRY_RUN is true or false'],
    ['real money', { LIVE_TRADING: 'true' }, 'this version of Remora trades on paper only'],
    [
      'an address that is none',
      { REMORA_GAMMA_URL: 'nonsense' },
      'REMORA_GAMMA_URL is an address that begins with http:// or https://',
    ],
    ['a socket by http', { REMORA_ACTIVITY_SOCKET_URL: 'http://x' }, 'begins with ws:// or wss://'],
    ['no money', { REMORA_PAPER_BALANCE: '0' }, 'is an amount of dollars'],
    ['an amount with an exponent', { REMORA_PAPER_BALANCE: '1e5' }, 'is an amount of dollars'],
    ['a speed of nothing', { REMORA_SANDBOX_SPEED: '0' }, 'is a number from 0.1 to 100'],
    ['a preset that is none', { REMORA_PRESET: 'yolo' }, 'is conservative, standard or aggressive'],
    [
      'the sandbox with hosts of its own',
      { REMORA_MARKET: 'sandbox', REMORA_DATA_URL: 'http://x' },
      'brings its own hosts',
    ],
  ])('refuses %s in words', (_, environment, words) => {
    expect(faultsOf(environment as Record<string, string>).join('\n')).toContain(words)
  })

  test('every fault is told at once', () => {
    expect(faultsOf({ REMORA_X: '1', REMORA_PRESET: 'no', LIVE_TRADING: 'maybe' })).toHaveLength(3)
  })
})
