import { type Price, price, type Usd, usd } from '../units/money.ts'

/** How a stake is found: from the whale's edge, by the simple formula, or the whale's own size. */
export type Sizing = 'kelly' | 'simple' | 'mirror'

/** Every number that a decision is held to. Changed only by an instruction, so that every change is on record. */
export type Limits = {
  readonly sizing: Sizing
  /** The part of full Kelly that is staked. */
  readonly kellyFraction: number
  /** The most of equity that the first step of sizing gives. */
  readonly basePositionPct: number
  /** The most of equity in one stake. */
  readonly positionPctMax: number
  readonly stakeMin: Usd
  readonly stakeMax: Usd
  readonly exposurePctMax: number
  readonly marketPctMax: number
  readonly categoryPctMax: number
  readonly positionsMax: number
  readonly qualityMin: number
  readonly confidenceMin: number
  /** A whale's trade older than this is noted, never acted on. */
  readonly tradeAgeMaxMs: number
  /** Purchases of one whale in one token that happened within this long are one decision; 0 takes each by itself. */
  readonly burstMs: number
  /** How far above the whale's price we still buy, and below it still follow out. */
  readonly priceMoveMax: Price
  readonly spreadMax: Price
  readonly liquidityMin: Usd
  /** Nothing is bought dearer than this, nor under one less it: what is left to win or lose there is noise. */
  readonly priceMax: Price
  /** No entry this close to a market's end. */
  readonly closesInMinMs: number
  readonly dailyLossMax: Usd
  readonly dailyLossPctMax: number
  readonly hourlyLossMax: Usd
  readonly lossesInARowMax: number
  readonly drawdownPctMax: number
  /** How long a card waits for a person. */
  readonly approvalWaitMs: number
  /** How far beyond the price on the card an approved purchase may still go; beyond it people are asked again. */
  readonly approvalSlipMax: Price
  /** How many people have to say yes to a trade of more than `approvalPersonsFrom`; one is enough for a smaller. */
  readonly approvalPersons: number
  readonly approvalPersonsFrom: Usd
}

export type LimitName = keyof Limits

/** How one limit may be set: its unit, its range, and which way is looser (looser is an owner's act). */
export type LimitRule = {
  readonly unit: 'usd' | 'price' | 'ratio' | 'count' | 'points' | 'ms' | 'sizing'
  readonly min: number
  readonly max: number
  readonly looser: 'higher' | 'lower'
  readonly meaning: string
}

export const LIMIT_RULES: Readonly<Record<LimitName, LimitRule>> = {
  sizing: {
    unit: 'sizing',
    min: 0,
    max: 0,
    looser: 'higher',
    meaning: 'how a stake is found: kelly, simple or mirror',
  },
  kellyFraction: { unit: 'ratio', min: 0, max: 1, looser: 'higher', meaning: 'part of full Kelly that is staked' },
  basePositionPct: {
    unit: 'ratio',
    min: 0,
    max: 0.25,
    looser: 'higher',
    meaning: 'most of equity from the first step of sizing',
  },
  positionPctMax: { unit: 'ratio', min: 0, max: 0.25, looser: 'higher', meaning: 'most of equity in one stake' },
  stakeMin: { unit: 'usd', min: 1, max: 1_000, looser: 'lower', meaning: 'smallest stake' },
  stakeMax: { unit: 'usd', min: 1, max: 10_000, looser: 'higher', meaning: 'largest stake' },
  exposurePctMax: { unit: 'ratio', min: 0, max: 1, looser: 'higher', meaning: 'most of equity at risk in all' },
  marketPctMax: { unit: 'ratio', min: 0, max: 0.5, looser: 'higher', meaning: 'most of equity at risk in one market' },
  categoryPctMax: {
    unit: 'ratio',
    min: 0,
    max: 1,
    looser: 'higher',
    meaning: 'most of equity at risk in one category',
  },
  positionsMax: { unit: 'count', min: 1, max: 100, looser: 'higher', meaning: 'most positions at once' },
  qualityMin: {
    unit: 'points',
    min: 50,
    max: 100,
    looser: 'lower',
    meaning: 'lowest quality of a whale that is copied',
  },
  confidenceMin: { unit: 'points', min: 0, max: 100, looser: 'lower', meaning: 'lowest confidence that is acted on' },
  tradeAgeMaxMs: { unit: 'ms', min: 1_000, max: 600_000, looser: 'higher', meaning: 'oldest trade that is acted on' },
  burstMs: {
    unit: 'ms',
    min: 0,
    max: 60_000,
    looser: 'lower',
    meaning: 'purchases of one whale this close together are one decision',
  },
  priceMoveMax: { unit: 'price', min: 0, max: 0.2, looser: 'higher', meaning: "furthest from the whale's price" },
  spreadMax: { unit: 'price', min: 0.001, max: 0.5, looser: 'higher', meaning: 'widest spread of an entry' },
  liquidityMin: { unit: 'usd', min: 0, max: 1_000_000, looser: 'lower', meaning: 'least liquidity of a market' },
  priceMax: {
    unit: 'price',
    min: 0.5,
    max: 0.999,
    looser: 'higher',
    meaning: 'dearest entry; one less it is the cheapest',
  },
  closesInMinMs: {
    unit: 'ms',
    min: 0,
    max: 86_400_000,
    looser: 'lower',
    meaning: "no entry this close to a market's end",
  },
  dailyLossMax: {
    unit: 'usd',
    min: 1,
    max: 100_000,
    looser: 'higher',
    meaning: 'loss in a UTC day that stops trading',
  },
  dailyLossPctMax: {
    unit: 'ratio',
    min: 0.001,
    max: 0.5,
    looser: 'higher',
    meaning: "the same, of the day's opening equity",
  },
  hourlyLossMax: {
    unit: 'usd',
    min: 1,
    max: 100_000,
    looser: 'higher',
    meaning: 'loss in a UTC hour that stops trading',
  },
  lossesInARowMax: { unit: 'count', min: 1, max: 100, looser: 'higher', meaning: 'losses in a row that stop trading' },
  drawdownPctMax: {
    unit: 'ratio',
    min: 0.01,
    max: 0.9,
    looser: 'higher',
    meaning: 'fall from the peak that stops everything',
  },
  approvalWaitMs: {
    unit: 'ms',
    min: 10_000,
    max: 3_600_000,
    looser: 'higher',
    meaning: 'how long a card waits for a person',
  },
  approvalSlipMax: {
    unit: 'price',
    min: 0,
    max: 0.2,
    looser: 'higher',
    meaning: 'how far beyond the price on the card an approved purchase may go',
  },
  approvalPersons: {
    unit: 'count',
    min: 1,
    max: 5,
    looser: 'lower',
    meaning: 'people who must say yes to a large trade',
  },
  approvalPersonsFrom: {
    unit: 'usd',
    min: 0,
    max: 10_000,
    looser: 'higher',
    meaning: 'a trade of more than this is a large one',
  },
}

