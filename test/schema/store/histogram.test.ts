import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bucketOf,
  HISTOGRAM_BUCKETS,
  HISTOGRAM_ERROR,
  percentilesOf,
  valueOf,
} from '../../../schema/store/histogram.js'

test('a value comes back within 4 %', () =>
  fc.assert(
    fc.property(
      fc.oneof(fc.double({ min: 0, max: 2 ** 32 - 1, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true })),
      (value) => {
        const back = valueOf(bucketOf(value))
        expect(Math.abs(back - value)).toBeLessThanOrEqual(Math.max(value * HISTOGRAM_ERROR, 2 ** -6))
        expect(HISTOGRAM_ERROR).toBeLessThanOrEqual(0.04)
      },
    ),
  ))

test('whole milliseconds below 64 come back exactly', () => {
  for (let ms = 0; ms < 64; ms++) expect(valueOf(bucketOf(ms))).toBe(ms)
})

test('buckets ascend with the value and end with the last', () => {
  let last = -1
  for (let value = 0; value < 2 ** 31; value = value * 1.01 + 0.01) {
    expect(bucketOf(value)).toBeGreaterThanOrEqual(last)
    last = bucketOf(value)
  }
  expect(bucketOf(Infinity)).toBe(HISTOGRAM_BUCKETS - 1)
  expect(valueOf(HISTOGRAM_BUCKETS - 1)).toBeGreaterThan(2 ** 31)
})

test('percentiles are those of the nearest rank, weighted', () => {
  const weights = new Float64Array(2 * HISTOGRAM_BUCKETS)
  const out = new Float64Array(5)
  for (const [value, weight] of [
    [10, 5],
    [20, 14],
    [30, 1],
  ])
    weights[HISTOGRAM_BUCKETS + bucketOf(value)] += weight
  percentilesOf(weights, HISTOGRAM_BUCKETS, [0, 0.25, 0.26, 0.95, 1], out, 0)
  expect([...out]).toEqual([10, 10, 20, 20, 30])
  percentilesOf(weights, 0, [0.5], out, 1)
  expect(out[1]).toBeNaN()
})
