import type { Execution, World } from './world.ts'

/** Every order executed after `from` and up to `to`, in all markets, oldest first. */
export function executionsEverywhere(world: World, from: number, to: number): readonly Execution[] {
  const rows = world.numbersBetween(from, to).flatMap(number => {
    const market = world.marketByNumber(number)
    return market === undefined ? [] : world.executions(market, from, to)
  })
  return rows.sort((a, b) => a.at - b.at)
}
