import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../src/adapters/prisma/client.ts'
import { readEntries } from '../../src/adapters/prisma/journal.ts'
import type { Entry } from '../../src/core/engine/entry.ts'
import { evolve } from '../../src/core/engine/evolve.ts'
import { type EngineState, emptyState } from '../../src/core/engine/state.ts'
import { signalIdOf } from '../../src/core/units/ids.ts'

/** Every entry of a data folder's journal, read beside the process that may be writing it. */
export async function journalOf(dataDir: string): Promise<readonly Entry[]> {
  const { connection, close } = await openDatabase(`file:${join(dataDir, 'remora.db')}`)
  try {
    const entries: Entry[] = []
    for await (const entry of readEntries(connection, 1)) entries.push(entry)
    return entries
  } finally {
    await close()
  }
}

/** The state that all facts since the beginning come to, without any snapshot. */
export function folded(entries: readonly Entry[]): EngineState {
  const state = emptyState()
  for (const entry of entries) for (const fact of entry.facts) evolve(state, fact)
  return state
}

/** What the journal tells, counted in the plainest way there is. Whatever breaks a rule is a line in `wrong`. */
export type Account = {
  readonly wrong: readonly string[]
  /** Every order of a whale that is in some signal, as its opening or as a further piece. */
  readonly trades: ReadonlySet<string>
  readonly signals: ReadonlySet<string>
  readonly unfinished: readonly string[]
  readonly copied: number
  readonly refused: number
  readonly withdrawn: number
  readonly plans: number
  readonly lives: number
  /** Orders that a start found without an answer, and how many of those the venue had carried out. */
  readonly doubts: number
  readonly doubtsFilled: number
  readonly followed: ReadonlyMap<string, number>
}

export function accountOf(entries: readonly Entry[]): Account {
  const wrong: string[] = []
  const opened = new Map<string, number>()
  const told = new Set<string>()
  const planned = new Map<string, number>()
  const verdicts = new Map<string, string[]>()
  const fills = new Map<string, number>()
  const orders = new Map<string, string>()
  const doubted = new Set<string>()
  const filled = new Set<string>()
  const followed = new Map<string, number>()
  let lives = 0
  for (const [index, { seq, facts }] of entries.entries()) {
    if (seq !== index + 1) wrong.push(`entry ${seq} stands at place ${index + 1}`)
    for (const fact of facts) {
      switch (fact.kind) {
        case 'restarted':
          lives += 1
          break
        case 'whaleFollowed':
          followed.set(fact.whale, fact.at)
          break
        case 'signalOpened': {
          const { id, origin } = fact.signal
          count(opened, id)
          if (origin.kind === 'whale' && origin.trade.how === undefined) told.add(signalIdOf(origin.trade))
          break
        }
        case 'tradeJoined':
          told.add(signalIdOf(fact.trade))
          break
        case 'orderPlanned':
          count(planned, fact.intent.signal)
          if (orders.has(fact.id)) wrong.push(`order ${fact.id} is planned twice`)
          orders.set(fact.id, fact.intent.key)
          break
        case 'orderBecameUncertain':
          if (fact.why === 'the process ended before it was answered') doubted.add(fact.order)
          break
        case 'orderFilled':
          count(fills, fact.fill.id)
          filled.add(fact.order)
          break
        case 'signalCopied':
        case 'signalRefused':
        case 'signalDeclined':
        case 'signalExpired':
        case 'signalWithdrawn':
          verdicts.set(fact.signal, [...(verdicts.get(fact.signal) ?? []), fact.kind])
          break
        case 'mismatchFound':
          wrong.push(`entry ${seq}: the books of the two sides were found to differ`)
          break
        default:
      }
    }
  }
  for (const [signal, times] of opened) if (times > 1) wrong.push(`signal ${signal} was opened ${times} times`)
  for (const [signal, times] of planned) if (times > 1) wrong.push(`signal ${signal} was copied ${times} times`)
  for (const [fill, times] of fills) if (times > 1) wrong.push(`fill ${fill} was counted ${times} times`)
  for (const [signal, all] of verdicts) {
    if (all.length > 1) wrong.push(`signal ${signal} ended more than once: ${all.join(', ')}`)
    if (!opened.has(signal)) wrong.push(`signal ${signal} ended without having been opened`)
  }
  for (const signal of planned.keys()) {
    if (!opened.has(signal)) wrong.push(`an order was planned for ${signal}, which was never opened`)
    if (verdicts.get(signal)?.includes('signalRefused')) wrong.push(`signal ${signal} was refused and ordered`)
  }
  const tally = (verdict: string): number => [...verdicts.values()].filter(all => all.includes(verdict)).length
  return {
    wrong,
    trades: told,
    signals: new Set(opened.keys()),
    unfinished: [...opened.keys()].filter(signal => !verdicts.has(signal)),
    copied: tally('signalCopied'),
    refused: tally('signalRefused'),
    withdrawn: tally('signalWithdrawn'),
    plans: orders.size,
    lives,
    doubts: doubted.size,
    doubtsFilled: [...doubted].filter(order => filled.has(order)).length,
    followed,
  }
}

function count(times: Map<string, number>, key: string): void {
  times.set(key, (times.get(key) ?? 0) + 1)
}

