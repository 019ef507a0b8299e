import { expect, test } from 'vitest'
import { started } from './started.ts'

/** Forty seconds of faults, then as long as the rounds need to find what is missing. */
const WITHIN_MS = 170_000

test('with faults coming and going at every source, every deal becomes a signal once and none is acted on too late', {
  timeout: 240_000,
}, async () => {
  const trial = started(['trial', '--minutes', '0.7', '--whales', '60', '--seed', 'suite', '--speed', '2'])
  const { code } = await trial.end(WITHIN_MS)
  const said = trial.said()
  expect(said).toMatch(/^CLEAN$/m)
  expect(said).toMatch(/^lost +0$/m)
  expect(said).toMatch(/^in two signals +0$/m)
  expect(said).toMatch(/^that never were +0$/m)
  expect(said).toMatch(/^acted on though too old +0$/m)
  // It says something only if there was something to lose, and something that went wrong.
  expect(Number(/^(\d+) deals/m.exec(said)?.[1])).toBeGreaterThan(30)
  expect(Number(/^(\d+) faults switched on/m.exec(said)?.[1])).toBeGreaterThan(5)
  expect(code).toBe(0)
})
