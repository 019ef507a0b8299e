import type { Fact } from '../core/engine/fact.ts'
import type { Instant } from '../core/units/ids.ts'
import { approvalCard, cardAgain } from './announce-card.ts'
import { closedLine, doubtOver, fillLine, uncertainLine } from './announce-order.ts'
import { peopleLine } from './announce-people.ts'
import {
  breakerPage,
  breakerResetLine,
  holdPage,
  holdReleasedLine,
  limitsLine,
  mismatchPage,
  modeLine,
  runLine,
} from './announce-safety.ts'
import { approvedLine, endedLine, orderCard, reasonedLine, refusalLine } from './announce-signal.ts'
import { contradictedLine } from './announce-sources.ts'
import { whaleLine, whaleSetLine } from './announce-whale.ts'
import type { AnnounceContext, Announcement, Message, Said, Telling } from './announce-words.ts'
import { emptyNotebook, note } from './notebook.ts'

/** As much of an entry of the journal as announcements read. */
export type ToldEntry = { readonly seq: number; readonly at: Instant; readonly facts: readonly Fact[] }

/**
 * Which facts of an entry are worth saying, and how. Pure: the same entry and context give the same words and ids. The caller
 * notes the entry in the notebook afterwards, not before, since what was in doubt before it matters.
 */
export function announcements(entry: ToldEntry, context: AnnounceContext): readonly Announcement[] {
  const fresh = emptyNotebook()
  note(fresh, entry.facts)
  const telling = { at: entry.at, facts: entry.facts, context, fresh }
  return entry.facts.flatMap((fact, index) => {
    const said = say(telling, fact)
    const messages = said === undefined ? [] : isList(said) ? said : [said]
    return messages.map((message, place) => ({
      id: place === 0 ? `${entry.seq}.${index}` : `${entry.seq}.${index}.${place}`,
      version: entry.seq,
      at: entry.at,
      ...message,
    }))
  })
}

function isList(said: Message | readonly Message[]): said is readonly Message[] {
  return Array.isArray(said)
}

function say(telling: Telling, fact: Fact): Said {
  switch (fact.kind) {
    case 'approvalAsked':
      return approvalCard(telling, fact)
    case 'approvalVoted':
    case 'tradeJoined':
      return cardAgain(telling, fact)
    case 'orderPlanned':
      return orderCard(telling, fact)
    case 'signalRefused':
      return refusalLine(telling, fact)
    case 'approvalGiven':
      return approvedLine(telling, fact)
    case 'signalDeclined':
    case 'signalExpired':
    case 'signalWithdrawn':
      return endedLine(telling, fact)
    case 'declineExplained':
      return reasonedLine(telling, fact)
    case 'orderFilled':
      return fillLine(telling, fact)
    case 'orderBecameUncertain':
      return uncertainLine(telling, fact)
    case 'orderClosed':
    case 'orderRested':
      return doubtOver(telling, fact)
    case 'positionClosed':
      return closedLine(telling, fact)
    case 'breakerOpened':
      return breakerPage(telling, fact)
    case 'breakerReset':
      return breakerResetLine(telling, fact)
    case 'holdPlaced':
      return holdPage(telling, fact)
    case 'holdReleased':
      return holdReleasedLine(telling, fact)
    case 'mismatchFound':
      return mismatchPage(telling, fact)
    case 'modeChanged':
    case 'modeRefused':
      return modeLine(telling, fact)
    case 'limitsChanged':
      return limitsLine(telling, fact)
    case 'whaleFollowed':
    case 'whaleUnfollowed':
      return whaleLine(fact, telling)
    case 'whaleSet':
      return whaleSetLine(fact, telling)
    case 'accountLinked':
    case 'accountUnlinked':
    case 'pressTurnedAway':
      return peopleLine(telling, fact)
    case 'tradeContradicted':
      return contradictedLine(telling, fact)
    case 'accountOpened':
    case 'redeemPutOff':
      return runLine(telling, fact)
    default:
      return undefined
  }
}
