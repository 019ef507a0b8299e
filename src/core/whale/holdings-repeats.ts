/** Rows of a list without those that it told twice. */
export type Once<T> = {
  readonly rows: readonly T[]
  readonly repeats: number
  /** Rows equal to the one before them that were kept, being fills of their own. */
  readonly twins: number
}

type Seen = { run: number; inRun: number; most: number }

/**
 * Drops the rows that a list, newest first or oldest first, provably told twice.
 *
 * A list is in the order of the chain, and there all that one transaction did stands together. Equal rows that stand together are
 * therefore different fills of one transaction. An equal row that comes again after rows of other transactions cannot be: the list moved
 * by some rows while its pages were read, and told the end of one page again at the beginning of the next. Of each row as many are kept
 * as stood together at most. A list that moved by one row only, within one transaction, cannot be told from two fills: both are kept.
 *
 * `text` is all that a row says; a row without a transaction is never taken for a repeat.
 */
export function toldOnce<T>(list: readonly T[], transactionOf: (row: T) => string, text: (row: T) => string): Once<T> {
  const seen = new Map<string, Seen>()
  const rows: T[] = []
  let [run, before, twins] = [0, '', 0]
  for (const row of list) {
    const transaction = transactionOf(row)
    if (transaction !== before) run += 1
    before = transaction
    if (transaction !== '' && !isFurther(seen, text(row), run)) continue
    if (transaction !== '' && (seen.get(text(row))?.inRun ?? 0) > 1) twins += 1
    rows.push(row)
  }
  return { rows, repeats: list.length - rows.length, twins }
}

/** Counts the row, and says whether more of it stand together here than ever before. */
function isFurther(seen: Map<string, Seen>, text: string, run: number): boolean {
  const known = seen.get(text)
  if (known === undefined) {
    seen.set(text, { run, inRun: 1, most: 1 })
    return true
  }
  known.inRun = known.run === run ? known.inRun + 1 : 1
  known.run = run
  if (known.inRun <= known.most) return false
  known.most = known.inRun
  return true
}
