import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Fact } from '../../src/core/engine/fact.ts'
import type { Instant, PersonId } from '../../src/core/units/ids.ts'
import { openHalt } from '../../src/run/live/halt.ts'

const NOON = Date.UTC(2026, 10, 29, 12) as Instant
const by = { person: 'ann' as PersonId, surface: 'telegram', press: '1' }
const LIFTED: readonly Fact[] = [{ kind: 'holdReleased', holder: 'operator', why: 'resumed by ann' }]
const NOT_HELD: readonly Fact[] = [
  { kind: 'instructionRefused', instruction: 'resume', why: 'nobody has stopped trading', by },
]

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'remora-halt-'))
  folders.push(folder)
  const problems: string[] = []
  const path = join(folder, 'HALT')
  const open = () => openHalt(path, what => problems.push(what))
  return { folder, path, open, problems }
}

describe('a stop', () => {
  test('is in force at once and says so in a file that the next process honours', () => {
    const { open, path } = opened()
    const halt = open()
    expect(halt.isSet()).toBe(false)
    halt.set('panic (ann, telegram)', NOON)
    expect(halt.isSet()).toBe(true)
    expect(readFileSync(path, 'utf8')).toContain('panic (ann, telegram)')
    const next = open()
    expect(next.isSet()).toBe(true)
    expect(next.found).toContain('panic')
  })

  test('is in force although the file cannot be written', () => {
    const { open, path, problems } = opened()
    mkdirSync(path)
    const halt = open()
    halt.set('panic', NOON)
    expect(halt.isSet()).toBe(true)
    expect(problems).toHaveLength(1)
  })

  test('a file that somebody made by hand is honoured, whatever it says, and when it cannot be read', () => {
    const { open, path } = opened()
    writeFileSync(path, '')
    expect(open().isSet()).toBe(true)
    chmodSync(path, 0o000)
    expect(open().isSet()).toBe(true)
  })
})

describe('going on', () => {
  test('ends it and its file', () => {
    const { open, path } = opened()
    const halt = open()
    halt.set('panic', NOON)
    halt.recorded()
    halt.resumed(LIFTED)
    expect(halt.isSet()).toBe(false)
    expect(existsSync(path)).toBe(false)
    expect(open().isSet()).toBe(false)
  })

  test('ends a stop that never came on record', () => {
    const { open } = opened()
    const halt = open()
    halt.set('panic', NOON)
    halt.recorded()
    halt.resumed(NOT_HELD)
    expect(halt.isSet()).toBe(false)
  })

  test('ends one whose record is lost where only a pause was held', () => {
    const { open } = opened()
    const halt = open()
    halt.set('panic', NOON)
    halt.recorded()
    halt.resumed([{ kind: 'holdReleased', holder: 'pause', why: 'resumed by ann' }])
    expect(halt.isSet()).toBe(false)
  })

  test('does not end a stop that was pressed meanwhile and is not on record yet', () => {
    const { open, path } = opened()
    const halt = open()
    halt.set('first', NOON)
    halt.recorded()
    halt.set('second', NOON)
    halt.resumed(LIFTED)
    expect(halt.isSet()).toBe(true)
    expect(existsSync(path)).toBe(true)
    halt.recorded()
    halt.resumed(LIFTED)
    expect(halt.isSet()).toBe(false)
  })

  test('nothing but a wish to go on that was granted ends it', () => {
    const { open } = opened()
    const halt = open()
    halt.set('panic', NOON)
    halt.recorded()
    halt.resumed([{ kind: 'holdReleased', holder: 'recovery', why: 'all is well' }])
    halt.resumed([{ kind: 'instructionRefused', instruction: 'approve', why: 'no', by }])
    halt.resumed([])
    expect(halt.isSet()).toBe(true)
  })
})
