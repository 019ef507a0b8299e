import type {
  Approval,
  DayProfit,
  EquityHour,
  Fill,
  Hold,
  LimitChange,
  ModeChange,
  Order,
  Position,
  Signal,
  StoryLine,
  Whale,
  WhaleProfit,
} from '../../generated/prisma/client.ts'
import type { Statements } from './connection.ts'
import { openRows, type Sheet, sheet } from './sheet.ts'

/** The tables that are derived from the journal, in the order in which they are cleared. */
export const DERIVED = [
  'Signal',
  'StoryLine',
  'Order',
  'Fill',
  'Position',
  'Whale',
  'Approval',
  'ModeChange',
  'LimitChange',
  'Hold',
  'DayProfit',
  'WhaleProfit',
  'EquityHour',
] as const

export type Batch = ReturnType<typeof openBatch>

/** Sheets for all derived tables, for as long as one transaction. */
export function openBatch(statements: Statements) {
  const positions: Sheet<Position> = sheet(statements, 'Position', ['account', 'token', 'seq'])
  const approvals: Sheet<Approval> = sheet(statements, 'Approval', ['signal', 'round'])
  const sheets = {
    signals: sheet<Signal>(statements, 'Signal', ['id']),
    story: sheet<StoryLine>(statements, 'StoryLine', ['subject', 'seq']),
    orders: sheet<Order>(statements, 'Order', ['key']),
    fills: sheet<Fill>(statements, 'Fill', ['order', 'id']),
    positions,
    whales: sheet<Whale>(statements, 'Whale', ['address']),
    approvals,
    modes: sheet<ModeChange>(statements, 'ModeChange', ['seq', 'place']),
    limits: sheet<LimitChange>(statements, 'LimitChange', ['seq', 'place', 'name']),
    holds: sheet<Hold>(statements, 'Hold', ['holder']),
    days: sheet<DayProfit>(statements, 'DayProfit', ['account', 'day']),
    whaleProfits: sheet<WhaleProfit>(statements, 'WhaleProfit', ['account', 'whale']),
    equities: sheet<EquityHour>(statements, 'EquityHour', ['account', 'hour']),
  }
  return {
    ...sheets,
    /** What is held of a token now. */
    held: openRows(positions, ['account', 'token'], 'closedAt'),
    /** The card of a signal that nobody has answered. */
    asked: openRows(approvals, ['signal'], 'decision'),
    /** The mode before the next change, once it was looked up. */
    mode: undefined as string | undefined,
    flush: async (): Promise<void> => {
      for (const each of Object.values(sheets)) await each.flush()
    },
  }
}

/** Where a fact stands: the entry's number and time, and which of the entry's facts it is. */
export type Place = { readonly seq: bigint; readonly at: bigint; readonly place: number }
