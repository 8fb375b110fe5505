/** The field catalogue as columns of ClickHouse. */
import { DIMENSION_FIELDS, fieldOf, MEASURE_FIELDS, type DimensionField, type MeasureField } from '../words/fields.js'

/** Fields with about as many values as records: a dictionary of them would save nothing. */
const WIDE: ReadonlySet<DimensionField> = new Set(['path', 'query', 'clientIp', 'userAgent', 'parentRayId'])

export const columnOf = (field: DimensionField | MeasureField): string => fieldOf(field).column

/** Every dimension is text, '' is absent: as in a block, and as filters compare it. */
export const DIMENSION_COLUMNS = DIMENSION_FIELDS.map((field) => ({
  field,
  name: columnOf(field),
  // ZSTD leaves half of what LZ4 does of texts that hardly repeat and of numbers, four fifths of codes, at no more processor time
  definition: `${columnOf(field)} ${WIDE.has(field) ? 'String' : 'LowCardinality(String)'} CODEC(ZSTD(1))`,
}))

/** NaN is absent, which costs no second column of marks. */
export const MEASURE_COLUMNS = MEASURE_FIELDS.map((field) => ({
  field,
  name: columnOf(field),
  // of records from before the field was known too
  definition: `${columnOf(field)} Float64 DEFAULT nan CODEC(ZSTD(1))`,
}))

/**
 * What tells records apart: start in whole seconds, RayID as a number, the identity's hash, and the RayID as text where it is
 * no 16 hex digits (its number is then a hash of the text).
 */
export const KEY = ['sec', 'ray', 'identity', 'odd_ray'] as const
export const KEY_LIST = KEY.join(', ')

/** What a RayID is looked up by in the table of rays: 28 bits, so that of 100 million a look finds two or three. */
export const bucketOf = (ray: string): string => `bitShiftRight(intHash32(${ray}), 4)`

/** The RayID as records are ordered by it, see ../store/record-order.ts. */
export const RAY_TEXT = "if(odd_ray != '', odd_ray, if(ray = 0, '', lpad(lower(hex(ray)), 16, '0')))"

/** What minutes are summed up by: most of what the page and the alarms ask. */
export const SUMMED_FIELDS: ReadonlySet<DimensionField> = new Set([
  'edgeResponseStatus',
  'source',
  'visitor',
  'zone',
  'host',
])
/** What days are summed up by the values of, each by itself: all that can be grouped by. */
export const VALUE_FIELDS: readonly DimensionField[] = DIMENSION_FIELDS.filter(
  (field) => fieldOf(field).filter !== undefined && field !== 'visitor',
)
/** Those of them with so many values that one at a time is counted. */
export const WIDE_FIELDS: readonly DimensionField[] = VALUE_FIELDS.filter((field) => WIDE.has(field))
export const SUMMED_COLUMNS = [...SUMMED_FIELDS].map(columnOf)
