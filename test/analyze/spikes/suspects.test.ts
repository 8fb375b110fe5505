import { expect, test } from 'vitest'
import { suspectsIn } from '../../../analyze/spikes/suspects.js'
import type { ReadRecords } from '../../../schema/store/records.js'

const QUARTER = 15 * 60_000
const DAY_OF_QUARTERS = 96

/** A store in which only one path fails, so often in each quarter of an hour of a day. */
const failing = (countOf: (quarter: number) => number) =>
  ({
    counts: ({ from, by }: { from: number; by: string[] }) => {
      const counts = Array.from({ length: 24 }, (_, i) => (by[0] === 'path' ? countOf(from / QUARTER + i) : 0))
      const bucket = [...counts.keys()].filter((i) => counts[i] > 0)
      return Promise.resolve({
        groups: [['/healthz', '503']],
        group: bucket.map(() => 0),
        bucket,
        records: bucket.map((i) => counts[i]),
        values: null,
      })
    },
  }) as unknown as ReadRecords

async function suspected(countOf: (quarter: number) => number) {
  const range = { from: 0, to: DAY_OF_QUARTERS * QUARTER }
  const found = await suspectsIn(failing(countOf)).find(range, [], () => 1)
  return found.map(({ value, at, until }) => [value, at / QUARTER, until / QUARTER])
}

test('what fails now and then is no suspect, whatever the calm hours after it; nor is it one for a quiet first hour', async () => {
  expect(await suspected((q) => (q < 32 ? 2 + (q % 2) : 0))).toEqual([])
  expect(await suspected((q) => (q < 4 ? 0 : 1 + (q % 2)))).toEqual([])
})

test('what fails far more often than before is, while it does', async () => {
  const [[value, at, until], ...others] = await suspected((q) => (q >= 60 && q < 70 ? 30 : q < 4 ? 0 : 1 + (q % 2)))
  expect(others).toEqual([])
  expect(value).toBe('/healthz')
  expect(at).toBeGreaterThan(52)
  expect(at).toBeLessThanOrEqual(60)
  expect(until).toBeGreaterThanOrEqual(70)
  expect(until).toBeLessThan(79)
})
