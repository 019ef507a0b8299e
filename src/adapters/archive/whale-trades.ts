import type { Outcome } from '../../core/market/market.ts'
import { type ConditionId, conditionId, type Instant } from '../../core/units/ids.ts'
import { MILLION, mulDiv, NO_SHARES, type Shares } from '../../core/units/money.ts'
import type { Archived } from '../../ports/archive.ts'
import { recordedPrice, recordedUsd } from './amounts.ts'
import { secondsIn, textIn, textOrNone, timeIn, walletIn } from './fields.ts'
import type { Loaded } from './in-order.ts'
import { marketStory, plainMarket, resolutionOf } from './market-story.ts'
import { RecordingError } from './recording-error.ts'
import { type Row, rowsOf } from './rows.ts'
import { isSecond, oppositeOf, syntheticCondition, syntheticOutcomes } from './synthetic.ts'
import { type Tally, tally } from './tally.ts'

type Named = {
  readonly condition: ConditionId
  readonly title: string
  readonly slug: string
  /** The outcomes that were named, each with its place where that was recorded. */
  readonly names: Map<string, number | undefined>
  readonly trades: Row[]
  readonly endings: Row[]
}

/**
 * Reads large buys of many wallets and how their markets ended. There are no books, no sales, and the scanner that made it
 * saw a trade minutes later; it is told when it happened, as a feed of our own would have. Markets are known by their
 * condition where it was recorded (for a trade or for an ending) and by name elsewhere.
 */
export async function readWhaleTrades(files: {
  readonly trades: readonly string[]
  readonly resolutions: readonly string[]
}): Promise<Loaded> {
  const notes = tally()
  const trades = await rowsOf(files.trades)
  const endings = await rowsOf(files.resolutions)
  const markets = marketsOf(trades, endings)
  const events: Archived[] = []
  for (const market of markets.values()) takeMarket(market, events, notes)
  const assumed = [
    'buys only, without books; sizes are dollars over price, rounded down',
    'liquidity is told as 0, category as other; fee rate 0.07, tick 0.01 and least size 5 are assumed',
    ...(files.resolutions.length === 0 ? ['there is no file of resolutions'] : []),
  ]
  return { events, notes: [...assumed, ...notes.words()] }
}

/** An ending is known as `condition:place of the outcome`; a trade has both apart, or neither. */
function marketsOf(trades: readonly Row[], endings: readonly Row[]): ReadonlyMap<string, Named> {
  const byName = new Map<string, ConditionId>()
  for (const row of [...trades, ...endings]) {
    const condition = recordedCondition(row)
    if (condition !== undefined && !byName.has(nameOf(row))) byName.set(nameOf(row), condition)
  }
  const markets = new Map<string, Named>()
  const marketOf = (row: Row): Named => {
    const condition = recordedCondition(row) ?? byName.get(nameOf(row)) ?? syntheticCondition(`whales/${nameOf(row)}`)
    const before = markets.get(condition)
    const { fields, place } = row
    const market = before ?? {
      condition,
      title: textIn(fields, 'title', place),
      slug: textOrNone(fields, 'eventSlug'),
      names: new Map(),
      trades: [],
      endings: [],
    }
    if (before === undefined) markets.set(condition, market)
    const outcome = textIn(fields, 'outcome', place)
    market.names.set(outcome, market.names.get(outcome) ?? placeOf(row))
    return market
  }
  for (const row of trades) marketOf(row).trades.push(row)
  for (const row of endings) marketOf(row).endings.push(row)
  return markets
}

function nameOf({ fields, place }: Row): string {
  return `${textOrNone(fields, 'eventSlug')}/${textIn(fields, 'title', place)}`
}

function recordedCondition({ fields, place }: Row): ConditionId | undefined {
  const text = fields.conditionId ?? (typeof fields.id === 'string' ? fields.id.split(':')[0] : undefined)
  if (text === undefined || text === null) return undefined
  const condition = typeof text === 'string' ? conditionId(text) : undefined
  if (condition === undefined) throw new RecordingError('a condition id was expected', place)
  return condition
}

