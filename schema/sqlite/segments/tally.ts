/**
 * Tallies of one segment: for each value of a column, what its visitors' requests come to. A breakdown of whole days is
 * answered by them, without a look at the rows.
 */
import type { Codes } from '../../store/block.js'
import { DIMENSION_FIELDS, fieldOf, type DimensionField } from '../../words/fields.js'
import { SITE_FIELDS } from './summed.js'
import type { TidyColumn } from './tidy.js'

/** Fields that can be asked for and are in no rollup. */
export const TALLIED_FIELDS: ReadonlySet<DimensionField> = new Set(
  DIMENSION_FIELDS.filter(
    (field) => fieldOf(field).filter !== undefined && !(SITE_FIELDS as readonly string[]).includes(field),
  ),
)

/** What each row counts for: nothing where no visitor saw it. */
export interface TalliedRows {
  requests: Float64Array
  bytes: Float64Array
  records: Uint8Array
  errors: Float64Array
  /** some record stands for more than one request */
  weighted: boolean
  /** the sums over all rows, once they were asked for */
  together?: Tally
}

export interface Tally {
  requests: Float64Array
  bytes: Float64Array
  records: Uint32Array
  errors: Float64Array
}

/** Sums by code. */
export function tally({ codes, counts }: Pick<TidyColumn, 'codes' | 'counts'>, rows: TalliedRows): Tally {
  const out = emptyTally(counts.length)
  const everywhere = counts.indexOf(codes.length)
  if (everywhere >= 0) {
    rows.together ??= sumUp(new Uint8Array(codes.length), rows, emptyTally(1))
    const { requests, bytes, records, errors } = rows.together
    out.requests[everywhere] = requests[0]
    out.bytes[everywhere] = bytes[0]
    out.records[everywhere] = records[0]
    out.errors[everywhere] = errors[0]
    return out
  }
  return sumUp(codes, rows, out)
}

function emptyTally(size: number): Tally {
  return {
    requests: new Float64Array(size),
    bytes: new Float64Array(size),
    records: new Uint32Array(size),
    errors: new Float64Array(size),
  }
}

function sumUp(codes: Codes, rows: TalliedRows, out: Tally): Tally {
  addUp(codes, rows, out)
  if (rows.weighted) addWeights(codes, rows.requests, out.requests)
  else out.requests.set(out.records)
  return out
}

function addUp(codes: Codes, { bytes, records, errors }: TalliedRows, out: Tally): void {
  const { bytes: outBytes, records: outRecords, errors: outErrors } = out
  for (let i = 0; i < codes.length; i++) {
    if (records[i] === 0) continue
    const code = codes[i]
    outRecords[code]++
    outBytes[code] += bytes[i]
    if (errors[i] !== 0) outErrors[code] += errors[i]
  }
}

function addWeights(codes: Codes, requests: Float64Array, out: Float64Array): void {
  for (let i = 0; i < codes.length; i++) out[codes[i]] += requests[i]
}
