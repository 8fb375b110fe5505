/**
 * Histograms of one segment: per hour, visitor and (where it pays) site, how many requests fell into each bucket of
 * schema/histogram.ts. They answer the percentiles of the page's tiles; finer questions go to the records.
 */
import { bucketOf } from '../../histogram.js'
import type { DimensionField } from '../../fields.js'
import type { PercentileMeasure } from '../../query.js'
import { NumberIds } from './combine.js'
import { HOUR_MS, keysOf } from './rollup.js'
import type { Rows } from './rows.js'

export const DURATIONS = ['edgeTimeToFirstByteMs', 'originResponseDurationMs', 'totalMs'] as const satisfies readonly PercentileMeasure[]

export const HISTOGRAM_FIELDS = ['visitor'] as const satisfies readonly DimensionField[]
export const SITE_HISTOGRAM_FIELDS = ['zone', 'host', 'visitor'] as const satisfies readonly DimensionField[]

const WORTHWHILE = 0.25
const SMALL_ROWS = 1_000
const BUCKET_LIMIT = 2 ** 12

/** Cells in ascending hour order; hours counted from the start of the day. */
export interface HistogramCells {
  slot: Uint32Array
  bucket: Uint32Array
  codes: { [field in DimensionField]?: Uint32Array }
  requests: Float64Array
  records: Uint32Array
}

/** The histogram of one duration; null where it would not be much smaller than the column itself. */
export function histogramOf(rows: Rows, dayStart: number, measure: PercentileMeasure, fields: readonly DimensionField[], maxCells = Infinity): HistogramCells | null {
  const values = rows.measures[measure]
  const { time, measures: { weight } } = rows
  const keys = keysOf(rows, fields)
  const cells = new NumberIds()
  let requests = new Float64Array(1024)
  let records = new Uint32Array(1024)
  for (let i = 0; i < rows.rows; i++) {
    const value = values[i]
    if (value !== value) continue
    const hour = Math.floor((time[i] - dayStart) / HOUR_MS)
    const cell = cells.idOf((hour * keys.count + keys.ids[i]) * BUCKET_LIMIT + bucketOf(value))
    if (cell >= maxCells) return null
    if (cell >= requests.length) {
      requests = grown(requests, new Float64Array(cell * 2))
      records = grown(records, new Uint32Array(cell * 2))
    }
    requests[cell] += weight[i]
    records[cell]++
  }
  const n = cells.count
  const numbers = cells.numbers.subarray(0, n)
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => numbers[a] - numbers[b])
  const key = (cell: number) => Math.floor(numbers[cell] / BUCKET_LIMIT)
  const codes: HistogramCells['codes'] = {}
  for (const field of fields) {
    const ofKey = keys.codes[field] as Uint32Array
    codes[field] = order.map((cell) => ofKey[key(cell) % keys.count])
  }
  return {
    codes,
    slot: order.map((cell) => Math.floor(key(cell) / keys.count)),
    bucket: order.map((cell) => numbers[cell] % BUCKET_LIMIT),
    requests: Float64Array.from(order, (cell) => requests[cell]),
    records: order.map((cell) => records[cell]),
  }
}

/** The histogram by site, if it pays. */
export function siteHistogramOf(rows: Rows, dayStart: number, measure: PercentileMeasure): HistogramCells | null {
  const most = rows.rows < SMALL_ROWS ? Infinity : Math.floor(rows.rows * WORTHWHILE)
  return histogramOf(rows, dayStart, measure, SITE_HISTOGRAM_FIELDS, most)
}

function grown<A extends Float64Array | Uint32Array>(old: A, larger: A): A {
  larger.set(old)
  return larger
}
