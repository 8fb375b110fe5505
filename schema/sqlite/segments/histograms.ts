/**
 * Histograms of one segment: per hour (and of the day), visitor and (where it pays) site, how many requests fell into each bucket of
 * schema/store/histogram.ts. They answer the percentiles of the page's tiles; finer questions go to the records.
 */
import { bucketOf, HISTOGRAM_BUCKETS } from '../../store/histogram.js'
import type { DimensionField } from '../../words/fields.js'
import type { PercentileMeasure } from '../../store/query.js'
import { CellBuilder, keysOf, keysOfCells, type Cells, type Keys } from './cells.js'
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

function hoursOf(time: Float64Array, dayStart: number): Uint8Array {
  const hours = new Uint8Array(time.length)
  for (let i = 0; i < time.length; i++) hours[i] = (time[i] - dayStart) / HOUR_MS
  return hours
}

function histogram(rows: SegmentRows, hours: Uint8Array, measure: PercentileMeasure, keys: Keys): HistogramCells {
  const values = rows.measures[measure]
  const { weight } = rows.measures
  const cells = new CellBuilder(keys.count * HISTOGRAM_BUCKETS)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === value) cells.add(hours[i], keys.ids[i] * HISTOGRAM_BUCKETS + bucketOf(value), weight[i], 0, 1)
  }
  return withBuckets(cells, keys)
}

/** Over all sites, in wider slots. */
function recount(from: HistogramCells, slotsPerSlot: number): HistogramCells {
  const keys = keysOfCells(from, HISTOGRAM_FIELDS)
  const cells = new CellBuilder(keys.count * HISTOGRAM_BUCKETS)
  for (let i = 0; i < from.slot.length; i++) {
    cells.add(
      Math.floor(from.slot[i] / slotsPerSlot),
      keys.ids[i] * HISTOGRAM_BUCKETS + from.bucket[i],
      from.requests[i],
      0,
      from.records[i],
    )
  }
  return withBuckets(cells, keys)
}

function withBuckets(builder: CellBuilder, keys: Keys): HistogramCells {
  const cells = builder.finish(keys.codes, (key) => Math.floor(key / HISTOGRAM_BUCKETS))
  return { ...cells, bucket: cells.key.map((key) => key % HISTOGRAM_BUCKETS) }
}
