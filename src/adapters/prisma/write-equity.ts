import type { Fact } from '../../core/engine/fact.ts'
import { hourOf } from '../../core/units/ids.ts'
import type { Batch } from './batch.ts'

/** What accounts were worth: when they were opened, and whenever an hour turned. */
export function writeEquity(batch: Batch, fact: Fact): void {
  switch (fact.kind) {
    case 'accountOpened': {
      const { account, deposit, at } = fact
      batch.equities.put({ account, hour: hourOf(at), equity: deposit })
      return
    }
    case 'hourTurned': {
      for (const { account, equity } of fact.accounts) batch.equities.put({ account, hour: fact.hour, equity })
      return
    }
    default:
      return
  }
}
