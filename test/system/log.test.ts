import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret, scrub } from '../../src/adapters/system/log.ts'

const CANARY = 'canary-9f8e7d6c5b4a'

describe('a secret', () => {
  test.each([
    ['a string', (secret: Secret) => String(secret)],
    ['a template', (secret: Secret) => `${secret}`],
    ['JSON', (secret: Secret) => JSON.stringify({ deep: [secret] })],
    ['inspect', (secret: Secret) => inspect({ deep: [secret] }, { depth: 9, showHidden: true })],
    ['its own keys', (secret: Secret) => Object.entries(secret).join()],
  ])('is never seen in %s', (_, print) => {
    expect(print(new Secret(CANARY))).not.toContain(CANARY)
  })

  test('is given to who asks for it by name', () => {
    expect(new Secret(CANARY).reveal()).toBe(CANARY)
  })
})

describe('a finished line', () => {
  test.each([
    ['a signature', `signed 0x${'ab'.repeat(65)} and sent`, 'ab'.repeat(65)],
    ['a bot token in an address', 'GET /bot123456:AAEabcdefghijklmnopqrstuvwx/getMe', 'AAEabcdefghijklmnopqrstuvwx'],
    ['a field named for what it is', '{"apiSecret":"hush","x":1}', 'hush'],
    ['a pass phrase with quotes in it', '{"passphrase":"a\\"b c"}', 'b c'],
    ['an authorization', '{"headers":{"Authorization":"Bearer zzz"}}', 'zzz'],
  ])('loses %s', (_, line, secret) => {
    expect(scrub(line)).not.toContain(secret)
  })

  test('keeps what is public: token ids, transactions, keys of orders', () => {
    const line = `{"token":"7100","tokenId":"7100","order":"0x${'ab'.repeat(32)}","key":"a/1"}`
    expect(scrub(line)).toBe(line)
  })

  test('has nothing that a terminal would obey', () => {
    const hostile = JSON.stringify({ err: 'boom \u001b[2J\u0007 \u009b31m \u007f end' })
    expect(JSON.parse(scrub(hostile))).toEqual({ err: 'boom [2J 31m  end' })
  })

  test('keeps a backslash that only looks like the beginning of one', () => {
    const odd = JSON.stringify({ err: 'a\\u001b b' })
    expect(scrub(odd)).toBe(odd)
  })

  test('a JSON line stays a JSON line', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), fields => {
        expect(() => JSON.parse(scrub(JSON.stringify(fields)))).not.toThrow()
      }),
    )
  })
})
