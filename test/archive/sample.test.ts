import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openRecording } from '../../src/adapters/archive/open.ts'
import { readRecording } from '../../src/sandbox/recorded/recording.ts'
import { eventsOf, only } from './made.ts'
import { sampleText } from './make-sample.ts'

const SAMPLE = fileURLToPath(new URL('../../recordings/sample.jsonl', import.meta.url))

test('the sample is what its maker makes', async () => {
  await expect(sampleText()).toMatchFileSnapshot(SAMPLE)
})

test('the sample is small, and holds what it is for', async () => {
  expect(sampleText().length).toBeLessThan(300 * 1024)
  const recording = await openRecording(SAMPLE)
  const events = await eventsOf(recording)
  expect(recording.notes()).toEqual([])
  expect(recording.total).toBe(events.length)
  expect(recording.whales).toHaveLength(3)
  expect(only(events, 'market')).toHaveLength(4)
  expect(only(events, 'resolution')).toHaveLength(4)
  expect(only(events, 'trade').length).toBeGreaterThan(120)
  expect(only(events, 'book').length).toBeGreaterThan(600)
  expect(only(events, 'trade').every(({ trade }) => trade.title !== '' && trade.outcome !== '')).toBe(true)
})

test('the sandbox reads the sample too, and sees the same', async () => {
  const ours = await eventsOf(await openRecording(SAMPLE))
  const theirs = await readRecording(SAMPLE)
  expect(theirs.map(line => [line.kind, line.at])).toEqual(ours.map(event => [event.kind, event.at]))
  const [resolution] = only(ours, 'resolution')
  const seen = theirs.find(line => line.kind === 'resolution')
  expect(seen?.payouts).toEqual(resolution?.payouts.map(({ price }) => Number(price) / 1_000_000))
})