/** 0 or 1; the 999 of some rows means that it was not known. */
function placeOf({ fields }: Row): number | undefined {
  const index = typeof fields.id === 'string' ? Number(fields.id.split(':')[1]) : fields.outcomeIndex
  return index === 0 || index === 1 ? index : undefined
}

function outcomesOf(market: Named): readonly [Outcome, Outcome] {
  const [one, other] = [...market.names]
  const first = one?.[0] ?? 'Yes'
  const second = other?.[0] ?? oppositeOf(first)
  const isTurned = one?.[1] !== undefined ? one[1] === 1 : other?.[1] !== undefined ? other[1] === 0 : isSecond(first)
  return syntheticOutcomes(market.condition, isTurned ? [second, first] : [first, second])
}

function takeMarket(named: Named, events: Archived[], notes: Tally): void {
  if (named.trades.length === 0) {
    notes.add('resolutions of markets without a trade here: left out', named.endings.length)
    return
  }
  const outcomes = outcomesOf(named)
  const { condition, title, slug } = named
  const market = plainMarket({ condition, title, slug, category: 'other', outcomes, closesAt: undefined })
  const story = marketStory()
  for (const row of named.trades) {
    const trade = tradeOf(named, outcomes, row, notes)
    if (trade === undefined) continue
    story.seen(trade.at)
    events.push(trade)
  }
  for (const told of story.told(market)) events.push(told)
  const ending = endingOf(named, outcomes, notes)
  if (ending !== undefined) events.push(resolutionOf(market, ending.winner, ending.at))
}

function tradeOf(
  { condition, title }: Named,
  outcomes: readonly [Outcome, Outcome],
  { fields, place }: Row,
  notes: Tally,
): Archived | undefined {
  const at = secondsIn(fields.timestamp, 'timestamp', place)
  const price = recordedPrice(fields.price)
  const paid = recordedUsd(fields.usd)
  const outcome = outcomes.find(({ name }) => name === fields.outcome)
  if (price === undefined) notes.add('trades without a price between 0 and 1: left out')
  else if (paid === undefined) notes.add('trades without dollars over 0: left out')
  else if (outcome === undefined) notes.add('trades of a third outcome of their market: left out')
  if (price === undefined || paid === undefined || outcome === undefined) return undefined
  const size = mulDiv(paid, MILLION, price, 'down') as Shares
  if (size <= NO_SHARES) {
    notes.add('trades of less than a millionth of a share: left out')
    return undefined
  }
  return {
    kind: 'trade',
    at,
    trade: {
      transaction: textIn(fields, 'tx', place),
      whale: walletIn(fields, 'wallet', place),
      name: textOrNone(fields, 'name'),
      token: outcome.token,
      condition,
      side: 'buy',
      price,
      size,
      title,
      outcome: outcome.name,
      happenedAt: at,
      source: 'archive',
    },
  }
}

/** How it ended, by the first word of it; two rows that contradict each other tell nothing. */
function endingOf(
  named: Named,
  outcomes: readonly [Outcome, Outcome],
  notes: Tally,
): { readonly winner: 0 | 1; readonly at: Instant } | undefined {
  const winners = new Set<0 | 1>()
  let at: Instant | undefined
  for (const { fields, place } of named.endings) {
    if (typeof fields.won !== 'boolean') throw new RecordingError('won must be true or false', place)
    const resolvedAt = timeIn(fields.resolvedAt, 'resolvedAt', place)
    if (at === undefined || resolvedAt < at) at = resolvedAt
    winners.add((outcomes[0].name === fields.outcome) === fields.won ? 0 : 1)
  }
  const [winner] = winners
  if (winner === undefined || at === undefined) notes.add('markets whose end is not recorded: no resolution')
  else if (winners.size > 1) notes.add('markets whose resolutions contradict each other: no resolution')
  return winner === undefined || at === undefined || winners.size > 1 ? undefined : { winner, at }
}
