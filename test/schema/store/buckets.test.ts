import fc from 'fast-check'
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
