import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visible } from '../../src/chat/format.ts'
import { fitsPress, PRESS_BYTES_MAX, pressCodec } from '../../src/chat/press-codec.ts'

const key = (name: string): Uint8Array => Buffer.from(name.padEnd(32, '.'))
const codec = pressCodec([key('first')])

const hex = fc.stringMatching(/^[0-9a-f]{40}$/)
const wallet = hex.map(digits => `0x${digits}`)
const word = fc.oneof(
  fc.constantFrom('approve', 'reject', 'why', 'card:2', '$40', '~', '~~', '0x', '"', '50%', '#333444', 'é', '字', '👍'),
  fc.stringMatching(/^[\w~-]{1,12}$/),
)
/** Lines of every kind that a button can carry: what commands offer, wallets among it, and any visible text. */
const line = fc
  .oneof(
    fc.array(word, { minLength: 1, maxLength: 8 }).map(words => words.join(' ')),
    fc.tuple(word, wallet, word).map(words => words.join(' ')),
    fc.tuple(word, wallet).map(words => words.join('')),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc.stringMatching(/^[\w~-]{20,50}$/),
  )
  .map(visible)
  .filter(each => each !== '' && fitsPress(each))

test('what is written is read again, whole line or form', () => {
  fc.assert(
    fc.property(line, fc.boolean(), (each, isForm) => {
      expect(codec.read(codec.write(each, isForm))).toEqual({ line: each, isForm, isOld: false })
    }),
    { numRuns: 2_000 },
  )
})

test('a button holds at most 64 bytes', () => {
  fc.assert(
    fc.property(line, fc.boolean(), (each, isForm) => {
      expect(Buffer.byteLength(codec.write(each, isForm))).toBeLessThanOrEqual(PRESS_BYTES_MAX)
    }),
  )
})

test('a line with a wallet and a setting fits', () => {
  expect(fitsPress(`whale 0x${'b'.repeat(40)} mute 24h`)).toBe(true)
  expect(fitsPress(`approve 7q2f2c $1,250.50 card:12 sure:9f3a21`)).toBe(true)
})

test('a line that is too long does not, counted in bytes', () => {
  expect(fitsPress('x'.repeat(50))).toBe(true)
  expect(fitsPress('x'.repeat(51))).toBe(false)
  expect(fitsPress('é'.repeat(26))).toBe(false)
  expect(fitsPress('~'.repeat(26))).toBe(false)
})

test('a byte that was changed is never read', () => {
  fc.assert(
    fc.property(line, fc.nat(), fc.integer({ min: 1, max: 255 }), (each, place, by) => {
      const bytes = Buffer.from(codec.write(each, false))
      const index = place % bytes.length
      bytes[index] = (bytes[index] ?? 0) ^ by
      const changed = bytes.toString()
      fc.pre(changed !== codec.write(each, false))
      expect(codec.read(changed)).toBeUndefined()
    }),
    { numRuns: 2_000 },
  )
})

test('no part of what was written is read, and nothing that was put before or behind', () => {
  fc.assert(
    fc.property(line, fc.nat(), fc.string({ minLength: 1, maxLength: 5 }), (each, place, more) => {
      const data = codec.write(each, false)
      expect(codec.read(data.slice(0, place % data.length))).toBeUndefined()
      expect(codec.read(data.slice(1 + (place % data.length)))).toBeUndefined()
      expect(codec.read(data + more)).toBeUndefined()
      expect(codec.read(more + data)).toBeUndefined()
    }),
  )
})

test('a line that asks for a text is never read as one that is whole', () => {
  const asking = codec.write('approve 7q2f', true)
  expect(codec.read(`${asking[0]}.${asking.slice(2)}`)).toBeUndefined()
})

test.each([
  ['nothing', ''],
  ['another bot', 'menu:settings:1'],
  ['a bare line', 'approve 7q2f'],
  ['a line with a made-up MAC', `${codec.write('stop', false)[0]}.stop${'A'.repeat(12)}`],
  ['only a MAC', codec.write('stop', false).slice(-14)],
  ['lone halves', `\ud800\udc00\ud800${'A'.repeat(20)}`],
  ['a kilobyte', 'A'.repeat(1_024)],
])('%s is not read', (_name, data) => {
  expect(codec.read(data)).toBeUndefined()
})

test('what another key signed is not read', () => {
  fc.assert(
    fc.property(line, fc.uint8Array({ minLength: 16, maxLength: 32 }), (each, other) => {
      expect(codec.read(pressCodec([other]).write(each, false))).toBeUndefined()
    }),
  )
})

test('what an old key signed is read, and known to be old; a key that is gone is not read', () => {
  const old = pressCodec([key('first')]).write('approve 7q2f', false)
  expect(pressCodec([key('second'), key('first')]).read(old)).toEqual({
    line: 'approve 7q2f',
    isForm: false,
    isOld: true,
  })
  expect(pressCodec([key('second')]).read(old)).toBeUndefined()
})

test('keys whose letters are alike are told apart by what they signed', () => {
  fc.assert(
    fc.property(line, fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 }), { maxLength: 200 }), (each, others) => {
      const rotated = pressCodec([key('second'), ...others, key('first')])
      expect(rotated.read(codec.write(each, false))?.line).toBe(each)
    }),
    { numRuns: 20 },
  )
})

test('without a key there is no codec', () => {
  expect(() => pressCodec([])).toThrow(RangeError)
})
