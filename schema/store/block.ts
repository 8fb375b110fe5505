/**
 * A block: some thousand records as columns. Readers make blocks, the store keeps them; between the two
 * nothing handles single records. How one moves between threads: moving-block.ts.
 */
import { DIMENSION_FIELDS, fieldOf, MEASURE_FIELDS, type DimensionField, type MeasureField } from '../words/fields.js'
import type { Record } from '../words/record.js'
import { stringsOf, valuesOf, type Values } from './values.js'

export type Codes = Uint8Array | Uint16Array | Uint32Array

/** A dictionary-coded column: the value of row i is number `codes[i]` of `values`; code 0 is always "absent". */
export interface DimensionColumn {
  codes: Codes
  /** the distinct values (numbers in decimal, booleans `true`/`false`) */
  values: Values
}

export interface Block {
  rows: number
  /** epoch milliseconds */
  time: Float64Array
  /** two words a row: the high and low half of the 16 hex digits; 0 0 where the row is in `oddRays` or has none */
  ray: Uint32Array
  /** RayIDs that are not 16 lower-case hex digits (test data, other tools): row number → text */
  oddRays: Map<number, string>
  /** two words a row: keyed hash of host, URI and client address as received (see schema/store/identity.ts) */
  identity: Uint32Array
  dimensions: { [field in DimensionField]: DimensionColumn }
  /** NaN: absent */
  measures: { [field in MeasureField]: Float64Array }
}

/** Rows a block may hold at most; the store's parts (50,000 lines) stay below it. */
export const MAX_BLOCK_ROWS = 65_535

/** The value that a dictionary has as text. */
export function valueOfText(field: DimensionField, text: string): string | number | boolean {
  const { type } = fieldOf(field)
  return type === 'integer' || type === 'number' ? Number(text) : type === 'boolean' ? text === 'true' : text
}

function hexOf(high: number, low: number): string {
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}

const HEX16 = /^[0-9a-f]{16}$/

/** The two words of a regular RayID, or null for any other text. */
export function rayWords(rayId: string): [high: number, low: number] | null {
  if (!HEX16.test(rayId)) return null
  return [Number.parseInt(rayId.slice(0, 8), 16), Number.parseInt(rayId.slice(8), 16)]
}

export function rayIdAt(block: Block, row: number): string | null {
  const odd = block.oddRays.get(row)
  if (odd !== undefined) return odd
  const high = block.ray[row * 2]
  const low = block.ray[row * 2 + 1]
  return high === 0 && low === 0 ? null : hexOf(high, low)
}

/** Gives any row as a record. Each text is looked up once; whoever need not have records stays in the columns. */
export function recordReader(block: Block): (row: number) => Record {
  const dimensions = DIMENSION_FIELDS.map((field) => {
    const { codes, values } = block.dimensions[field]
    const typed = stringsOf(values).map((text, code) => (code === 0 ? null : valueOfText(field, text)))
    return { field, codes, typed }
  })
  return (row) => {
    const out: { [name: string]: unknown } = { time: block.time[row], rayId: rayIdAt(block, row) }
    for (const { field, codes, typed } of dimensions) out[field] = typed[codes[row]]
    for (const field of MEASURE_FIELDS) {
      const value = block.measures[field][row]
      out[field] = Number.isNaN(value) ? null : value
    }
    return out as unknown as Record
  }
}

/** Collects records into a block, row by row. */
export class BlockBuilder {
  readonly capacity: number
  rows = 0
  private readonly time: Float64Array
  private readonly ray: Uint32Array
  private readonly identity: Uint32Array
  private readonly oddRays = new Map<number, string>()
  private readonly codes: { [field in DimensionField]: Uint32Array }
  private readonly values: { [field in DimensionField]: Map<string, number> }
  private readonly measures: { [field in MeasureField]: Float64Array }

  constructor(capacity: number) {
    this.capacity = capacity
    this.time = new Float64Array(capacity)
    this.ray = new Uint32Array(capacity * 2)
    this.identity = new Uint32Array(capacity * 2)
    this.codes = perField(DIMENSION_FIELDS, () => new Uint32Array(capacity))
    this.values = perField(DIMENSION_FIELDS, () => new Map<string, number>())
    this.measures = perField(MEASURE_FIELDS, () => new Float64Array(capacity))
  }

  append(record: Record, identity: readonly [number, number]): void {
    const row = this.rows++
    this.time[row] = record.time
    this.identity[row * 2] = identity[0]
    this.identity[row * 2 + 1] = identity[1]
    if (record.rayId !== null) {
      const words = rayWords(record.rayId)
      if (words && (words[0] !== 0 || words[1] !== 0)) {
        this.ray[row * 2] = words[0]
        this.ray[row * 2 + 1] = words[1]
      } else this.oddRays.set(row, record.rayId)
    }
    for (const field of DIMENSION_FIELDS) {
      const value = record[field]
      if (value !== null) this.codes[field][row] = codeFor(this.values[field], String(value))
    }
    for (const field of MEASURE_FIELDS) this.measures[field][row] = record[field] ?? Number.NaN
  }

  finish(): Block {
    const { rows } = this
    return {
      rows,
      time: this.time.slice(0, rows),
      ray: this.ray.slice(0, rows * 2),
      oddRays: this.oddRays,
      identity: this.identity.slice(0, rows * 2),
      dimensions: perField(DIMENSION_FIELDS, (field) => ({
        codes: this.codes[field].slice(0, rows),
        values: valuesOf(['', ...this.values[field].keys()]),
      })),
      measures: perField(MEASURE_FIELDS, (field) => this.measures[field].slice(0, rows)),
    }
  }
}

function codeFor(values: Map<string, number>, value: string): number {
  let code = values.get(value)
  if (code === undefined) {
    code = values.size + 1
    values.set(value, code)
  }
  return code
}

/** An object with one entry per field, in catalogue order. */
export function perField<F extends string, T>(
  fields: readonly F[],
  make: (field: F, index: number) => T,
): { [field in F]: T } {
  return Object.fromEntries(fields.map((f, i) => [f, make(f, i)])) as { [field in F]: T }
}
