/**
 * Questions as data. A store compiles them for what it has (rollups, columns, SQL); nobody else knows how. Every question
 * begins with a selection.
 */
import type { FieldName } from '../words/fields.js'
import type { Dimension, Selection } from '../words/selection.js'

export {
  DIMENSIONS,
  fieldOfDimension,
  isDimension,
  type Dimension,
  type Filter,
  type Selection,
} from '../words/selection.js'

/** Whole ms from the epoch, or what a calendar calls an hour, a day, a week (from Monday). */
export type Step = number | 'hour' | 'day' | 'week'

/**
 * The buckets of time of a question. Steps say what they are (a day of a zone is not always 24 h), which lets an engine use what it
 * has summed up; otherwise n + 1 ascending epoch ms for n buckets, at whatever times; null: one bucket, the range. Which
 * bounds steps come to: buckets.ts.
 */
export type Bounds = { step: Step; zone: string } | Float64Array | null

/** Counts of requests, weighted by the sample rate, in buckets of time and by the values of up to three dimensions. */
export interface CountQuery extends Selection {
  bounds: Bounds
  by: Dimension[]
  /**
   * Keep only the groups of the `limit` values of `by[0]` with the most requests over all buckets (ties by value).
   * Worth setting for wide dimensions (paths, addresses): the rest is counted in `total`, but never made into text. Where it is left
   * out, and for each dimension behind the first, NAMED_VALUES is the limit.
   */
  limit?: number
  /** Also count the requests that ended in an error (4xx, 499, 5xx), see `Counts.errors`. */
  withErrors?: boolean
  /** Also add up the bytes, see `Counts.bytes`: a store need not read them for whoever does not look at them. */
  withBytes?: boolean
  /**
   * Also tell cells apart by this dimension, whose values are numbered in place of named, see `Counts.values`: who is who among
   * a hundred thousand addresses, without a hundred thousand texts.
   */
  apart?: Dimension
}

/** Sparse cells: cell i counts `requests[i]` of group `groups[group[i]]` in bucket `bucket[i]`. Empty cells are left out. */
export interface Counts {
  /** n + 1 times for n buckets, as the question's `bounds` came to */
  bounds: Float64Array
  groups: string[][]
  bucket: Uint32Array
  group: Uint32Array
  /** weighted number of requests */
  requests: Float64Array
  /** bytes sent to visitors, weighted; null unless asked for */
  bytes: Float64Array | null
  /** records behind the requests, whatever their weight */
  records: Float64Array
  /** of the requests, those that ended in an error; null unless asked for */
  errors: Float64Array | null
  /**
   * the number of the cell's value of `apart`; null unless asked for. 0 is absent; the same value has the same number in every
   * answer of a store, and two values hardly ever (1 in 2^32) share one
   */
  values: Uint32Array | null
  /**
   * everything selected, also what `limit` leaves out; `values`: distinct values of `by[0]`. `more`: so many came on a day that not
   * all of them were counted by name (NAMED_VALUES); then `values` is the least that there are
   */
  total: { values: number; more?: true; requests: number; bytes: number | null; records: number; errors: number | null }
  /** where the answer came from: rollups are exact as well, this is for the curious and for tests */
  from: 'rollup' | 'records'
}

/** Which values of a dimension there are, of those that a text finds (schema/words/pattern.ts); '' finds all. */
export interface ValueQuery extends Selection {
  dimension: Dimension
  contains: string
  limit: number
}

/** Those with the most requests first, ties by value. `total` counts all that were found; with `more` they are at least so many. */
export interface FoundValues {
  values: { key: string; count: number }[]
  total: number
  more?: true
}

export type PercentileMeasure = 'edgeTimeToFirstByteMs' | 'originResponseDurationMs' | 'totalMs'

/** Weighted percentiles of a duration; relative error at most 4 % (see schema/store/histogram.ts). */
export interface PercentileQuery extends Selection {
  measure: PercentileMeasure
  /** 0–1, for example [0.5, 0.95, 0.99] */
  percentiles: number[]
  bounds: Bounds
  by: Dimension[]
  /** Only of the `limit` values of `by[0]` with the most requests, as in a CountQuery. */
  limit?: number
}

export interface Percentiles {
  bounds: Float64Array
  groups: string[][]
  bucket: Uint32Array
  group: Uint32Array
  /** values[i * percentiles.length + p], in ms; NaN where no record carries the measure */
  values: Float64Array
  /** records that carry the measure, per cell */
  records: Float64Array
}

/** Records newest first; ties by RayID. `after` is the cursor of the page before. */
export interface RecordQuery extends Selection {
  limit: number
  after: string | null
  /** A hint of what will be looked at: the others may come as null, which saves a store from reading their columns. */
  fields?: readonly FieldName[]
  /** Nobody will ask for the next page: `next` need only tell whether there is one. */
  onlyPage?: true
}
