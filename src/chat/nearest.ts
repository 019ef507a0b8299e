/** Names longer than this are no misspelling of anything. */
const NAME_MAX = 32

/** The name that is the fewest letters away from what was typed, if few enough that it may have been meant. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (typed === '' || typed.length > NAME_MAX) return undefined
  const said = typed.toLowerCase()
  let best: string | undefined
  let fewest = Math.max(1, Math.floor(said.length / 2))
  for (const name of names) {
    const distance = name.toLowerCase().startsWith(said) ? 0 : lettersApart(said, name.toLowerCase())
    if (distance > fewest || (distance === fewest && best !== undefined)) continue
    best = name
    fewest = distance
  }
  return best
}

/** Letters to add, drop or change to make one of the other (Levenshtein), row by row. */
function lettersApart(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row += 1) {
    const after = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const change = (before[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1)
      after.push(Math.min(change, (before[column] ?? 0) + 1, (after[column - 1] ?? 0) + 1))
    }
    before = after
  }
  return before[other.length] ?? 0
}
