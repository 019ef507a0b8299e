import { describe, expect, test } from 'vitest'
import type { Interaction } from '../../stand-ins/discord/interaction.ts'
import { card, type Opened, opened } from './opened.ts'

/** Until all that was pressed has been answered, as far as it could be. */
async function handled(it: Opened, presses = 1): Promise<void> {
  await it.until(() => it.observed.filter(({ what }) => what === 'pressed').length >= presses)
}

const lateness = (it: Opened): readonly number[] =>
  it.observed.flatMap(({ what, ms }) => (what === 'late' ? [Math.round(ms / 1_000)] : []))

describe('D1: an acknowledgement that comes to nothing', () => {
  test('10062: an approval is refused and on record, a stop and a rejection are honoured', async () => {
    const it = await opened()
    const message = await it.post(card())
    const late = it.discord.faults.set({ kind: 'answer', status: 404, code: 10_062, path: '/callback' })
    it.tess.press(message, 'Approve $40')
    it.tess.slash('approve', { id: 'a7k2' })
    it.tess.press(message, 'Reject')
    it.gus.press(message, 'Stop')
    it.gus.slash('stop', { why: 'now' })
    await handled(it, 5)
    expect(it.done.sort()).toEqual(['reject a7k2 by tess', 'stop by gus', 'stop by gus: now'])
    expect(it.turnedAway).toHaveLength(2)
    for (const each of it.turnedAway) expect(each).toMatch(/approve.*: it came too late: it was said at/)
    expect(late.hits()).toBe(5)
    // Nothing is tried through an interaction that is over.
    expect(it.discord.calls.filter(call => call.path.startsWith('/webhooks/'))).toEqual([])
  })

  test('10062 for a press that really is old: the same', async () => {
    const it = await opened()
    const message = await it.post(card())
    it.tess.press(message, 'Approve $40', { agoMs: 10_000 })
    it.gus.press(message, 'Stop', { agoMs: 10_000 })
    await handled(it, 2)
    expect(it.done).toEqual(['stop by gus'])
    expect(lateness(it)).toEqual([10])
  })

  test('40060: an answer that was lost is no second press, and no lateness', async () => {
    const it = await opened()
    const message = await it.post(card())
    const lost = it.discord.faults.set({ kind: 'lost', by: 'reset', path: '/callback', times: 1 })
    const pressed = it.tess.press(message, 'Approve $40')
    await it.discord.until(() => pressed.followUps.length > 0)
    expect(lost.hits()).toBe(1)
    expect(pressed.refusals.map(({ code }) => code)).toEqual([40_060])
    expect(it.done).toHaveLength(1)
    expect(pressed.followUps[0]?.content).toBe('Approved a7k2')
  })

  test('a connection that was closed meanwhile is made anew, within the time there is', async () => {
    const it = await opened()
    it.discord.faults.set({ kind: 'cut', path: '/callback', times: 1 })
    const asked = it.vic.slash('status')
    await it.discord.until(() => asked.edits.length > 0)
    expect(asked.original?.content).toBe('PAPER · trading')
  })

  test('one that hangs holds nothing else up, and is waited for no longer than it may take', async () => {
    const it = await opened({ timings: { acknowledgeMs: 400 } })
    const message = await it.post(card())
    it.discord.faults.set({ kind: 'hang', path: '/callback', times: 1 })
    const hanging: Interaction = it.tess.press(message, 'Reject')
    const asked = it.vic.slash('status')
    await it.discord.until(() => asked.edits.length > 0)
    expect(it.done).toEqual(['status by vic'])
    await handled(it, 2)
    expect(it.done).toEqual(['status by vic', 'reject a7k2 by tess'])
    expect(hanging.followUps).toEqual([])
  })

  test('where nobody knows what came of it, a press that is still young is obeyed and an older one is not', async () => {
    const it = await opened({ timings: { acknowledgeMs: 200 } })
    const message = await it.post(card())
    it.discord.faults.set({ kind: 'hang', path: '/callback' })
    it.tess.press(message, 'Approve $40', { agoMs: 2_900 })
    await handled(it)
    expect(it.done).toEqual([])
    expect(lateness(it)).toEqual([3])
    it.tess.press(message, 'Approve $40')
    await handled(it, 2)
    expect(it.done).toHaveLength(1)
  })

  test('answered after its three seconds: refused, and the loop went on', async () => {
    const it = await opened({ world: { interactionDeadlineMs: 150 }, timings: { acknowledgeMs: 1_000 } })
    const message = await it.post(card())
    it.discord.faults.set({ kind: 'late', ms: 300, holds: 'request', path: '/callback', times: 1 })
    const slow = it.tess.press(message, 'Approve $40')
    const asked = it.vic.slash('status')
    await it.discord.until(() => asked.edits.length > 0)
    await handled(it, 2)
    expect(slow.refusals.map(({ code }) => code)).toEqual([10_062])
    expect(it.done).toEqual(['status by vic'])
  })
})

describe('the clock is no proof', () => {
  test('a press whose acknowledgement was taken is fresh, whatever its id says within a minute', async () => {
    const it = await opened({ world: { interactionDeadlineMs: 600_000 } })
    const message = await it.post(card())
    it.tess.press(message, 'Approve $40', { agoMs: 20_000 })
    it.tess.press(message, 'Approve $40', { agoMs: -20_000 })
    await handled(it, 2)
    expect(it.done).toHaveLength(2)
  })

  test('but one older than a minute is a replay, and not obeyed', async () => {
    const it = await opened({ world: { interactionDeadlineMs: 600_000 } })
    const message = await it.post(card())
    const pressed = it.tess.press(message, 'Approve $40', { agoMs: 70_000 })
    await it.discord.until(() => pressed.followUps.length > 0)
    expect(pressed.followUps[0]?.content).toBe('`approve` came too late, and nothing was done')
    expect(it.done).toEqual([])
  })
})

describe('D3: a gateway that tells again of what was pressed while we were away', () => {
  test('RESUME replays presses of five minutes ago: the approval is refused, the stop is honoured', async () => {
    const it = await opened()
    const message = await it.post(card())
    const away = it.discord.faults.set({ kind: 'refuse' })
    it.discord.faults.set({ kind: 'drop', times: 1 })
    await it.until(() => it.surface.view().status === 'connecting')
    it.tess.press(message, 'Approve $40', { agoMs: 300_000 })
    it.gus.press(message, 'Stop', { agoMs: 299_000 })
    const fresh = it.vic.slash('status')
    expect(it.done).toEqual([])
    away.clear()
    await it.isLive()
    await handled(it, 3)
    expect(it.discord.gateway.resumes()).toBe(1)
    expect(it.done.sort()).toEqual(['status by vic', 'stop by gus'])
    expect(it.turnedAway).toHaveLength(1)
    await it.discord.until(() => fresh.edits.length > 0)
  })
})
