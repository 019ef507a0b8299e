import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { jsonlJournal, readJsonl, recordedJournal } from '../../src/adapters/jsonl/journal.ts'
import { memoryJournal } from '../../src/adapters/memory/journal.ts'
import { ENGINE_VERSION, emptyState } from '../../src/core/engine/state.ts'
import { InvariantError } from '../../src/core/units/brand.ts'
import type { Instant } from '../../src/core/units/ids.ts'
import { JournalError } from '../../src/ports/journal.ts'
import { copiedBuy, entry } from './entries.ts'
import { all, failureOf, useFolder } from './folder.ts'

const folder = useFolder()
const four = copiedBuy(1, 1)
const next = copiedBuy(5, 2)
const at = (now: number) => ({ ...emptyState(), now: now as Instant })

describe.each([
  ['memory', async () => memoryJournal()],
  ['a file', () => jsonlJournal(folder.path('journal.jsonl'))],
])('a journal in %s', (_, open) => {
  test('gives back what was appended', async () => {
    const journal = await open()
    expect(await all(journal.readFrom(1))).toEqual([])
    await journal.append(four)
    await journal.append([])
    await journal.append(next)
    expect(await all(journal.readFrom(1))).toEqual([...four, ...next])
    expect(await all(journal.readFrom(7))).toEqual(next.slice(2))
    await journal.close()
  })

  test('refuses a gap and a repetition', async () => {
    const journal = await open()
    await journal.append(four)
    await expect(journal.append([entry(6, [])])).rejects.toThrow(InvariantError)
    await expect(journal.append([entry(4, [])])).rejects.toThrow(InvariantError)
    expect(await all(journal.readFrom(1))).toHaveLength(4)
    await journal.close()
  })

  test('gives the newest snapshot, and nothing of the state that was saved is shared', async () => {
    const journal = await open()
    await journal.append(four)
    expect(await journal.latestSnapshot()).toBeUndefined()
    const state = at(3)
    await journal.saveSnapshot({ seq: 3, engine: ENGINE_VERSION, state })
    state.known.set('x' as never, 1 as never)
    await journal.saveSnapshot({ seq: 4, engine: 'of the future', state })
    await journal.saveSnapshot({ seq: 4, engine: ENGINE_VERSION, state: at(4) })
    expect(await journal.latestSnapshot()).toEqual({ seq: 4, engine: ENGINE_VERSION, state: at(4) })
    await journal.close()
  })
})

describe('a journal in memory with a fault', () => {
  test('loses what is lost, and keeps what failed after the commit', async () => {
    const fates = ['ok', 'lost', 'failed-after-commit', 'ok'] as const
    let appends = 0
    const journal = memoryJournal({ fault: () => fates[appends++] ?? 'ok' })
    await journal.append([entry(1, [])])
    await expect(journal.append([entry(2, [])])).rejects.toThrow(JournalError)
    expect(await all(journal.readFrom(1))).toHaveLength(1)
    await expect(journal.append([entry(2, [])])).rejects.toThrow(JournalError)
    expect(await all(journal.readFrom(1))).toHaveLength(2)
    await journal.append([entry(3, [])])
  })
})

describe('a file', () => {
  const file = () => folder.path('journal.jsonl')

  async function written(): Promise<string> {
    const journal = await jsonlJournal(file(), { isDurable: false })
    await journal.append(four)
    await journal.append(next)
    await journal.close()
    return readFileSync(file(), 'utf8')
  }

  test('has one entry a line, each of them JSON', async () => {
    const lines = (await written()).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('cut off anywhere keeps every append before, and goes on from there', async () => {
    const text = await written()
    const firstEnds = Buffer.byteLength(text.split('\n').slice(0, 4).join('\n')) + 1
    const size = Buffer.byteLength(text)
    for (const end of [size - 1, size - 40, firstEnds + 1, firstEnds, firstEnds - 1, 10, 1, 0]) {
      writeFileSync(file(), text)
      truncateSync(file(), end)
      const kept = end >= firstEnds ? four : []
      expect(await all(readJsonl(file()))).toEqual(kept)
      expect(readFileSync(file())).toHaveLength(end)
      const journal = await jsonlJournal(file())
      expect(await all(journal.readFrom(1))).toEqual(kept)
      const more = kept.length === 0 ? four : next
      await journal.append(more)
      expect(await all(journal.readFrom(1))).toEqual([...kept, ...more])
      await journal.close()
    }
  })

  test('whose last batch ends between two of its lines loses that batch', async () => {
    const text = await written()
    writeFileSync(file(), `${text.split('\n').slice(0, 6).join('\n')}\n`)
    expect(await all(readJsonl(file()))).toEqual(four)
  })

  test('with a line that cannot be read before others is damaged', async () => {
    const lines = (await written()).split('\n')
    writeFileSync(file(), [lines[0], lines[1]?.slice(0, 50), ...lines.slice(2)].join('\n'))
    const failure = await failureOf(jsonlJournal(file()))
    expect(failure.message).toBe(`the line of entry 2 in ${file()} cannot be read`)
    writeFileSync(file(), [lines[0], ...lines.slice(2)].join('\n'))
    expect(await failureOf(all(readJsonl(file())))).toBeInstanceOf(JournalError)
  })

  test('that is only read is never changed, nor made', async () => {
    await written()
    appendFileSync(file(), '{"torn')
    const before = readFileSync(file(), 'utf8')
    const journal = recordedJournal(file())
    expect(await all(journal.readFrom(1))).toEqual([...four, ...next])
    await expect(journal.append([entry(9, [])])).rejects.toThrow('only read')
    await journal.close()
    expect(readFileSync(file(), 'utf8')).toBe(before)
    expect((await failureOf(all(recordedJournal(folder.path('none.jsonl')).readFrom(1)))).message).toContain(
      'none.jsonl cannot be read',
    )
    expect(existsSync(folder.path('none.jsonl'))).toBe(false)
  })

  test('of more than one chunk is read whole', async () => {
    const many = Array.from({ length: 100 }, (_, index) => copiedBuy(1 + 4 * index, index)).flat()
    const journal = await jsonlJournal(file(), { isDurable: false })
    for (let from = 0; from < many.length; from += 64) await journal.append(many.slice(from, from + 64))
    expect(await all(journal.readFrom(1))).toEqual(many)
    await journal.close()
  })

  test('with a snapshot beyond its end, or a damaged one, folds from the beginning', async () => {
    const journal = await jsonlJournal(file())
    await journal.append(four)
    await journal.saveSnapshot({ seq: 9, engine: ENGINE_VERSION, state: at(9) })
    expect(await journal.latestSnapshot()).toBeUndefined()
    await journal.saveSnapshot({ seq: 4, engine: ENGINE_VERSION, state: at(4) })
    truncateSync(`${file()}.snapshot`, 20)
    expect(await journal.latestSnapshot()).toBeUndefined()
    await journal.close()
  })

  test('that cannot be opened is told of', async () => {
    const failure = await failureOf(jsonlJournal(folder.path('no-folder/journal.jsonl')))
    expect(failure.message).toContain('cannot be opened for writing')
  })
})
