import { type Limits, PRESETS } from '../core/risk/limits.ts'
import { price, usd } from '../core/units/money.ts'
import type { Seeded } from '../core/units/seeded.ts'

/**
 * How hostile one world is. Every seed draws its own, so that some worlds are calm and some are storms, and a fault is met both
 * alone and among others (swarm testing, as TigerBeetle does it).
 */
export type Faults = {
  /** Chances for each request, 0 to 1. */
  readonly lostBefore: number
  readonly lostAfter: number
  readonly dataFails: number
  readonly staleBook: number
  readonly historyFails: number
  readonly redeemFails: number
  readonly booksFail: number
  /** The venue takes no orders, as while its matching engine restarts. */
  readonly venuePauses: number
  readonly landsAfterDeath: number
  /** For each trade that is told. */
  readonly repeated: number
  readonly late: number
  readonly missed: number
  /** It is told in part before it is told whole; told again much later; told as the other token's deal. */
  readonly pieces: number
  readonly old: number
  readonly otherView: number
  /** For each stream, every few seconds: it falls silent with nobody noticing for a while. */
  readonly silent: number
  /** For each question about a wallet: it is not answered, or without its latest rows. */
  readonly activityFails: number
  readonly rowsLate: number
  /** How often a whale leaves a position without an order, and buys in slices. */
  readonly leaves: number
  readonly slices: number
  /** For each commit. */
  readonly commitLost: number
  readonly commitFailsAfter: number
  readonly killedBeforeEffects: number
  /** Kills out of the blue, per minute. */
  readonly killsAMinute: number
  /** Whether a person often wants something. */
  readonly busyPeople: boolean
  readonly approvals: boolean
  readonly tightLimits: boolean
  /** How many people there are, 1 to 4, and whether a large trade needs two of them. */
  readonly persons: number
  readonly quorum: boolean
  /** For each look at the surfaces: none of them reaches anybody. */
  readonly voicesLost: number
}

export const NO_FAULTS: Faults = {
  lostBefore: 0,
  lostAfter: 0,
  dataFails: 0,
  staleBook: 0,
  historyFails: 0,
  redeemFails: 0,
  booksFail: 0,
  venuePauses: 0,
  landsAfterDeath: 0,
  repeated: 0,
  late: 0,
  missed: 0,
  pieces: 0,
  old: 0,
  otherView: 0,
  silent: 0,
  activityFails: 0,
  rowsLate: 0,
  leaves: 0,
  slices: 0,
  commitLost: 0,
  commitFailsAfter: 0,
  killedBeforeEffects: 0,
  killsAMinute: 0,
  busyPeople: false,
  approvals: false,
  tightLimits: false,
  persons: 1,
  quorum: false,
  voicesLost: 0,
}

export function drawFaults(seeded: Seeded): Faults {
  const sometimes = (most: number): number => (seeded.chance(0.5) ? seeded.next() * most : 0)
  return {
    lostBefore: sometimes(0.3),
    lostAfter: sometimes(0.4),
    dataFails: sometimes(0.2),
    staleBook: sometimes(0.3),
    historyFails: sometimes(0.5),
    redeemFails: sometimes(0.5),
    booksFail: sometimes(0.4),
    venuePauses: sometimes(0.1),
    landsAfterDeath: sometimes(1),
    repeated: sometimes(0.8),
    late: sometimes(0.3),
    missed: sometimes(0.5),
    pieces: sometimes(0.5),
    old: sometimes(0.3),
    otherView: sometimes(0.15),
    silent: sometimes(0.3),
    activityFails: sometimes(0.4),
    rowsLate: sometimes(0.5),
    leaves: sometimes(0.4),
    slices: sometimes(0.6),
    commitLost: sometimes(0.01),
    commitFailsAfter: sometimes(0.01),
    killedBeforeEffects: sometimes(0.02),
    killsAMinute: sometimes(1),
    busyPeople: seeded.chance(0.6),
    approvals: seeded.chance(0.4),
    tightLimits: seeded.chance(0.4),
    persons: 1 + seeded.whole(4),
    quorum: seeded.chance(0.4),
    voicesLost: sometimes(0.3),
  }
}

/** Loose worlds trade all day, so that orders meet faults; tight ones stop early, so that breakers do. */
export function limitsFor(faults: Faults): Limits {
  const limits: Limits = {
    ...PRESETS.standard,
    stakeMin: usd('5'),
    approvalWaitMs: 30_000,
    approvalPersons: faults.quorum ? 2 : 1,
    approvalPersonsFrom: usd('100'),
    closesInMinMs: 5_000,
    spreadMax: price('0.1'),
    confidenceMin: 20,
    positionsMax: 40,
    dailyLossMax: usd('100000'),
    dailyLossPctMax: 0.5,
    hourlyLossMax: usd('100000'),
    lossesInARowMax: 100,
    drawdownPctMax: 0.9,
  }
  if (!faults.tightLimits) return limits
  return {
    ...limits,
    dailyLossMax: usd('150'),
    hourlyLossMax: usd('120'),
    lossesInARowMax: 3,
    drawdownPctMax: 0.02,
    positionsMax: 10,
  }
}
