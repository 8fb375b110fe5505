/** Rows of one table → a small number per row for its group and bucket, ready to be added up. */
import type { Codes } from '../../block.js'
import { fieldOfDimension, type Dimension } from '../../query.js'
import { STATUS_CLASSES, statusClassOf } from '../../status/status-class.js'
import { combine } from '../segments/combine.js'
import type { Segment, Table } from '../segments/segment.js'
import { selectRows, type CodeFilter } from './filters.js'
import type { RowRange } from './ranges.js'

export interface Grouped {
  /** the rows; null: all of the table, in order */
  rows: Uint32Array | null
  /** key of each of those rows */
  keys: Codes
  /** one more than the highest key; not every key need occur */
  count: number
  /** the bucket of a key, and its code in each of the dimensions grouped by */
  bucketOf(key: number): number
  codeOf(dimension: number, key: number): number
}

/** Codes of a class: its place in STATUS_CLASSES plus one. */
export function groupRows(segment: Segment, table: Table, ranges: readonly RowRange[], filters: readonly CodeFilter[], by: readonly Dimension[]): Grouped {
  const whole = filters.length === 0 && ranges.length === 1 && ranges[0].from === 0 && ranges[0].to === table.rows
  const rows = whole ? null : selectRows(ranges, filters, (field) => table.codes(field))
  const parts: Part[] = by.map((dimension) => partOf(segment, table, dimension, rows))
  const buckets = bucketsOf(rows, ranges)
  if (buckets) parts.push(buckets)
  const { keys, count, partOf: codeOf } = merge(parts, rows?.length ?? table.rows)
  const first = ranges.length > 0 ? ranges[0].bucket : 0
  return {
    rows, keys, count, codeOf,
    bucketOf: (key) => first + (buckets ? codeOf(by.length, key) : 0),
  }
}

interface Part { codes: Codes; size: number }

function partOf(segment: Segment, table: Table, dimension: Dimension, rows: Uint32Array | null): Part {
  const field = fieldOfDimension(dimension)
  const codes = table.codes(field)
  const { size } = segment.dictionary(field)
  if (dimension !== 'class') return { codes: rows ? pick(codes, rows) : codes, size }
  const classOf = Uint8Array.from(segment.dictionary(field).values(), (status) => STATUS_CLASSES.indexOf(statusClassOf(Number(status))) + 1)
  const n = rows?.length ?? codes.length
  const out = new Uint8Array(n)
  for (let i = 0; i < n; i++) out[i] = classOf[codes[rows ? rows[i] : i]]
  return { codes: out, size: STATUS_CLASSES.length + 1 }
}

/** Buckets counted from the first range's; null if there is only one. */
function bucketsOf(rows: Uint32Array | null, ranges: readonly RowRange[]): Part | null {
  if (rows === null || ranges.length === 0) return null
  const first = ranges[0].bucket
  const size = ranges[ranges.length - 1].bucket - first + 1
  if (size === 1) return null
  const codes = new Uint32Array(rows.length)
  let r = 0
  for (let i = 0; i < rows.length; i++) {
    while (rows[i] >= ranges[r].to) r++
    codes[i] = ranges[r].bucket - first
  }
  return { codes, size }
}

function pick(codes: Codes, rows: Uint32Array): Codes {
  const out = new (codes.constructor as new (n: number) => Codes)(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = codes[rows[i]]
  return out
}

function merge(parts: readonly Part[], n: number): { keys: Codes; count: number; partOf: (part: number, key: number) => number } {
  if (parts.length === 0) return { keys: new Uint8Array(n), count: 1, partOf: () => 0 }
  let keys = parts[0].codes
  let count = parts[0].size
  let reps: ((key: number) => number)[] = [(key) => key]
  for (const part of parts.slice(1)) {
    const { ids, count: pairs, first, second } = combine(keys, count, part.codes, part.size)
    reps = reps.map((rep) => (key: number) => rep(first[key]))
    reps.push((key) => second[key])
    keys = ids
    count = pairs
  }
  return { keys, count, partOf: (part, key) => reps[part](key) }
}
