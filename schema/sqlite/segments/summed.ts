/** What is summed up of a segment's rows, and the few columns that it takes. */
import type { DimensionField, MeasureField } from '../../words/fields.js'
import type { TidyColumn } from './tidy.js'

/** What a rollup can be asked for. */
export const OVERVIEW_FIELDS = ['edgeResponseStatus', 'source', 'visitor'] as const satisfies readonly DimensionField[]
export const SITE_FIELDS = ['zone', 'host', ...OVERVIEW_FIELDS] as const satisfies readonly DimensionField[]

/** What the summaries of a segment are made of: few columns, in their final order. */
export interface SegmentRows {
  rows: number
  time: Float64Array
  dimensions: { [field in (typeof SITE_FIELDS)[number]]: TidyColumn }
  measures: { [field in MeasureField]: Float64Array }
}
