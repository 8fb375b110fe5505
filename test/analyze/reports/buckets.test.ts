import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bucketBounds } from '../../../analyze/reports/buckets.js'

const HOUR = 3_600_000

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
