/**
 * A page of records on its way between threads. Thousands of objects of forty fields take longer to be copied than to be found; columns
 * of what was asked for move, and each text crosses once.
 */
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField, type MeasureField } from '../words/fields.js'
import type { Record } from '../words/record.js'

export interface RecordColumns {
  time: Float64Array
  rayId: (string | null)[]
  /** the value of row i is `values[codes[i]]`; fields that nobody asked for are left out */
  dimensions: { field: DimensionField; codes: Uint32Array; values: unknown[] }[]
  /** NaN: absent */
  measures: { field: MeasureField; numbers: Float64Array }[]
}

/** All fields in their order, so that every record has the same shape. */
const BLANK: { readonly [field: string]: unknown } = Object.fromEntries(
  ['time', 'rayId', ...DIMENSION_FIELDS, ...MEASURE_FIELDS].map((field) => [field, null]),
)

/** What was left out is null. */
export function recordsOf({ time, rayId, dimensions, measures }: RecordColumns): Record[] {
  return rayId.map((ray, row) => {
    const out: { [field: string]: unknown } = { ...BLANK, time: time[row], rayId: ray }
    for (const { field, codes, values } of dimensions) out[field] = values[codes[row]]
    for (const { field, numbers } of measures) {
      const value = numbers[row]
      out[field] = Number.isNaN(value) ? null : value
    }
    return out as unknown as Record
  })
}

export function buffersOf({ time, dimensions, measures }: RecordColumns): ArrayBuffer[] {
  return [time, ...dimensions.map(({ codes }) => codes), ...measures.map(({ numbers }) => numbers)].map(
    ({ buffer }) => buffer as ArrayBuffer,
  )
}
