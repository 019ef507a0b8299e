import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Complement, readComplements } from '../../src/adapters/archive/wallet-complements.ts'
import { dealKeyOf, instant } from '../../src/core/units/ids.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { TestDesk } from '../support/desk.ts'
import { GOOD_RECORD, needed } from '../support/made.ts'

const FOLDER = process.env.REMORA_RECORDED_DATA ?? ''
const FILE = join(FOLDER, 'wallet-activity', 'complement-token-comparison.json')

/** Follows the recorded wallet a minute before its first trade, taking each of its fills by itself. */
function following(fills: readonly Complement[]): TestDesk {
  const first = Math.min(...fills.map(({ own }) => own.happenedAt))
  const desk = new TestDesk({ at: instant(first - 60_000), limits: { burstMs: 0 } })
  const { whale } = needed(fills[0]).own
  desk.ask({ kind: 'follow', whale, name: 'recorded', record: GOOD_RECORD })
  return desk
}

function tell(desk: TestDesk, trade: WhaleTrade): void {
  desk.at = instant(Math.max(desk.at, trade.happenedAt))
  desk.take({ kind: 'whaleTraded', trade })
}

/** The market's telling put down to the wallet, as a source that does not tell the two parties apart would. */
function blamed({ own, market }: Complement): WhaleTrade {
  return { ...market, whale: own.whale, source: 'activity' }
}

describe.skipIf(FOLDER === '' || !existsSync(FILE))('fills that two lists tell differently', () => {
  let fills: readonly Complement[] = []
  let differing: readonly Complement[] = []
  beforeAll(async () => {
    fills = await readComplements(FILE)
    differing = fills.filter(({ relation }) => relation !== 'own')
  })

  test('are thirty-five, in as many or fewer deals', () => {
    expect(differing).toHaveLength(35)
    expect(new Set(fills.map(({ own }) => dealKeyOf(own))).size).toBe(51)
  })

  test('become one signal a deal, all of them together and whichever telling is first', () => {
    for (const isOwnFirst of [true, false]) {
      const desk = following(fills)
      for (const fill of [...fills].sort((one, other) => one.own.happenedAt - other.own.happenedAt)) {
        const [first, second] = isOwnFirst ? [fill.own, blamed(fill)] : [blamed(fill), fill.own]
        tell(desk, first)
        tell(desk, second)
        tell(desk, first)
      }
      expect(desk.all('signalOpened')).toHaveLength(51)
    }
  })

  test('are never bought on the word of the other party: what bets against itself is withdrawn before it is ordered', () => {
    for (const fill of differing) {
      const desk = following([fill])
      tell(desk, blamed(fill))
      tell(desk, fill.own)
      expect(desk.all('signalOpened')).toHaveLength(1)
      expect(desk.all('tradeContradicted')).toHaveLength(1)
      expect(desk.state.signals.size).toBe(0)
      // A sale of what is not held is refused before anybody can contradict it.
      if (fill.market.side === 'buy')
        expect(desk.last('signalWithdrawn').why).toBe('two sources tell opposite sides of it')
    }
  })

  test('told rightly, the other party is a stranger and nobody follows it', () => {
    const desk = following(fills)
    for (const { own, market } of fills) {
      if (market.whale !== own.whale) tell(desk, market)
    }
    expect(desk.all('signalOpened')).toHaveLength(0)
  })
})
