import { expect, test } from 'vitest'
import { race, raceAtEars } from '../rig/races.ts'

/** `REMORA_RACES_AT_EARS=100000 npx vitest run test/voices/races.test.ts` runs as many as one likes. */
const RACES = Number(process.env.REMORA_RACES ?? 150)
const AT_EARS = Number(process.env.REMORA_RACES_AT_EARS ?? 2_000)
const SEED = process.env.REMORA_RACES_SEED ?? 'races 1'

function judged({
  races,
  broken,
  untold,
  late,
  pressesOnRecord,
  ends,
  ...rest
}: Awaited<ReturnType<typeof race>>): void {
  if (races > 10_000)
    process.stderr.write(`${JSON.stringify({ races, late, ends: [...ends], ...rest }, undefined, 1)}\n`)
  expect(broken).toEqual([])
  expect(untold).toBe(0)
  expect(pressesOnRecord).toBe(2 * (races - late))
  expect(late).toBeLessThan(races / 10 + 1)
  const won = [...ends].filter(([end]) => end.endsWith('signalCopied')).reduce((sum, [, count]) => sum + count, 0)
  // Both sides win some: a race that always ends alike is none.
  expect(won).toBeGreaterThan(races / 10)
  expect(won).toBeLessThan(races)
}

test(`X1, X2, H1: of ${RACES} races between two presses of one card within 5 ms, on the real clients, each has one decision (seed ${SEED})`, {
  timeout: 60_000 + RACES * 1_000,
}, async () => {
  judged(await race(RACES, SEED))
})

test(`X1: of ${AT_EARS} races at the ears, with the journal on the disk, each has exactly one decision (seed ${SEED})`, {
  timeout: 60_000 + AT_EARS * 50,
}, async () => {
  judged(await raceAtEars(AT_EARS, SEED))
})
