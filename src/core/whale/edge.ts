import { fraction } from '../units/money.ts'
import { type CategoryRecord, ownOf } from './categories.ts'
import { returnOf, type WhaleRecord } from './record.ts'

/** An edge beyond this in a record is an artefact, not skill that lasts. */
const EDGE_MAX = 0.15
/**
 * How far wallets differ in truth, as a standard deviation in log-odds: 0.12 is 3 cents on a share at 50. A judgement: prices of
 * this venue are close to the truth on average, so most wallets have nothing or lose, and those whose living it is to bet report
 * a few per cent of what they stake. Not fitted to any recording.
 */
const SPREAD = 0.12
/** How far one category of a wallet lies from the rest of it, likewise: people know some things better than others, but not by as much. */
const CATEGORY_SPREAD = 0.08
/** A mean price nearer to 0 or 1 than this is taken for this, so that no noise is divided by nothing. */
const PRICE_NEAREST = 0.01

/** A belief in log-odds: what is thought, and how far it may be off. */
type Belief = { readonly mean: number; readonly variance: number }
/** What a record shows: its edge a share, how many independent markets it is worth, and at which mean price. */
type Seen = { readonly edge: number; readonly markets: number; readonly price: number }

/**
 * What a whale earned for each share it bought, in dollars, −0.15 to 0.15: its return on cost, open losses included, times the price
 * that it paid on average. Where the cost is not known, how much more often it won than its prices said, and nothing where that
 * contradicts whether it earned anything.
 */
export function edgeOf(
  record: Pick<WhaleRecord, 'cost' | 'profit' | 'open' | 'resolved' | 'won' | 'pricePaid'>,
): number {
  return within(edgeByReturn(record) ?? edgeByWins(record), -EDGE_MAX, EDGE_MAX)
}

/**
 * The edge a share at `price` that may be believed, in dollars: what the record shows, pulled towards zero by how little of it there
 * is, and by category where that has enough of its own.
 *
 * With the mean price paid `P`, `u = P(1 − P)`, the shown edge `e`, and `n` markets of one size (Kish's effective number), the edge
 * in log-odds is `e ÷ u` with the noise `1 ÷ (n·u)`, since a share pays one dollar or none. True edges of wallets are taken for
 * normal around zero with deviation `s` (`SPREAD`), which gives the mean `(e ÷ u) · n·u ÷ (n·u + 1 ÷ s²)` (at 50 cents: half of
 * it after 278 markets). At a price `c` that is `c(1 − c)` as much a share, and never more than at the wallet's own prices: who is
 * good at even odds is not thereby good at 97. A category of 30 markets and more is pulled the same way towards the rest of the
 * wallet, whose own belief it then takes the place of.
 *
 * The mean and not a lower bound: the expected growth of one bet is linear in the chance, so the mean is the chance to bet on, and
 * a mean under a prior around zero is not made too large by having picked the wallet for its record, as the raw edge is. That
 * the prior or the record is wrong altogether is what a part of Kelly is for; a lower bound would take off for it twice.
 * Sources: B. Efron and C. Morris (1973), JASA 68; B. Efron (2011), "Tweedie's Formula and Selection Bias", JASA 106.
 */
export function believedEdge(record: WhaleRecord, price: number, category?: string): number {
  const nobody: Belief = { mean: 0, variance: SPREAD * SPREAD }
  const all = seenIn(record, record.effective)
  const own = ownOf(record.categories, category)
  if (own === undefined) return at(price, all, learned(nobody, all).mean)
  const others = learned(nobody, without(all, record, own))
  const before = { mean: others.mean, variance: others.variance + CATEGORY_SPREAD * CATEGORY_SPREAD }
  const here = seenIn({ ...own, open: undefined }, own.effective)
  return at(price, here, learned(before, here).mean)
}

/** Two normals, the belief and what was seen, weighted by how sure each is. */
function learned(before: Belief, { edge, markets, price }: Seen): Belief {
  const unit = unitAt(price)
  const sureness = markets * unit
  const precision = 1 / before.variance + sureness
  return { mean: (before.mean / before.variance + (edge / unit) * sureness) / precision, variance: 1 / precision }
}

function at(price: number, { price: usual }: Seen, mean: number): number {
  return within(mean * Math.min(price * (1 - price), unitAt(usual)), -EDGE_MAX, EDGE_MAX)
}

function unitAt(price: number): number {
  const inside = within(price, PRICE_NEAREST, 1 - PRICE_NEAREST)
  return inside * (1 - inside)
}

function seenIn(record: Parameters<typeof edgeOf>[0], effective: number | undefined): Seen {
  return { edge: edgeOf(record), markets: effective ?? record.resolved, price: record.pricePaid }
}

/** What a record shows outside of one of its categories; nothing where the category is all of it. */
function without(all: Seen, record: WhaleRecord, own: CategoryRecord): Seen {
  const resolved = record.resolved - own.resolved
  const share = record.cost === undefined || record.cost <= 0n ? 1 : fraction(own.cost, record.cost)
  if (resolved <= 0 || share >= 1) return { ...all, markets: 0 }
  const ownEdge = edgeOf({ ...own, open: undefined })
  const price = (all.price * record.resolved - own.pricePaid * own.resolved) / resolved
  const squares = 1 / Math.max(1, all.markets) - (share * share) / Math.max(1, own.effective ?? own.resolved)
  const markets = squares <= 0 ? 1 : Math.min(resolved, ((1 - share) * (1 - share)) / squares)
  return { edge: within((all.edge - ownEdge * share) / (1 - share), -EDGE_MAX, EDGE_MAX), markets, price }
}

function edgeByReturn(record: Pick<WhaleRecord, 'cost' | 'profit' | 'open' | 'pricePaid'>): number | undefined {
  const earned = returnOf(record)
  return earned === undefined ? undefined : earned * record.pricePaid
}

function edgeByWins({ resolved, won, profit, pricePaid }: Parameters<typeof edgeOf>[0]): number {
  const beat = resolved === 0 ? 0 : won / resolved - pricePaid
  return beat > 0 === profit > 0n ? beat : 0
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
