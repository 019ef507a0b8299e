import type { Side } from '../../core/market/market.ts'
import type { ConditionId, Instant, SignalId, TokenId } from '../../core/units/ids.ts'
import type { Price, Shares } from '../../core/units/money.ts'
import type { Verdict } from '../../core/whale/signal.ts'
import type { Approval, PrismaClient, Signal } from '../../generated/prisma/client.ts'
import type { AskedRecord } from '../../ports/records.ts'

/** What a person decided about a version of a card. Another amount is a yes to begin with. */
const ANSWERS: ReadonlySet<string | null> = new Set(['given', 'declined', 'amount'])

/** The trades that people were first asked about since then, the newest first; each from all versions of its card. */
export async function askedSince(client: PrismaClient, since: Instant, take: number): Promise<readonly AskedRecord[]> {
  const firsts = await client.approval.findMany({
    where: { askedAt: { gte: BigInt(since) }, round: 1 },
    orderBy: { askedAt: 'desc' },
    take,
  })
  const ids = firsts.map(({ signal }) => signal)
  const [signals, rows] = await Promise.all([
    client.signal.findMany({ where: { id: { in: ids } } }),
    client.approval.findMany({ where: { signal: { in: ids } }, orderBy: { round: 'asc' } }),
  ])
  const signalOf = new Map(signals.map(signal => [signal.id, signal]))
  return firsts.flatMap(first => {
    const signal = signalOf.get(first.signal)
    const cards = rows.filter(row => row.signal === first.signal)
    return signal === undefined ? [] : [askedRecord(signal, first, cards)]
  })
}

function askedRecord(signal: Signal, first: Approval, cards: readonly Approval[]): AskedRecord {
  const answered = cards.find(({ decision }) => ANSWERS.has(decision))?.decidedAt ?? undefined
  const isGiven = cards.some(({ decision }) => decision === 'given')
  return {
    id: signal.id as SignalId,
    short: signal.short,
    condition: signal.condition as ConditionId,
    token: signal.token as TokenId,
    title: signal.title,
    outcome: signal.outcome,
    side: signal.side as Side,
    size: first.size as Shares,
    limit: first.limit as Price,
    expected: first.expected as Price,
    askedAt: Number(first.askedAt) as Instant,
    answer: signal.verdict === 'declined' ? 'no' : isGiven ? 'yes' : undefined,
    answeredAt: answered === undefined ? undefined : (Number(answered) as Instant),
    verdict: (signal.verdict as Verdict | null) ?? undefined,
    why: signal.why,
  }
}
