import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { VenueAnswer } from '../../src/core/order/answer.ts'
import { type Fill, isClosed, type OrderStatus } from '../../src/core/order/order.ts'
import type { OrderKey } from '../../src/core/units/ids.ts'
import { price, type Shares, shares } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { fill } from '../support/made.ts'

const LOST: VenueAnswer = { kind: 'unknown', why: 'timed out' }

/** An order of 1,000 shares at 0.55 at most, mirrored so that figures are round. */
function ordered(): { readonly desk: TestDesk; readonly key: OrderKey } {
  const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror' } })
  const key = desk.orders(1)
  expect(desk.intent(key).size).toBe(shares('1000'))
  return { desk, key }
}

function statusOf(desk: TestDesk, key: OrderKey): OrderStatus | undefined {
  return desk.state.orders.get(key)?.status
}

describe('an order whose answer was lost', () => {
  function lost() {
    const { desk, key } = ordered()
    const facts = desk.answers(key, LOST)
    return { desk, key, facts }
  }

  test('is uncertain, not rejected: its money stays set aside and it is asked about', () => {
    const { desk, key, facts } = lost()
    expect(kindsOf(facts)).toEqual(['orderBecameUncertain'])
    expect(desk.effects).toEqual([{ kind: 'wake', timer: { kind: 'probe', order: key }, at: desk.at + 2_000 }])
    expect(desk.books.reserved).toBeGreaterThan(0n)
    expect(desk.fires({ kind: 'probe', order: key }).map(fact => fact.kind)).toEqual(['orderProbed'])
    expect(desk.effects).toMatchObject([{ kind: 'probeOrder', order: key, id: `venue:${key}` }])
  })

  test('is never sent again', () => {
    const { desk, key } = lost()
    desk.fires({ kind: 'probe', order: key })
    desk.reports(key, { kind: 'unknown', why: 'timed out' })
    desk.start()
    expect(desk.effects.some(effect => effect.kind === 'sendOrder')).toBe(false)
    expect(desk.all('orderPlanned')).toHaveLength(1)
  })

  test('is copied when it is found filled', () => {
    const { desk, key } = lost()
    const facts = desk.reports(key, { kind: 'found', status: 'filled', fills: [desk.fill(key, 'f', shares('1000'))] })
    expect(kindsOf(facts)).toEqual(['orderFilled', 'orderClosed', 'signalCopied'])
    expect(statusOf(desk, key)).toBe('filled')
    audit(desk)
  })

  test('is withdrawn when it is proved never to have landed', () => {
    const { desk, key } = lost()
    expect(kindsOf(desk.reports(key, { kind: 'absent' }))).toEqual(['orderClosed', 'signalWithdrawn'])
    expect(desk.last('orderClosed')).toMatchObject({ status: 'rejected', why: 'it never reached the venue' })
    expect(desk.books.reserved).toBe(0n)
  })

  test('is withdrawn when it is found expired', () => {
    const { desk, key } = lost()
    expect(kindsOf(desk.reports(key, { kind: 'found', status: 'expired', fills: [] }))).toEqual([
      'orderClosed',
      'signalWithdrawn',
    ])
  })

  test('is asked about again, each time later and a minute at most, while nobody knows', () => {
    const { desk, key } = lost()
    const waits: number[] = []
    for (let times = 0; times < 9; times += 1) {
      desk.fires({ kind: 'probe', order: key })
      desk.reports(key, { kind: 'unknown', why: 'down' })
      waits.push(desk.last('orderProbePutOff').until - desk.at)
    }
    expect(waits).toEqual([4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000, 60_000])
    expect(desk.effects).toMatchObject([{ kind: 'wake', timer: { kind: 'probe', order: key } }])
  })

  test('takes an answer that comes after all', () => {
    const { desk, key } = lost()
    desk.fillsWhole(key)
    expect(statusOf(desk, key)).toBe('filled')
    expect(desk.fires({ kind: 'probe', order: key })).toEqual([])
  })

  test('is not taken for rejected on a late word that does not prove it', () => {
    const { desk, key } = lost()
    expect(desk.answers(key, { kind: 'rejected', reason: 'duplicated' })).toEqual([])
    expect(statusOf(desk, key)).toBe('uncertain')
  })
})

