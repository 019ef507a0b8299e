import type { Instruction } from '../core/engine/input.ts'
import type { StateView, View } from '../core/engine/state.ts'
import { PLAIN_NOTICE } from '../core/people/notice.ts'
import { BREAKERS } from '../core/risk/breakers.ts'
import { later, type PersonId, type SignalId, type WhaleAddress } from '../core/units/ids.ts'
import { type Usd, usd } from '../core/units/money.ts'
import type { Seeded } from '../core/units/seeded.ts'
import type { Signal, Stage } from '../core/whale/signal.ts'
import { PLAIN_SETTINGS } from '../core/whale/whale.ts'
import type { Faults } from './faults.ts'

/** Who presses, and where: the same person is on every surface. */
export type Speaker = { readonly person: PersonId; readonly surface: string }

type Waiting = Extract<Stage, { kind: 'waiting' }>

const NAMES = ['operator', 'ada', 'ben', 'cleo'] as readonly string[] as readonly PersonId[]
const SURFACES = ['simulation', 'telegram', 'discord']
const OPERATOR: Speaker = { person: 'operator' as PersonId, surface: 'simulation' }

/** The people of the simulated world: they decide what waits for them, have whims, and put things right in the end. */
export class People {
  readonly #seeded: Seeded
  /** Their own, so that what people learned to say later does not change what else a seed stands for. */
  readonly #pauses: Seeded
  readonly #reasons: Seeded
  readonly #faults: Faults
  readonly #whales: readonly WhaleAddress[]
  readonly #persons: readonly PersonId[]
  readonly #press: (instruction: Instruction, by: Speaker) => void
  readonly #after: (ms: number, act: () => void) => void
  /** Cards that everybody leaves alone until the last moment. */
  readonly #left = new Set<SignalId>()

  constructor(
    seeded: Seeded,
    faults: Faults,
    whales: readonly WhaleAddress[],
    press: (instruction: Instruction, by: Speaker) => void,
    after: (ms: number, act: () => void) => void,
  ) {
    this.#seeded = seeded
    this.#pauses = seeded.fork('pauses')
    this.#reasons = seeded.fork('reasons')
    this.#faults = faults
    this.#whales = whales
    this.#persons = NAMES.slice(0, faults.persons)
    this.#press = press
    this.#after = after
  }

