import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayAt, isQuiet, minuteAt, momentOf, quietEnd, zoneNamed } from '../../../src/chat/notice/local-time.ts'
import type { QuietHours } from '../../../src/core/people/notice.ts'
import { instant } from '../../../src/core/units/ids.ts'
import { at, DAY, HOUR, MINUTE } from './made.ts'

const hours = (zone: string, from: string, to: string): QuietHours => ({ zone, from: minute(from), to: minute(to) })
const minute = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
const text = (moment: number): string => new Date(moment).toISOString().slice(0, 16)

const ROME = hours('Europe/Rome', '23:00', '07:30')
const NEW_YORK = hours('America/New_York', '22:15', '06:45')
const NAP = hours('Europe/Rome', '13:00', '14:30')
const SHORT = hours('Europe/Rome', '01:00', '02:30')

describe('quiet hours', () => {
  test.each<[string, QuietHours, string, string | undefined]>([
    ['a minute before they begin, in summer', ROME, '2026-07-10T20:59Z', undefined],
    ['when they begin', ROME, '2026-07-10T21:00Z', '2026-07-11T05:30'],
    ['past midnight', ROME, '2026-07-11T01:00Z', '2026-07-11T05:30'],
    ['in their last minute', ROME, '2026-07-11T05:29Z', '2026-07-11T05:30'],
    ['when they end', ROME, '2026-07-11T05:30Z', undefined],
    ['in winter an hour later by UTC', ROME, '2026-12-10T22:00Z', '2026-12-11T06:30'],
    ['in winter not yet', ROME, '2026-12-10T21:30Z', undefined],
    ['over a leap day', ROME, '2028-02-28T23:00Z', '2028-02-29T06:30'],
    ['out of a leap day', ROME, '2028-02-29T23:00Z', '2028-03-01T06:30'],
    ['over the turn of a year', ROME, '2026-12-31T23:30Z', '2027-01-01T06:30'],
    ['the night that is an hour shorter, in Rome', ROME, '2026-03-28T22:00Z', '2026-03-29T05:30'],
    ['the night that is an hour longer, in Rome', ROME, '2026-10-24T21:00Z', '2026-10-25T06:30'],
    ['the night that is an hour shorter, in New York', NEW_YORK, '2026-03-08T03:15Z', '2026-03-08T10:45'],
    ['the night that is an hour longer, in New York', NEW_YORK, '2026-11-01T02:15Z', '2026-11-01T11:45'],
    ['in New York, before they begin', NEW_YORK, '2026-07-10T02:14Z', undefined],
    ['within a day', NAP, '2026-07-10T11:00Z', '2026-07-10T12:30'],
    ['within a day, after', NAP, '2026-07-10T12:30Z', undefined],
    ['that would end in an hour that is left out end when it is', SHORT, '2026-03-29T00:30Z', '2026-03-29T01:00'],
    ['that end in an hour that comes twice end the first time', SHORT, '2026-10-25T00:10Z', '2026-10-25T00:30'],
    ['the second time that hour comes hold again', SHORT, '2026-10-25T01:10Z', '2026-10-25T01:30'],
    ['in a zone with half an hour', hours('Asia/Kolkata', '23:00', '06:00'), '2026-07-10T17:30Z', '2026-07-11T00:30'],
    [
      'in a zone that nobody knows are those of UTC',
      hours('Mars/Base', '23:00', '06:00'),
      '2026-07-10T23:30Z',
      '2026-07-11T06:00',
    ],
  ])('%s', (_, quiet, now, end) => {
    const moment = at(now)
    expect(isQuiet(quiet, moment)).toBe(end !== undefined)
    expect(text(quietEnd(quiet, moment))).toBe(end ?? text(moment))
  })

  test('that nobody has set never hold', () => {
    expect(isQuiet(undefined, at('2026-07-10T02:00Z'))).toBe(false)
  })

  const anyZone = fc.constantFrom('Europe/Rome', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC')
  const anyMinute = fc.integer({ min: 0, max: 1_439 })
  const anyMoment = fc
    .integer({ min: Date.UTC(2026, 0, 1) / MINUTE, max: Date.UTC(2028, 11, 31) / MINUTE })
    .map(minutes => instant(minutes * MINUTE))

  test('hold until their end, which is within a day and an hour, and not at it', () => {
    fc.assert(
      fc.property(anyZone, anyMinute, anyMinute, anyMoment, (zone, from, to, now) => {
        fc.pre(from !== to)
        const quiet = { zone, from, to }
        const end = quietEnd(quiet, now)
        expect(isQuiet(quiet, end)).toBe(false)
        if (!isQuiet(quiet, now)) return end === now
        expect(end).toBeGreaterThan(now)
        expect(end - now).toBeLessThanOrEqual(DAY + HOUR)
        for (let part = 0; part < 8; part += 1) {
          const between = instant(now + Math.floor(((end - now - 1) * part) / 8 / MINUTE) * MINUTE)
          expect(isQuiet(quiet, between)).toBe(true)
        }
        return true
      }),
    )
  })

  test('a minute of a day comes on that day and not before, whatever the clocks do', () => {
    fc.assert(
      fc.property(anyZone, anyMinute, anyMoment, (zone, wanted, now) => {
        const moment = momentOf(zone, dayAt(zone, now), wanted)
        expect(dayAt(zone, moment)).toBe(dayAt(zone, now))
        expect(minuteAt(zone, moment)).toBeGreaterThanOrEqual(wanted)
        expect(minuteAt(zone, moment) - wanted).toBeLessThan(60)
      }),
    )
  })
})

test.each([
  ['Europe/Rome', 'Europe/Rome'],
  ['europe/rome', 'Europe/Rome'],
  ['UTC', 'UTC'],
  ['Rome', undefined],
  ['', undefined],
])('the zone %j is %j', (typed, zone) => {
  expect(zoneNamed(typed)).toBe(zone)
})
