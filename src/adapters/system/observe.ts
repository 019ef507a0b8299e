import type { Entry } from '../../core/engine/entry.ts'
import type { Fact } from '../../core/engine/fact.ts'
import { decimal } from '../../core/units/money.ts'
import type { Log } from './log.ts'

/** Writes facts to the log: the one reader that does, so that the engine holds no log text. */
export function observeEntries(log: Log, entries: readonly Entry[]): void {
  for (const entry of entries) {
    for (const fact of entry.facts) observeFact(log, entry.seq, fact)
  }
}

function observeFact(log: Log, seq: number, fact: Fact): void {
  switch (fact.kind) {
    case 'signalOpened':
      log.info({ seq, signal: fact.signal.short, side: fact.signal.side, token: fact.signal.token }, 'signal opened')
      return
    case 'tradeJoined':
      log.info({ seq, signal: fact.signal, size: fact.trade.size, source: fact.trade.source }, 'trade joined')
      return
    case 'tradeContradicted':
      log.warn(
        { seq, signal: fact.signal, side: fact.trade.side, token: fact.trade.token, source: fact.trade.source },
        'two sources tell opposite sides',
      )
      return
    case 'sourceChanged':
      log[fact.status === 'live' ? 'info' : 'warn'](
        { seq, source: fact.source, status: fact.status, why: fact.why },
        'source changed',
      )
      return
    case 'signalRefused':
      log.info({ seq, signal: fact.signal, codes: fact.refusals.map(refusal => refusal.code) }, 'signal refused')
      return
    case 'approvalAsked':
      log.info(
        { seq, signal: fact.signal, round: fact.round, dollars: fact.bound.dollars, again: fact.again },
        'approval asked',
      )
      return
    case 'approvalVoted':
      log.info({ seq, signal: fact.signal, by: fact.by.person, surface: fact.by.surface }, 'approval voted')
      return
    case 'approvalGiven':
      log.info(
        { seq, signal: fact.signal, by: fact.by.person, surface: fact.by.surface, dollars: fact.bound?.dollars },
        'approval given',
      )
      return
    case 'signalDeclined':
      log.info(
        { seq, signal: fact.signal, by: fact.by.person, surface: fact.by.surface, vetoed: fact.vetoed },
        'signal declined',
      )
      return
    case 'declineExplained':
      log.info({ seq, signal: fact.signal, by: fact.by.person, surface: fact.by.surface }, 'decline explained')
      return
    case 'pressTurnedAway':
      // Its line is a stranger's words, and may hold what somebody pasted by mistake.
      log.warn(
        { seq, surface: fact.surface, account: fact.account, by: fact.person, why: fact.why },
        'press turned away',
      )
      return
    case 'accountLinked':
    case 'accountUnlinked':
      log.info({ seq, surface: fact.surface, account: fact.account, by: fact.by.person }, fact.kind)
      return
    case 'pageAcknowledged':
      log.info({ seq, page: fact.page, by: fact.by.person, surface: fact.by.surface }, 'page acknowledged')
      return
    case 'noticeSet':
      log.info({ seq, by: fact.by.person, surface: fact.by.surface }, 'notice set')
      return
    case 'orderPlanned':
      log.info({ seq, order: fact.intent.key, limit: fact.intent.limit, size: fact.intent.size }, 'order planned')
      return
    case 'orderFilled':
      log.info(
        { seq, order: fact.order, price: fact.fill.price, size: fact.fill.size, fee: fact.fill.fee },
        'order filled',
      )
      return
    case 'orderClosed':
      log.info({ seq, order: fact.order, status: fact.status, why: fact.why }, 'order closed')
      return
    case 'orderBecameUncertain':
      log.warn({ seq, order: fact.order, why: fact.why }, 'order uncertain')
      return
    case 'positionClosed':
      log.info({ seq, token: fact.token, profit: fact.profit }, 'position closed')
      return
    case 'breakerOpened':
      log.warn({ seq, breaker: fact.opening.by, why: fact.opening.why }, 'breaker opened')
      return
    case 'holdPlaced':
      log.warn({ seq, by: fact.hold.by, why: fact.hold.why }, 'hold placed')
      return
    case 'holdReleased':
      log.info({ seq, by: fact.holder, why: fact.why }, 'hold released')
      return
    case 'mismatchFound':
      log.error(
        {
          seq,
          differences: fact.differences.map(
            difference => `${difference.kind} ours ${decimal(difference.ours)} theirs ${decimal(difference.theirs)}`,
          ),
        },
        'books differ',
      )
      return
    case 'whaleFollowed':
    case 'whaleUnfollowed':
    case 'whaleSet':
      log.info({ seq, whale: fact.whale, by: fact.by.person, surface: fact.by.surface }, fact.kind)
      return
    case 'modeChanged':
    case 'modeRefused':
    case 'limitsChanged':
      log.info({ seq, by: fact.by.person, surface: fact.by.surface }, fact.kind)
      return
    default:
      log.debug({ seq, kind: fact.kind }, 'fact')
  }
}
