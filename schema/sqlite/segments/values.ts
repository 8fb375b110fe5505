/** Merging and picking the values of columns, by their hashes. */
import type { Codes } from '../../store/block.js'
import type { HashedValues } from '../columns/text-hash.js'

/** A dictionary-coded column inside the store. */
export interface Column {
  codes: Codes
  values: HashedValues
}

const NONE: HashedValues = {
  size: 1,
  text: new Uint8Array(0),
  ends: new Uint32Array(1),
  folded: new Uint32Array(1),
  exact: new Uint32Array(1),
}

/** Codes for at most `size` values, in the narrowest array. */
export function codesFor(size: number, rows: number): Codes {
  return size <= 256 ? new Uint8Array(rows) : size <= 65536 ? new Uint16Array(rows) : new Uint32Array(rows)
}

/** The values `value[i]` of the lists `list[i]`, in this order; the first is "absent". */
export function gather(lists: readonly HashedValues[], list: Uint32Array, value: Uint32Array): HashedValues {
  const size = list.length
  if (size === 1) return NONE
  const ends = new Uint32Array(size)
  const folded = new Uint32Array(size)
  const exact = new Uint32Array(size)
  for (let i = 1; i < size; i++) {
    const from = lists[list[i]]
    const v = value[i]
    ends[i] = ends[i - 1] + from.ends[v] - from.ends[v - 1]
    folded[i] = from.folded[v]
    exact[i] = from.exact[v]
  }
  const text = new Uint8Array(ends[size - 1])
  for (let i = 1; i < size; i++) {
    const from = lists[list[i]]
    copyBytes(from.text, from.ends[value[i] - 1], from.ends[value[i]], text, ends[i - 1])
  }
  return { size, text, ends, folded, exact }
}

/** Do the two have the same text? Hashes only make it likely. */
export function sameText(a: HashedValues, v: number, b: HashedValues, w: number): boolean {
  let i = a.ends[v - 1]
  let j = b.ends[w - 1]
  const end = a.ends[v]
  if (end - i !== b.ends[w] - j) return false
  const [left, right] = [a.text, b.text]
  while (i < end) if (left[i++] !== right[j++]) return false
  return true
}

/** For some dozen bytes a loop is faster than a call into the engine. */
function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > 64) to.set(from.subarray(start, end), at)
  else for (let i = start; i < end; i++) to[at++] = from[i]
}

/** Neighbouring places that a search looks at before it jumps. */
const NEAR = 8

/**
 * Values numbered by first appearance, told apart by their two hashes; number 0 is "absent". Values that come in the
 * order of their hash, as a segment has them, walk through the table from front to back. Where many have the same first
 * hash, as all spellings of one text do, the second one scatters them: no values make a search long.
 */
export class ValueIds {
  count = 0
  /** places looked at in vain, over all searches */
  steps = 0
  folded: Uint32Array
  exact: Uint32Array
  private slots: Int32Array
  private shift: number

  constructor(expected: number) {
    const bits = Math.max(6, Math.ceil(Math.log2(expected * 2)))
    this.slots = new Int32Array(2 ** bits).fill(-1)
    this.shift = 32 - bits
    this.folded = new Uint32Array(2 ** (bits - 1))
    this.exact = new Uint32Array(2 ** (bits - 1))
    this.idOf(0, 0)
  }

  idOf(folded: number, exact: number): number {
    const mask = this.slots.length - 1
    let slot = folded >>> this.shift
    for (let near = NEAR; ; near--) {
      const id = this.slots[slot]
      if (id === -1) break
      if (this.folded[id] === folded && this.exact[id] === exact) return id
      slot = (slot + (near > 0 ? 1 : exact | 1)) & mask
      this.steps++
    }
    const id = this.count++
    this.folded[id] = folded
    this.exact[id] = exact
    this.slots[slot] = id
    if (this.count === this.folded.length) this.grow()
    return id
  }

  private grow(): void {
    const bits = 33 - this.shift
    this.folded = longer(this.folded)
    this.exact = longer(this.exact)
    this.shift = 32 - bits
    this.slots = new Int32Array(2 ** bits).fill(-1)
    const mask = this.slots.length - 1
    for (let id = 0; id < this.count; id++) {
      let slot = this.folded[id] >>> this.shift
      for (let near = NEAR; this.slots[slot] !== -1; near--) slot = (slot + (near > 0 ? 1 : this.exact[id] | 1)) & mask
      this.slots[slot] = id
    }
  }
}

function longer(array: Uint32Array): Uint32Array {
  const out = new Uint32Array(array.length * 2)
  out.set(array)
  return out
}
