import { describe, expect, test } from 'vitest'
import { differences } from '../../src/core/order/reconcile.ts'
import { type Shares, shares, usd } from '../../src/core/units/money.ts'
import { token } from '../support/made.ts'

const OURS = { cash: usd('100'), positions: new Map([[token(1), shares('50')]]) }
const THEIRS = { cash: usd('100'), positions: [{ token: token(1), size: shares('50') }] }
const NO_DUST = { cash: usd('0'), shares: shares('0') }
const DUST = { cash: usd('0.01'), shares: shares('0.01') }

describe('our books against the venue’s', () => {
  test('agree where both say the same, and where both say nothing', () => {
    expect(differences(OURS, THEIRS, NO_DUST)).toEqual([])
    expect(differences({ cash: usd('0'), positions: new Map() }, { cash: usd('0'), positions: [] }, NO_DUST)).toEqual(
      [],
    )
  })

  test('a position of nothing is none', () => {
    const theirs = { ...THEIRS, positions: [...THEIRS.positions, { token: token(2), size: shares('0') }] }
    expect(differences(OURS, theirs, NO_DUST)).toEqual([])
  })

  test.each([
    ['a millionth more', 1n],
    ['a millionth less', -1n],
  ])('differ by %s of a share where there is no dust', (_, by) => {
    const size = (shares('50') + by) as Shares
    expect(differences(OURS, { ...THEIRS, positions: [{ token: token(1), size }] }, NO_DUST)).toEqual([
      { kind: 'position', token: token(1), ours: shares('50'), theirs: size },
    ])
  })

  test.each([
    ['a cent more', '100.01', 0],
    ['a cent less', '99.99', 0],
    ['more than a cent more', '100.010001', 1],
    ['more than a cent less', '99.989999', 1],
  ])('dust goes up to its own size: %s', (_, cash, count) => {
    expect(differences(OURS, { ...THEIRS, cash: usd(cash) }, DUST)).toHaveLength(count)
  })

  test('every difference is told in full, what only one side has too', () => {
    const theirs = { cash: usd('90'), positions: [{ token: token(2), size: shares('7') }] }
    expect(differences(OURS, theirs, DUST)).toEqual([
      { kind: 'cash', ours: usd('100'), theirs: usd('90') },
      { kind: 'position', token: token(1), ours: shares('50'), theirs: shares('0') },
      { kind: 'position', token: token(2), ours: shares('0'), theirs: shares('7') },
    ])
  })
})
