import { randomInt } from 'node:crypto'
import type { Router } from '../../../chat/router.ts'
import type { Clock } from '../../../ports/clock.ts'
import { createEars, type Ears, type Heard, lineOf } from '../../../voices/ears.ts'
import type { Pairing } from '../../../voices/pairing.ts'
import type { Directory, Person } from '../../../voices/people.ts'
import type { Intake } from '../../intake.ts'
import type { Note } from '../live-services.ts'

export type HearingOptions = {
  readonly router: Router
  readonly people: Directory
  readonly pairing: Pairing
  readonly intake: Intake
  readonly clock: Clock
  readonly note: Note
}

/** As much of a line as the record keeps: a stranger may write anything. */
const LINE_KEPT = 200

/** The ears of the live run: what is not obeyed goes on record, and so does whoever is linked. */
export function openEars({ router, people, pairing, intake, clock, note }: HearingOptions): Ears {
  const turnAway = (heard: Heard, person: Person | undefined, why: string): void => {
    const { surface, account, id } = heard
    try {
      const line = lineOf(heard).slice(0, LINE_KEPT)
      intake.offer({ kind: 'turnedAway', surface, account, person: person?.id, press: `${surface} ${id}`, line, why })
    } catch (error) {
      note('a press that was turned away could not be put on record', error)
    }
  }
  const link = async ({ surface, account, id }: Heard, person: Person): Promise<string | undefined> => {
    const asker = { person: person.id, surface, press: `${surface} ${id}` }
    const facts = await intake.ask({
      kind: 'instructed',
      asker,
      instruction: { kind: 'linkAccount', surface, account },
    })
    const refused = facts.find(fact => fact.kind === 'instructionRefused')
    return refused?.kind === 'instructionRefused' ? refused.why : undefined
  }
  return createEars({ router, people, pairing, now: clock.now, turnAway, link })
}

const A_MILLION = 1_000_000

/** Six digits that nobody can foresee. */
export function sixDigits(): number {
  return randomInt(A_MILLION)
}
