import { unreachable } from '../core/units/brand.ts'
import { notional } from '../core/units/money.ts'
import type { Departure, WhaleTrade } from '../core/whale/trade.ts'
import { cents, dollars, shareCount } from './format.ts'

/** What is said of a trade needs no more of it than this. */
type Done = Pick<WhaleTrade, 'side' | 'how' | 'size' | 'price'>

/** What a whale did, in a few words: `bought 2,000 at 60.5¢ ($1,210.00)`, `merged 400 Yes`. Shares that left have no price to show. */
export function doneText({ side, how, size, price }: Done, outcome: string): string {
  if (how !== undefined) return departureText(how, `${shareCount(size)} ${outcome}`)
  const amount = dollars(notional(size, price, 'down'))
  return `${side === 'buy' ? 'bought' : 'sold'} ${shareCount(size)} at ${cents(price)} (${amount})`
}

/** The same in a line that has room for less, in the present where it is a sale: `sells Yes at 60.5¢`, `merged 400 Yes`. */
export function briefText({ side, how, size, price }: Done, outcome: string): string {
  if (how !== undefined) return departureText(how, `${shareCount(size)} ${outcome}`)
  return `${side === 'buy' ? 'bought' : 'sells'} ${outcome} at ${cents(price)}`
}

function departureText(how: Departure, what: string): string {
  switch (how) {
    case 'merge':
      return `merged ${what}`
    case 'redeem':
      return `redeemed ${what}`
    case 'conversion':
      return `converted ${what}`
    case 'transfer':
      return `moved ${what} elsewhere`
    case 'holding':
      return `holds ${what} less than we followed`
    default:
      return unreachable(how)
  }
}
