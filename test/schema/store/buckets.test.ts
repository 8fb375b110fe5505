import fc from 'fast-check'
import { IANAZone } from 'luxon'
import { expect, it } from 'vitest'
import { bucketsIn, boundsOf, MOST_BUCKETS } from '../../../schema/store/buckets.js'
import type { Step } from '../../../schema/store/query.js'

const HOUR = 3_600_000

const bucketBounds = (from: number, to: number, step: Step, zone: string) =>
  boundsOf({ from, to, bounds: { step, zone } })

it('hours, days and weeks of UTC are those of a zone without summer time, however they are counted', () => {
  const time = fc.integer({ min: Date.UTC(2018, 0, 1), max: Date.UTC(2035, 0, 1) })
  fc.assert(
    fc.property(
      time,
      fc.integer({ min: 1, max: 40 * 24 }),
      fc.constantFrom('hour', 'day', 'week'),
      (from, hours, step) => {
        const to = from + hours * HOUR
        expect(bucketBounds(from, to, step, 'UTC')).toEqual(bucketBounds(from, to, step, 'Etc/GMT'))
      },
    ),
  )
})

it('a day of summer time has 23 or 25 hours', () => {
  const lengths = (from: string, to: string) => {
    const bounds = bucketBounds(Date.parse(from), Date.parse(to), 'day', 'Europe/Paris')
    return Array.from(bounds.slice(1), (at, i) => (at - bounds[i]) / HOUR)
  }
  expect(lengths('2026-03-27T23:00:00Z', '2026-03-29T22:00:00Z')).toEqual([24, 23])
  expect(lengths('2026-10-23T22:00:00Z', '2026-10-25T23:00:00Z')).toEqual([24, 25])
})

it('an hour in which clocks go back by half of one has both halves', () => {
  const times = (from: string, to: string, zone: string) =>
    Array.from(bucketBounds(Date.parse(from), Date.parse(to), 'hour', zone), (at) =>
      new Date(at).toISOString().slice(11, 16),
    )
  // from 02:00 to 01:30
  expect(times('2028-04-01T13:00:00Z', '2028-04-01T17:30:00Z', 'Australia/Lord_Howe')).toEqual([
    '13:00',
    '14:00',
    '15:30',
    '16:30',
    '17:30',
  ])
  // from 02:00 to 02:30
  expect(times('2027-10-02T14:30:00Z', '2027-10-02T17:00:00Z', 'Australia/Lord_Howe')).toEqual([
    '14:30',
    '15:30',
    '16:00',
    '17:00',
  ])
  expect(times('2015-08-14T14:00:00Z', '2015-08-14T16:30:00Z', 'Asia/Pyongyang').length).toBe(3)
})

it('ends in every zone, at every change of its clocks', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  const offsetOf = (zone: string, at: number) => IANAZone.create(zone).offset(at)
  const changes = new Map<string, [string, number]>()
  for (const zone of zones)
    for (let at = Date.UTC(1995, 0, 1), before = offsetOf(zone, at); at < Date.UTC(2030, 0, 1); at += 7 * 24 * HOUR) {
      const after = offsetOf(zone, at + 7 * 24 * HOUR)
      if (after !== before) changes.set(`${after - before} ${before % 60}`, [zone, at])
      before = after
    }
  expect(changes.size).toBeGreaterThan(15)
  for (const [zone, at] of changes.values())
    for (const step of ['hour', 'day', 'week'] as const) {
      const bounds = bucketBounds(at, at + 8 * 24 * HOUR, step, zone)
      expect(bounds.every((time, i) => i === 0 || time > bounds[i - 1])).toBe(true)
    }
})

it('buckets cover the range, each but the last ends within it', () => {
  const time = fc.integer({ min: Date.UTC(2018, 0, 1), max: Date.UTC(2035, 0, 1) })
  const step = fc.constantFrom<Step[]>('hour', 'day', 'week', 7_000, 90 * 60_000, 24 * HOUR)
  const zone = fc.constantFrom('UTC', 'Europe/Paris', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia')
  fc.assert(
    fc.property(time, fc.integer({ min: 0, max: 200 * HOUR }), step, zone, (from, length, width, tz) => {
      const bounds = bucketBounds(from, from + length, width, tz)
      const last = bounds.length - 1
      expect([bounds[0] <= from, bounds[last] >= from + length]).toEqual([true, true])
      expect(bounds.findIndex((at, i) => i > 0 && (at <= bounds[i - 1] || (i < last && at >= from + length)))).toBe(-1)
    }),
  )
})

it('bounds that are given stay, and without any the range is one bucket', () => {
  const bounds = Float64Array.of(5, 7, 20)
  expect(boundsOf({ from: 0, to: 10, bounds })).toBe(bounds)
  expect(boundsOf({ from: 3, to: 10, bounds: null })).toEqual(Float64Array.of(3, 10))
})

it('more buckets than anybody can mean are refused', () => {
  expect(bucketsIn(0, 10 * HOUR, 'hour')).toBe(10)
  expect(() => bucketBounds(0, (MOST_BUCKETS + 1) * 1_000, 1_000, 'UTC')).toThrow(
    expect.objectContaining({ name: 'RangeError', code: 'TOO_MANY_POINTS' }),
  )
})
