import { type Fact, type FactOf, signalOf } from '../../core/engine/fact.ts'
import { positionKey } from '../../core/ledger/position.ts'
import { decimal } from '../../core/units/money.ts'
import type { Bound, Verdict } from '../../core/whale/signal.ts'
import type { Batch, Place } from './batch.ts'

/** What a fact says about signals: the wish, its story, the cards it asked people with, and its verdict. */
export async function writeSignal(batch: Batch, fact: Fact, place: Place): Promise<void> {
  noteStory(batch, fact, place)
  switch (fact.kind) {
    case 'signalOpened':
      return openSignal(batch, fact, place)
    case 'orderPlanned':
      return nameClosing(batch, fact)
    case 'approvalAsked':
      return askPerson(batch, fact, place)
    case 'approvalGiven': {
      const why = fact.bound === undefined ? '' : amountText(fact.bound)
      return answerCard(batch, fact.signal, place, { ...whoOf(fact.by), decision: 'given', why })
    }
    case 'signalDeclined':
      await answerCard(batch, fact.signal, place, { ...whoOf(fact.by), decision: 'declined', why: fact.why })
      return settle(batch, fact.signal, place, 'declined', vetoText(fact))
    case 'declineExplained':
      return giveReason(batch, fact)
    case 'signalCopied':
      return settle(batch, fact.signal, place, 'copied', `${decimal(fact.size)} shares at ${decimal(fact.average)}`)
    case 'signalRefused': {
      const why = fact.refusals.map(({ code, detail }) => `${code}: ${detail}`).join('; ')
      return settle(batch, fact.signal, place, 'refused', why)
    }
    case 'signalExpired':
      return settle(batch, fact.signal, place, 'expired', `nobody answered for ${Math.round(fact.waitedMs / 1_000)} s`)
    case 'signalWithdrawn':
      return settle(batch, fact.signal, place, 'withdrawn', fact.why)
    default:
      return
  }
}

/** Which entries tell of what, so that a story need not be searched for. */
function noteStory(batch: Batch, fact: Fact, { seq }: Place): void {
  const signal = signalOf(fact)
  if (signal !== undefined) batch.story.put({ subject: signal, seq })
  if (fact.kind === 'profitRealised' || fact.kind === 'positionClosed') {
    batch.story.put({ subject: positionKey(fact.account, fact.token), seq })
  }
}

async function openSignal(batch: Batch, { signal }: FactOf<'signalOpened'>, { seq }: Place): Promise<void> {
  const { id, short, account, condition, token, side, openedAt, origin } = signal
  const trade = origin.kind === 'whale' ? origin.trade : undefined
  const held = trade === undefined ? await batch.held.get(account, token) : undefined
  batch.signals.put({
    id,
    short,
    seq,
    account,
    condition,
    token,
    whale: trade?.whale ?? null,
    title: trade?.title ?? held?.title ?? '',
    outcome: trade?.outcome ?? held?.outcome ?? '',
    side,
    price: trade?.price ?? 0n,
    size: trade?.size ?? 0n,
    openedAt: BigInt(openedAt),
    verdict: null,
    why: origin.kind === 'person' ? origin.why : '',
    settledAt: null,
  })
}

/** A person's wish to close has no price and size of its own; the order that came of it has. */
async function nameClosing(batch: Batch, fact: FactOf<'orderPlanned'>): Promise<void> {
  const row = await batch.signals.get(fact.intent.signal)
  if (row === undefined || row.whale !== null) return
  const { title, outcome } = fact.market
  batch.signals.put({ ...row, title, outcome, price: fact.intent.limit, size: fact.intent.size })
}

async function settle(batch: Batch, signal: string, place: Place, verdict: Verdict, why: string): Promise<void> {
  const nobody = { person: null, surface: null, press: null }
  await answerCard(batch, signal, place, { ...nobody, decision: verdict, why })
  const row = await batch.signals.get(signal)
  if (row !== undefined) batch.signals.put({ ...row, verdict, why, settledAt: place.at })
}

/** Every version of a card is a row. One that a later version takes the place of was answered by who chose another amount. */
async function askPerson(
  batch: Batch,
  { signal, round, bound, expected, by }: FactOf<'approvalAsked'>,
  place: Place,
): Promise<void> {
  const who = by === undefined ? { person: null, surface: null, press: null } : whoOf(by)
  await answerCard(batch, signal, place, { ...who, decision: 'amount', why: amountText(bound) })
  const { at } = place
  const { side, limit, size, dollars, expiresAt } = bound
  const nobody = { decision: null, person: null, surface: null, press: null, decidedAt: null, why: '' }
  const asked = { signal, round, askedAt: at, expiresAt: BigInt(expiresAt), side, limit, size, dollars, expected }
  batch.asked.put({ ...asked, ...nobody })
}

function amountText({ dollars }: Pick<Bound, 'dollars'>): string {
  return `for $${decimal(dollars)}`
}

async function giveReason(batch: Batch, { signal, why }: FactOf<'declineExplained'>): Promise<void> {
  const row = await batch.signals.get(signal)
  if (row?.verdict === 'declined') batch.signals.put({ ...row, why })
}

/** A veto has no card of its own that it could answer: who spoke it stands with the signal. */
function vetoText({ by, why, vetoed }: FactOf<'signalDeclined'>): string {
  return vetoed === undefined ? why : `${by.person} stopped it after a yes of ${vetoed}: ${why}`
}

type Answer = {
  readonly decision: string
  readonly person: string | null
  readonly surface: string | null
  readonly press: string | null
  readonly why: string
}

/** Ends the wait of the signal's card, where one waits: a card is answered once, and a signal may end without one. */
async function answerCard(batch: Batch, signal: string, { at }: Place, answer: Answer): Promise<void> {
  const card = await batch.asked.get(signal)
  if (card !== undefined) batch.asked.put({ ...card, ...answer, decidedAt: at })
}

function whoOf({
  person,
  surface,
  press,
}: {
  readonly person: string
  readonly surface: string
  readonly press: string
}) {
  return { person, surface, press }
}
