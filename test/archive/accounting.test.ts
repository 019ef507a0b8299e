import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPositions, readWallet, readWinners } from '../../src/adapters/archive/wallet-recorded.ts'
import { accountsOf } from '../../src/core/whale/holdings.ts'
import { runAccount } from '../../src/run/account/account-command.ts'
import { withFiles } from './made.ts'

const FOLDER = process.env.REMORA_RECORDED_DATA ?? ''
const isThere = FOLDER !== '' && existsSync(FOLDER)

const CONDITION = `0x${'a'.repeat(64)}`
const WALLET = `0x${'1'.repeat(40)}`
/** A five-minute market that begins at this second. */
const START = 1_774_964_700
const SLUG = `btc-updown-5m-${START}`

async function printed(...args: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = []
  await runAccount(args, line => lines.push(line))
  return lines
}

/** A row of the second version of the Data API. */
function row(
  type: string,
  second: number,
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const market = { condition_id: CONDITION, title: 'Bitcoin Up or Down', slug: SLUG, outcome: '', outcome_index: 999 }
  const told = { proxy_wallet: WALLET, type, timestamp: START + second, transaction_hash: `0x${type}${second}` }
  return { ...told, ...market, token_id: '', side: '', size: 0, usdc_size: 0, price: 0, ...fields }
}

function fill(second: number, side: string, index: 0 | 1, size: number, usdc: number): ReturnType<typeof row> {
  const outcome = ['Up', 'Down'][index]
  return row('TRADE', second, { side, token_id: `${index + 1}`, outcome, outcome_index: index, size, usdc_size: usdc })
}

const OLD_NAMES: Readonly<Record<string, string>> = {
  token_id: 'asset',
  condition_id: 'conditionId',
  usdc_size: 'usdcSize',
  transaction_hash: 'transactionHash',
  outcome_index: 'outcomeIndex',
  proxy_wallet: 'proxyWallet',
}

const ROWS = [
  fill(10, 'BUY', 0, 100, 40),
  fill(20, 'BUY', 1, 60, 30),
  fill(30, 'SELL', 0, 10, 5),
  row('MERGE', 40, { size: 50, usdc_size: 50 }),
  row('REDEEM', 400, { size: 40, usdc_size: 40 }),
]

describe('the account of a made recording', () => {
  test.each([
    ['the present rows, in their envelope', { data: ROWS, pagination: { has_more: false } }],
    [
      'the rows of the retired version, as a list',
      ROWS.map(each =>
        Object.fromEntries(Object.entries(each).map(([name, value]) => [OLD_NAMES[name] ?? name, value])),
      ),
    ],
  ])('is the same of %s', async (_name, whole) => {
    await withFiles({ 'activity.json': JSON.stringify(whole) }, async folder => {
      const lines = await printed(join(folder, 'activity.json'))
      expect(lines).toContain('into markets       $70')
      expect(lines).toContain('out of markets     $95')
      expect(lines).toContain('differences        0')
      expect(lines).toContain('        1          exact')
    })
  })

  test('understands every type there is, and names the one there is not', async () => {
    const rows = [
      row('SPLIT', 1, { size: 5, usdc_size: 5 }),
      row('REDEEM', 400, { token_id: '1', outcome: 'Up', outcome_index: 0, size: 5, usdc_size: 5 }),
      row('MIGRATION', 2, { token_id: '1', outcome: 'Up', outcome_index: 0, size: 2, side: 'OUT' }),
      row('MIGRATION', 3, { token_id: '1', outcome: 'Up', outcome_index: 0, size: 2 }),
      row('CONVERSION', 4, { size: 3, usdc_size: 3 }),
      row('AIRDROP', 5, { size: 1 }),
      row('REWARD', 6, { usdc_size: 1 }),
      row('YIELD', 7, { usdc_size: 1 }),
      row('MAKER_REBATE', 8, { usdc_size: 1 }),
      row('TAKER_REBATE', 9, { usdc_size: 1 }),
      row('REFERRAL_REWARD', 10, { usdc_size: 1 }),
      row('DEPOSIT', 11, { usdc_size: 9 }),
      row('WITHDRAWAL', 12, { usdc_size: 4 }),
      row('TIP', 13, { size: 2, side: 'OUT' }),
      row('TIP', 14, { size: 2 }),
    ]
    await withFiles({ 'activity.json': JSON.stringify(rows) }, async folder => {
      const lines = await printed(join(folder, 'activity.json'))
      expect(lines).toContain('not accounted      4')
      for (const reason of [
        'MIGRATION: its direction is not told',
        'CONVERSION: its tokens is not told',
        'AIRDROP: its meaning is not told',
        'TIP: its direction is not told',
      ])
        expect(lines).toContain(`        1          ${reason}`)
      expect(lines).toContain('withdrawal         $-4')
      expect(lines).toContain('tip                $-2')
      expect(lines).toContain('deposit            $9')
      // Five were split, two of them moved away: the redemption of five takes two that were not there.
      expect(lines.join('\n')).toContain('redeemToken of more than was held')
    })
  })

  test('counts a row that a shifted page told again once, and equal fills of a transaction each', async () => {
    const [first, second] = [fill(10, 'BUY', 0, 100, 40), fill(20, 'BUY', 1, 60, 30)]
    await withFiles({ 'activity.json': JSON.stringify([first, first, second, first, second]) }, async folder => {
      const told = await readWallet(join(folder, 'activity.json'))
      expect([told.acts.length, told.repeats, told.twins]).toEqual([3, 2, 1])
    })
  })

  test('of the table without types knows a merge by its time, and names dollars without a market', async () => {
    const title = '"Bitcoin Up or Down - March 22, 6:35PM-6:40PM ET"'
    const header =
      'id,collected_at,wallet_name,wallet_addr,tx_hash,timestamp,time_utc,side,outcome,price,size,usdc,market'
    const lineOf = (seconds: number, side: string, outcome: string, price: string, size: string, market = title) =>
      `1,1774219142.3,wallet_1,${WALLET},0x${seconds},${seconds},x,${side},${outcome},${price},${size},0,${market}`
    const table = [
      header,
      lineOf(1_774_218_905, 'BUY', 'Up', '0.5', '100'),
      lineOf(1_774_218_906, 'BUY', 'Down', '0.5', '80'),
      lineOf(1_774_219_000, '', '', '0.0', '50'),
      lineOf(1_774_219_100, '', '', '0.0', '30'),
      lineOf(1_774_219_500, '', '', '0.0', '20'),
      lineOf(1_774_219_501, '', '', '0.0', '3.5', ''),
    ]
    const files = { 'wallet.csv': `${table.join('\n')}\n`, 'winners.json': `{${title}: "Up"}` }
    await withFiles(files, async folder => {
      const lines = await printed(join(folder, 'wallet.csv'), '--winners', join(folder, 'winners.json'))
      expect(lines).toContain('        2          paid before the close: merged')
      expect(lines).toContain('        1          paid after the close: merged or redeemed')
      expect(lines).toContain('        1          not recorded: its market is not told')
      expect(lines).toContain('        1          file, equal')
      expect(lines).toContain('        1          confirmed')
    })
  })

  test('is refused with a sentence where the file is something else', async () => {
    await withFiles({ 'a.json': '{"hello": 1}', 'b.json': '[{"transactionHash": 1}]' }, async folder => {
      await expect(printed(join(folder, 'a.json'))).rejects.toThrow('this is no wallet’s activity')
      await expect(printed(join(folder, 'b.json'))).rejects.toThrow('timestamp must be seconds since 1970')
    })
    await expect(printed()).rejects.toThrow('usage: npm run account')
    await expect(printed('a', '--loser', 'b')).rejects.toThrow('usage: npm run account')
  })
})

