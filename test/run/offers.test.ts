import { expect, test } from 'vitest'
import type { Offer } from '../../src/chat/desk.ts'
import type { Instant, SignalId } from '../../src/core/units/ids.ts'
import { createOffers } from '../../src/run/live/offers.ts'

const offer = (number: number, round = 1): Offer => [{ signal: `0x${number}` as SignalId, short: `s${number}`, round }]

test('an offer is found by its name for a minute, and by no other', () => {
  let now = 1_000_000 as Instant
  const offers = createOffers(() => now)
  const name = offers.keep(offer(1))
  expect(offers.keep(offer(1, 2))).not.toBe(name)
  expect(offers.keep(offer(1))).toBe(name)
  expect(offers.find(name)).toEqual(offer(1))
  expect(offers.find('')).toBeUndefined()
  expect(createOffers(() => now).find(name)).toBeUndefined()
  now = (now + 60_000) as Instant
  expect(offers.find(name)).toBeUndefined()
})

test('only the latest hundred are kept', () => {
  const offers = createOffers(() => 0 as Instant)
  const names = Array.from({ length: 103 }, (_, number) => offers.keep(offer(number)))
  expect(names.map(name => offers.find(name) !== undefined)).toEqual(names.map((_, index) => index >= 3))
})
