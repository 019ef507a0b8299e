import { describe, expect, test } from 'vitest'
import type { ProfitPicture } from '../../src/adapters/charts/profit-picture.ts'
import { InvariantError } from '../../src/core/units/brand.ts'
import { type Hour, hourOf, instant, startOfHour, type WhaleAddress } from '../../src/core/units/ids.ts'
import { type Usd, usd } from '../../src/core/units/money.ts'
import type { EquityHour, Records, WhaleProfit } from '../../src/ports/records.ts'
import { type Drawing, drawnProfit, profitPicture } from '../../src/run/live/profit-picture.ts'
import { HOSTILE_NAMES, HOUR_MS, NOW } from './made.ts'

const HERE = hourOf(NOW)
const present = { account: 'paper', isSimulated: true, at: NOW, equity: usd('111') } as const
const address = (digit: string) => `0x${digit.repeat(40)}` as WhaleAddress

function hour(ago: number, equity: string): EquityHour {
  return { hour: (HERE - ago) as Hour, equity: usd(equity) }
}

/** The tables, as far as the picture asks them. */
function records(hours: readonly EquityHour[], whales: readonly WhaleProfit[] = []): Records {
  const none = async () => []
  return {
    story: async () => undefined,
    signals: none,
    asked: none,
    orders: none,
    profitByDay: none,
    profitByWhale: async (_, most) => whales.slice(0, most),
    equityByHour: async (_, most) => (most <= 0 ? [] : hours.slice(-most)),
  }
}

async function pointsOf(hours: readonly EquityHour[], days: number): Promise<readonly (readonly [number, Usd])[]> {
  const { points } = await profitPicture(records(hours), present, days)
  return points.map(({ at, equity }) => [(at - startOfHour(HERE)) / HOUR_MS, equity] as const)
}

const NOW_POINT = [2 / 60, usd('111')]

describe('the line of the last days', () => {
  test('is every hour of them, and the present last', async () => {
    const all = Array.from({ length: 60 }, (_, index) => hour(59 - index, String(index)))
    const points = await pointsOf(all, 1)
    expect(points).toHaveLength(24 + 1)
    expect(points[0]).toEqual([-23, usd('36')])
    expect(points.slice(-2)).toEqual([[0, usd('59')], NOW_POINT])
  })

  test('begins with the account where that is younger', async () => {
    expect(await pointsOf([hour(3, '100'), hour(2, '104')], 30)).toEqual([
      [-3, usd('100')],
      [-2, usd('104')],
      NOW_POINT,
    ])
  })

  test('begins with what was there before, where nothing ran when the period began', async () => {
    expect(await pointsOf([hour(90, '70'), hour(80, '80'), hour(4, '90')], 1)).toEqual([
      [-23, usd('80')],
      [-4, usd('90')],
      NOW_POINT,
    ])
    expect(await pointsOf([hour(80, '80')], 1)).toEqual([[-23, usd('80')], NOW_POINT])
  })

  test('is the present alone where the tables have nothing yet', async () => {
    expect(await pointsOf([], 7)).toEqual([NOW_POINT])
  })

  test('can be longer than there was time since 1970', async () => {
    const early = { ...present, at: instant(5 * HOUR_MS) }
    const { points } = await profitPicture(records([{ hour: 2 as Hour, equity: usd('1') }]), early, 90)
    expect(points.map(({ at }) => at)).toEqual([2 * HOUR_MS, 5 * HOUR_MS])
  })
})

test('whales have a name or an address, and what no whale caused says so', async () => {
  const profits = [
    { whale: address('a'), name: 'swisstony', profit: usd('5'), fees: usd('0') },
    { whale: address('b'), name: '', profit: usd('4'), fees: usd('0') },
    { whale: address('c'), name: HOSTILE_NAMES.long ?? '', profit: usd('3'), fees: usd('0') },
    { whale: undefined, name: '', profit: usd('-2'), fees: usd('0') },
  ]
  const { whales } = await profitPicture(records([], profits), present, 7)
  expect(whales.map(({ name }) => name)).toEqual(['swisstony', '0xbbbb…bbbb', `${'W'.repeat(29)}…`, 'no whale'])
  expect(whales.map(({ profit }) => profit)).toEqual(profits.map(({ profit }) => profit))
})

describe('the drawn picture', () => {
  const png = Uint8Array.of(1, 2, 3)
  const noted: unknown[][] = []
  function drawing(change: Partial<Drawing> = {}): Drawing {
    noted.length = 0
    return {
      records: records([hour(3, '100')]),
      draw: async () => png,
      note: (...what) => noted.push(what),
      signal: new AbortController().signal,
      ...change,
    }
  }

  test('is what was drawn, with words for those who cannot see it', async () => {
    const asked: ProfitPicture[] = []
    const draw: Drawing['draw'] = async picture => {
      asked.push(picture)
      return png
    }
    const picture = await drawnProfit(drawing({ draw }), present, 7)
    expect(picture).toMatchObject({ name: 'profit.png', png })
    expect(picture?.alt).toContain('equity went from $100.00 to $111.00 (+$11.00, +11 %)')
    expect(asked).toEqual([await profitPicture(drawing().records, present, 7)])
  })

  test('is none before there are two instants, and nobody is asked to draw', async () => {
    const draw: Drawing['draw'] = () => Promise.reject(new Error('nothing to draw'))
    expect(await drawnProfit(drawing({ records: records([]), draw }), present, 7)).toBeUndefined()
    expect(noted).toEqual([])
  })

  test('that fails costs only itself, and is noted', async () => {
    const error = new Error('out of ink')
    const draw: Drawing['draw'] = () => Promise.reject(error)
    expect(await drawnProfit(drawing({ draw }), present, 7)).toBeUndefined()
    expect(noted).toEqual([['a picture could not be drawn', error]])
  })

  test('that the end of the run cut off is no problem to note', async () => {
    const draw: Drawing['draw'] = (_, signal) => Promise.reject(signal.reason)
    expect(await drawnProfit(drawing({ draw, signal: AbortSignal.abort() }), present, 7)).toBeUndefined()
    expect(noted).toEqual([])
  })

  test('does not hide a broken rule of the program', async () => {
    const draw: Drawing['draw'] = () => Promise.reject(new InvariantError('a rule'))
    await expect(drawnProfit(drawing({ draw }), present, 7)).rejects.toThrow(InvariantError)
  })
})
