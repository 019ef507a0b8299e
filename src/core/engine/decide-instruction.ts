import type { Breaker } from '../risk/breakers.ts'
import { haltUntilReleased, pauseUntilReleased } from '../risk/holds.ts'
import { LIMIT_NAMES, type LimitName, type Limits, limitFault, PRESETS } from '../risk/limits.ts'
import { type ModeWish, modeFaults } from '../risk/mode.ts'
import { unreachable } from '../units/brand.ts'
import { closingIdOf, shortOf } from '../units/ids.ts'
import { MILLION, NO_SHARES } from '../units/money.ts'
import { qualityOf } from '../whale/quality.ts'
import type { Signal } from '../whale/signal.ts'
import { PLAIN_SETTINGS, settingsFault, WHALES_MAX, type WhaleSettings } from '../whale/whale.ts'
import { approve, reject, withdrawCards } from './decide-approval.ts'
import { cancelEverything, cancelPurchases } from './decide-order.ts'
import { acknowledge, linkAccount, setNotice, unlinkAccount } from './decide-people.ts'
import { ask } from './decide-signal.ts'
import type { Deciding } from './deciding.ts'
import type { Asker, InputOf, Instruction } from './input.ts'
import { booksOf } from './state.ts'

/** What a person asked for. One that comes to nothing says why: a press is never without an answer, nor off the record. */
export function decideInstruction(deciding: Deciding, input: InputOf<'instructed'>): void {
  const { instruction, asker } = input
  const why = obey(deciding, instruction, asker)
  if (why === undefined) return
  const about = 'signal' in instruction ? { signal: instruction.signal } : {}
  deciding.conclude({ kind: 'instructionRefused', instruction: instruction.kind, why, by: asker, ...about })
}

/** Why it could not be done; nothing where it was. */
type WhyNot = string | undefined

function obey(deciding: Deciding, instruction: Instruction, by: Asker): WhyNot {
  switch (instruction.kind) {
    case 'follow':
      return follow(deciding, instruction, by)
    case 'unfollow':
      return unfollow(deciding, instruction, by)
    case 'setWhale':
      return setWhale(deciding, instruction, by)
    case 'approve':
      return approve(deciding, instruction, by)
    case 'reject':
      return reject(deciding, instruction, by)
    case 'close':
      return closePosition(deciding, instruction, by)
    case 'stop':
      return stop(deciding, instruction.why, by)
    case 'pause':
      return pause(deciding, instruction.why, by)
    case 'resume':
      return resume(deciding, by)
    case 'setMode':
      return setMode(deciding, instruction.wish, by)
    case 'setLimit':
      return setLimit(deciding, instruction, by)
    case 'setPreset':
      return setLimits(deciding, PRESETS[instruction.preset], by)
    case 'resetBreaker':
      return resetBreaker(deciding, instruction.breaker, by)
    case 'acceptBooks':
      return acceptBooks(deciding, instruction.why, by)
    case 'linkAccount':
      return linkAccount(deciding, instruction, by)
    case 'unlinkAccount':
      return unlinkAccount(deciding, instruction, by)
    case 'setNotice':
      return setNotice(deciding, instruction.notice, by)
    case 'acknowledge':
      return acknowledge(deciding, instruction.page, by)
    default:
      return unreachable(instruction)
  }
}

type Of<Kind extends Instruction['kind']> = Extract<Instruction, { readonly kind: Kind }>

function follow({ state, at, conclude }: Deciding, wish: Of<'follow'>, by: Asker): WhyNot {
  if (state.whales.has(wish.whale)) return 'that wallet is followed already'
  if (state.whales.size >= WHALES_MAX) return `${WHALES_MAX} wallets are followed, which is the most`
  const fault = wish.settings === undefined ? undefined : settingsFault(wish.settings)
  if (fault !== undefined) return fault
  conclude({ kind: 'whaleFollowed', whale: wish.whale, name: wish.name, at, by })
  if (wish.settings !== undefined) conclude({ kind: 'whaleSet', whale: wish.whale, settings: wish.settings, by })
  if (wish.record === undefined) {
    conclude({ kind: 'recordAsked', whale: wish.whale })
    return undefined
  }
  conclude({ kind: 'whaleScored', whale: wish.whale, record: wish.record, quality: qualityOf(wish.record) })
  return undefined
}

function setWhale(deciding: Deciding, wish: Of<'setWhale'>, by: Asker): WhyNot {
  const { state, at, conclude } = deciding
  const whale = state.whales.get(wish.whale)
  if (whale === undefined) return 'that wallet is not followed'
  // What is not set is not written either: read back from the journal it is missing, and means the same.
  const settings = { ...PLAIN_SETTINGS, ...wish.settings }
  const names = Object.keys(PLAIN_SETTINGS) as readonly (keyof WhaleSettings)[]
  if (names.every(name => settings[name] === whale.settings[name])) return 'nothing would change'
  const fault = settingsFault(settings)
  if (fault !== undefined) return fault
  conclude({ kind: 'whaleSet', whale: wish.whale, settings, by })
  const isQuiet = !settings.isEnabled || (settings.mutedUntil !== undefined && settings.mutedUntil > at)
  if (isQuiet)
    withdrawCards(
      deciding,
      `its whale was ${settings.isEnabled ? 'muted' : 'switched off'} by ${by.person}`,
      wish.whale,
    )
  return undefined
}

