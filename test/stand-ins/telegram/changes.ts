/** Tells whoever waits that something changed. */
export type Changes = {
  readonly tell: () => void
  /** Calls back on every change until the returned function is called. */
  readonly listen: (onChange: () => void) => () => void
}

/** Nobody listens yet. */
export function createChanges(): Changes {
  const listeners = new Set<() => void>()
  return {
    tell: () => {
      for (const listener of [...listeners]) listener()
    },
    listen: onChange => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
  }
}

/**
 * Waits until `look` gives something, looked at now and on every change. Rejects after `withinMs`, or with what `look` throws;
 * `picture` says in the first case what there is instead.
 */
export function until<Found>(
  changes: Changes,
  look: () => Found | undefined | false,
  withinMs: number,
  picture: () => string,
): Promise<Found> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      clearTimeout(timer)
      unlisten()
      end()
    }
    const check = () => {
      try {
        const found = look()
        if (found !== undefined && found !== false) settle(() => resolve(found))
      } catch (error) {
        settle(() => reject(error))
      }
    }
    const timer = setTimeout(() => {
      settle(() => reject(new Error(`not so within ${withinMs} ms\n${picture()}`)))
    }, withinMs)
    const unlisten = changes.listen(check)
    check()
  })
}