describe('a late fill', () => {
  const late = (desk: TestDesk, key: OrderKey) =>
    desk.reports(key, { kind: 'found', status: 'filled', fills: [desk.fill(key, 'late', shares('400'))] })

  test('of a cancelled order counts: shares that changed hands have changed hands', () => {
    const { desk, key } = ordered()
    desk.answers(key, { kind: 'accepted', status: 'killed', fills: [] })
    expect(kindsOf(late(desk, key))).toEqual(['orderFilled'])
    expect(statusOf(desk, key)).toBe('cancelled')
    expect(desk.holding(1).shares).toBe(shares('400'))
    audit(desk)
  })

  test('of a rejected order counts, and stops trading until a person has looked', () => {
    const { desk, key } = ordered()
    desk.answers(key, { kind: 'rejected', reason: 'no' })
    expect(kindsOf(late(desk, key))).toEqual(['holdPlaced', 'orderFilled'])
    expect(desk.state.holds.get('reconciliation')).toMatchObject({ effect: 'halt', until: 'released by hand' })
    expect(statusOf(desk, key)).toBe('rejected')
    desk.hears(2)
    expect(desk.refusals()).toEqual(['TRADING_HALTED'])
    audit(desk)
  })
})

test('a stop cancels what rests, and what is filled meanwhile still counts', () => {
  const { desk, key } = ordered()
  desk.answers(key, { kind: 'accepted', status: 'resting', fills: [] })
  desk.ask({ kind: 'stop', why: 'enough' })
  expect(desk.effects).toMatchObject([{ kind: 'cancelOrder', order: key, id: `venue:${key}` }])
  expect(statusOf(desk, key)).toBe('cancelling')
  desk.reports(key, { kind: 'found', status: 'cancelled', fills: [desk.fill(key, 'f', shares('100'))] })
  expect(desk.last('signalCopied').size).toBe(shares('100'))
  expect(desk.books.reserved).toBe(0n)
  audit(desk)
})

test('a stop leaves alone what is on its way, which cannot be called back, and follows it to its end', () => {
  const { desk, key } = ordered()
  desk.ask({ kind: 'stop', why: 'enough' })
  expect(desk.effects).toEqual([])
  desk.fillsWhole(key)
  expect(statusOf(desk, key)).toBe('filled')
})

/** As much of an order as can be said in five lines: where it stands, and which of its four quarters were told. */
type Model = { status: OrderStatus; readonly told: Set<number>; isDistrusted: boolean; verdict: string | undefined }
type Real = { readonly desk: TestDesk; readonly key: OrderKey }

const QUARTER = shares('250')
const fillsOf = (quarters: readonly number[]): Fill[] =>
  quarters.map(number => fill(`q${number}`, QUARTER, price('0.55')))

class Said implements fc.Command<Model, Real> {
  readonly words: string
  readonly #say: (real: Real) => void
  readonly #expected: (model: Model) => void

  constructor(words: string, say: (real: Real) => void, expected: (model: Model) => void) {
    this.words = words
    this.#say = say
    this.#expected = expected
  }

  check(): boolean {
    return true
  }

  run(model: Model, real: Real): void {
    const wasOpen = !isClosed(model.status)
    this.#expected(model)
    this.#say(real)
    const { desk, key } = real
    if (wasOpen && isClosed(model.status)) model.verdict = model.told.size > 0 ? 'signalCopied' : 'signalWithdrawn'
    expect(statusOf(desk, key)).toBe(model.status)
    expect(desk.state.orders.get(key)?.filled).toBe(BigInt(model.told.size) * QUARTER)
    expect(desk.position(1)?.shares ?? 0n).toBe(BigInt(model.told.size) * QUARTER)
    expect(desk.state.openOrders.has(key)).toBe(!isClosed(model.status))
    expect(desk.state.holds.has('reconciliation')).toBe(model.isDistrusted)
    const verdicts = desk.facts.filter(fact => fact.kind === 'signalCopied' || fact.kind === 'signalWithdrawn')
    expect(kindsOf(verdicts)).toEqual(model.verdict === undefined ? [] : [model.verdict])
    audit(desk)
  }