describe.skipIf(!isThere)(
  'the account of real recordings (skipped unless REMORA_RECORDED_DATA names their folder)',
  () => {
    const file = (name: string): string => join(FOLDER, 'wallet-activity', name)

    test('of forty thousand rows agrees with the payouts wherever the recording is whole', async () => {
      const lines = await printed(file('wallet-1.csv.gz'), '--winners', file('winners-from-redemptions.json.gz'))
      const counted = [
        'markets            466, of which 459 paid out, of which 447 were bought in the recording',
        'equal within 0.5 % 426: 92.8 % of those paid out, 95.3 % of those also bought',
        '      405          exact',
        '       13          short of one taker’s fee',
        '        8          within half a per cent',
        '       26          a pause in the recording lies in its time',
        '        3          began before the recording',
        '        5          not paid out yet when the recording ended',
        '        5          paid more than was bought',
        '        1          paid less than was bought',
        '      425          confirmed',
        '        1          contradicted',
        '        9          merge of more than was held: a pause in the recording lies in its time',
      ]
      for (const line of counted) expect(lines).toContain(line)
    })

    test('of the venue’s own rows equals the positions that it told, but where trading went on', async () => {
      const lines = await printed(file('activity-raw.json.gz'), '--positions', file('positions-raw.json.gz'))
      expect(lines).toContain('       20          covered from its beginning, and equal to the millionth')
      const open = 'covered from its beginning, and not equal: open still: traded on between the two answers'
      expect(lines).toContain(`        4          ${open}`)
    })

    test('would be wrong in one position more if rows told twice were counted twice', async () => {
      const told = await readWallet(file('activity-raw.json.gz'))
      const positions = await readPositions(file('positions-raw.json.gz'))
      expect(told.repeats).toBe(4)
      const { markets } = accountsOf(told.acts)
      const down = positions.find(({ title, outcome }) => title.endsWith('10:00AM-10:05AM ET') && outcome === 'Down')
      const held = down && markets.get(down.condition)?.tokens.get(down.token)?.held
      expect(held).toBe(down?.size)
    })

    test('knows the winners that somebody else derived', async () => {
      expect((await readWinners(file('winners-from-redemptions.json.gz'))).size).toBe(833)
    })

    test('of the present wire rows reads as trades', async () => {
      const told = await readWallet(join(FOLDER, 'wire', 'data-api-v2', 'activity.json'))
      expect(told.acts.length).toBeGreaterThan(0)
      expect(new Set(told.acts.map(({ kind }) => kind))).toEqual(new Set(['trade']))
    })
  },
)
