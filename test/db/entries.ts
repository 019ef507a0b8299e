import type { Entry } from '../../src/core/engine/entry.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import type { Asker, Input } from '../../src/core/engine/input.ts'
import { ENGINE_VERSION } from '../../src/core/engine/state.ts'
import type { PositionFacts } from '../../src/core/ledger/position.ts'
import type { Account, ClearedIntent, Fill, OrderIntent } from '../../src/core/order/order.ts'
import {
  type ConditionId,
  type FillId,
  type Instant,
  type OrderId,
  type OrderKey,
  orderKeyOf,
  type PersonId,
  type SignalId,
  shortOf,
  signalIdOf,
  type TokenId,
  type WhaleAddress,
} from '../../src/core/units/ids.ts'
import { NO_SHARES, notional, type Price, price, type Shares, shares, usd } from '../../src/core/units/money.ts'
import type { Signal } from '../../src/core/whale/signal.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'

/** Entries made by hand, of the shape that the engine writes: the tables and journals must not depend on who made them. */
export const NOON = 1_795_262_400_000 as Instant

export const ANNA: Asker = { person: 'anna' as PersonId, surface: 'console', press: 'press-1' }

export function whaleNumber(number: number): WhaleAddress {
  return `0x${number.toString(16).padStart(40, '0')}` as WhaleAddress
}

export function tokenNumber(number: number): TokenId {
  return `7132104567925221259463899556084389${String(number).padStart(8, '0')}` as TokenId
}

export function conditionNumber(number: number): ConditionId {
  return `0x${number.toString(16).padStart(64, '0')}` as ConditionId
}

export function tradeNumber(number: number, over: Partial<WhaleTrade> = {}): WhaleTrade {
  return {
    transaction: `0x${number.toString(16).padStart(64, 'a')}`,
    whale: whaleNumber(1),
    name: 'swordfish 12n',
    token: tokenNumber(number),
    condition: conditionNumber(number),
    side: 'buy',
    price: price('0.52'),
    size: shares('1200'),
    title: `Will "team ${number}" win? ~5n`,
    outcome: 'Yes',
    happenedAt: (NOON - 2_000) as Instant,
    source: 'activity',
    ...over,
  }
}

export function signalFor(trade: WhaleTrade, account: Account = 'paper'): Signal {
  const id = signalIdOf(trade)
  return {
    id,
    short: shortOf(id),
    origin: { kind: 'whale', trade },
    account,
    condition: trade.condition,
    token: trade.token,
    side: trade.side,
    openedAt: NOON,
    exit: NO_SHARES,
    stage: { kind: 'quoting', round: 1, bound: undefined, approvedBy: undefined },
  }
}

export function marketOf(signal: Signal): PositionFacts {
  const { account, token, condition } = signal
  return { account, token, condition, category: 'sports', title: 'Will "team" win? ~5n', outcome: 'Yes' }
}

export function plannedFor(signal: Signal, over: Partial<OrderIntent> = {}): Extract<Fact, { kind: 'orderPlanned' }> {
  const { account, condition, token, side } = signal
  const key = orderKeyOf(signal.id, 1)
  const intent: OrderIntent = {
    key,
    signal: signal.id,
    account,
    condition,
    token,
    side,
    limit: price('0.53'),
    size: shares('100'),
    lifetime: 'kill',
    feeRate: 0n as Price,
    ...over,
  }
  return {
    kind: 'orderPlanned',
    intent: intent as ClearedIntent,
    id: `id:${key}` as OrderId,
    payload: JSON.stringify({ salt: '123n', maker: account, signature: '0x'.padEnd(132, 'f') }),
    reserve: usd('53'),
    market: marketOf(signal),
    mark: price('0.51'),
    at: NOON,
  }
}

export function fillOf(order: OrderKey, size: Shares, at: Price, number = 1): Extract<Fact, { kind: 'orderFilled' }> {
  const fill: Fill = {
    id: `fill-${number}` as FillId,
    price: at,
    size,
    notional: notional(size, at, 'up'),
    fee: usd('0.1'),
    happenedAt: NOON,
  }
  return { kind: 'orderFilled', order, fill }
}

export function profitOf(
  signal: Signal,
  profit: bigint,
  whale: WhaleAddress | undefined,
  at: Instant = NOON,
): Extract<Fact, { kind: 'profitRealised' }> {
  const { account, token } = signal
  return { kind: 'profitRealised', account, token, whale, profit: profit as never, fee: usd('0.1'), at }
}

export function entry(seq: number, facts: readonly Fact[], input: Input = tick(seq)): Entry {
  return { seq, term: 1, input, facts, effects: [], engine: ENGINE_VERSION }
}

export function tick(seq: number): Input {
  return { kind: 'clockTurned', at: (NOON + seq * 1_000) as Instant }
}

/** A buy that was copied, from the trade to its verdict, in four entries from `seq` on. */
export function copiedBuy(seq: number, number: number): readonly Entry[] {
  const trade = tradeNumber(number)
  const signal = signalFor(trade)
  const planned = plannedFor(signal)
  const { id } = signal
  const { key } = planned.intent
  const quoteAsked: Fact = {
    kind: 'quoteAsked',
    signal: id,
    condition: signal.condition,
    token: signal.token,
    round: 1,
    bound: undefined,
    approvedBy: undefined,
  }
  const weighed: Fact = {
    kind: 'signalWeighed',
    signal: id,
    seen: { bid: price('0.51'), ask: price('0.52'), liquidity: usd('50000'), bookAgeMs: 120 },
    stake: undefined,
    market: marketOf(signal),
  }
  const levels = Array.from({ length: 20 }, (_, index) => ({
    price: (520_000n + BigInt(index) * 10_000n) as Price,
    size: shares('250'),
  }))
  const quote: Input = {
    kind: 'quoteArrived',
    at: (NOON + 1) as Instant,
    signal: id,
    round: 1,
    quote: {
      market: {
        condition: signal.condition,
        title: trade.title,
        slug: `team-${number}`,
        category: 'sports',
        outcomes: [
          { token: trade.token, name: 'Yes' },
          { token: tokenNumber(number + 1_000_000), name: 'No' },
        ],
        status: 'open',
        tick: price('0.01'),
        sizeMin: shares('5'),
        feeRate: 0n as Price,
        closesAt: undefined,
        liquidity: usd('50000'),
        isNegRisk: false,
      },
      book: { token: trade.token, bids: levels.slice(0, 10), asks: levels, happenedAt: NOON },
    },
  }
  const sent: Entry = {
    ...entry(seq + 1, [weighed, planned], quote),
    effects: [
      {
        kind: 'sendOrder',
        account: 'paper',
        order: { key, id: planned.id, intent: planned.intent, payload: planned.payload },
      },
    ],
  }
  return [
    entry(seq, [{ kind: 'signalOpened', signal }, quoteAsked], { kind: 'whaleTraded', at: NOON, trade }),
    sent,
    entry(seq + 2, [fillOf(key, shares('60'), price('0.52')), profitOf(signal, -100_000n, trade.whale)]),
    entry(seq + 3, [
      { kind: 'orderClosed', order: key, status: 'filled', why: 'all of it' },
      { kind: 'signalCopied', signal: id as SignalId, size: shares('60'), average: price('0.52') },
    ]),
  ]
}