function unfollow(deciding: Deciding, wish: Of<'unfollow'>, by: Asker): WhyNot {
  const { state, conclude } = deciding
  if (!state.whales.has(wish.whale)) return 'that wallet is not followed'
  conclude({ kind: 'whaleUnfollowed', whale: wish.whale, by })
  withdrawCards(deciding, `its whale is not followed any more, by ${by.person}`, wish.whale)
  return undefined
}

/** A person's own exit goes the way of any other, but for the gates that ask about a whale. */
function closePosition(deciding: Deciding, wish: Of<'close'>, by: Asker): WhyNot {
  const { state, at, conclude } = deciding
  const held = booksOf(state, 'paper').positions.get(wish.token)
  if (held === undefined) return 'no such position is held'
  if (wish.part <= 0n || wish.part > MILLION) return 'a part of a position is over 0 and at most all of it'
  const id = closingIdOf(by.press)
  if (state.known.has(id)) return 'that press was taken already'
  const signal: Signal = {
    id,
    short: shortOf(id),
    origin: { kind: 'person', by: by.person, part: wish.part, why: wish.why },
    account: 'paper',
    condition: held.condition,
    token: wish.token,
    side: 'sell',
    openedAt: at,
    exit: NO_SHARES,
    stage: { kind: 'quoting', round: 1, bound: undefined, approvedBy: by.person },
  }
  conclude({ kind: 'signalOpened', signal })
  ask(deciding, signal, 1, undefined, by.person)
  return undefined
}

function stop(deciding: Deciding, why: string, by: Asker): WhyNot {
  const { state, at, conclude } = deciding
  const cancelled = cancelEverything(deciding)
  if (state.holds.has('operator')) return cancelled > 0 ? undefined : 'trading is stopped already'
  conclude({ kind: 'holdPlaced', hold: haltUntilReleased('operator', at, whyOf(why, by)) })
  return undefined
}

/** Cards stay, and cannot be approved meanwhile: a pause that ends within their time costs nothing. */
function pause(deciding: Deciding, why: string, by: Asker): WhyNot {
  const { state, at, conclude } = deciding
  if (state.holds.has('operator')) return 'trading is stopped already, exits included'
  const cancelled = cancelPurchases(deciding)
  if (state.holds.has('pause')) return cancelled > 0 ? undefined : 'buying is paused already'
  conclude({ kind: 'holdPlaced', hold: pauseUntilReleased('pause', at, whyOf(why, by)) })
  return undefined
}

/** A stop is a person's: whose, is told with it. */
function whyOf(why: string, { person }: Asker): string {
  return why === '' ? `by ${person}` : `${why}, by ${person}`
}

function resume({ state, conclude }: Deciding, by: Asker): WhyNot {
  const held = (['operator', 'pause'] as const).filter(holder => state.holds.has(holder))
  if (held.length === 0) return 'nobody has stopped trading'
  for (const holder of held) conclude({ kind: 'holdReleased', holder, why: `resumed by ${by.person}` })
  return undefined
}

function setMode({ state, at, conclude }: Deciding, wish: ModeWish, by: Asker): WhyNot {
  const faults = modeFaults(wish)
  if (faults.length > 0 || wish.kind !== 'paper') {
    conclude({ kind: 'modeRefused', wish, faults, by })
    return undefined
  }
  if (state.mode.approvals === wish.approvals) return 'that is the mode already'
  const after = { kind: 'paper', approvals: wish.approvals, since: at, by: by.person } as const
  conclude({ kind: 'modeChanged', before: state.mode, after, by })
  return undefined
}

function setLimit(deciding: Deciding, wish: Of<'setLimit'>, by: Asker): WhyNot {
  return (
    limitFault(wish.name, wish.value) ?? setLimits(deciding, { ...deciding.state.limits, [wish.name]: wish.value }, by)
  )
}

function setLimits(deciding: Deciding, after: Limits, by: Asker): WhyNot {
  const { state, conclude } = deciding
  const before = state.limits
  const changed: readonly LimitName[] = LIMIT_NAMES.filter(name => before[name] !== after[name])
  if (changed.length === 0) return 'nothing would change'
  if (after.stakeMin > after.stakeMax) return 'the smallest stake would be over the largest'
  conclude({ kind: 'limitsChanged', before, after, changed, by })
  if (changed.some(name => QUORUM.has(name))) withdrawCards(deciding, 'how many people must say yes was changed')
  return undefined
}

/** What people said yes to under other rules is not carried over. */
const QUORUM: ReadonlySet<LimitName> = new Set(['approvalPersons', 'approvalPersonsFrom'])

function resetBreaker({ state, conclude }: Deciding, breaker: Breaker, by: Asker): WhyNot {
  const hold = state.holds.get(breaker)
  if (hold === undefined) return `the breaker ${breaker} is closed`
  if (hold.until !== 'released by hand') return `the breaker ${breaker} closes by itself`
  conclude({ kind: 'breakerReset', breaker, by })
  return undefined
}

function acceptBooks({ state, conclude }: Deciding, why: string, by: Asker): WhyNot {
  if (!state.holds.has('reconciliation')) return 'there is no difference to accept'
  conclude({ kind: 'holdReleased', holder: 'reconciliation', why: `${why} (${by.person})` })
  if (state.holds.has('recovery')) conclude({ kind: 'holdReleased', holder: 'recovery', why: `${why} (${by.person})` })
  return undefined
}
