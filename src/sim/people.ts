import type { Instruction } from '../core/engine/input.ts'
import type { StateView } from '../core/engine/state.ts'
import { BREAKERS } from '../core/risk/breakers.ts'
import type { WhaleAddress } from '../core/units/ids.ts'
import { usd } from '../core/units/money.ts'
import type { Seeded } from '../core/units/seeded.ts'
import { PLAIN_SETTINGS } from '../core/whale/whale.ts'
import type { Faults } from './faults.ts'

/** The people of the simulated world: they decide what waits for them, have whims, and put things right in the end. */
export class People {
  readonly #seeded: Seeded
  readonly #faults: Faults
  readonly #whales: readonly WhaleAddress[]
  readonly #instruct: (instruction: Instruction) => void

  constructor(
    seeded: Seeded,
    faults: Faults,
    whales: readonly WhaleAddress[],
    instruct: (instruction: Instruction) => void,
  ) {
    this.#seeded = seeded
    this.#faults = faults
    this.#whales = whales
    this.#instruct = instruct
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
    for (const signal of state.signals.values()) {
      if (signal.stage.kind !== 'waiting' || !this.#seeded.chance(0.5)) continue
      const press = this.#seeded.chance(0.7) ? 'approve' : 'reject'
      this.#instruct(
        press === 'approve' ? { kind: 'approve', signal: signal.id } : { kind: 'reject', signal: signal.id, why: 'no' },
      )
      if (this.#seeded.chance(0.2)) this.#instruct({ kind: 'approve', signal: signal.id })
    }
    if (this.#faults.busyPeople && this.#seeded.chance(0.4)) this.#instruct(this.#whim(state))
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

  #whim(state: StateView): Instruction {
    const seeded = this.#seeded
    const tokens = [...(state.accounts.get('paper')?.positions.keys() ?? [])]
    const whale = seeded.pick(this.#whales)
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
    ]
    return seeded.pick(whims)()
  }

  #letGo(state: StateView): void {
    if (state.holds.has('operator')) this.#instruct({ kind: 'resume' })
    for (const breaker of BREAKERS) if (state.holds.has(breaker)) this.#instruct({ kind: 'resetBreaker', breaker })
  }
}
