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

/** What is added up, a row each. Absent sums are 0, absent records 1. */
export interface Added {
  /** in ascending order */
  slot: Uint32Array
  key: Codes
  requests: Float64Array
  bytes?: Float64Array
  records?: Uint32Array
}

/** Cells and the key of each. */
export interface KeyedCells extends Cells {
  key: Uint32Array
}

/** Adds up rows of `keys` keys by slot and key. `keyOf`: which of the keys of `codesOfKeys` a key of the rows belongs to. */
export function addUpCells(
  { slot, key, requests, bytes, records }: Added,
  keys: number,
  codesOfKeys: Keys['codes'],
  keyOf: (key: number) => number = (own) => own,
): KeyedCells {
  const cellOf = new Uint32Array(slot.length)
  const slots = new Uint32Array(slot.length)
  const keysOfCell = new Uint32Array(slot.length)
  const n = numberCells(
    slot,
    key instanceof Uint32Array ? key : new Uint32Array(key),
    new Int32Array(keys).fill(-1),
    cellOf,
    slots,
    keysOfCell,
  )
  const found = keysOfCell.slice(0, n)
  const tableKeys = found.map(keyOf)
  const codes: Cells['codes'] = {}
  for (const [field, ofKey] of codesByField({ codes: codesOfKeys })) codes[field] = lookUp(ofKey, tableKeys)
  return {
    key: found,
    codes,
    slot: slots.slice(0, n),
    requests: sumNumbers(cellOf, requests, new Float64Array(n)),
    bytes: bytes ? sumNumbers(cellOf, bytes, new Float64Array(n)) : new Float64Array(n),
    records: records ? sumRecords(cellOf, records, new Uint32Array(n)) : countRecords(cellOf, new Uint32Array(n)),
  }
}

/** Slots of which so many are one of the wider ones. */
export function widerSlots(slots: Uint32Array, together: number): Uint32Array {
  if (together === 1) return slots
  const out = new Uint32Array(slots.length)
  for (let i = 0; i < out.length; i++) out[i] = slots[i] / together
  return out
}

// Each loop is a function of its own, of arrays of one kind: the engine compiles it once, while it runs, and nothing else with it.

/** Says how many cells there are. `last`: the cell that each key had last, which is one of this slot from the slot's first on. */
function numberCells(
  slot: Uint32Array,
  key: Uint32Array,
  last: Int32Array,
  cellOf: Uint32Array,
  slots: Uint32Array,
  keys: Uint32Array,
): number {
  let count = 0
  let slotStart = 0
  let current = -1
  for (let i = 0; i < slot.length; i++) {
    if (slot[i] !== current) {
      current = slot[i]
      slotStart = count
    }
    let cell = last[key[i]]
    if (cell < slotStart) {
      cell = count++
      last[key[i]] = cell
      slots[cell] = current
      keys[cell] = key[i]
    }
    cellOf[i] = cell
  }
  return count
}

function sumNumbers(cellOf: Uint32Array, numbers: Float64Array, out: Float64Array): Float64Array {
  for (let i = 0; i < cellOf.length; i++) out[cellOf[i]] += numbers[i]
  return out
}

function sumRecords(cellOf: Uint32Array, records: Uint32Array, out: Uint32Array): Uint32Array {
  for (let i = 0; i < cellOf.length; i++) out[cellOf[i]] += records[i]
  return out
}

function countRecords(cellOf: Uint32Array, out: Uint32Array): Uint32Array {
  for (let i = 0; i < cellOf.length; i++) out[cellOf[i]]++
  return out
}