  toString(): string {
    return this.words
  }
}

/** What any word about fills and a status comes to, whoever says it. */
function settled(
  model: Model,
  status: 'resting' | 'filled' | 'cancelled' | 'expired',
  quarters: readonly number[],
): void {
  if (model.status === 'rejected' && quarters.some(number => !model.told.has(number))) model.isDistrusted = true
  for (const number of quarters) model.told.add(number)
  if (isClosed(model.status)) return
  if (model.told.size === 4) model.status = 'filled'
  else model.status = status === 'filled' ? 'cancelled' : status
}

const anyQuarters = fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 4 })
const anySaid = fc.oneof(
  fc.tuple(fc.constantFrom('resting' as const, 'filled' as const, 'killed' as const), anyQuarters).map(
    ([status, quarters]) =>
      new Said(
        `accepted ${status} ${quarters}`,
        ({ desk, key }) => desk.answers(key, { kind: 'accepted', status, fills: fillsOf(quarters) }),
        model => settled(model, status === 'killed' ? 'cancelled' : status, quarters),
      ),
  ),
  fc
    .tuple(
      fc.constantFrom('resting' as const, 'filled' as const, 'cancelled' as const, 'expired' as const),
      anyQuarters,
    )
    .map(
      ([status, quarters]) =>
        new Said(
          `found ${status} ${quarters}`,
          ({ desk, key }) => desk.reports(key, { kind: 'found', status, fills: fillsOf(quarters) }),
          model => settled(model, status, quarters),
        ),
    ),
  fc.constantFrom(
    new Said(
      'rejected',
      ({ desk, key }) => desk.answers(key, { kind: 'rejected', reason: 'no' }),
      model => {
        if (model.status === 'sent') model.status = 'rejected'
      },
    ),
    new Said(
      'lost',
      ({ desk, key }) => desk.answers(key, LOST),
      model => {
        if (model.status === 'sent') model.status = 'uncertain'
      },
    ),
    new Said(
      'absent',
      ({ desk, key }) => desk.reports(key, { kind: 'absent' }),
      model => {
        if (model.status === 'uncertain') model.status = 'rejected'
      },
    ),
    new Said(
      'nobody knows',
      ({ desk, key }) => desk.reports(key, { kind: 'unknown', why: 'down' }),
      () => undefined,
    ),
    new Said(
      'probed',
      ({ desk, key }) => desk.fires({ kind: 'probe', order: key }),
      () => undefined,
    ),
    new Said(
      'started again',
      ({ desk }) => desk.start(),
      model => {
        if (model.status === 'sent') model.status = 'uncertain'
      },
    ),
    new Said(
      'stopped',
      ({ desk }) => desk.ask({ kind: 'stop', why: 'a test' }),
      model => {
        if (model.status === 'resting') model.status = 'cancelling'
      },
    ),
  ),
)

test('whatever is said of an order, in whatever order and however often, it stands where a tiny model says', () => {
  fc.assert(
    fc.property(fc.commands([anySaid], { maxCommands: 12 }), commands => {
      fc.modelRun(() => {
        const model: Model = { status: 'sent', told: new Set(), isDistrusted: false, verdict: undefined }
        return { model, real: ordered() }
      }, commands)
    }),
    { numRuns: 400 },
  )
})

test('an order is known by its key alone: a second order of the same signal cannot be planned', () => {
  const { desk, key } = ordered()
  expect(desk.quote(desk.intent(key).signal)).toEqual([])
  expect(desk.all('orderPlanned')).toHaveLength(1)
  expect(desk.intent(key).size as Shares).toBe(shares('1000'))
})
