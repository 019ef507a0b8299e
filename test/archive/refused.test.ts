import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openRecording } from '../../src/adapters/archive/open.ts'
import { RecordingError } from '../../src/adapters/archive/recording-error.ts'
import { readFiles, refusalOf, withFiles } from './made.ts'

const TRADES = 'timestamp,trade_side,quantity,price,TargetTime,ExpirationTime\n'
const RESOLUTION = `{"kind":"resolution","at":5,"conditionId":"0x${'ab'.repeat(32)}","tokens":["1","2"],"payouts":["1","0"]}\n`

test('nothing there, nothing in it, and nothing known of are said in words', async () => {
  await expect(openRecording('/nowhere/at/all')).rejects.toThrow('/nowhere/at/all: there is no such file or folder')
  expect(await refusalOf({})).toMatch(/there is no recording in this folder; expected JSON lines with kind market/)
  expect(await refusalOf({ 'notes.txt': 'hello\n' })).toMatch(/there is no recording in this folder/)
})

test.each([
  ['an empty file', '', 'the file is empty'],
  ['another header', 'timestamp,side\n1,2\n', 'this is no recording; expected '],
  ['a list of something else', '[{"size": 3}]', 'this is no recording; expected '],
  ['an object of something else', '{\n"Pebblecoin": "Up"\n}', 'this is no recording; expected '],
])('%s is refused', async (_name, text, message) => {
  await withFiles({ 'it.csv': text }, async folder => {
    await expect(openRecording(`${folder}/it.csv`)).rejects.toThrow(`${folder}/it.csv: ${message}`)
  })
})

test('a packed file that is cut short says so, with the line it got to', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => RESOLUTION.replace('"at":5', `"at":${index * 7919}`)).join(
    '',
  )
  const packed = gzipSync(rows)
  await withFiles({ 'it.jsonl.gz': packed.subarray(0, packed.length - 2_000) }, async folder => {
    const error = await openRecording(`${folder}/it.jsonl.gz`).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RecordingError)
    expect(String(error)).toMatch(/it\.jsonl\.gz:\d+: the file is cut short or damaged \(unexpected end of file\)/)
  })
})

test('a packed table that is cut short is refused, not read as if it ended there', async () => {
  const row = '2026-01-05 08:00:05,Up,30.0,0.41,2026-01-05 08:00:00,2026-01-05 08:15:00\n'
  const packed = gzipSync(TRADES + row.repeat(50_000))
  expect(await refusalOf({ 'trades-1.csv.gz': packed.subarray(0, packed.length - 100) })).toMatch(
    /cut short or damaged/,
  )
})

test('two recordings in one folder are one too many', async () => {
  expect(await refusalOf({ 'a.jsonl': RESOLUTION, 'b.csv': TRADES })).toMatch(
    /one recording was expected, but a\.jsonl and b\.csv are of different shapes: name one file/,
  )
})

test('a file is recognised whatever it is called, and files beside it are told of', async () => {
  const { recording } = await readFiles({ data: gzipSync(RESOLUTION), 'readme.md': 'about this' })
  expect(recording.total).toBe(1)
  expect(recording.notes()).toEqual(['not used: readme.md'])
})
