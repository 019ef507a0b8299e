import { describe, expect, test } from 'vitest'
import { instant, signalIdOf } from '../../src/core/units/ids.ts'
import { Tellings } from '../../src/run/eyes/tellings.ts'
import { START, tradeOf, whaleOf } from './world-of-wallets.ts'

const at = (ms: number) => instant(START + ms)
const trade = (number: number, ms = 0) => tradeOf(whaleOf(1), number, START + ms)

function listening() {
  const tellings = new Tellings()
  tellings.became('activity', 'live', at(-60_000))
  return tellings
}

test('who told a trade first, and who confirmed it, with how late each was', () => {
  const tellings = listening()
  tellings.told('activity', trade(1), at(2_000))
  tellings.told('chain', trade(1), at(2_300))
  tellings.told('activity', trade(1), at(9_000))
  expect(tellings.of(signalIdOf(trade(1)))).toEqual([
    { source: 'activity', lagMs: 2_000 },
    { source: 'chain', lagMs: 2_300 },
  ])
  expect(tellings.counts('activity', at(9_000))).toMatchObject({ toldFirst: 1, confirmed: 0, lagP50Ms: 2_000 })
  expect(tellings.counts('chain', at(9_000))).toMatchObject({ toldFirst: 0, confirmed: 1, lagP50Ms: 2_300 })
})

describe('a trade that only the rounds told', () => {
  test('was missed by a stream that was live from before it until half a minute after', () => {
    const tellings = listening()
    tellings.told('sweep', trade(1), at(6_000))
    expect(tellings.counts('activity', at(29_999)).missed).toBe(0)
    expect(tellings.counts('activity', at(30_000)).missed).toBe(1)
    expect(tellings.counts('sweep', at(30_000))).toMatchObject({ missed: 0, toldFirst: 1 })
  })

  test('was missed at once where the rounds told it later than that', () => {
    const tellings = listening()
    tellings.told('sweep', trade(1), at(300_000))
    expect(tellings.counts('activity', at(300_000)).missed).toBe(1)
  })

  test.each<[string, (tellings: Tellings) => void]>([
    ['that told it in the meantime', tellings => tellings.told('activity', trade(1), at(20_000))],
    ['that went away in the meantime', tellings => tellings.became('activity', 'stale', at(20_000))],
    [
      'that was away when it happened',
      tellings => {
        tellings.became('activity', 'connecting', at(10_000))
        tellings.became('activity', 'live', at(11_000))
      },
    ],
  ])('was not missed by a stream %s', (_name, meanwhile) => {
    const tellings = listening()
    tellings.told('sweep', trade(1), at(6_000))
    meanwhile(tellings)
    expect(tellings.counts('activity', at(60_000)).missed).toBe(0)
  })

  test('is late, and not missed, once the stream tells it after all', () => {
    const tellings = listening()
    tellings.told('sweep', trade(1), at(6_000))
    expect(tellings.counts('activity', at(40_000)).missed).toBe(1)
    tellings.told('activity', trade(1), at(45_000))
    expect(tellings.counts('activity', at(45_000))).toMatchObject({ missed: 0, late: 1, confirmed: 1 })
  })

  test('is no miss where no order was filled', () => {
    const tellings = listening()
    tellings.told('sweep', { ...trade(1), side: 'sell', how: 'merge' }, at(6_000))
    expect(tellings.counts('activity', at(60_000)).missed).toBe(0)
  })

  test('counts once, however often the rounds tell it', () => {
    const tellings = listening()
    for (let ms = 6_000; ms < 600_000; ms += 30_000) tellings.told('sweep', trade(1), at(ms))
    expect(tellings.counts('activity', at(600_000)).missed).toBe(1)
    expect(tellings.counts('sweep', at(600_000)).toldFirst).toBe(1)
  })
})

test('the lag is of the latest 200 trades', () => {
  const tellings = listening()
  for (let number = 1; number <= 100; number += 1) tellings.told('activity', trade(number), at(60_000))
  for (let number = 101; number <= 300; number += 1)
    tellings.told('activity', trade(number, 60_000), at(60_000 + (number - 100) * 10))
  expect(tellings.counts('activity', at(70_000))).toMatchObject({ lagP50Ms: 1_000, lagP99Ms: 1_980, late: 100 })
})

test('ten thousand trades are remembered, and the one that was told longest ago goes first', () => {
  const tellings = listening()
  for (let number = 1; number <= 10_000; number += 1) tellings.told('activity', trade(number), at(1))
  tellings.told('sweep', trade(1), at(2))
  for (let number = 10_001; number <= 10_002; number += 1) tellings.told('activity', trade(number), at(3))
  expect(tellings.of(signalIdOf(trade(1)))).toHaveLength(2)
  expect(tellings.of(signalIdOf(trade(2)))).toEqual([])
  expect(tellings.of(signalIdOf(trade(10_000)))).toHaveLength(1)
})
