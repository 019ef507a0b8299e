/** Lets callers wait for something to become true, and looks again at every change instead of every so often. */
export type Changes = {
  /** Says that something is otherwise now. Those who wait look after the change is whole, not in its middle. */
  readonly tell: () => void
  /** `shown` is how what is waited for is told to whoever waited in vain. */
  readonly until: <Found>(
    look: () => Found,
    withinMs: number,
    shown: string,
  ) => Promise<Exclude<Found, false | undefined>>
}

/** Changes of something that `picture` describes to whoever waited in vain. */
export function changes(picture: () => string): Changes {
  const waiting = new Set<() => void>()
  let isTold = false
  const lookAll = () => {
    isTold = false
    for (const look of [...waiting]) look()
  }
  return {
    tell: () => {
      if (isTold || waiting.size === 0) return
      isTold = true
      queueMicrotask(lookAll)
    },
    until: <Found>(look: () => Found, withinMs: number, shown: string) =>
      new Promise<Exclude<Found, false | undefined>>((resolve, reject) => {
        const leave = () => {
          waiting.delete(lookAgain)
          clearTimeout(timer)
        }
        const lookAgain = () => {
          try {
            const found = look()
            if (found === false || found === undefined) return
            leave()
            resolve(found as Exclude<Found, false | undefined>)
          } catch (error) {
            leave()
            reject(error)
          }
        }
        const timer = setTimeout(() => {
          leave()
          reject(new Error(`this did not come true within ${withinMs} ms:\n${shown}\n\n${picture()}`))
        }, withinMs)
        waiting.add(lookAgain)
        lookAgain()
      }),
  }
}
