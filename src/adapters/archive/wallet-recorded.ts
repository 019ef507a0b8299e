import type { ConditionId, TokenId } from '../../core/units/ids.ts'
import type { Shares } from '../../core/units/money.ts'
import { recordedMillionths } from './amounts.ts'
import { asFields, asToken, conditionIn, known, parsed, textOrNone } from './fields.ts'
import { beginningOf, wholeOf } from './lines.ts'
import { RecordingError } from './recording-error.ts'
import { shapeOf } from './shape.ts'
import { readRowsActs, rowsIn } from './wallet-rows-acts.ts'
import { readTableActs } from './wallet-table-acts.ts'
import type { WalletTold } from './wallet-told.ts'

/** How much of a file is looked at to tell what it is. */
const BEGINNING = 65_536
/** A list of winners is a few hundred titles; more than this many characters is something else. */
const WINNERS_CHARACTERS_MAX = 16 * 1024 * 1024

/** What a file about a wallet is, by how it begins: what it did, or two tellings of it side by side. */
export async function walletFileKind(file: string): Promise<'activity' | 'comparison'> {
  const text = await beginningOf(file, BEGINNING)
  if (text.includes('"wallet_trades"') && text.trimStart().startsWith('{')) return 'comparison'
  const isRows = text.includes('"transaction_hash"') || text.includes('"transactionHash"')
  if (isRows || shapeOf(text)?.part === 'table') return 'activity'
  throw new RecordingError(
    'this is no wallet’s activity; expected a CSV table or a JSON list of what a wallet did, or a comparison of two tellings',
    { file },
  )
}

/** Reads everything a wallet did, from the table without types or from the venue's rows. Throws a `RecordingError`. */
export async function readWallet(file: string): Promise<WalletTold> {
  const isTable = shapeOf(await beginningOf(file, BEGINNING))?.part === 'table'
  return isTable ? readTableActs(file) : readRowsActs(file)
}

/** What the venue says a wallet holds of one token. */
export type HeldPosition = {
  readonly condition: ConditionId
  readonly token: TokenId
  readonly title: string
  readonly outcome: string
  readonly size: Shares
}

/** Reads a list of positions, of either version of the Data API. Throws a `RecordingError`. */
export async function readPositions(file: string): Promise<readonly HeldPosition[]> {
  return (await rowsIn(file)).map(({ fields, place }) => ({
    condition: conditionIn(fields, 'conditionId', place),
    token: asToken(fields.asset, 'asset', place),
    title: textOrNone(fields, 'title'),
    outcome: textOrNone(fields, 'outcome'),
    size: known(recordedMillionths(fields.size ?? fields.current_size), 'size must be a decimal', place) as Shares,
  }))
}

/** Reads which outcome won, by the titles of the markets: one object of texts. Throws a `RecordingError`. */
export async function readWinners(file: string): Promise<ReadonlyMap<string, string>> {
  const fields = asFields(parsed(await wholeOf(file, WINNERS_CHARACTERS_MAX), { file }), { file, line: 1 })
  const winners = new Map<string, string>()
  for (const [title, outcome] of Object.entries(fields)) {
    if (typeof outcome !== 'string') throw new RecordingError('every title must have the name of an outcome', { file })
    winners.set(title, outcome)
  }
  return winners
}
