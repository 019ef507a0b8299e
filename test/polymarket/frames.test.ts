import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseActivityFrame, readActivityFrame } from '../../src/adapters/polymarket/activity/wire-activity.ts'
import { readClosedPosition } from '../../src/adapters/polymarket/wallets/wire-record.ts'
import { readTradeRow } from '../../src/adapters/polymarket/wire-data.ts'
import { readGammaMarket } from '../../src/adapters/polymarket/wire-gamma.ts'
import { wire } from './stand-in.ts'

describe('a frame of the activity socket', () => {
  const frame = wire('activity-frame')
  const payload = frame.payload as Record<string, unknown>
  const framed = (changes: Record<string, unknown>) => JSON.stringify({ ...frame, payload: { ...payload, ...changes } })

  test('of a watched wallet is a trade, its wallet and hash in lower case', () => {
    const asked: string[] = []
    const trades = readActivityFrame(JSON.stringify(frame), whale => {
      asked.push(whale)
      return true
    })
    expect(asked).toEqual(['0x00000000000000000000000000000000000000b2'])
    expect(trades).toMatchObject([
      {
        whale: asked[0],
        transaction: `0x${'7a'.repeat(32)}`,
        name: 'Quiet-Gull',
        price: 930_000n,
        size: 14_285_715n,
        happenedAt: 1_795_132_800_000,
        source: 'activity',
      },
    ])
  })

  test('of a stranger counts as a row and is not looked at further', () => {
    expect(parseActivityFrame(framed({ price: 'nonsense' }), () => false, 0)).toMatchObject({
      rows: 1,
      faults: [],
      told: [],
    })
  })

  test.each<[string, Record<string, unknown>, boolean]>([
    ['of this second', {}, true],
    ['in milliseconds', { timestamp: 1_795_132_800_500 }, true],
    ['of the second before', { timestamp: 1_795_132_799 }, false],
    ['that does not say when', { timestamp: undefined }, false],
    ['whose time is none', { timestamp: 'noon' }, false],
  ])('of a stranger %s shows life or does not', (_name, changes, isYoung) => {
    const read = parseActivityFrame(framed(changes), () => false, 1_795_132_800_000)
    expect(read).toMatchObject(isYoung ? { rows: 1, oldRows: 0 } : { rows: 0, oldRows: 1 })
  })

  test('of a watched wallet is told however old it is, with its type', () => {
    const read = parseActivityFrame(framed({}), () => true, 1_795_132_800_001)
    expect(read).toMatchObject({ rows: 0, oldRows: 1, told: [{ type: 'trades' }] })
    const order = JSON.stringify({ ...frame, type: 'orders_matched' })
    expect(parseActivityFrame(order, () => true, 0).told).toMatchObject([{ type: 'orders_matched' }])
  })

  test('that holds several rows is read whole', () => {
    const list = JSON.stringify([frame, frame, { topic: 'activity', payload: null }])
    expect(parseActivityFrame(list, () => true, 0)).toMatchObject({ rows: 2, told: [{}, {}], isGarbage: true })
  })

  test.each<[string, string, object]>([
    ['an empty one', '', { rows: 0, isGarbage: false }],
    ['an answer to a ping', 'PONG', { rows: 0, isGarbage: false }],
    ['a greeting', '{"type":"welcome"}', { rows: 0, isGarbage: false }],
    ['another topic', JSON.stringify({ ...frame, topic: 'comments' }), { rows: 0, isGarbage: false }],
    ['half a frame', JSON.stringify(frame).slice(0, 200), { rows: 0, isGarbage: true }],
    ['noise', '\u0000\u0001', { rows: 0, isGarbage: true }],
    ['a null', 'null', { rows: 0, isGarbage: true }],
    ['a wallet that is a number', framed({ proxyWallet: 7 }), { rows: 0, isGarbage: true }],
    ['a wallet that is none', framed({ proxyWallet: '0x1' }), { rows: 0, isGarbage: true }],
    ['a watched row without a price', framed({ price: null }), { rows: 1, isGarbage: false, faults: [{}] }],
    ['a watched row with a new field', framed({ combo: true }), { rows: 1, unknown: ['combo'] }],
  ])('%s is no harm', (_name, text, expected) => {
    expect(parseActivityFrame(text, () => true, 0)).toMatchObject(expected)
  })
})

test('no frame and no row is so strange that reading it fails', () => {
  const payload = wire('activity-frame').payload as Record<string, unknown>
  const anyPayload = fc.record(Object.fromEntries(Object.keys(payload).map(field => [field, fc.jsonValue()])), {
    requiredKeys: [],
  })
  fc.assert(
    fc.property(anyPayload, fc.jsonValue(), fc.string(), (strange, value, words) => {
      const proxyWallet = payload.proxyWallet
      const frame = JSON.stringify({ topic: 'activity', payload: { ...payload, ...strange, proxyWallet } })
      const { rows, oldRows } = parseActivityFrame(frame, () => true, 0)
      expect(rows + oldRows).toBe(1)
      parseActivityFrame(JSON.stringify(value), () => true, 0)
      parseActivityFrame(words, () => true, 0)
      readTradeRow(value)
      readClosedPosition(value)
      readGammaMarket(value)
    }),
  )
})
