import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { jumpingClock } from '../../src/adapters/system/clock.ts'
import { LockedError, lockFolder } from '../../src/adapters/system/lock.ts'
import { schedule } from '../../src/adapters/system/schedule.ts'
import { InvariantError } from '../../src/core/units/brand.ts'
import { instant, type PersonId } from '../../src/core/units/ids.ts'
import { seeded } from '../../src/core/units/seeded.ts'
import { BusyError, createIntake } from '../../src/run/intake.ts'
import { type Service, supervise } from '../../src/run/supervisor.ts'

const folder = mkdtempSync(join(tmpdir(), 'remora-system-'))
afterAll(() => rmSync(folder, { recursive: true }))
const turn = () => new Promise(resolve => setImmediate(resolve))

describe('the lock of a folder', () => {
  test('is taken, keeps another out, and is given back', () => {
    const file = join(folder, 'one.lock')
    const unlock = lockFolder(file)
    expect(readFileSync(file, 'utf8').trim()).toBe(String(process.pid))
    unlock()
    lockFolder(file)()
  })

  test('of a process that lives is respected, and the sentence names it', () => {
    const file = join(folder, 'two.lock')
    writeFileSync(file, `${process.ppid}\n`)
    expect(() => lockFolder(file)).toThrow(LockedError)
    expect(() => lockFolder(file)).toThrow(`process ${process.ppid}`)
  })

  test.each(['4194303', 'no number', ''])('of a process that is gone is taken over (%s)', left => {
    const file = join(folder, 'three.lock')
    writeFileSync(file, left)
    lockFolder(file)()
  })
})

describe('the intake', () => {
  const asker = { person: 'someone' as PersonId, surface: 'test', press: '1' }

  test('stamps with a time that never runs backwards, in the order of coming', () => {
    let now = 500
    const intake = createIntake({ ...jumpingClock(instant(0)), now: () => instant(now) })
    intake.offer({ kind: 'clockTurned' })
    now = 300
    intake.offer({ kind: 'redeemed', account: 'paper', condition: '0x' as never })
    expect(intake.take(10).map(({ input }) => input.at)).toEqual([500, 500])
    now = 900
    intake.offer({ kind: 'clockTurned' })
    expect(intake.take(10).map(({ input }) => [input.kind, input.at])).toEqual([['clockTurned', 900]])
  })

  test('of two turns of the clock only the newer waits', () => {
    const intake = createIntake(jumpingClock(instant(7)))
    intake.offer({ kind: 'clockTurned' })
    intake.offer({ kind: 'clockTurned' })
    expect(intake.size()).toBe(1)
  })

  test('answers "busy" to the hundred and first instruction, and takes more when some are done', async () => {
    const intake = createIntake(jumpingClock(instant(7)))
    const ask = () => intake.ask({ kind: 'instructed', asker, instruction: { kind: 'resume' } })
    const waiting = Array.from({ length: 100 }, ask)
    await expect(ask()).rejects.toThrow(BusyError)
    for (const taken of intake.take(100)) taken.settle([])
    await Promise.all(waiting)
    const next = ask()
    for (const taken of intake.take(1)) taken.settle([])
    await expect(next).resolves.toEqual([])
  })

  test('once closed tells those who wait, and those who come', async () => {
    const intake = createIntake(jumpingClock(instant(7)))
    const before = intake.ask({ kind: 'clockTurned' })
    intake.close(new Error('closing'))
    await expect(before).rejects.toThrow('closing')
    await expect(intake.ask({ kind: 'clockTurned' })).rejects.toThrow('closing')
    intake.offer({ kind: 'clockTurned' })
    expect(intake.size()).toBe(0)
  })
})

describe('the supervisor', () => {
  const start = (service: Omit<Service, 'name'>) => {
    const clock = jumpingClock(instant(0))
    const end = new AbortController()
    const notes: string[] = []
    const run = supervise([{ name: 'it', ...service }], {
      clock,
      chance: seeded('supervisor'),
      signal: end.signal,
      note: (_, error) => notes.push(String(error)),
    })
    run.catch(() => undefined)
    return { clock, end, notes, run }
  }

  test('starts a failed service again, later each time, and gives up after six failures in five minutes', async () => {
    let starts = 0
    const { clock, notes, run } = start({
      isEssential: false,
      run: async () => {
        starts += 1
        throw new Error(`failure ${starts}`)
      },
    })
    const seen = expect(run).rejects.toThrow('it failed 6 times in five minutes')
    for (let turns = 0; turns < 50; turns += 1) {
      await turn()
      clock.jump()
    }
    await seen
    expect(notes).toHaveLength(6)
  })

  test('ends with an essential service, and with a broken rule wherever it is', async () => {
    await expect(start({ isEssential: true, run: () => Promise.reject(new Error('gone')) }).run).rejects.toThrow('gone')
    const broken = start({
      isEssential: false,
      run: () => Promise.reject(new InvariantError('cash is never negative')),
    })
    await expect(broken.run).rejects.toThrow('cash is never negative')
  })

  test('resolves when the run is over', async () => {
    const { end, run } = start({
      isEssential: true,
      run: signal => new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true })),
    })
    end.abort()
    await expect(run).resolves.toBeUndefined()
  })
})

describe('a schedule', () => {
  test('that cannot be read is refused, where the library would only answer null', () => {
    expect(() =>
      schedule(
        'never',
        'not a rule',
        () => undefined,
        () => undefined,
      ),
    ).toThrow('not a rule is not a schedule (never)')
  })

  test('fires, never two at a time, tells of failures, and stops with nothing left', async () => {
    let running = 0
    let most = 0
    const fired: string[] = []
    await new Promise<void>(resolve => {
      const every = schedule(
        'often',
        '* * * * * *',
        async () => {
          running += 1
          most = Math.max(most, running)
          await turn()
          running -= 1
          throw new Error('as planned')
        },
        (name, error) => {
          fired.push(`${name} ${String(error)}`)
          void every.stop().then(resolve)
        },
      )
    })
    expect(fired).toEqual(['often Error: as planned'])
    expect(most).toBe(1)
  })
})
