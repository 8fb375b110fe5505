/** Rows of one table → a small number per row for its group and bucket, ready to be added up. */
import type { Codes } from '../../store/block.js'
import { fieldOfDimension, type Dimension } from '../../store/query.js'
import { STATUS_CLASSES, statusClassOf } from '../../status/status-class.js'
import type { Dictionary } from '../columns/dictionary.js'
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
  /**
   * by dimension, by key: the code in the segment (of a class: its place in STATUS_CLASSES plus one); null: the key
   * itself
   */
  codesOf: (Uint32Array | null)[]
  /** bucket of a key: `firstBucket`, plus this by key if there is more than one */
  bucketOf: Uint32Array | null
  firstBucket: number
}

/** `kept`: finds the rows again that were found before, if the ranges are all of the table. */
export function groupRows(
  segment: Segment,
  table: Table,
  ranges: readonly RowRange[],
  filters: readonly CodeFilter[],
  by: readonly Dimension[],
  kept: (select: () => Uint32Array) => Uint32Array = (select) => select(),
): Grouped {
  const all = isAll(ranges, table.rows)
  const whole = filters.length === 0 && ranges.length === 1 && all
  const select = () => selectRows(ranges, filters, (field) => table.column(field))
  const rows = whole ? null : all && filters.length > 0 ? kept(select) : select()
  const parts: Part[] = by.map((dimension) => partOf(segment, table, dimension, rows))
  const buckets = bucketsOf(rows, ranges)
  if (buckets) parts.push(buckets)
  const { keys, count, codesOf } = merge(parts, rows?.length ?? table.rows)
  const bucketOf = buckets ? bucketCodes(codesOf[by.length], count) : null
  return { rows, keys, count, codesOf, bucketOf, firstBucket: ranges[0].bucket }
}

/** Do the ranges, which ascend, hold all rows? */
function isAll(ranges: readonly RowRange[], rows: number): boolean {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0) === rows
}

interface Part {
  codes: Codes
  size: number
}

function partOf(segment: Segment, table: Table, dimension: Dimension, rows: Uint32Array | null): Part {
  const field = fieldOfDimension(dimension)
  const column = table.column(field)
  const codes = rows ? column.pick(rows) : column.all()
  const dictionary = segment.dictionary(field)
  if (dimension !== 'class') return { codes, size: dictionary.size }
  return { codes: translate(codes, classesOf(dictionary)), size: STATUS_CLASSES.length + 1 }
}

function translate(codes: Codes, to: Uint8Array): Uint8Array {
  const out = new Uint8Array(codes.length)
  for (let i = 0; i < codes.length; i++) out[i] = to[codes[i]]
  return out
}

/** Dictionaries are kept with their segment; what their codes mean is found out once. */
const classes = new WeakMap<Dictionary, Uint8Array>()

/** By code of a status: the place of its class in STATUS_CLASSES plus one. */
function classesOf(dictionary: Dictionary): Uint8Array {
  let known = classes.get(dictionary)
  if (known === undefined) {
    known = Uint8Array.from(
      { length: dictionary.size },
      (_, code) => STATUS_CLASSES.indexOf(statusClassOf(Number(dictionary.value(code)))) + 1,
    )
    classes.set(dictionary, known)
  }
  return known
}

/** Buckets counted from the first range's; null if there is only one. */
function bucketsOf(rows: Uint32Array | null, ranges: readonly RowRange[]): Part | null {
  const first = ranges[0].bucket
  const size = ranges[ranges.length - 1].bucket - first + 1
  if (rows === null || size === 1) return null
  const codes = new Uint32Array(rows.length)
  let r = 0
  for (let i = 0; i < rows.length; i++) {
    while (rows[i] >= ranges[r].to) r++
    codes[i] = ranges[r].bucket - first
  }
  return { codes, size }
}

function bucketCodes(codes: Uint32Array | null, count: number): Uint32Array {
  return codes ?? Uint32Array.from({ length: count }, (_, key) => key)
}

/** A dictionary is this many times as large as the rows that need one key each of it: keys are given anew. */
const SPARSE = 4

/** One key for all parts together, and which code of each part a key stands for. */
function merge(parts: readonly Part[], n: number): { keys: Codes; count: number; codesOf: (Uint32Array | null)[] } {
  if (parts.length === 0) return { keys: new Uint8Array(n), count: 1, codesOf: [] }
  const [first] = parts
  if (parts.length === 1 && n * SPARSE < first.size) {
    const { keys, used } = renumbered(first.codes, first.size)
    return { keys, count: used.length, codesOf: [used] }
  }
  let keys = first.codes
  let count = first.size
  let codesOf: (Uint32Array | null)[] = [null]
  for (const part of parts.slice(1)) {
    const { ids, count: pairs, first, second } = combine(keys, count, part.codes, part.size)
    codesOf = [...codesOf.map((codes) => (codes ? first.map((key) => codes[key]) : first)), second]
    keys = ids
    count = pairs
  }
  return { keys, count, codesOf }
}

/** Codes numbered in their order without the gaps; `used`: which they are, ascending. */
function renumbered(codes: Codes, size: number): { keys: Codes; used: Uint32Array } {
  const isUsed = new Uint8Array(size)
  for (let i = 0; i < codes.length; i++) isUsed[codes[i]] = 1
  const used = new Uint32Array(codes.length)
  if (numbers.length < size) numbers = new Uint32Array(size * 2)
  const n = listUsed(isUsed, used, numbers)
  const keys = new Uint32Array(codes.length)
  for (let i = 0; i < codes.length; i++) keys[i] = numbers[codes[i]]
  return { keys, used: used.slice(0, n) }
}

/** by code its number; what was here before is never read */
let numbers = new Uint32Array(0)

function listUsed(isUsed: Uint8Array, used: Uint32Array, numberOf: Uint32Array): number {
  let n = 0
  for (let code = 0; code < isUsed.length; code++) {
    if (isUsed[code] === 0) continue
    numberOf[code] = n
    used[n++] = code
  }
  return n
}
