import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { ListedWhale } from '../../src/chat/desk.ts'
import { UserError } from '../../src/chat/user-error.ts'
import { instant, type WhaleAddress } from '../../src/core/units/ids.ts'
import type { Usd } from '../../src/core/units/money.ts'
import { NO_OWN_RECORD, NOTE_MAX, WEIGHT_MAX, type Whale } from '../../src/core/whale/whale.ts'
import { exportWhales, importWhales, LIST_BYTES_MAX, whaleListText } from '../../src/run/live/whale-list.ts'
import { readWhaleList } from '../../src/run/live/whale-list-read.ts'

const folder = mkdtempSync(join(tmpdir(), 'remora-whales-'))
afterAll(() => rmSync(folder, { recursive: true }))

const anyWhale: fc.Arbitrary<ListedWhale> = fc.record({
  address: fc.stringMatching(/^0x[0-9a-f]{40}$/).map(text => text as WhaleAddress),
  name: fc.string({ unit: 'binary', maxLength: 300 }).filter(name => name.length <= 300),
  settings: fc.record({
    isEnabled: fc.boolean(),
    mutedUntil: fc.option(fc.integer({ min: 0, max: 8_640_000_000_000_000 }).map(instant), { nil: undefined }),
    weight: fc.double({ min: 0, max: WEIGHT_MAX, noNaN: true }).map(weight => weight + 0),
    stakeMax: fc.option(
      fc.bigInt({ min: 1n, max: 10n ** 20n }).map(amount => amount as Usd),
      { nil: undefined },
    ),
    note: fc.string({ unit: 'binary', maxLength: NOTE_MAX }).filter(note => note.length <= NOTE_MAX),
  }),
})
const anyList = fc.uniqueArray(anyWhale, { selector: ({ address }) => address, maxLength: 8 })

function whaleOf(listed: ListedWhale): Whale {
  const rest = { record: undefined, quality: undefined, lastTradeAt: undefined }
  return { ...listed, followedAt: instant(0), own: NO_OWN_RECORD, ...rest }
}

const byAddress = (one: ListedWhale, other: ListedWhale): number => (one.address < other.address ? -1 : 1)

test('what is written is read back without loss, and the order of following leaves no trace', () => {
  fc.assert(
    fc.property(anyList, list => {
      const text = whaleListText(list)
      expect(readWhaleList(text, 8)).toEqual({ kind: 'whole', whales: [...list].sort(byAddress) })
      expect(whaleListText([...list].reverse())).toBe(text)
    }),
  )
})

test('whatever the file says, it is read or every fault is one visible line', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.json(),
    fc.json().map(whales => `{"version":1,"whales":[${whales}]}`),
    fc.json().map(settings => `{"version":1,"whales":[{"address":"0x","name":"","settings":${settings}}]}`),
  )
  fc.assert(
    fc.property(anything, text => {
      const read = readWhaleList(text, 5)
      if (read.kind === 'whole') return
      expect(read.faults.length).toBeGreaterThan(0)
      for (const fault of read.faults) expect(fault).toMatch(/^\P{C}{1,300}$/u)
    }),
  )
})

const row = (change: object, settings: object = {}) => ({
  address: `0x${'a'.repeat(40)}`,
  name: '',
  settings: { isEnabled: true, weight: 1, note: '', ...settings },
  ...change,
})
const listOf = (...whales: readonly unknown[]) => JSON.stringify({ version: 1, whales })

