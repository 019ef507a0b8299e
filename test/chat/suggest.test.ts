import { describe, expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { isSuggested, type Suggestion, suggest } from '../../src/chat/suggest.ts'
import { usd } from '../../src/core/units/money.ts'
import { hostileTexts } from './hostile.ts'
import { actor, NOW, newWorld, SWISS, standIn, type World } from './stand-in.ts'

function offered(option: string, typed = '', change: (world: World) => void = () => undefined): readonly Suggestion[] {
  const world = newWorld()
  change(world)
  const [command = '', name = ''] = option.split(' ')
  return suggest(standIn(world), command, name, typed)
}

const waiting = newWorld().pending[0]?.signal.short ?? ''

describe('what is open is offered', () => {
  test.each(['approve id', 'reject id', 'why id'])('%s: cards that wait, the most urgent first', option => {
    expect(offered(option)).toEqual([
      { name: `${waiting} buy Yes $40.00 ≤63.4¢ · 88 s · Champions League: Inter to win?`, value: waiting },
    ])
  })

  test('close what: positions, the dearest first, by a tag that no other has', () => {
    expect(offered('close what').map(({ name }) => name)).toEqual([
      '#333444 No · Bitcoin over $150k in 2026? · 63.09 shares, -$18.99',
      '#111222 Yes · Will the Fed cut rates in January? · 63.09 shares, +$0.51',
      '#992563 Yes · Will the Fed cut rates in December? · 63.09 shares, +$1.70',
    ])
    const alike = offered('close what', '', world => {
      const [first] = world.positions
      if (first === undefined) throw new Error('the stand-in holds something')
      world.positions = ['7000333444', '8000333444'].map(token => ({ ...first, token: token as typeof first.token }))
    })
    expect(alike.map(({ value }) => value)).toEqual(['#7000333444', '#8000333444'])
  })

  test.each(['whale who', 'unfollow who'])('%s: whales, the best first, by wallet', option => {
    expect(offered(option)).toEqual([
      { name: 'swisstony (0xaaaa…aaaa) · quality 79', value: SWISS },
      { name: '0xbbbb…bbbb · quality 5', value: `0x${'b'.repeat(40)}` },
    ])
  })

  test('limits name: presets, and limits with what they are and may be', () => {
    expect(offered('limits name', 'stakemax')).toEqual([
      { name: 'stakeMax · now $1,000.00, from $1.00 to $10,000.00', value: 'stakeMax' },
    ])
    expect(offered('limits name', 'preset').map(({ value }) => value)).toEqual([
      'conservative',
      'standard',
      'aggressive',
    ])
  })

  test('ack page and people account: pages that nobody has seen, and accounts', () => {
    const pages = offered('ack page', '', world => {
      world.pages = [
        { id: 'p2', at: NOW, title: 'Seen', acknowledgedBy: actor().person },
        { id: 'p1', at: NOW, title: 'Telegram cannot be reached' },
      ]
    })
    expect(pages).toEqual([{ name: 'p1 · 0 ms ago · Telegram cannot be reached', value: 'p1' }])
    expect(offered('people account', 'telegram')).toEqual([{ name: 'telegram:42 of ann', value: 'telegram:42' }])
  })

  test('nothing for an option that names nothing open, and choices where they are given', () => {
    expect(offered('stop why')).toEqual([])
    expect(offered('constructor name')).toEqual([])
    expect(suggest(standIn(newWorld()), 'x', 'y', 'LO', ['hello', 'world'])).toEqual([
      { name: 'hello', value: 'hello' },
    ])
  })
})

test('all the words that were typed are in what is offered', () => {
  expect(offered('close what', 'fed JAN').map(({ value }) => value)).toEqual(['#111222'])
  expect(offered('close what', '  #333  ').map(({ value }) => value)).toEqual(['#333444'])
  expect(offered('close what', 'nothing like it')).toEqual([])
})

test('every option that is helped exists', () => {
  for (const option of [
    'approve id',
    'reject id',
    'why id',
    'close what',
    'whale who',
    'unfollow who',
    'limits name',
    'people account',
    'ack page',
  ]) {
    const [name = '', asked = ''] = option.split(' ')
    expect(isSuggested(name, asked)).toBe(true)
    expect(Object.keys(commands.find(each => each.name === name)?.options ?? {})).toContain(asked)
  }
})

test('hostile names are one short visible line, and no more are offered than are taken', () => {
  for (const text of hostileTexts()) {
    const change = (world: World): void => {
      world.pending = world.pending.map(each => ({ ...each, title: text, outcome: text, whaleName: text }))
      world.positions = world.positions.map(each => ({ ...each, title: text, outcome: text }))
      for (const [address, whale] of world.whales) world.whales.set(address, { ...whale, name: text })
      world.pages = [{ id: 'p1', at: NOW, title: text }]
    }
    for (const option of ['approve id', 'close what', 'whale who', 'ack page']) {
      const all = offered(option, '', change)
      expect(all.length).toBeGreaterThan(0)
      for (const { name, value } of all) {
        expect(name.length).toBeGreaterThan(0)
        expect(name.length).toBeLessThanOrEqual(100)
        expect(name).not.toMatch(/[\p{C}\n]/u)
        expect(value.length).toBeLessThanOrEqual(100)
      }
    }
    offered('close what', text)
  }
  const many = offered('close what', '', world => {
    const [first] = world.positions
    if (first === undefined) throw new Error('the stand-in holds something')
    world.positions = Array.from({ length: 200 }, (_, index) => ({
      ...first,
      token: String(1_000_000 + index) as typeof first.token,
      cost: usd(String(index)),
    }))
  })
  expect(many).toHaveLength(25)
  expect(many[0]?.value).toBe('#000199')
})
