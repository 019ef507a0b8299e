import { expect, test } from 'vitest'
import { SABOTAGES, type Sabotage } from '../../src/sim/sabotage.ts'
import { World } from '../../src/sim/world.ts'

/** A broken rule must be noticed within so many worlds; most are within three. */
const WORLDS = 40

async function firstComplaint(sabotage: Sabotage): Promise<string | undefined> {
  for (let seed = 1; seed <= WORLDS; seed += 1) {
    try {
      await new World(String(seed), sabotage).run()
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    }
  }
  return undefined
}

test.each(SABOTAGES)('the auditor notices when a rule is broken: %s', { timeout: 180_000 }, async sabotage => {
  expect(await firstComplaint(sabotage)).toMatch(/^(?:AuditError|InvariantError): /)
})

test('the same worlds without sabotage raise no complaint', { timeout: 180_000 }, async () => {
  expect(await firstComplaint('none')).toBeUndefined()
})