const FAULTS: readonly (readonly [string, string, RegExp])[] = [
  ['an empty file', '', /^line 1: .*no JSON/],
  ['a line that is broken', '{\n  "version": 1,\n  "whales": oops\n}', /^line 3: .*no JSON/],
  ['a file that ends early', '{\n  "version": 1,\n  "whales": [', /^line 3: .*no JSON/],
  ['a list without its head', '[]', /no object with a version/],
  ['another version', '{"version":2,"whales":[]}', /^version: it must be 1.* it is 2$/],
  ['no whales', '{"version":1}', /^whales: it must be a list/],
  ['a field beside', '{"version":1,"whales":[],"owner":1}', /^owner: there is no such field/],
  ['more than can be followed', listOf(row({}), row({}), row({})), /there are 3, and at most 2/],
  ['a wallet that is none', listOf(row({ address: '0x12' })), /^whale 1: address: .*"0x12"/],
  ['a wallet twice', listOf(row({}), row({ address: `0x${'A'.repeat(40)}` })), /^0xa{40}: it is listed twice/],
  ['a whale that is none', listOf(null), /^whale 1: it is no object but null/],
  ['a name that is none', listOf(row({ name: 7 })), /^0xa{40}: name: .*it is 7/],
  ['no settings', listOf(row({ settings: undefined })), /settings: it must be an object; it is missing/],
  ['a misspelt setting', listOf(row({}, { isEnbled: true })), /settings\.isEnbled: there is no such field/],
  ['a switch that is none', listOf(row({}, { isEnabled: 'yes' })), /settings\.isEnabled: .*"yes"/],
  ['too much weight', listOf(row({}, { weight: 2.5 })), /a weight lies between 0 and 2/],
  ['a weight as text', listOf(row({}, { weight: '1' })), /settings\.weight: it must be a number/],
  ['dollars as a number', listOf(row({}, { stakeMax: 250 })), /settings\.stakeMax: it must be dollars as text/],
  ['dollars finer than a millionth', listOf(row({}, { stakeMax: '1.0000001' })), /settings\.stakeMax/],
  ['a cap of nothing', listOf(row({}, { stakeMax: '0' })), /a cap is an amount over nothing/],
  ['a time without its zone', listOf(row({}, { mutedUntil: '2026-10-02T14:00:00' })), /settings\.mutedUntil/],
  ['a note that is too long', listOf(row({}, { note: 'x'.repeat(201) })), /at most 200 characters/],
]

test('the line of what is no JSON is found wherever it is', () => {
  const good = whaleListText([
    whaleOf(row({}) as unknown as ListedWhale),
    whaleOf(row({ address: `0x${'b'.repeat(40)}` }) as unknown as ListedWhale),
  ])
  const lines = good.trimEnd().split('\n')
  fc.assert(
    fc.property(
      fc.nat(lines.length - 1),
      fc.constantFrom('oops', '"', '}}}}}}', ',,', "'one'", '\u0000'),
      (index, wrong) => {
        const text = lines.map((line, at) => (at === index ? `${line}${wrong}` : line)).join('\n')
        const read = readWhaleList(text, 8)
        const [fault] = read.kind === 'faulty' ? read.faults : []
        expect(fault).toMatch(new RegExp(`^line (${index + 1}|${index + 2}): from here on`))
      },
    ),
  )
})

test.each(FAULTS)('%s is a fault that says where', (_name, text, fault) => {
  const read = readWhaleList(text, 2)
  expect(read).toMatchObject({ kind: 'faulty' })
  if (read.kind === 'faulty') expect(read.faults.join('\n')).toMatch(fault)
})

describe('the file', () => {
  const listed: ListedWhale = {
    address: `0x${'b'.repeat(40)}` as WhaleAddress,
    name: 'swisstony',
    settings: { isEnabled: false, mutedUntil: undefined, weight: 0.5, stakeMax: 250_000_001n as Usd, note: 'calm' },
  }

  test('is written whole over what was there, and read back', async () => {
    const path = join(folder, 'made', 'whales.json')
    expect(await exportWhales(path, [])).toEqual({ path, count: 0 })
    expect(await exportWhales(path, [whaleOf(listed)])).toEqual({ path, count: 1 })
    expect(await importWhales(path)).toEqual({ kind: 'whole', path, whales: [listed] })
    expect(readdirSync(join(folder, 'made'))).toEqual(['whales.json'])
    expect(readFileSync(path, 'utf8')).toContain('"stakeMax": "250.000001"')
  })

  test('that cannot be written leaves what was there and nothing beside it', async () => {
    const path = join(folder, 'taken')
    mkdirSync(join(path, 'inside'), { recursive: true })
    await expect(exportWhales(path, [whaleOf(listed)])).rejects.toThrow(UserError)
    expect(readdirSync(path)).toEqual(['inside'])
    expect(readdirSync(folder).filter(name => name.includes('part'))).toEqual([])
  })

  test('that is not there, no file, or far too large is refused with a sentence', async () => {
    await expect(importWhales(join(folder, 'none.json'))).rejects.toThrow(/There is no .*`whales export` writes one/)
    await expect(importWhales(folder)).rejects.toThrow(/is no file|EISDIR/)
    const large = join(folder, 'large.json')
    writeFileSync(large, '')
    truncateSync(large, LIST_BYTES_MAX + 1)
    await expect(importWhales(large)).rejects.toThrow(/has 4000001 bytes; a list of whales has at most 4000000/)
  })
})