export const LIMIT_NAMES = Object.keys(LIMIT_RULES) as readonly LimitName[]

export type Preset = 'conservative' | 'standard' | 'aggressive'

const STANDARD: Limits = {
  sizing: 'kelly',
  kellyFraction: 0.25,
  basePositionPct: 0.05,
  positionPctMax: 0.1,
  stakeMin: usd('50'),
  stakeMax: usd('1000'),
  exposurePctMax: 0.8,
  marketPctMax: 0.2,
  categoryPctMax: 0.4,
  positionsMax: 15,
  qualityMin: 70,
  confidenceMin: 50,
  tradeAgeMaxMs: 60_000,
  burstMs: 3_000,
  priceMoveMax: price('0.03'),
  spreadMax: price('0.05'),
  liquidityMin: usd('1000'),
  priceMax: price('0.95'),
  closesInMinMs: 60_000,
  dailyLossMax: usd('500'),
  dailyLossPctMax: 0.05,
  hourlyLossMax: usd('200'),
  lossesInARowMax: 5,
  drawdownPctMax: 0.15,
  approvalWaitMs: 90_000,
  approvalSlipMax: price('0.01'),
  approvalPersons: 1,
  approvalPersonsFrom: usd('250'),
}

export const PRESETS: Readonly<Record<Preset, Limits>> = {
  conservative: {
    ...STANDARD,
    kellyFraction: 0.15,
    basePositionPct: 0.03,
    positionPctMax: 0.05,
    positionsMax: 10,
    qualityMin: 80,
  },
  standard: STANDARD,
  aggressive: {
    ...STANDARD,
    kellyFraction: 0.35,
    basePositionPct: 0.07,
    positionPctMax: 0.15,
    positionsMax: 20,
    qualityMin: 60,
  },
}

/** Whether a change lets more through than before. Choosing another way of sizing always counts as looser. */
export function isLooser(name: LimitName, before: Limits[LimitName], after: Limits[LimitName]): boolean {
  if (before === after) return false
  if (typeof before === 'string' || typeof after === 'string') return true
  return LIMIT_RULES[name].looser === 'higher' ? after > before : after < before
}

/** Says why a value is not one for this limit, or `undefined` where it is. */
export function limitFault(name: LimitName, value: Limits[LimitName]): string | undefined {
  const rule = LIMIT_RULES[name]
  if (rule.unit === 'sizing') {
    return value === 'kelly' || value === 'simple' || value === 'mirror'
      ? undefined
      : 'sizing is kelly, simple or mirror'
  }
  const isAmount = rule.unit === 'usd' || rule.unit === 'price'
  if (isAmount !== (typeof value === 'bigint')) return `${name} is ${isAmount ? 'an amount' : 'a plain number'}`
  const isWhole = rule.unit === 'count' || rule.unit === 'ms'
  if (isWhole && !Number.isInteger(value)) return `${name} is a whole number`
  const number = typeof value === 'bigint' ? Number(value) / 1_000_000 : Number(value)
  const isInside = number >= rule.min && number <= rule.max
  return isInside ? undefined : `${name} lies between ${rule.min} and ${rule.max}`
}
