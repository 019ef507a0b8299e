import { mix, mixHex } from '../mix.ts'
import type { World } from '../world.ts'
import { quantity } from './words.ts'

/** A block takes in this much of the wall clock, whatever the world's speed, and is told when that time is over. */
const BLOCK_MS = 2000
/** One block in about this many is taken back after it was told. */
const REORGANISED_ONE_IN = 150
/** At most so many blocks are taken back together. */
const REORGANISED_MAX = 2
const NUMBER_DIGITS = 12
const ZERO_HASH = `0x${'0'.repeat(64)}`
/** Rules nothing out, which a bloom filter may always do. */
export const FULL_BLOOM = `0x${'f'.repeat(512)}`

/** Two blocks may have one number for a while: the one that is told first and given up, and the one that stays. */
export type Branch = 'abandoned' | 'final'

/** The last whole block at a moment of the world: numbers count from 1970, two seconds each. */
export function headAt({ clock }: World, at: number): number {
  const guess = Math.floor(clock.wallTime(at) / BLOCK_MS) - 1
  // The clock's two directions each round down, so that a moment at a block's very end may come back as just before it.
  return clock.worldTime((guess + 2) * BLOCK_MS) <= at ? guess + 1 : guess
}

/** The block that a moment of the world belongs to. */
export function blockAt(world: World, at: number): number {
  return headAt(world, at) + 1
}

/** What a block takes in, of the world's time: after `from` and up to `to`. */
export function stretchOf({ clock }: World, number: number): { readonly from: number; readonly to: number } {
  return { from: clock.worldTime(number * BLOCK_MS) - 1, to: clock.worldTime((number + 1) * BLOCK_MS) - 1 }
}

/** Which of its two blocks a number is while the chain ends in `head`. */
export function branchOf(key: number, number: number, head: number): Branch {
  for (let start = number; start > number - REORGANISED_MAX; start -= 1) {
    const end = start + takenBackFrom(key, start)
    if (number < end && head < end) return 'abandoned'
  }
  return 'final'
}

/** The first of the blocks that are taken back when `head` is told; `head` itself where none are. */
export function replacedFrom(key: number, head: number): number {
  for (let start = head - 1; start >= head - REORGANISED_MAX; start -= 1) {
    if (start + takenBackFrom(key, start) === head) return start
  }
  return head
}

/** How many blocks from this one on are told and then taken back: mostly none. No two such stretches overlap. */
function takenBackFrom(key: number, start: number): number {
  const isPicked = (number: number) => mix(key, 0xc1, number) % REORGANISED_ONE_IN === 0
  return isPicked(start) && !isPicked(start - 1) ? 1 + (mix(key, 0xc2, start) % REORGANISED_MAX) : 0
}

/** Whether the block that is given up had its transactions in another order than the one that stays. */
export function isReordered(key: number, number: number): boolean {
  return mix(key, 0xc5, number) % 4 === 0
}

/** A block's hash. It ends in its number, so that a block is found by its hash alone. */
export function blockHash(key: number, number: number, branch: Branch): string {
  const salt = branch === 'final' ? 0xc3 : 0xc4
  return `0x${mixHex(64 - NUMBER_DIGITS, key, salt, number)}${number.toString(16).padStart(NUMBER_DIGITS, '0')}`
}

/** The number in a block's hash; whether it is one of this chain is seen by making the hash again. */
export function numberInHash(hash: string): number {
  return Number.parseInt(hash.slice(-NUMBER_DIGITS), 16)
}

/** A block's head as `newHeads` and `eth_getBlockByNumber` tell it. Its time is the beginning of what it takes in. */
export function headerOf(key: number, number: number, head: number): Readonly<Record<string, unknown>> {
  const branch = branchOf(key, number, head)
  // A block that is given up stands on one that is given up with it, except the first of them.
  const parent = branch === 'abandoned' ? branchOf(key, number - 1, head) : 'final'
  return {
    number: quantity(number),
    hash: blockHash(key, number, branch),
    parentHash: blockHash(key, number - 1, parent),
    timestamp: quantity((number * BLOCK_MS) / 1000),
    nonce: '0x0000000000000000',
    difficulty: '0x1',
    gasLimit: quantity(45_000_000),
    gasUsed: quantity(20_000_000),
    baseFeePerGas: quantity(25_000_000_000),
    miner: `0x${'0'.repeat(40)}`,
    extraData: '0x',
    mixHash: ZERO_HASH,
    sha3Uncles: ZERO_HASH,
    stateRoot: ZERO_HASH,
    receiptsRoot: ZERO_HASH,
    transactionsRoot: ZERO_HASH,
    logsBloom: FULL_BLOOM,
    size: quantity(50_000),
  }
}