  /** What they set up at the first start. */
  begin(): void {
    for (const whale of this.#whales) {
      this.#instruct({ kind: 'follow', whale, name: `whale ${whale.slice(-1)}`, record: undefined })
    }
    if (this.#faults.approvals) this.#instruct({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
  }

  /** What people do: mostly nothing, sometimes the wrong thing, and twice. */
  act(state: StateView): void {
    for (const signal of state.signals.values()) this.#look(state, signal)
    if (this.#faults.busyPeople && this.#seeded.chance(0.4)) this.#press(this.#whim(state), this.#somebody())
    if (this.#faults.busyPeople && this.#pauses.chance(0.02))
      this.#press({ kind: 'pause', why: 'a whim' }, this.#somebody(this.#pauses))
    if (state.holds.size > 0 && this.#seeded.chance(0.6)) this.#letGo(state)
  }

  /** The end of the day: nothing is left waiting, and what a hand must release is released. */
  calmDown(state: StateView): void {
    this.#letGo(state)
    for (const signal of state.signals.values()) {
      if (signal.stage.kind === 'waiting') this.#instruct({ kind: 'reject', signal: signal.id, why: 'the day is over' })
    }
  }

  /** A stop that comes in just behind a quote, so that an order is planned and halted in one round. */
  async stopInTheVeryMoment(): Promise<void> {
    for (let turns = 0; turns < 20; turns += 1) await undefined
    this.#instruct({ kind: 'stop', why: 'in the very moment' })
  }

  #instruct(instruction: Instruction): void {
    this.#press(instruction, OPERATOR)
  }

  #somebody(seeded = this.#seeded): Speaker {
    return { person: seeded.pick(this.#persons), surface: seeded.pick(SURFACES) }
  }

  /** A card is decided by some, and now and then somebody says no to what is decided already. */
  #look(state: StateView, signal: View<Signal>): void {
    const seeded = this.#seeded
    if (signal.stage.kind !== 'waiting') {
      if (seeded.chance(0.05))
        this.#press({ kind: 'reject', signal: signal.id, why: 'on second thoughts' }, this.#somebody())
      return
    }
    // Whoever pressed a card that is asked again is still looking at it.
    if (this.#left.has(signal.id) || !seeded.chance(signal.stage.round > 1 ? 0.9 : 0.5)) return
    if (seeded.chance(0.05) && this.#hush(state, signal)) return
    if (seeded.chance(0.25)) {
      const by = this.#somebody()
      this.#press({ kind: 'reject', signal: signal.id, why: 'no' }, by)
      const reasoned = { kind: 'reject', signal: signal.id, why: 'the price' } as const
      if (this.#reasons.chance(0.2))
        this.#press(reasoned, this.#reasons.chance(0.8) ? by : this.#somebody(this.#reasons))
      if (seeded.chance(0.2)) this.#press({ kind: 'approve', signal: signal.id }, this.#somebody())
      return
    }
    if (seeded.chance(0.1)) this.#sayYesAtTheEnd(state, signal, signal.stage as Waiting)
    else this.#sayYes(signal, signal.stage as Waiting)
  }

  /** In the last moment before it expires, so that the fresh price may come after it. */
  #sayYesAtTheEnd({ now }: StateView, { id }: View<Signal>, { bound }: Waiting): void {
    this.#left.add(id)
    const by = this.#somebody()
    const lastMs = this.#seeded.whole(150)
    this.#after(bound.expiresAt - now - lastMs, () => this.#press({ kind: 'approve', signal: id }, by))
  }

  /** Mostly to the card as it is; also to an older version, for another amount, twice, by several, and then no after all. */
  #sayYes({ id }: View<Signal>, stage: Waiting): void {
    const seeded = this.#seeded
    const first = this.#somebody()
    const shown = seeded.chance(0.3) ? undefined : stage.round
    const round = seeded.chance(0.1) ? stage.round - 1 : shown
    this.#press({ kind: 'approve', signal: id, round, dollars: this.#amount(stage.bound.dollars) }, first)
    if (seeded.chance(0.15))
      this.#press({ kind: 'approve', signal: id, round: shown }, { ...first, surface: seeded.pick(SURFACES) })
    if (seeded.chance(0.4)) this.#press({ kind: 'approve', signal: id, round: shown }, this.#somebody())
    if (seeded.chance(0.08)) this.#press({ kind: 'reject', signal: id, why: 'wait' }, this.#somebody())
  }

  #amount(shown: Usd): Usd | undefined {
    const seeded = this.#seeded
    if (seeded.chance(0.6)) return undefined
    const amounts: readonly (() => bigint)[] = [
      () => shown / 2n,
      () => shown * 2n,
      () => BigInt(1 + seeded.whole(400_000_000)),
      () => BigInt(usd(seeded.pick(['0.5', '100000']))),
    ]
    return seeded.pick(amounts)() as Usd
  }

  /** Somebody has had enough of a whale whose card waits. */
  #hush(state: StateView, { origin }: View<Signal>): boolean {
    if (origin.kind !== 'whale' || !state.whales.has(origin.trade.whale)) return false
    const mutedUntil = later(state.now, 30_000 + this.#seeded.whole(120_000))
    this.#press(
      { kind: 'setWhale', whale: origin.trade.whale, settings: { ...PLAIN_SETTINGS, mutedUntil } },
      this.#somebody(),
    )
    return true
  }

  #whim(state: StateView): Instruction {
    const seeded = this.#seeded
    const tokens = [...(state.accounts.get('paper')?.positions.keys() ?? [])]
    const whale = seeded.pick(this.#whales)
    const account = String(seeded.whole(3))
    const whims: readonly (() => Instruction)[] = [
      () => ({ kind: 'stop', why: 'a whim' }),
      () => ({ kind: 'resume' }),
      () =>
        tokens.length === 0
          ? { kind: 'resume' }
          : { kind: 'close', token: seeded.pick(tokens), part: seeded.pick([1_000_000n, 500_000n]), why: 'a whim' },
      () => ({ kind: 'setLimit', name: 'kellyFraction', value: seeded.pick([0.1, 0.25, 0.5]) }),
      () => ({ kind: 'setLimit', name: 'stakeMin', value: usd('5') }),
      () => {
        const settings = { ...PLAIN_SETTINGS, isEnabled: seeded.chance(0.7), weight: seeded.pick([0.5, 1, 2]) }
        return { kind: 'setWhale', whale, settings }
      },
      () => ({ kind: 'setMode', wish: { kind: 'paper', approvals: seeded.chance(0.5) } }),
      () => ({ kind: 'setMode', wish: { kind: 'live' } }),
      () =>
        state.whales.has(whale)
          ? { kind: 'unfollow', whale }
          : { kind: 'follow', whale, name: 'again', record: undefined },
      () => ({ kind: 'setLimit', name: 'approvalPersons', value: seeded.pick([1, 2, this.#persons.length]) }),
      () => ({ kind: seeded.pick(['linkAccount', 'unlinkAccount'] as const), surface: seeded.pick(SURFACES), account }),
      () => ({ kind: 'setNotice', notice: { ...PLAIN_NOTICE, dailyAt: seeded.whole(1_500) } }),
      () => ({ kind: 'acknowledge', page: 'hold:operator' }),
    ]
    return seeded.pick(whims)()
  }

  #letGo(state: StateView): void {
    if (state.holds.has('operator') || state.holds.has('pause')) this.#instruct({ kind: 'resume' })
    for (const breaker of BREAKERS) if (state.holds.has(breaker)) this.#instruct({ kind: 'resetBreaker', breaker })
  }
}
