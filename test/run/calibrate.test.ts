import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { pairedInterval } from '../../src/run/calibrate/calibrate-bootstrap.ts'
import { runCalibrate } from '../../src/run/calibrate/calibrate-command.ts'

const RECORDED = join(process.env.REMORA_RECORDED_DATA ?? '', 'whales')
const isThere = process.env.REMORA_RECORDED_DATA !== undefined && existsSync(RECORDED)
const DAY = 86_400
const FIRST = 1_767_600_000

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function lines(rows: readonly object[]): string {
  return rows.map(row => `${JSON.stringify(row)}\n`).join('')
}

const wallet = (number: number) => `0x${String(number).padStart(40, '0')}`
const market = (number: number) => `0x${String(number).padStart(64, '0')}`

/** A purchase of the first outcome of a market, so many days in. */
function buy(number: number, day: number, over: object = {}) {
  return {
    ...{ tx: `0x${number}`, wallet: wallet(1), name: 'heron', usd: 100, price: 0.5, timestamp: FIRST + day * DAY },
    ...{ title: `Match ${number}`, outcome: 'Herons', eventSlug: `match-${number}` },
    ...{ conditionId: market(number), outcomeIndex: 0 },
    ...over,
  }
}

function ending(number: number, day: number, won: boolean, over: object = {}) {
  return {
    ...{ id: `${market(number)}:0`, title: `Match ${number}`, outcome: 'Herons', eventSlug: `match-${number}`, won },
    resolvedAt: new Date((FIRST + day * DAY) * 1_000).toISOString().replace('.000Z', '+00:00'),
    ...over,
  }
}

function stored(day: number, wins: number, losses: number, net: number | null, number = 1) {
  return { wallet: wallet(number), wins, losses, net, at: FIRST + day * DAY }
}

async function calibrate(
  trades: readonly object[],
  endings: readonly object[],
  records: readonly object[],
  ...more: readonly string[]
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'remora-calibrate-'))
  folders.push(folder)
  writeFileSync(join(folder, 'a.jsonl'), lines(trades))
  writeFileSync(join(folder, 'b.jsonl'), lines(endings))
  writeFileSync(join(folder, 'c.jsonl'), lines(records))
  const printed: string[] = []
  await runCalibrate([folder, ...more], line => printed.push(line))
  return printed.join('\n')
}

/** Forty purchases at 50¢ of a wallet that is told to have won nearly always, of which so many come true. */
function season(won: number) {
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1)
  return [
    numbers.map(number => buy(number, number)),
    numbers.map(number => ending(number, number + 0.5, number <= won)),
    [stored(0, 900, 100, 50_000)],
  ] as const
}

