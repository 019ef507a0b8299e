/** Counts what a reader could not use, each by the words that say so. */
export type Tally = {
  readonly add: (words: string, count?: number) => void
  /** One line each, in the order in which they were first met; what never happened is not told. */
  readonly words: () => readonly string[]
}

export function tally(): Tally {
  const counts = new Map<string, number>()
  return {
    add: (words, count = 1) => {
      if (count > 0) counts.set(words, (counts.get(words) ?? 0) + count)
    },
    words: () => [...counts].map(([words, count]) => `${words} (${count.toLocaleString('en-US')})`),
  }
}
