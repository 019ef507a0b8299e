import type { Noted } from '../../core/engine/explain.ts'
import { type Fact, signalOf } from '../../core/engine/fact.ts'
import { positionKey } from '../../core/ledger/position.ts'
import type { Side } from '../../core/market/market.ts'
import type { Account, OrderStatus } from '../../core/order/order.ts'
import type { Day, Hour, Instant, OrderId, OrderKey, SignalId, TokenId, WhaleAddress } from '../../core/units/ids.ts'
import type { Price, Shares, Usd } from '../../core/units/money.ts'
import type { Verdict } from '../../core/whale/signal.ts'
import type { Order, PrismaClient, Signal } from '../../generated/prisma/client.ts'
import type { OrderRecord, Records, SignalRecord, Story } from '../../ports/records.ts'
import { askedSince } from './asked.ts'
import type { Database } from './client.ts'
import { entryOf } from './journal.ts'

/** The most entries that one story is told from: a signal has some ten, an order in doubt some more. */
const STORY_MAX = 300
/** The most rows that one question gets. */
const ROWS_MAX = 1_000
/** A year of hours. */
const HOURS_MAX = 366 * 24

/** What was, from the tables. They may trail the journal by a moment. */
export function prismaRecords(database: Pick<Database, 'client' | 'file'>): Records {
  return {
    story: async short => story(await database.client(), database.file, short),
    signals: async most => {
      const client = await database.client()
      const rows = await client.signal.findMany({ orderBy: { seq: 'desc' }, take: bounded(most) })
      return rows.map(signalRecord)
    },
    orders: async most => {
      const client = await database.client()
      const rows = await client.order.findMany({ orderBy: { seq: 'desc' }, take: bounded(most) })
      return rows.map(orderRecord)
    },
    asked: async (since, most) => askedSince(await database.client(), since, bounded(most)),
    profitByDay: async (account, most) => {
      const client = await database.client()
      const rows = await client.dayProfit.findMany({
        where: { account },
        orderBy: { day: 'desc' },
        take: bounded(most),
      })
      return rows.map(({ day, profit, fees, fills }) => ({
        day: day as Day,
        profit: profit as Usd,
        fees: fees as Usd,
        fills,
      }))
    },
    profitByWhale: async (account, most) => profitByWhale(await database.client(), account, bounded(most)),
    equityByHour: async (account, hours) => {
      const client = await database.client()
      const rows = await client.equityHour.findMany({
        where: { account },
        orderBy: { hour: 'desc' },
        take: bounded(hours, HOURS_MAX),
      })
      return rows.reverse().map(({ hour, equity }) => ({ hour: hour as Hour, equity: equity as Usd }))
    },
  }
}

function bounded(most: number, rows = ROWS_MAX): number {
  return Math.max(0, Math.min(rows, Math.floor(most)))
}

async function profitByWhale(
  client: PrismaClient,
  account: Account,
  take: number,
): Promise<Awaited<ReturnType<Records['profitByWhale']>>> {
  const rows = await client.whaleProfit.findMany({ where: { account }, orderBy: { profit: 'desc' }, take })
  const whales = await client.whale.findMany({ where: { address: { in: rows.map(row => row.whale) } } })
  const names = new Map(whales.map(({ address, name }) => [address, name]))
  return rows.map(({ whale, profit, fees }) => ({
    whale: whale === '' ? undefined : (whale as WhaleAddress),
    name: names.get(whale) ?? '',
    profit: profit as Usd,
    fees: fees as Usd,
  }))
}

/**
 * The facts of a signal, and of what became of the position it bought into until that was closed. Of two signals that share
 * a short name the younger answers.
 */
async function story(client: PrismaClient, file: string, short: string): Promise<Story | undefined> {
  const signal = await client.signal.findFirst({ where: { short }, orderBy: { seq: 'desc' } })
  if (signal === null) return undefined
  const own = (await factsOf(client, file, signal.id, 0n)).filter(({ fact }) => signalOf(fact) === signal.id)
  const firstFill = own.find(({ fact }) => fact.kind === 'orderFilled')
  if (firstFill === undefined) return { signal: signal.id as SignalId, facts: own }
  const subject = positionKey(signal.account as Account, signal.token as TokenId)
  const after = await factsOf(client, file, subject, BigInt(firstFill.seq))
  const ended = untilClosed(after.filter(({ fact }) => isOfPosition(fact, signal)))
  const seqs = new Set([...own, ...ended].map(({ seq }) => seq))
  const facts = [...seqs]
    .sort((one, other) => one - other)
    .flatMap(seq => [...own, ...ended].filter(each => each.seq === seq))
  return { signal: signal.id as SignalId, facts }
}

async function factsOf(client: PrismaClient, file: string, subject: string, from: bigint): Promise<readonly Noted[]> {
  const where = { subject, seq: { gte: from } }
  const lines = await client.storyLine.findMany({ where, orderBy: { seq: 'asc' }, take: STORY_MAX })
  const rows = await client.entry.findMany({
    where: { seq: { in: lines.map(({ seq }) => seq) } },
    orderBy: { seq: 'asc' },
  })
  return rows.flatMap(row => {
    const { seq, input, facts } = entryOf(file, row)
    return facts.map(fact => ({ seq, at: input.at, fact }))
  })
}

/** Settlements are told by market, profits by token. */
function isOfPosition(fact: Fact, { account, token, condition }: Signal): boolean {
  switch (fact.kind) {
    case 'marketSettled':
      return fact.account === account && fact.condition === condition
    case 'profitRealised':
    case 'positionClosed':
      return fact.account === account && fact.token === token
    default:
      return false
  }
}

function untilClosed(facts: readonly Noted[]): readonly Noted[] {
  const end = facts.findIndex(({ fact }) => fact.kind === 'positionClosed')
  return end < 0 ? facts : facts.slice(0, end + 1)
}

function signalRecord(row: Signal): SignalRecord {
  return {
    id: row.id as SignalId,
    short: row.short,
    whale: row.whale === null ? undefined : (row.whale as WhaleAddress),
    title: row.title,
    outcome: row.outcome,
    side: row.side as Side,
    price: row.price as Price,
    size: row.size as Shares,
    openedAt: Number(row.openedAt) as Instant,
    verdict: row.verdict === null ? undefined : (row.verdict as Verdict),
    why: row.why,
  }
}

function orderRecord(row: Order): OrderRecord {
  return {
    key: row.key as OrderKey,
    id: row.id as OrderId,
    short: row.short,
    account: row.account as Account,
    token: row.token as TokenId,
    title: row.title,
    outcome: row.outcome,
    side: row.side as Side,
    limit: row.limit as Price,
    size: row.size as Shares,
    filled: row.filled as Shares,
    notional: row.notional as Usd,
    fee: row.fee as Usd,
    status: row.status as OrderStatus,
    plannedAt: Number(row.plannedAt) as Instant,
  }
}
