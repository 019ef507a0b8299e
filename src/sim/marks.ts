/**
 * Rare things that must have happened somewhere in a run of many seeds. A simulation that never meets them proves nothing about
 * them; so the run fails when one of these stayed away (the idea of Antithesis' "sometimes" assertions).
 */
export const MARKS = [
  'a signal copied',
  'a signal refused',
  'a signal declined by a person',
  'a card that expired',
  'a purchase taken back because the whale sold',
  'an approval refused because the price had moved',
  'an approval that ran out before a price came',
  'a card asked again because the price had moved',
  'a card asked again, bought at the later price',
  'a card asked again, declined',
  'a yes to an old version refused',
  'a yes that came too late, told who was first',
  'a second yes of the same person refused',
  'an amount that no limit allows refused',
  'a card approved for another amount',
  'another amount that a second person had to agree to',
  'a trade that took two persons',
  'a large trade that expired with one yes',
  'a yes vetoed before it was sent',
  'a no that came after its order',
  'a reason given after a no',
  'a card withdrawn because its whale was muted',
  'a card withdrawn because the quorum was changed',
  'an exit that a person approved',
  'an entry refused while nobody could be reached',
  'an exit sent while nobody could be reached',
  'a start that forgot that nobody could be reached',
  'an entry refused while buying was paused',
  'an exit sent while buying was paused',
  'a purchase that could not be approved while only exits were let through',
  'a card withdrawn because its whale was unfollowed',
  'a press turned away',
  'an account linked',
  'a repeated trade after its signal was settled',
  'a trade too old to act on',
  'a trade told both ways, withdrawn',
  'a trade told both ways after it was copied',
  'a trade that only the rounds found',
  'a piece that joined its signal',
  'a piece of a purchase that was copied already',
  'a sale that grew',
  'a departure followed out',
  'a departure that only the holdings showed',
  'a purchase refused while no source was live',
  'an order filled in part',
  'an order that met nobody',
  'an order rejected by the venue',
  'an uncertain order found filled',
  'an uncertain order that never landed',
  'a doubt that had to wait',
  'a commit that failed',
  'a commit that failed after it was durable',
  'a kill between commit and effect',
  'a start with an order in flight',
  'a start with a card waiting',
  'an order stopped at the last gate',
  'a breaker opened: daily-loss',
  'a breaker opened: hourly-loss',
  'a breaker opened: losing-streak',
  'a breaker opened: drawdown',
  'a breaker opened with orders in flight',
  'a hold released by time',
  'an exit in proportion',
  'a position closed by a person',
  'a market settled with a position',
  'a redemption put off',
  'a whale unfollowed with a position',
  'a day turned',
] as const

export type Mark = (typeof MARKS)[number]

/** Counts how often each mark was passed. */
export type MarkCounts = Map<Mark, number>

export function newMarks(): MarkCounts {
  return new Map(MARKS.map(mark => [mark, 0]))
}

export function addMarks(to: MarkCounts, from: MarkCounts): void {
  for (const [mark, count] of from) to.set(mark, (to.get(mark) ?? 0) + count)
}

export function missing(counts: MarkCounts): readonly Mark[] {
  return MARKS.filter(mark => (counts.get(mark) ?? 0) === 0)
}
