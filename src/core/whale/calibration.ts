/** What was thought of a purchase before it was known, and what became of it. */
export type Forecast = {
  /** The chance that was given to it, 0 to 1. */
  readonly chance: number
  readonly isTrue: boolean
}

/** Forecasts of nearly one chance, and how often they came true. */
export type CalibrationBin = {
  /** The chances in it, from this one and under the next bin's. */
  readonly from: number
  readonly count: number
  readonly meanChance: number
  /** The share of them that came true, 0 to 1. */
  readonly cameTrue: number
}

const BINS = 10

/** The mean squared distance of a chance from what happened, 0 (always right and sure) to 1; `undefined` without a forecast. Brier (1950). */
export function brierOf(forecasts: readonly Forecast[]): number | undefined {
  if (forecasts.length === 0) return undefined
  return forecasts.reduce((sum, forecast) => sum + squaredError(forecast), 0) / forecasts.length
}

export function squaredError({ chance, isTrue }: Forecast): number {
  const distance = chance - (isTrue ? 1 : 0)
  return distance * distance
}

/** Tenths of the chances that were given, without the empty ones, in rising order. */
export function calibrationOf(forecasts: readonly Forecast[]): readonly CalibrationBin[] {
  return Array.from({ length: BINS }, (_, index) => index).flatMap(index => {
    const inside = forecasts.filter(({ chance }) => Math.min(BINS - 1, Math.floor(chance * BINS)) === index)
    if (inside.length === 0) return []
    const meanChance = inside.reduce((sum, { chance }) => sum + chance, 0) / inside.length
    const cameTrue = inside.filter(({ isTrue }) => isTrue).length / inside.length
    return [{ from: index / BINS, count: inside.length, meanChance, cameTrue }]
  })
}
