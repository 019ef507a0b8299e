import type { Database } from '../../adapters/prisma/client.ts'
import type { Projector } from '../../adapters/prisma/projector.ts'
import type { Scheduled } from '../../adapters/system/schedule.ts'
import { later } from '../../core/units/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Dispatcher } from '../dispatch.ts'
import type { Eyes } from '../eyes/eyes.ts'
import type { Intake } from '../intake.ts'
import type { LiveMarket } from './live-market.ts'
import type { Note } from './live-services.ts'

/** Effects under way are given this long to end before the rest of the shutdown. */
const DRAIN_MS = 3_000
const LAST_ANSWER_MS = 20

/** Stops taking in, lets what is under way end, writes what is left to write, and lets go of everything. */
export async function shutDown(parts: {
  readonly calendar: readonly Scheduled[]
  readonly dispatcher: Dispatcher
  readonly clock: Clock
  readonly ending: AbortController
  readonly running: Promise<void>
  readonly intake: Intake
  readonly following: Promise<void>
  readonly eyes: Eyes
  readonly projector: Projector
  readonly market: LiveMarket
  readonly venue: { readonly close: () => void }
  readonly voices: { readonly done: Promise<void> }
  readonly database: Database
  readonly unlock: () => void
  readonly note: Note
}): Promise<void> {
  const { calendar, dispatcher, clock, ending, running, intake, following, projector, market, note } = parts
  // No new round begins; one under way may be asking a dead host wallet by wallet, and ends when the run does.
  const stopped = Promise.all(calendar.map(one => one.stop()))
  const until = later(clock.now(), DRAIN_MS)
  while (dispatcher.active() > 0 && clock.now() < until) await clock.sleep(20)
  // The answer of the last effect is an input yet, and its entry must be written.
  await clock.sleep(LAST_ANSWER_MS)
  ending.abort()
  await stopped
  await running.catch(() => undefined)
  await parts.eyes.ended()
  // Closed before those who ask are waited for: with the loop gone nobody would answer them.
  intake.close(new Error('Remora is shutting down'))
  await following
  await parts.voices.done
  await projector.drain().catch(error => note('the tables at the end', error))
  await projector.close()
  parts.venue.close()
  await market.close().catch(error => note('the market at the end', error))
  await parts.database.close()
  parts.unlock()
}
