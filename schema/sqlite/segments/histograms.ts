/**
 * Histograms of one segment: per hour (and of the day), visitor and (where it pays) site, how many requests fell into each bucket of
 * schema/store/histogram.ts. They answer the percentiles of the page's tiles; finer questions go to the records.
 */
import type { Codes } from '../../store/block.js'
import { bucketOf, HISTOGRAM_BUCKETS } from '../../store/histogram.js'
import type { DimensionField } from '../../words/fields.js'
import type { PercentileMeasure } from '../../store/query.js'
import { addUpCells, keysOf, keysOfCells, widerSlots, type Cells, type KeyedCells, type Keys } from './cells.js'
import { HOUR_MS, MAX_SITES } from './rollup.js'
import type { SegmentRows } from './summed.js'

export const DURATIONS = [
  'edgeTimeToFirstByteMs',
  'originResponseDurationMs',
  'totalMs',
] as const satisfies readonly PercentileMeasure[]

export const HISTOGRAM_FIELDS = ['visitor'] as const satisfies readonly DimensionField[]
export const SITE_HISTOGRAM_FIELDS = ['zone', 'host', 'visitor'] as const satisfies readonly DimensionField[]

/** A histogram by site that is hardly smaller than the records costs disk for nothing. */
const WORTHWHILE = 0.25
const SMALL_ROWS = 1_000

/** Cells by hour, whose bytes nobody counts, and the bucket of each. */
export interface HistogramCells extends Cells {
  bucket: Uint32Array
}

export interface Histograms {
  all: HistogramCells
  ofDay: HistogramCells
  bySite: HistogramCells | null
}

/** Makes the histograms of several durations over the same rows (of one day, in ascending time). */
export function histogramsOf(rows: SegmentRows, dayStart: number): { [measure in PercentileMeasure]: Histograms } {
  const sites = keysOf(rows.dimensions, SITE_HISTOGRAM_FIELDS)
  const few = sites.count <= MAX_SITES
  const keys = few ? sites : keysOf(rows.dimensions, HISTOGRAM_FIELDS)
  const hours = hoursOf(rows.time, dayStart)
  const one = (measure: PercentileMeasure): Histograms => {
    const cells = histogram(rows, hours, measure, keys)
    if (!few) return { all: cells, ofDay: recount(cells, 24), bySite: null }
    const worthwhile = rows.rows < SMALL_ROWS || cells.slot.length <= rows.rows * WORTHWHILE
    const all = recount(cells, 1)
    return { all, ofDay: recount(all, 24), bySite: worthwhile ? cells : null }
  }
  return Object.fromEntries(DURATIONS.map((d) => [d, one(d)])) as { [measure in PercentileMeasure]: Histograms }
}

function hoursOf(time: Float64Array, dayStart: number): Uint32Array {
  const hours = new Uint32Array(time.length)
  for (let i = 0; i < time.length; i++) hours[i] = (time[i] - dayStart) / HOUR_MS
  return hours
}

function histogram(rows: SegmentRows, hours: Uint32Array, measure: PercentileMeasure, keys: Keys): HistogramCells {
  const values = rows.measures[measure]
  const present = presentRows(values)
  const some = present.length < values.length
  const added = {
    slot: some ? pick(hours, present, new Uint32Array(present.length)) : hours,
    key: keysWithBuckets(keys.ids, values, present),
    requests: some ? pick(rows.measures.weight, present, new Float64Array(present.length)) : rows.measures.weight,
  }
  return withBuckets(addUpCells(added, keys.count * HISTOGRAM_BUCKETS, keys.codes, withoutBucket))
}

function presentRows(values: Float64Array): Uint32Array {
  const out = new Uint32Array(values.length)
  let n = 0
  for (let row = 0; row < values.length; row++) if (values[row] === values[row]) out[n++] = row
  return out.subarray(0, n)
}

function pick<A extends Uint32Array | Float64Array>(from: A, rows: Uint32Array, out: A): A {
  for (let i = 0; i < rows.length; i++) out[i] = from[rows[i]]
  return out
}

function keysWithBuckets(ids: Codes, values: Float64Array, rows: Uint32Array): Uint32Array {
  const out = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = ids[rows[i]] * HISTOGRAM_BUCKETS + bucketOf(values[rows[i]])
  return out
}

export const withoutBucket = (key: number) => Math.floor(key / HISTOGRAM_BUCKETS)

/** Over all sites, in wider slots. */
function recount({ slot, codes, bucket, requests, records }: HistogramCells, slotsPerSlot: number): HistogramCells {
  const keys = keysOfCells({ codes }, HISTOGRAM_FIELDS)
  const key = Uint32Array.from(keys.ids, (id, i) => id * HISTOGRAM_BUCKETS + bucket[i])
  return withBuckets(
    addUpCells(
      { slot: widerSlots(slot, slotsPerSlot), key, requests, records },
      keys.count * HISTOGRAM_BUCKETS,
      keys.codes,
      withoutBucket,
    ),
  )
}

export function withBuckets(cells: KeyedCells): HistogramCells {
  return { ...cells, bucket: cells.key.map((key) => key % HISTOGRAM_BUCKETS) }
}
