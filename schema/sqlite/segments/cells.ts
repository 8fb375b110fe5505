/** Sums by slot of time and key: what rollups and histograms are made of. */
import type { Codes } from '../../store/block.js'
import type { DimensionField } from '../../words/fields.js'
import { combine } from './combine.js'
import type { Column } from './values.js'

/** A key per row, and the codes that each key stands for. */
export interface Keys {
  ids: Codes
  count: number
  codes: { [field in DimensionField]?: Uint32Array }
}

/** Cells in ascending slot order; slots are counted from the start of the day. */
export interface Cells {
  slot: Uint32Array
  codes: { [field in DimensionField]?: Uint32Array }
  requests: Float64Array
  bytes: Float64Array
  records: Uint32Array
}

export function keysOf<F extends DimensionField>(dimensions: { [field in F]: Column }, fields: readonly F[]): Keys {
  return fields
    .map((field) => fieldKeys(field, dimensions[field].codes, dimensions[field].values.size))
    .reduce(combineKeys)
}

/** Keys of cells by some of their fields. */
export function keysOfCells(cells: Pick<Cells, 'codes'>, fields: readonly DimensionField[]): Keys {
  return fields
    .map((field) => {
      const codes = cells.codes[field] as Uint32Array
      let size = 1
      for (let i = 0; i < codes.length; i++) if (codes[i] >= size) size = codes[i] + 1
      return fieldKeys(field, codes, size)
    })
    .reduce(combineKeys)
}

function fieldKeys(field: DimensionField, ids: Codes, count: number): Keys {
  const codes = new Uint32Array(count)
  for (let code = 0; code < count; code++) codes[code] = code
  return { ids, count, codes: { [field]: codes } }
}

export function combineKeys(a: Keys, b: Keys): Keys {
  const { ids, count, first, second } = combine(a.ids, a.count, b.ids, b.count)
  const codes: Keys['codes'] = {}
  for (const [field, ofKey] of codesByField(a)) codes[field] = lookUp(ofKey, first)
  for (const [field, ofKey] of codesByField(b)) codes[field] = lookUp(ofKey, second)
  return { ids, count, codes }
}

function codesByField({ codes }: { codes: Keys['codes'] }): [DimensionField, Uint32Array][] {
  return Object.entries(codes) as [DimensionField, Uint32Array][]
}

function lookUp(table: Uint32Array, keys: Uint32Array): Uint32Array {
  const out = new Uint32Array(keys.length)
  for (let i = 0; i < keys.length; i++) out[i] = table[keys[i]]
  return out
}

/** Adds up what comes in ascending order of slots. */
export class CellBuilder {
  count = 0
  private slot = new Uint32Array(1024)
  private key = new Uint32Array(1024)
  private requests = new Float64Array(1024)
  private bytes = new Float64Array(1024)
  private records = new Uint32Array(1024)
  /** the cell of a key in the current slot: valid from `slotStart` on */
  private readonly cellOf: Int32Array
  private slotStart = 0
  private current = -1

  constructor(keys: number) {
    this.cellOf = new Int32Array(keys).fill(-1)
  }

  add(slot: number, key: number, requests: number, bytes: number, records: number): void {
    if (slot !== this.current) {
      this.current = slot
      this.slotStart = this.count
    }
    let cell = this.cellOf[key]
    if (cell < this.slotStart) {
      if (this.count === this.slot.length) this.grow()
      cell = this.count++
      this.cellOf[key] = cell
      this.slot[cell] = slot
      this.key[cell] = key
    }
    this.requests[cell] += requests
    this.bytes[cell] += bytes
    this.records[cell] += records
  }

  /** Cells and the key of each. */
  finish(codesOfKeys: Keys['codes'], keyOf = (key: number) => key): Cells & { key: Uint32Array } {
    const n = this.count
    const key = this.key.slice(0, n)
    const tableKeys = key.map(keyOf)
    const codes: Cells['codes'] = {}
    for (const [field, ofKey] of codesByField({ codes: codesOfKeys })) codes[field] = lookUp(ofKey, tableKeys)
    return {
      key,
      codes,
      slot: this.slot.slice(0, n),
      requests: this.requests.slice(0, n),
      bytes: this.bytes.slice(0, n),
      records: this.records.slice(0, n),
    }
  }

  private grow(): void {
    this.slot = doubled(this.slot, Uint32Array)
    this.key = doubled(this.key, Uint32Array)
    this.requests = doubled(this.requests, Float64Array)
    this.bytes = doubled(this.bytes, Float64Array)
    this.records = doubled(this.records, Uint32Array)
  }
}

function doubled<A extends Uint32Array | Float64Array>(old: A, type: new (length: number) => A): A {
  const out = new type(old.length * 2)
  out.set(old)
  return out
}
