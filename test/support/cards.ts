import type { Limits } from '../../src/core/risk/limits.ts'
import type { SignalId } from '../../src/core/units/ids.ts'
import { price, usd } from '../../src/core/units/money.ts'
import type { Bound, Stage } from '../../src/core/whale/signal.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { type DeskWish, type QuoteWish, TestDesk } from './desk.ts'
import { needed } from './made.ts'

export type Card = { readonly signal: SignalId; readonly bound: Bound }

/** A desk that asks people before it buys or sells. */
export function asking(wish: DeskWish = {}): TestDesk {
  const desk = new TestDesk(wish)
  desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
  return desk
}

/** The limits of a desk that needs two people for more than $100. */
export const OF_TWO: Partial<Limits> = { approvalPersons: 2, approvalPersonsFrom: usd('100') }

/** A card that waits for people: a purchase of market `number`, unless the trade says otherwise. */
export function card(desk: TestDesk, wish: QuoteWish = {}, number = 1, over: Partial<WhaleTrade> = {}): Card {
  const signal = desk.hears(number, over)
  desk.quote(signal, wish)
  return { signal, bound: desk.last('approvalAsked').bound }
}

/** The stage of a signal that has no verdict yet. */
export function stageOf(desk: TestDesk, signal: SignalId): Stage {
  return needed(desk.state.signals.get(signal), signal).stage
}

/** A card as it waits now. */
export function waitingOf(desk: TestDesk, signal: SignalId): Extract<Stage, { kind: 'waiting' }> {
  const stage = stageOf(desk, signal)
  if (stage.kind !== 'waiting') throw new Error(`${signal} does not wait, it is ${stage.kind}`)
  return stage
}

/** The book some cents above where a desk's books are: beyond what was approved, and within what the limits allow. */
export function movedBy(cents: number): QuoteWish {
  const at = (hundredths: number): string => (hundredths / 100).toFixed(2)
  return {
    bids: [
      [at(51 + cents), '5000'],
      [at(50 + cents), '5000'],
    ],
    asks: [
      [at(52 + cents), '5000'],
      [at(53 + cents), '5000'],
    ],
  }
}

/** Limits under which a price may run some way and the trade is still wanted. */
export const FAR: Partial<Limits> = {
  sizing: 'mirror',
  priceMoveMax: price('0.2'),
  confidenceMin: 0,
  stakeMin: usd('5'),
}
