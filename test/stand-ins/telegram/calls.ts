import type { Trouble } from './faults.ts'
import { type Ask, type Fields, remember, type Upload } from './wire.ts'

/** A call as it is kept in the log. */
export type Call = {
  readonly method: string
  readonly body: Fields
  readonly files: ReadonlyMap<string, Upload>
  /** By the clock of this Telegram. */
  readonly at: number
  outcome: Outcome
}

/** What came of a call. */
export type Outcome =
  | { readonly kind: 'open' }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly code: number; readonly description: string }
  /** A fault took it; `isDone` when the method was carried out all the same. */
  | { readonly kind: 'struck'; readonly trouble: Trouble['kind']; readonly isDone: boolean }
  /** The caller went away before there was an answer. */
  | { readonly kind: 'gone' }

/** The calls, and who writes them down. */
export type CallLog = {
  readonly calls: readonly Call[]
  readonly open: (ask: Ask, at: number) => Call
  readonly close: (call: Call, outcome: Outcome) => void
}

/** An empty log of at most `callsMax` calls. */
export function createCallLog(callsMax: number, tell: () => void): CallLog {
  const calls: Call[] = []
  return {
    calls,
    open: ({ method, body, files }, at) => {
      const call: Call = { method, body, files, at, outcome: { kind: 'open' } }
      remember(calls, call, callsMax)
      tell()
      return call
    },
    close: (call, outcome) => {
      call.outcome = outcome
      tell()
    },
  }
}

/** A call in one line, for a picture of what there is. */
export function describeCall({ method, body, outcome }: Call): string {
  const where = body.chat_id === undefined ? '' : ` to ${body.chat_id}`
  return `${method}${where}: ${describeOutcome(outcome)}`
}

function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'refused':
      return `${outcome.code} ${outcome.description}`
    case 'struck':
      return `${outcome.trouble}${outcome.isDone ? ', done' : ''}`
    default:
      return outcome.kind
  }
}