/** The venue's side, added up from its own file with nothing of the product's arithmetic. Amounts in millionths. */
export type VenueSide = {
  readonly wrong: readonly string[]
  readonly cash: bigint
  readonly held: ReadonlyMap<string, bigint>
  readonly orders: ReadonlySet<string>
}

export function venueSideOf(dataDir: string): VenueSide {
  const wrong: string[] = []
  let cash = 0n
  const held = new Map<string, bigint>()
  const intents = new Map<string, { readonly side: string; readonly token: string; readonly key: string }>()
  const keys = new Set<string>()
  const fills = new Set<string>()
  let deposits = 0

  const take = (id: string, filled: readonly Line[]): void => {
    const intent = intents.get(id)
    if (intent === undefined) {
      wrong.push(`order ${id} changed before it was taken`)
      return
    }
    for (const fill of filled) {
      if (fills.has(String(fill.id))) wrong.push(`fill ${String(fill.id)} happened twice`)
      fills.add(String(fill.id))
      const [size, price, fee] = [whole(fill.size), whole(fill.price), whole(fill.fee)]
      const exact = size * price
      const before = held.get(intent.token) ?? 0n
      if (intent.side === 'buy') cash -= (exact + 999_999n) / 1_000_000n + fee
      else cash += exact / 1_000_000n - fee
      const after = intent.side === 'buy' ? before + size : before - size
      if (after < 0n) wrong.push(`more of ${intent.token} was sold than was held`)
      if (after === 0n) held.delete(intent.token)
      else held.set(intent.token, after)
    }
  }

  const text = readFileSync(join(dataDir, 'paper-venue.jsonl'), 'utf8')
  if (text !== '' && !text.endsWith('\n')) wrong.push('the last line of the venue is torn')
  for (const line of text.split('\n').filter(each => each !== '')) {
    const record = JSON.parse(line) as Line
    switch (record.kind) {
      case 'deposited':
        deposits += 1
        cash += whole(record.amount)
        break
      case 'ordered': {
        const { side, token, key } = record.intent as { side: string; token: string; key: string }
        if (intents.has(String(record.id))) wrong.push(`order ${String(record.id)} was carried out twice`)
        if (keys.has(key)) wrong.push(`${key} was carried out twice under two ids`)
        keys.add(key)
        intents.set(String(record.id), { side, token, key })
        take(String(record.id), record.fills as readonly Line[])
        break
      }
      case 'changed':
        take(String(record.id), record.fills as readonly Line[])
        break
      case 'redeemed':
        for (const { token, price } of record.payouts as readonly { token: string; price: string }[]) {
          cash += ((held.get(token) ?? 0n) * whole(price)) / 1_000_000n
          held.delete(token)
        }
        break
      default:
        wrong.push(`the venue wrote a ${String(record.kind)}`)
    }
  }
  if (deposits !== 1) wrong.push(`the venue took ${deposits} deposits`)
  return { wrong, cash, held, orders: new Set(intents.keys()) }
}

type Line = Readonly<Record<string, unknown>>

/** Amounts are written as `123n`. */
function whole(value: unknown): bigint {
  return BigInt(String(value).replace(/n$/, ''))
}

/** Where the ledger that the facts come to and the venue's own sums say different things. */
export function differences(state: EngineState, venue: VenueSide): readonly string[] {
  const books = state.accounts.get('paper')
  if (books === undefined) return ['the account was never opened']
  const found: string[] = []
  const compare = (what: string, ours: bigint, theirs: bigint): void => {
    if (ours !== theirs) found.push(`${what}: ours ${ours}, theirs ${theirs}`)
  }
  compare('cash', books.ledger.cash, venue.cash)
  for (const token of new Set<string>([...books.positions.keys(), ...venue.held.keys()])) {
    const ours = [...books.positions].find(([held]) => held === token)?.[1].shares ?? 0n
    compare(`shares of ${token}`, ours, venue.held.get(token) ?? 0n)
  }
  const { cash, positions, fees, realised, deposits } = books.ledger
  compare('the ledger', cash + positions + fees + realised + deposits, 0n)
  return found
}

/** A trade as the Data API shows it, by what identifies it, whichever source tells it. */
export type ShownTrade = { readonly id: string; readonly happenedAt: number }

/** Every trade of a wallet that the Data API still shows since an instant, all pages, past every cache. */
export async function tradesShown(host: string, wallet: string, since: number): Promise<readonly ShownTrade[]> {
  const found: ShownTrade[] = []
  const start = Math.floor(since / 1_000)
  let cursor = ''
  for (let page = 0; page < PAGES_MAX; page += 1) {
    asked += 1
    const query = `user=${wallet}&taker_only=false&start=${start}&limit=1000&_=test-${process.pid}-${asked}`
    const response = await fetch(`${host}/v2/trades?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`)
    if (!response.ok) throw new Error(`/v2/trades was answered with ${response.status}: ${await response.text()}`)
    const { data, pagination } = (await response.json()) as { data: readonly Line[]; pagination: Line }
    for (const row of data) {
      const { transaction_hash: transaction, token_id: token, side, timestamp } = row
      const id = `${transaction}:${String(row.proxy_wallet).toLowerCase()}:${token}:${String(side).toLowerCase()}`
      found.push({ id, happenedAt: Number(timestamp) * 1_000 })
    }
    if (pagination.has_more !== true) return found
    cursor = String(pagination.next_cursor)
  }
  throw new Error('the trades of a wallet came to no end')
}

const PAGES_MAX = 100
let asked = 0
