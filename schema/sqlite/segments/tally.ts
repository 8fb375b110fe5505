/**
 * Tallies of one segment: for each value of a column, what its visitors' requests come to. A breakdown of whole days is
 * answered by them, without a look at the rows.
 */
import type { Codes } from '../../block.js'
import { DIMENSION_FIELDS, fieldOf, type DimensionField } from '../../fields.js'
import { SITE_FIELDS } from './rollup.js'

/** Fields that can be asked for and are in no rollup. */
export const TALLIED_FIELDS: ReadonlySet<DimensionField> = new Set(DIMENSION_FIELDS
  .filter((field) => fieldOf(field).filter !== undefined && !(SITE_FIELDS as readonly string[]).includes(field)))

/** What each row counts for: nothing where no visitor saw it. */
export interface TalliedRows {
  requests: Float64Array
  bytes: Float64Array
  records: Uint8Array
  errors: Float64Array
  /** some record stands for more than one request */
  weighted: boolean
}

export interface Tally { requests: Float64Array; bytes: Float64Array; records: Uint32Array; errors: Float64Array }

/** Sums by code. */
export function tally(codes: Codes, size: number, { requests, bytes, records, errors }: TalliedRows): Tally {
  const out = { requests: new Float64Array(size), bytes: new Float64Array(size), records: new Uint32Array(size), errors: new Float64Array(size) }
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]
    out.requests[code] += requests[i]
    out.bytes[code] += bytes[i]
    out.records[code] += records[i]
    out.errors[code] += errors[i]
  }
  return out
}
