/** A value of type `T` that only the module which mints `Name` can make. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name }

/** A rule of the program itself was broken. Nobody catches it but the supervisor, to stop: going on would be going on wrong. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** States what must be true here, in production too. `rule` says it positively: "cash is never negative". */
export function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new InvariantError(rule)
}

/** Ends a `switch` over a union: the compiler proves it is never reached, and a value from an old file that does is a crash. */
export function unreachable(value: never): never {
  throw new InvariantError(`every kind is handled, yet there is ${JSON.stringify(value, bigintAsText)}`)
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
