import { FeedError } from '../../../ports/feeds.ts'
import { filterOver, type LogFilter } from './logs.ts'
import { type ChainNode, NodeRefusal } from './node.ts'

/** The first and the last block, both included. */
export type Range = { readonly from: number; readonly to: number }

/** What the smallest public nodes answer at once, with room to spare; a node that takes less says so. */
const RANGE_BLOCKS = 500
/** More logs of one question are asked for in halves, which bounds what is held at once. */
const LOGS_MAX = 10_000
/** Halving 2,000 blocks to single ones would be 4,000 questions: a node that wants that is not asked on. */
const QUESTIONS_MAX = 64
/** Says of nodes that a question spans too many blocks or gives too many logs: geth, Erigon, Alchemy, Infura, QuickNode, dRPC. */
const TOO_MUCH =
  /-32005|block ?range|range.*(?:large|wide|limit|exceed)|ranges? over|more than|too (?:many|large|big|wide)|limit(?:ed)? (?:to|exceeded)|response size|maximum/i
/** A rate limit shares its code with a range limit; half the range would only be twice the questions. */
const TOO_OFTEN = /\brate\b|per second|throughput|capacity|credits|too many requests/i

/**
 * Tells every log of these blocks, oldest first, asking in ranges that are halved when the node says that they are too much.
 * Throws a `FeedError` where the node does not answer or wants more questions than are reasonable.
 */
export async function logsOver(
  node: ChainNode,
  filter: LogFilter,
  range: Range,
  tell: (log: unknown) => void,
): Promise<void> {
  const open = rangesOf(range)
  for (let questions = 0; open.length > 0; questions += 1) {
    if (questions >= QUESTIONS_MAX)
      throw new FeedError('chain', `${node.name} answers too few blocks at once to catch up: use another node`)
    const next = open.pop()
    if (next === undefined) return
    const logs = await askRange(node, filter, next)
    if (logs === 'too much') open.push(...halvesOf(node, next))
    else for (const log of logs) tell(log)
  }
}

async function askRange(
  node: ChainNode,
  filter: LogFilter,
  { from, to }: Range,
): Promise<readonly unknown[] | 'too much'> {
  try {
    const logs = await node.ask('eth_getLogs', [filterOver(filter, from, to)])
    if (!Array.isArray(logs)) throw new FeedError('chain', `${node.name} did not answer eth_getLogs with a list`)
    return logs.length > LOGS_MAX ? 'too much' : logs
  } catch (error) {
    const isTooMuch = error instanceof NodeRefusal && TOO_MUCH.test(error.words) && !TOO_OFTEN.test(error.words)
    if (isTooMuch) return 'too much'
    throw error
  }
}

/** Youngest first, since they are taken from the end. */
function rangesOf({ from, to }: Range): Range[] {
  const ranges: Range[] = []
  for (let start = from; start <= to; start += RANGE_BLOCKS)
    ranges.unshift({ from: start, to: Math.min(to, start + RANGE_BLOCKS - 1) })
  return ranges
}

function halvesOf(node: ChainNode, { from, to }: Range): readonly Range[] {
  if (from === to) throw new FeedError('chain', `${node.name} does not answer eth_getLogs for a single block`)
  const middle = Math.floor((from + to) / 2)
  return [
    { from: middle + 1, to },
    { from, to: middle },
  ]
}
