import { decodeState, encodeState } from '../src/core/engine/codec.ts'
import type { Entry } from '../src/core/engine/entry.ts'
import { ENGINE_VERSION, type EngineState, KNOWN_MAX } from '../src/core/engine/state.ts'
import { assert } from '../src/core/units/brand.ts'
import type { Journal } from '../src/ports/journal.ts'
import { recover } from '../src/run/recover.ts'
import { SIGNALS_A_ROUND, startBusyEngine } from './busy-engine.ts'
import { entriesOf } from './entries.ts'
import { between, grouped, interleaved, median, timed, timedAsync } from './measure.ts'
import type { Part, Row } from './row.ts'
import { withJournal } from './scratch.ts'

const ENTRIES = 20_000
const BATCH = 64
/** A usual state, and the largest that there can be: as many whales as may be followed, and as many positions. */
const SIZES = [{ whales: 20 }, { whales: 10_000 }]

/** What saving a state and starting from one cost. */
export const snapshots: Part = async () => {
  const rows: Row[] = []
  for (const { whales } of SIZES) rows.push(...(await snapshotRows(fullState(whales), whales)))
  return [...rows, ...(await recoveryRows())]
}

/** A state that remembers as many signals as it may. */
function fullState(whales: number): EngineState {
  const engine = startBusyEngine(whales, 'snapshots', () => undefined)
  const rounds = Math.ceil(KNOWN_MAX / SIGNALS_A_ROUND)
  for (let round = 0; round < rounds; round += 1) engine.round()
  return engine.state
}

async function snapshotRows(state: EngineState, whales: number): Promise<readonly Row[]> {
  const text = encodeState(state)
  const [encoded, decoded] = await interleaved(
    [{ slice: () => timed(() => encodeState(state)) }, { slice: () => timed(() => decodeState(text)) }],
    { warmUps: 2, rounds: 7 },
  )
  assert(encodeState(decodeState(text)) === text, 'a state is read back as it was')
  const of = `${grouped(whales)} whales and positions (${(text.length / 1_000_000).toFixed(1)} MB)`
  return [
    {
      what: `encode a snapshot, ${of}`,
      figure: `${median(encoded).toFixed(0)} ms`,
      spread: between(encoded, 0, ' ms'),
    },
    {
      what: `decode a snapshot, ${of}`,
      figure: `${median(decoded).toFixed(0)} ms`,
      spread: between(decoded, 0, ' ms'),
    },
  ]
}

async function recoveryRows(): Promise<readonly Row[]> {
  const entries = entriesOf(ENTRIES, 100)
  return withJournal(async journal => {
    for (let next = 0; next < ENTRIES; next += BATCH) await journal.append(entries.slice(next, next + BATCH))
    const [whole, fold, loaded] = await interleaved(
      [
        { slice: () => timedAsync(() => recovery(journal)) },
        { slice: () => timedAsync(() => recovery(inMemory(entries))) },
        { slice: () => fromSnapshot(journal) },
      ],
      { warmUps: 1, rounds: 5 },
    )
    const of = `${grouped(ENTRIES)} entries`
    return [
      {
        what: `recovery from SQLite, ${of}`,
        figure: `${median(whole).toFixed(0)} ms`,
        spread: between(whole, 0, ' ms'),
      },
      { what: `of that folding, ${of}`, figure: `${median(fold).toFixed(0)} ms`, spread: between(fold, 0, ' ms') },
      {
        what: 'recovery from a snapshot',
        figure: `${median(loaded).toFixed(0)} ms`,
        spread: between(loaded, 0, ' ms'),
      },
    ]
  })
}

/** Saves the state, starts from it, and makes the snapshot one that no engine reads, so that the next round folds again. */
async function fromSnapshot(journal: Journal): Promise<number> {
  const { state, seq } = await recover(journal)
  await journal.saveSnapshot({ seq, engine: ENGINE_VERSION, state })
  const ms = await timedAsync(() => recover(journal))
  await journal.saveSnapshot({ seq, engine: 'none', state })
  return ms
}

async function recovery(journal: Journal): Promise<void> {
  const { folded } = await recover(journal)
  assert(folded === ENTRIES, 'recovery folds every entry')
}

function inMemory(entries: readonly Entry[]): Journal {
  return {
    append: async () => undefined,
    readFrom: async function* () {
      yield* entries
    },
    saveSnapshot: async () => undefined,
    latestSnapshot: async () => undefined,
    close: async () => undefined,
  }
}
