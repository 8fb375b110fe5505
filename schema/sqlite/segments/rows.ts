/**
 * Records as columns on their way into a segment. Columns are made when they are asked for, so that few exist at a
 * time.
 */
import type { Block, DimensionColumn } from '../../store/block.js'
import type { DimensionField, MeasureField } from '../../words/fields.js'
import { valuesOf, type Values } from '../../store/values.js'
import { hashed, type HashedValues, type TextKey } from '../columns/text-hash.js'
import { keptRayHashes } from './hash.js'
import type { RowOrder } from './order.js'
import { codesFor, type Column } from './values.js'

export interface Rows {
  rows: number
  /** whole epoch milliseconds */
  time: Float64Array
  /** two words a row, as in a block */
  ray: Uint32Array
  oddRays: Map<number, string>
  identity: Uint32Array
  /** in pieces, one after the other */
  dimension(field: DimensionField): readonly Column[]
  measure(field: MeasureField): Float64Array
  /** hashes of the RayIDs, two words a row, see hash.ts */
  hashes(): Uint32Array
  /** id of the batch that stored the row, in decimal */
  batch(): readonly Column[]
}

/** What readers made, and of which batches its rows are, one after the other. */
export interface BlockOfBatches {
  block: Block
  batches: readonly { batch: number; rows: number }[]
}

/** What readers made, as rows of their batches, one after the other. */
export function rowsOfBlocks(brought: readonly BlockOfBatches[], key: TextKey): Rows {
  const blocks = brought.map((one) => one.block)
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0)
  // a part of several days asks for each column once a day
  const dimensions = new Map<DimensionField, Column[]>()
  const measures = new Map<MeasureField, Float64Array>()
  const time = concatNumbers(
    blocks.map((b) => b.time),
    rows,
  )
  const keys = {
    rows,
    ray: concatWords(
      blocks.map((b) => b.ray),
      rows * 2,
    ),
    identity: concatWords(
      blocks.map((b) => b.identity),
      rows * 2,
    ),
    oddRays: concatOddRays(blocks),
  }
  return {
    ...keys,
    hashes: keptRayHashes(keys),
    // a reader of nanoseconds may leave a fraction
    time: time.every(Number.isInteger) ? time : time.map(Math.floor),
    dimension: (field) =>
      kept(dimensions, field, () => {
        // blocks that were read together have one list of values
        const hashedOnce = new Map<Values, HashedValues>()
        return blocks.map(({ dimensions: { [field]: column } }) => ({
          codes: column.codes,
          values: kept(hashedOnce, column.values, () => hashed(column.values, key)),
        }))
      }),
    measure: (field) =>
      kept(measures, field, () =>
        concatNumbers(
          blocks.map((b) => b.measures[field]),
          rows,
        ),
      ),
    batch: () => [
      batchColumn(
        brought.flatMap((one) => one.batches),
        rows,
        key,
      ),
    ],
  }
}

function batchColumn(runs: readonly { batch: number; rows: number }[], rows: number, key: TextKey): Column {
  const batches = [...new Set(runs.map(({ batch }) => batch))]
  const codes = codesFor(batches.length + 1, rows)
  let at = 0
  for (const run of runs) codes.fill(batches.indexOf(run.batch) + 1, at, (at += run.rows))
  return { codes, values: hashed(valuesOf(['', ...batches.map(String)]), key) }
}

function hashedColumn({ codes, values }: DimensionColumn, key: TextKey): Column {
  return { codes, values: hashed(values, key) }
}

/** The same rows, their values hashed anew. */
export function rehashed(rows: Rows, key: TextKey): Rows {
  const each = (columns: readonly Column[]) => columns.map((column) => hashedColumn(column, key))
  return { ...rows, dimension: (field) => each(rows.dimension(field)), batch: () => each(rows.batch()) }
}

/** All rows of several, in their order, as one. */
export function concatRows(parts: readonly Rows[]): Rows {
  if (parts.length === 1) return parts[0]
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  return {
    rows,
    time: concatNumbers(
      parts.map((p) => p.time),
      rows,
    ),
    ray: concatWords(
      parts.map((p) => p.ray),
      rows * 2,
    ),
    identity: concatWords(
      parts.map((p) => p.identity),
      rows * 2,
    ),
    hashes: () =>
      concatWords(
        parts.map((p) => p.hashes()),
        rows * 2,
      ),
    oddRays: concatOddRays(parts),
    dimension: (field) => parts.flatMap((p) => p.dimension(field)),
    measure: (field) =>
      concatNumbers(
        parts.map((p) => p.measure(field)),
        rows,
      ),
    batch: () => parts.flatMap((p) => p.batch()),
  }
}

function kept<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

export function concatNumbers(arrays: readonly Float64Array[], length = lengthOf(arrays)): Float64Array {
  return arrays.length === 1 ? arrays[0] : concatInto(new Float64Array(length), arrays)
}

export function concatWords(arrays: readonly Uint32Array[], length = lengthOf(arrays)): Uint32Array {
  return arrays.length === 1 ? arrays[0] : concatInto(new Uint32Array(length), arrays)
}

const lengthOf = (arrays: readonly { length: number }[]) => arrays.reduce((sum, { length }) => sum + length, 0)

function concatInto<A extends Float64Array | Uint32Array>(out: A, arrays: readonly A[]): A {
  let at = 0
  for (const array of arrays) {
    out.set(array, at)
    at += array.length
  }
  return out
}

function concatOddRays(parts: readonly { rows: number; oddRays: Map<number, string> }[]): Map<number, string> {
  const out = new Map<number, string>()
  let at = 0
  for (const part of parts) {
    for (const [row, text] of part.oddRays) out.set(at + row, text)
    at += part.rows
  }
  return out
}

export function pickNumbers(column: Float64Array, { rows, straight }: RowOrder): Float64Array {
  if (straight) return column.subarray(rows[0], rows[0] + rows.length)
  const out = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]]
  return out
}

export function pickWords(column: Uint32Array, { rows, straight }: RowOrder): Uint32Array {
  if (straight) return column.subarray(rows[0], rows[0] + rows.length)
  const out = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]]
  return out
}

/** Two words a row. */
export function pickPairs(column: Uint32Array, { rows, straight }: RowOrder): Uint32Array {
  if (straight) return column.subarray(rows[0] * 2, (rows[0] + rows.length) * 2)
  const out = new Uint32Array(rows.length * 2)
  for (let i = 0; i < rows.length; i++) {
    out[i * 2] = column[rows[i] * 2]
    out[i * 2 + 1] = column[rows[i] * 2 + 1]
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
