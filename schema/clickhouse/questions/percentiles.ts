/** Weighted percentiles of durations, out of histograms that the engine makes of the records. */
import type { Bounded } from '../../store/buckets.js'
import { HISTOGRAM_BUCKETS, percentilesOf } from '../../store/histogram.js'
import type { PercentileQuery, Percentiles } from '../../store/query.js'
import { columnOf } from '../columns.js'
import type { Connection } from '../connection.js'
import type { Tables } from '../layout.js'
import { bucketsOf } from './buckets.js'
import { valueOf, where } from './where.js'

/** As `bucketOf` of histogram.ts: the five highest bits of a double's fraction and its exponent, counted from 2^-6. */
const histogramBucket = (value: string) =>
  `multiIf(${value} < 0.015625, 0, ${value} >= 4294967296, ${HISTOGRAM_BUCKETS - 1},
    toInt64(bitShiftRight(reinterpretAsUInt64(${value}), 47)) - ${(1023 - 6) << 5} + 1)`

export async function percentiles(
  connection: Connection,
  { records }: Tables,
  query: Bounded<PercentileQuery>,
): Promise<Percentiles> {
  const { bounds, by, measure, limit } = query
  const from = Math.max(query.from, bounds[0])
  const to = Math.min(query.to, bounds[bounds.length - 1])
  if (bounds.length < 2 || !(from < to)) return toPercentiles(query, [], () => 0)
  const buckets = bucketsOf(bounds)
  const value = columnOf(measure)
  const names = by.map((_, i) => `k${i}`)
  const selected = where({ ...query, from, to })
  // the values with the most requests, measured or not
  const only =
    limit === undefined || by.length === 0
      ? ''
      : `AND ${valueOf(by[0])} IN (SELECT value FROM (SELECT ${valueOf(by[0])} AS value, sum(weight) AS requests
          FROM ${records} FINAL WHERE ${selected} GROUP BY value ORDER BY requests DESC, value LIMIT ${limit}))`
  const order = ['bucket', ...names].join(', ')
  const sql = `SELECT toInt64(${buckets.sql}) AS bucket, toInt32(${histogramBucket(value)}) AS slot, sum(weight) AS requests,
      toFloat64(count()) AS records${by.map((dimension, i) => `, ${valueOf(dimension)} AS k${i}`).join('')}
    FROM ${records} FINAL WHERE ${selected} AND NOT isNaN(${value}) ${only}
    GROUP BY ${order}, slot ORDER BY ${order}, slot`
  return toPercentiles(query, await connection.columns(sql), buckets.indexOf)
}

/** Slots of one cell come one after the other. */
function toPercentiles(
  query: Bounded<PercentileQuery>,
  columns: readonly (readonly unknown[])[],
  indexOf: (said: number) => number,
): Percentiles {
  const { by, percentiles: wanted } = query
  const [said = [], slots = [], requests = [], records = [], ...keys] = columns as number[][]
  const numbers = new Map<string, number>()
  const groups: string[][] = []
  const [bucket, group, count, values]: number[][] = [[], [], [], []]
  const weights = new Float64Array(HISTOGRAM_BUCKETS)
  const out = new Float64Array(wanted.length)
  for (let i = 0; i < said.length;) {
    const key = by.map((_, k) => String(keys[k][i]))
    const word = JSON.stringify(key)
    const same = (j: number) => said[j] === said[i] && by.every((_, k) => keys[k][j] === keys[k][i])
    let rows = 0
    let j = i
    weights.fill(0)
    for (; j < said.length && same(j); j++) {
      weights[slots[j]] = requests[j]
      rows += records[j]
    }
    percentilesOf(weights, 0, wanted, out, 0)
    if (!numbers.has(word)) {
      numbers.set(word, groups.length)
      groups.push(key)
    }
    bucket.push(indexOf(said[i]))
    group.push(numbers.get(word) as number)
    count.push(rows)
    values.push(...out)
    i = j
  }
  return {
    bounds: query.bounds,
    groups,
    bucket: Uint32Array.from(bucket),
    group: Uint32Array.from(group),
    values: Float64Array.from(values),
    records: Float64Array.from(count),
  }
}
