import { expect, test } from 'vitest'
import { signalIdOf } from '../../src/core/units/ids.ts'
import { OwnPart } from '../../src/run/eyes/own-part.ts'
import { START, tradeOf, whaleOf } from './world-of-wallets.ts'

const trade = (number: number) => tradeOf(whaleOf(1), number, START)

test('our own part of the way is from the first frame that told a trade to its signal, for each source', () => {
  let now = 1_000
  const part = new OwnPart(() => now)
  part.started(trade(1), 'activity', 1_000)
  part.started(trade(1), 'chain', 1_001)
  part.started(trade(2), 'chain', 1_000)
  now = 1_003
  part.signalled(signalIdOf(trade(1)))
  part.signalled(signalIdOf(trade(1)))
  now = 1_008
  part.signalled(signalIdOf(trade(2)))
  part.signalled(signalIdOf(trade(3)))
  expect(part.views()).toEqual([
    { source: 'activity', signals: 1, p50Ms: 3, p99Ms: 3 },
    { source: 'chain', signals: 1, p50Ms: 8, p99Ms: 8 },
  ])
})

test('figures are of the latest thousand signals', () => {
  let now = 0
  const part = new OwnPart(() => now)
  for (let number = 1; number <= 3_000; number += 1) {
    part.started(trade(number), 'activity', now)
    now += number <= 2_000 ? 1_000 : (number - 2_000) / 100
    part.signalled(signalIdOf(trade(number)))
  }
  const [view] = part.views()
  expect(view?.signals).toBe(1_000)
  expect(view?.p50Ms).toBeCloseTo(5, 6)
  expect(view?.p99Ms).toBeCloseTo(9.9, 6)
})

test('a trade that became no signal is forgotten as a thousand others come', () => {
  const part = new OwnPart(() => 1)
  for (let number = 0; number <= 1_000; number += 1) part.started(trade(number), 'activity', 0)
  part.signalled(signalIdOf(trade(0)))
  expect(part.views()).toEqual([])
  part.signalled(signalIdOf(trade(1)))
  expect(part.views()).toHaveLength(1)
})
