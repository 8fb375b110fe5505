/**
 * Tallies of one segment: for each value of a column, what its visitors' requests come to. A breakdown of whole days is
 * answered by them, without a look at the rows.
 */
import type { Codes } from '../../block.js'
import { DIMENSION_FIELDS, fieldOf, type DimensionField } from '../../fields.js'
import { SITE_FIELDS } from './rollup.js'

/** Fields that can be asked for and are in no rollup. */
export const TALLIED_FIELDS: readonly DimensionField[] = DIMENSION_FIELDS
  .filter((field) => fieldOf(field).filter !== undefined && !(SITE_FIELDS as readonly string[]).includes(field))

export interface Tally { requests: Float64Array; bytes: Float64Array; records: Uint32Array; errors: Float64Array }

/** What a tally adds up, row by row: 0 in rows that no visitor saw. */
export interface TallyInput { requests: Float64Array; bytes: Float64Array; records: Uint8Array; errors: Float64Array }

export function tally(codes: Codes, size: number, input: TallyInput): Tally {
  const { requests, bytes, records, errors } = input
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

/** `isVisitor[code]`, `isError[code]`: 1 for the codes of visitors and of error statuses. */
export function tallyInput(rows: number, visitor: Codes, isVisitor: Uint8Array, status: Codes, isError: Uint8Array, weight: Float64Array, bytes: Float64Array): TallyInput {
  const input = { requests: new Float64Array(rows), bytes: new Float64Array(rows), records: new Uint8Array(rows), errors: new Float64Array(rows) }
  for (let i = 0; i < rows; i++) {
    if (isVisitor[visitor[i]] === 0) continue
    const w = weight[i]
    input.records[i] = 1
    input.requests[i] = w
    if (bytes[i] === bytes[i]) input.bytes[i] = bytes[i] * w
    if (isError[status[i]] === 1) input.errors[i] = w
  }
  return input
}
