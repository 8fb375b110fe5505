/** Records as columns on their way into a segment or out of one: a block of any size that knows its batches. */
import { perField, type Block, type Codes, type DimensionColumn } from '../../block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField, type MeasureField } from '../../fields.js'

export interface Rows extends Omit<Block, 'dimensions' | 'measures'> {
  dimensions: { [field in DimensionField]: DimensionColumn }
  measures: { [field in MeasureField]: Float64Array }
  /** id of the batch that stored the row, in decimal */
  batch: DimensionColumn
}

/** All rows of several blocks, in their order, as if one reader had made one block. */
export function concatRows(parts: readonly Rows[]): Rows {
  if (parts.length === 1) return parts[0]
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  return {
    rows,
    time: concatNumbers(parts.map((p) => p.time), rows),
    ray: concatWords(parts.map((p) => p.ray), rows * 2),
    identity: concatWords(parts.map((p) => p.identity), rows * 2),
    oddRays: concatOddRays(parts),
    batch: concatColumns(parts.map((p) => p.batch), rows),
    dimensions: perField(DIMENSION_FIELDS, (field) => concatColumns(parts.map((p) => p.dimensions[field]), rows)),
    measures: perField(MEASURE_FIELDS, (field) => concatNumbers(parts.map((p) => p.measures[field]), rows)),
  }
}

/** The rows at `order`, in that order. Contiguous ones are views, not copies. */
export function pickRows(all: Rows, order: Uint32Array): Rows {
  const n = order.length
  if (n === all.rows && isRun(order)) return all
  const run = isRun(order)
  const from = n > 0 ? order[0] : 0
  const codes = ({ codes, values }: DimensionColumn): DimensionColumn => ({
    codes: run ? codes.subarray(from, from + n) : pickCodes(codes, order), values,
  })
  const numbers = (column: Float64Array) => (run ? column.subarray(from, from + n) : pickNumbers(column, order))
  const words = (column: Uint32Array) => (run ? column.subarray(from * 2, (from + n) * 2) : pickPairs(column, order))
  return {
    rows: n,
    time: numbers(all.time),
    ray: words(all.ray),
    identity: words(all.identity),
    oddRays: pickOddRays(all.oddRays, order),
    batch: codes(all.batch),
    dimensions: perField(DIMENSION_FIELDS, (field) => codes(all.dimensions[field])),
    measures: perField(MEASURE_FIELDS, (field) => numbers(all.measures[field])),
  }
}

/** Codes for at most `values` values, in the narrowest array. */
export function codesFor(values: number, rows: number): Codes {
  return values <= 256 ? new Uint8Array(rows) : values <= 65536 ? new Uint16Array(rows) : new Uint32Array(rows)
}

function concatColumns(columns: readonly DimensionColumn[], rows: number): DimensionColumn {
  const values = ['']
  const known = new Map<string, number>([['', 0]])
  const remaps = columns.map((column) => Uint32Array.from(column.values, (value, code) => {
    if (code === 0) return 0
    let to = known.get(value)
    if (to === undefined) {
      to = values.length
      known.set(value, to)
      values.push(value)
    }
    return to
  }))
  const out = codesFor(values.length, rows)
  let at = 0
  columns.forEach(({ codes }, i) => {
    const remap = remaps[i]
    for (let row = 0; row < codes.length; row++) out[at + row] = remap[codes[row]]
    at += codes.length
  })
  return { codes: out, values }
}

function concatNumbers(columns: readonly Float64Array[], length: number): Float64Array {
  const out = new Float64Array(length)
  let at = 0
  for (const column of columns) {
    out.set(column, at)
    at += column.length
  }
  return out
}

function concatWords(columns: readonly Uint32Array[], length: number): Uint32Array {
  const out = new Uint32Array(length)
  let at = 0
  for (const column of columns) {
    out.set(column, at)
    at += column.length
  }
  return out
}

function concatOddRays(parts: readonly Rows[]): Map<number, string> {
  const out = new Map<number, string>()
  let at = 0
  for (const part of parts) {
    for (const [row, text] of part.oddRays) out.set(at + row, text)
    at += part.rows
  }
  return out
}

function isRun(order: Uint32Array): boolean {
  for (let i = 1; i < order.length; i++) if (order[i] !== order[i - 1] + 1) return false
  return true
}

function pickCodes(codes: Codes, order: Uint32Array): Codes {
  const out = new (codes.constructor as new (n: number) => Codes)(order.length)
  for (let i = 0; i < order.length; i++) out[i] = codes[order[i]]
  return out
}

function pickNumbers(column: Float64Array, order: Uint32Array): Float64Array {
  const out = new Float64Array(order.length)
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]]
  return out
}

function pickPairs(column: Uint32Array, order: Uint32Array): Uint32Array {
  const out = new Uint32Array(order.length * 2)
  for (let i = 0; i < order.length; i++) {
    out[i * 2] = column[order[i] * 2]
    out[i * 2 + 1] = column[order[i] * 2 + 1]
  }
  return out
}

function pickOddRays(oddRays: Map<number, string>, order: Uint32Array): Map<number, string> {
  const out = new Map<number, string>()
  if (oddRays.size === 0) return out
  for (let i = 0; i < order.length; i++) {
    const text = oddRays.get(order[i])
    if (text !== undefined) out.set(i, text)
  }
  return out
}
