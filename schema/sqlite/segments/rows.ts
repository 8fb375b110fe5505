/** Records as columns on their way into a segment or out of one: a block of any size that knows its batches. */
import { perField, type Block } from '../../block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField, type MeasureField } from '../../fields.js'
import { columnOf, concatColumns, valuesOf, type Column } from './values.js'

export interface Rows {
  rows: number
  /** whole epoch milliseconds */
  time: Float64Array
  /** two words a row, as in a block */
  ray: Uint32Array
  oddRays: Map<number, string>
  identity: Uint32Array
  dimensions: { [field in DimensionField]: Column }
  measures: { [field in MeasureField]: Float64Array }
  /** id of the batch that stored the row, in decimal */
  batch: Column
}

/** What a reader made, as rows of a batch. */
export function rowsOfBlock(block: Block, batch: number): Rows {
  return {
    rows: block.rows,
    // a reader of nanoseconds may leave a fraction
    time: block.time.every(Number.isInteger) ? block.time : block.time.map(Math.floor),
    ray: block.ray, oddRays: block.oddRays, identity: block.identity,
    dimensions: perField(DIMENSION_FIELDS, (field) => columnOf(block.dimensions[field])),
    measures: block.measures,
    batch: { codes: new Uint8Array(block.rows).fill(1), values: valuesOf(['', String(batch)]) },
  }
}

/** All rows of several, in their order, as one. */
export function concatRows(parts: readonly Rows[]): Rows {
  if (parts.length === 1) return parts[0]
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  return {
    rows,
    time: concatInto(new Float64Array(rows), parts.map((p) => p.time)),
    ray: concatInto(new Uint32Array(rows * 2), parts.map((p) => p.ray)),
    identity: concatInto(new Uint32Array(rows * 2), parts.map((p) => p.identity)),
    oddRays: concatOddRays(parts),
    batch: concatColumns(parts.map((p) => p.batch), rows),
    dimensions: perField(DIMENSION_FIELDS, (field) => concatColumns(parts.map((p) => p.dimensions[field]), rows)),
    measures: perField(MEASURE_FIELDS, (field) => concatInto(new Float64Array(rows), parts.map((p) => p.measures[field]))),
  }
}

function concatInto<A extends Float64Array | Uint32Array>(out: A, arrays: readonly A[]): A {
  let at = 0
  for (const array of arrays) {
    out.set(array, at)
    at += array.length
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

export function pickNumbers(column: Float64Array, order: Uint32Array): Float64Array {
  const out = new Float64Array(order.length)
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]]
  return out
}

/** Two words a row. */
export function pickPairs(column: Uint32Array, order: Uint32Array): Uint32Array {
  const out = new Uint32Array(order.length * 2)
  for (let i = 0; i < order.length; i++) {
    out[i * 2] = column[order[i] * 2]
    out[i * 2 + 1] = column[order[i] * 2 + 1]
  }
  return out
}

export function pickOddRays(oddRays: Map<number, string>, order: Uint32Array): Map<number, string> {
  const out = new Map<number, string>()
  if (oddRays.size === 0) return out
  for (let i = 0; i < order.length; i++) {
    const text = oddRays.get(order[i])
    if (text !== undefined) out.set(i, text)
  }
  return out
}
