/**
 * A repeatable source of numbers: the same seed gives the same sequence on every machine.
 *
 * The simulation, the sandbox and the simulated venue draw from it; no decision does.
 */
export type Seeded = {
  /** The next number in [0, 1). */
  readonly next: () => number
  /** A whole number in [0, below). `below` is 1 to 2^32. */
  readonly whole: (below: number) => number
  /** A number in [low, high). */
  readonly between: (low: number, high: number) => number
  /** True with this probability, 0 to 1. */
  readonly chance: (probability: number) => boolean
  /** One of these. The list must not be empty. */
  readonly pick: <T>(from: readonly T[]) => T
  /** Roughly normal, mean 0 and deviation 1, within ±6: the sum of twelve draws, since `Math.log` may differ between engines. */
  readonly normal: () => number
  /** An independent source, decided by this seed and the name alone and not by how many numbers were drawn. */
  readonly fork: (name: string) => Seeded
}

/** Makes a source from any text or number. sfc32 (Chris Doty-Humphrey, PractRand), seeded by FNV-1a. */
export function seeded(seed: string | number): Seeded {
  const name = String(seed)
  let a = fnv1a(`${name}/a`)
  let b = fnv1a(`${name}/b`)
  let c = fnv1a(`${name}/c`)
  let counter = 1
  const draw = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let warmUp = 0; warmUp < 12; warmUp += 1) draw()

  const next = (): number => draw() / 0x1_0000_0000
  const whole = (below: number): number => Math.floor(next() * below)
  return {
    next,
    whole,
    between: (low, high) => low + next() * (high - low),
    chance: probability => next() < probability,
    pick: from => {
      const chosen = from[whole(from.length)]
      if (chosen === undefined) throw new RangeError('there is nothing to pick from')
      return chosen
    },
    normal: () => {
      let sum = -6
      for (let draws = 0; draws < 12; draws += 1) sum += next()
      return sum
    },
    fork: child => seeded(`${name}/${child}`),
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