describe('a calibration', () => {
  test('with no edge anywhere is exactly the price', async () => {
    expect(await calibrate(...season(30))).toMatch(/with every edge at 0 +0\.25000, .*exactly the price’s/)
  })

  test('says that a record beats the price where it does, and that it is worse where it is', async () => {
    expect(await calibrate(...season(36))).toContain('beat the price here, beyond what luck explains')
    expect(await calibrate(...season(6))).toContain('are worse than the price here, beyond what luck explains')
    expect(await calibrate(...season(22))).toContain('do not beat the price here')
  })

  test('uses no record that was stored afterwards, and none without its net', async () => {
    const late = await calibrate([buy(1, 2)], [ending(1, 3, true)], [stored(2.5, 90, 10, 5_000)])
    expect(late).toContain('0 of them had a stored record by then')
    const netless = await calibrate([buy(1, 2)], [ending(1, 3, true)], [stored(1, 90, 10, null)])
    expect(netless).toContain('0 of them had a stored record by then')
    const before = await calibrate([buy(1, 2)], [ending(1, 3, true)], [stored(2, 90, 10, 5_000)])
    expect(before).toContain('1 of them had a stored record by then, 1 one that shows an edge')
  })

  test('learns of an earlier purchase only once its market has ended', async () => {
    const bets = [buy(1, 1), buy(2, 3)]
    const scoreOf = (text: string) => /by its ended purchases +(\S+),/.exec(text)?.[1]
    const known = await calibrate(bets, [ending(1, 2, true), ending(2, 9, true)], [stored(1, 1, 1, 0, 9)])
    const unknown = await calibrate(bets, [ending(1, 8, true), ending(2, 9, true)], [stored(1, 1, 1, 0, 9)])
    expect(scoreOf(unknown)).toBe('0.25000')
    expect(Number(scoreOf(known))).toBeLessThan(0.25)
  })

  test('joins by the market’s id, else by names where only one market has them, and takes the other outcome for the contrary', async () => {
    const nameless = { conditionId: undefined, outcomeIndex: undefined }
    const bets = [
      buy(1, 1, { outcome: 'Rovers', outcomeIndex: 1 }),
      buy(2, 1, nameless),
      buy(3, 1, { ...nameless, eventSlug: 'another' }),
      buy(4, 1, nameless),
      buy(5, 1),
    ]
    const twin = ending(4, 5, false, { id: `${market(44)}:0` })
    const endings = [ending(1, 5, false), ending(2, 5, true), ending(3, 5, true), ending(4, 5, true), twin]
    const told = await calibrate(bets, [...endings, ending(5, 5, true), ending(5, 6, false)], [stored(0, 1, 1, 0)])
    expect(told).toContain('5, of which 2 have their ending on record')
    expect(told).toContain('1 by the market’s id, 1 by the names')
    expect(told).toMatch(/0\.5–0\.6 +0\.500 +1\.000 +2/)
    expect(told).toContain('contradict each other: no ending (1)')
    expect(told).toContain('whose name several markets have: no ending (1)')
  })

  test('prices a copy dearer than the whale by what it says', async () => {
    const told = await calibrate([buy(1, 1)], [ending(1, 5, true)], [stored(0, 1, 1, 0)])
    expect(told).toMatch(/every purchase copied.*price +1 copies, \+\$100\.00.*1¢ more +1 copies, \+\$96\.0/s)
  })

  test('is the same for the same seed', async () => {
    const once = await calibrate(...season(30), '--seed', '7')
    expect(await calibrate(...season(30), '--seed', '7')).toBe(once)
  })

  test.each([
    ['no folder', [], /usage/],
    ['two folders', ['a', 'b'], /usage/],
    ['an option that is none', ['a', '--loud'], /usage/],
    ['a folder that is not there', ['/nowhere/at/all'], /no such folder/],
  ])('asked with %s says what is wanted', async (_, args, why) => {
    await expect(runCalibrate(args, () => {})).rejects.toThrow(why)
  })

  test('without one ending is refused', async () => {
    await expect(calibrate([buy(1, 1)], [ending(2, 2, true)], [stored(0, 1, 1, 0)])).rejects.toThrow(
      /nothing to compare/,
    )
  })
})

describe('the interval of paired differences', () => {
  test('holds the mean, is narrower the more there is, and wide where all hangs on one group', () => {
    const values = Array.from({ length: 60 }, (_, index) => (index % 5) - 1)
    const alone = pairedInterval(
      values.map(value => [value]),
      'a',
    )
    const few = pairedInterval(
      values.slice(0, 15).map(value => [value]),
      'a',
    )
    const together = pairedInterval([values.slice(0, 30), values.slice(30)], 'a')
    if (alone === undefined || few === undefined || together === undefined) throw new Error('there are differences')
    expect(alone.mean).toBe(1)
    expect(alone.low < 1 && 1 < alone.high).toBe(true)
    expect(few.high - few.low).toBeGreaterThan(alone.high - alone.low)
    expect(together).toMatchObject({ low: 1, high: 1 })
    expect(pairedInterval([[], []], 'a')).toBeUndefined()
  })
})

describe.skipIf(!isThere)('recorded whales (skipped unless REMORA_RECORDED_DATA names their folder)', () => {
  test('are joined by id and by name, and with no edge are exactly as good as the price', async () => {
    const printed: string[] = []
    await runCalibrate([RECORDED], line => printed.push(line))
    const told = printed.join('\n')
    expect(told).toContain('431, of which 261 have their ending on record, in 100 markets')
    expect(told).toContain('95 by the market’s id, 166 by the names')
    expect(told.match(/with every edge at 0 .*exactly the price’s/g)).toHaveLength(2)
  })
})
