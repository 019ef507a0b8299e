/** Lets so many pieces of work run at once, in the order in which they were asked for. */
export function inTurn(atOnce: number): { readonly next: <T>(work: () => Promise<T>) => Promise<T> } {
  let running = 0
  const waiting: (() => void)[] = []
  return {
    next: async work => {
      if (running >= atOnce) await new Promise<void>(resolve => waiting.push(resolve))
      else running += 1
      try {
        return await work()
      } finally {
        const first = waiting.shift()
        // Whoever waited takes the place over; it never falls free in between.
        if (first === undefined) running -= 1
        else first()
      }
    },
  }
}
