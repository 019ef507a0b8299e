import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jumpingClock } from '../../src/adapters/system/clock.ts'
import { instant } from '../../src/core/units/ids.ts'
import { DeadlineError, withDeadline } from '../../src/run/deadline.ts'

const START = instant(1_000)
const turn = () => new Promise(resolve => setImmediate(resolve))

describe('a clock that jumps', () => {
  test('ends waits by when they are due, and equals by who came first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 }), async delays => {
        const clock = jumpingClock(START)
        const woken: number[] = []
        for (const [index, delay] of delays.entries()) void clock.sleep(delay).then(() => woken.push(index))
        while (clock.jump()) await turn()
        const expected = delays.map((delay, index) => ({ delay, index })).sort((one, other) => one.delay - other.delay)
        expect(woken).toEqual(expected.map(({ index }) => index))
        expect(clock.now()).toBe(START + Math.max(0, ...delays))
      }),
      { numRuns: 40 },
    )
  })

  test('a wait that is given up is not waited for', async () => {
    const clock = jumpingClock(START)
    const end = new AbortController()
    const wait = clock.sleep(500, end.signal)
    end.abort()
    await wait
    expect(clock.next()).toBeUndefined()
    expect(clock.jump()).toBe(false)
    expect(clock.now()).toBe(START)
  })

  test('never goes back', () => {
    const clock = jumpingClock(START)
    clock.set(instant(5_000))
    clock.set(instant(2_000))
    expect(clock.now()).toBe(5_000)
  })
})

describe('a deadline', () => {
  const never = new AbortController().signal

  test('gives the answer that comes in time, and leaves nothing waiting', async () => {
    const clock = jumpingClock(START)
    await expect(withDeadline(clock, 100, never, async () => 'here')).resolves.toBe('here')
    expect(clock.next()).toBeUndefined()
  })

  test('aborts the question that takes too long', async () => {
    const clock = jumpingClock(START)
    const asked = withDeadline(clock, 10_000, never, signal => rejectsWhenAborted(signal))
    const seen = expect(asked).rejects.toThrow(DeadlineError)
    await turn()
    clock.jump()
    await seen
  })

  test('aborts with the run', async () => {
    const clock = jumpingClock(START)
    const run = new AbortController()
    const asked = withDeadline(clock, 10_000, run.signal, signal => rejectsWhenAborted(signal))
    const seen = expect(asked).rejects.toThrow('the run is over')
    run.abort(new Error('the run is over'))
    await seen
  })
})

function rejectsWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
