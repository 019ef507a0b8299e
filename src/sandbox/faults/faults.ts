import { type Seeded, seeded } from '../../core/units/seeded.ts'

/** What the sandbox can be asked through: the node of the chain, two streams, and three hosts over HTTP. */
export const SOURCES = ['chain', 'activity', 'market', 'data', 'gamma', 'clob'] as const

export type Source = (typeof SOURCES)[number]

/** What can be wrong with a source, and what that means. Seconds are those of the sandbox's clock. */
export const FAULTS = {
  silent: 'the socket stays open and answers pings, and nothing is told on it',
  halfOpen: 'connections are accepted, then nothing is ever answered, not even a ping',
  refuse: 'connections are closed at once: with 1013 or 503 for a socket, without an answer for a request',
  drop: 'the connection is closed now and then, in the middle of an answer too',
  repeat: 'some rows are told twice',
  reorder: 'the rows of several seconds are shuffled',
  late: 'half of the rows are held back, 5 to 120 s on a socket and 5 to 60 s over HTTP, and keep their old stamps',
  missing: 'a fifth of the rows is never told on a socket; over HTTP a row may be missing, and is in a later answer',
  cached: 'an answer is repeated for 300 s to whoever asks the very same address',
  limited: 'every request is answered with 429 and Retry-After',
  failing: 'every request is answered with 503',
  slow: 'every answer takes 2 to 12 s',
  garbage: 'texts that are no JSON, halves, binary and empty frames, and rows that cannot be, beside good ones',
  strangers: '50 rows a second more of people nobody follows',
  old: 'rows more than 30 minutes old are told again',
  rangeLimit: 'logs of more than 10 blocks at once are refused',
} as const satisfies Readonly<Record<string, string>>

export type Fault = keyof typeof FAULTS

/** A fault at a source. */
export type FaultAt = { readonly source: Source; readonly fault: Fault }

const STREAM = ['silent', 'halfOpen', 'refuse', 'drop', 'repeat', 'reorder', 'late', 'missing', 'garbage'] as const
const HOST = ['halfOpen', 'refuse', 'drop', 'missing', 'cached', 'limited', 'failing', 'slow', 'garbage'] as const

/**
 * Which fault makes sense where. A host that tells a row twice is no fault that anybody could see: two fills of one
 * order may be alike in every field. The market channel names no wallets, so it knows no strangers.
 */
export const TAKES: Readonly<Record<Source, readonly Fault[]>> = {
  chain: [...STREAM, 'limited', 'failing', 'slow', 'rangeLimit'],
  activity: [...STREAM, 'strangers', 'old'],
  market: STREAM,
  data: [...HOST, 'reorder', 'late'],
  gamma: HOST,
  clob: HOST,
}

/** A fault that was asked for and cannot be. The message says what can. */
export class FaultError extends Error {
  override readonly name = 'FaultError'
}

/** Puts faults on and takes them off while the sandbox runs. */
export type FaultSwitch = {
  /** Throws a `FaultError` where that fault makes no sense for that source. Setting what is set changes nothing. */
  readonly set: (source: Source, fault: Fault, isOn: boolean) => void
  readonly on: () => readonly FaultAt[]
  readonly clear: () => void
}

/** The same, as the parts of the sandbox read it. */
export type Switchboard = FaultSwitch & {
  readonly isOn: (source: Source, fault: Fault) => boolean
  /** Whether anything at all is wrong with the source: what is asked first, so that no fault costs nothing. */
  readonly isTroubled: (source: Source) => boolean
  /** Decides about single rows, which share their fate on every connection and in every run of the seed. */
  readonly key: number
  /** Decides everything else of one source. */
  readonly chanceOf: (source: Source) => Seeded
  /** Calls this after each change. */
  readonly changed: (listener: () => void) => void
}

/** A switchboard with every fault off. The seed is that of the world. */
export function switchboard(seed: string): Switchboard {
  const chance = seeded(`${seed}/faults`)
  const chances = new Map(SOURCES.map(source => [source, chance.fork(source)]))
  const on = new Map<Source, Set<Fault>>(SOURCES.map(source => [source, new Set()]))
  const listeners: (() => void)[] = []
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    key: chance.whole(0x1_0000_0000),
    chanceOf: source => chances.get(source) ?? chance,
    isOn: (source, fault) => on.get(source)?.has(fault) === true,
    isTroubled: source => on.get(source)?.size !== 0,
    changed: listener => {
      listeners.push(listener)
    },
    set: (source, fault, isOn) => {
      const found = faultAt(source, fault)
      if (typeof found === 'string') throw new FaultError(found)
      if (isOn) on.get(source)?.add(fault)
      else on.get(source)?.delete(fault)
      tell()
    },
    on: () => SOURCES.flatMap(source => [...(on.get(source) ?? [])].map(fault => ({ source, fault }))),
    clear: () => {
      for (const faults of on.values()) faults.clear()
      tell()
    },
  }
}

/** The two as a fault that can be, or the sentence that says why it cannot and what could. */
export function faultAt(source: string, fault: string): FaultAt | string {
  const knownSource = SOURCES.find(known => known === source)
  if (knownSource === undefined) return `there is no source ${quoted(source)}: name one of ${SOURCES.join(', ')}`
  const knownFault = (Object.keys(FAULTS) as Fault[]).find(known => known === fault)
  const takes = TAKES[knownSource]
  if (knownFault === undefined) return `there is no fault ${quoted(fault)}: ${source} takes ${takes.join(', ')}`
  if (!takes.includes(knownFault)) return `${fault} makes no sense for ${source}, which takes ${takes.join(', ')}`
  return { source: knownSource, fault: knownFault }
}

/** What somebody wrote, short and on one line, whatever it was. */
function quoted(text: string): string {
  return JSON.stringify(text.length > NAME_SHOWN_MAX ? `${text.slice(0, NAME_SHOWN_MAX)}…` : text)
}

/** The longest real name has ten letters; more than this of a wrong one helps nobody. */
const NAME_SHOWN_MAX = 40
