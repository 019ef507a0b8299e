import type { Effect } from './effect.ts'
import type { Fact } from './fact.ts'
import type { Input } from './input.ts'

/** One step of the engine, whole: what came in, what was concluded, what is to be done. `seq` orders; times only explain. */
export type Entry = {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number
  /** Which leadership wrote it; 1 while there is only one process. */
  readonly term: number
  readonly input: Input
  readonly facts: readonly Fact[]
  readonly effects: readonly Effect[]
  /** The version of the engine that decided. */
  readonly engine: string
}
