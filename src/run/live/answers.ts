import type { Answers, AskedView } from '../../chat/desk.ts'
import { later } from '../../core/units/ids.ts'
import { type Price, ZERO } from '../../core/units/money.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketData } from '../../ports/feeds.ts'
import type { AskedRecord, Records } from '../../ports/records.ts'
import { withDeadline } from '../deadline.ts'

export type AnswersOptions = {
  readonly clock: Clock
  readonly records: Pick<Records, 'asked'>
  readonly data: Pick<MarketData, 'book' | 'payouts'>
  readonly signal: AbortSignal
}

const DAY_MS = 86_400_000
const CARDS_MAX = 1_000
/** Purchases that were not made whose price of today is asked for: each is a question to the venue. */
const PRICED_MAX = 20
/** Somebody waits for the answer; what has no price by then is shown without. */
const PRICE_MS = 4_000

/** How people answered in the last days, and what the purchases that they did not want, or missed, would be worth now. */
export async function answersOf(options: AnswersOptions, days: number): Promise<Answers> {
  const { clock, records } = options
  const asked = await records.asked(later(clock.now(), -days * DAY_MS), CARDS_MAX)
  const missed = new Set(asked.filter(isMissed).slice(0, PRICED_MAX))
  return Promise.all(
    asked.map(async (record): Promise<AskedView> => {
      return { ...record, now: missed.has(record) ? await priceNow(record, options) : undefined }
    }),
  )
}

/** A purchase that was not made because a person said no, or said nothing. */
function isMissed({ side, answer, verdict }: AskedRecord): boolean {
  return side === 'buy' && answer !== 'yes' && (verdict === 'declined' || verdict === 'expired')
}

/** What a share fetches: the best bid, or what it pays where its market has ended. Nothing where that cannot be found out. */
async function priceNow(
  { token, condition }: AskedRecord,
  { clock, data, signal }: AnswersOptions,
): Promise<Price | undefined> {
  try {
    return await withDeadline(clock, PRICE_MS, signal, async until => {
      const book = await data.book(token, until)
      if (book !== undefined) return book.bids[0]?.price ?? ZERO
      const payouts = await data.payouts(condition, until)
      return payouts?.find(payout => payout.token === token)?.price
    })
  } catch {
    // A price that cannot be had is shown as such; why is in the feeds' own state.
    return undefined
  }
}
