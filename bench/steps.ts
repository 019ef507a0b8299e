import { prepare } from '../src/adapters/simulated/venue.ts'
import { step } from '../src/core/engine/engine.ts'
import { assert } from '../src/core/units/brand.ts'
import { folded, INPUTS_A_ROUND, type Recorded, recorded } from './busy-engine.ts'
import { between, type Case, grouped, interleaved, median, ratios, timed } from './measure.ts'
import { held, type Part } from './row.ts'

const SMALL = 10
const LARGE = 10_000
const ROUNDS_OF_INPUTS = 1_000
const SLICES = 20
const A_SLICE = (ROUNDS_OF_INPUTS * INPUTS_A_ROUND) / SLICES
const RATIO_MAX = 1.3

/** What a step costs, and that it costs the same however much is followed and held. */
export const steps: Part = async () => {
  const work = [SMALL, LARGE].map(size => recorded(size, ROUNDS_OF_INPUTS))
  const [small, large] = await interleaved(work.map(caseOver), { warmUps: 3, rounds: 21, slices: SLICES })
  const ratio = ratios(large, small)
  const rate = (times: readonly number[] = []) => times.map(ms => (ROUNDS_OF_INPUTS * INPUTS_A_ROUND * 1_000) / ms)
  return [
    ...[
      { size: SMALL, rates: rate(small) },
      { size: LARGE, rates: rate(large) },
    ].map(({ size, rates }) => ({
      what: `steps a second, ${grouped(size)} whales and positions`,
      figure: grouped(median(rates)),
      spread: between(rates, 0),
    })),
    held(
      `time a step, ${grouped(LARGE)} against ${SMALL}`,
      median(ratio).toFixed(2),
      between(ratio),
      `≤ ${RATIO_MAX}`,
      median(ratio) <= RATIO_MAX,
    ),
  ]
}

/** Every round begins from a state of its own, folded anew, and takes the same inputs. */
function caseOver({ before, inputs }: Recorded): Case {
  let state = folded(before)
  return {
    begin: () => {
      state = folded(before)
    },
    slice: index => {
      const part = inputs.slice(index * A_SLICE, (index + 1) * A_SLICE)
      let facts = 0
      const ms = timed(() => {
        for (const input of part) facts += step(state, input, prepare).facts.length
      })
      assert(facts > part.length, 'the steps conclude something')
      return ms
    },
  }
}
