/**
 * The distinct values of a column, as bytes with a hash each: inside the store values are merged, ordered and compared
 * by hash and never become strings. Value 0 is "absent": no text, hash 0 0; an empty text is the same.
 */
import { packTexts, type Codes, type DimensionColumn, type Texts } from '../../block.js'
import { mix } from './hash.js'

export interface Values extends Texts {
  /** number of values, "absent" included */
  size: number
  /** hash of the text with A–Z as a–z: equal for what a filter takes for equal */
  folded: Uint32Array
  /** another hash, of the text as it is; both together identify a value */
  exact: Uint32Array
}

/** A dictionary-coded column inside the store. */
export interface Column { codes: Codes; values: Values }

const NONE: Values = {
  size: 1, text: new Uint8Array(0), ends: new Uint32Array(1), folded: new Uint32Array(1), exact: new Uint32Array(1),
}

/** A reader's column as the store works with it. */
export function columnOf({ codes, values }: DimensionColumn): Column {
  return { codes, values: withHashes(values) }
}

/** `strings[0]` stands for absent. */
export function valuesOf(strings: readonly string[]): Values {
  return withHashes(packTexts(strings))
}

function withHashes({ text, ends }: Texts): Values {
  const size = ends.length
  if (size <= 1) return NONE
  const folded = new Uint32Array(size)
  const exact = new Uint32Array(size)
  const view = new DataView(text.buffer, text.byteOffset, text.byteLength)
  for (let v = 1; v < size; v++) {
    hashText(view, ends[v - 1], ends[v])
    folded[v] = foldedHash
    exact[v] = exactHash
  }
  return { size, text, ends, folded, exact }
}

/** The hashes of one text, as a filter asks for it. */
export function hashesOf(value: string): { folded: number; exact: number } {
  const bytes = Buffer.from(value, 'utf8')
  hashText(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length)
  return { folded: foldedHash, exact: exactHash }
}

// results of hashText: two numbers without an object for each of many thousand calls
let foldedHash = 0
let exactHash = 0

/**
 * In the manner of MurmurHash3, two lanes over words of four bytes: the first over folded words, the second over the
 * text itself.
 */
function hashText(view: DataView, from: number, to: number): void {
  let a = 0x3c074a61
  let b = 0x5bd1e995
  let at = from
  for (; at + 4 <= to; at += 4) {
    const word = view.getUint32(at, true)
    a = Math.imul(a ^ scramble(fold(word)), 5) + 0xe6546b64
    a = (a << 13) | (a >>> 19)
    b = (b << 17) | (b >>> 15)
    b = Math.imul(b ^ scramble(word), 9) + 0x38495ab5
  }
  let rest = 0
  for (let i = to - 1; i >= at; i--) rest = (rest << 8) | view.getUint8(i)
  if (to === from) {
    foldedHash = exactHash = 0
    return
  }
  foldedHash = mix(a ^ scramble(fold(rest)) ^ (to - from))
  exactHash = mix(Math.imul(b ^ scramble(rest), 0x9e3779b1) ^ (to - from))
}

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51)
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593)
}

/** A–Z to a–z in the four bytes of a word at once; bytes of other alphabets have their high bit set and stay. */
function fold(word: number): number {
  const low = word & 0x7f7f7f7f
  const upper = ~word & 0x80808080 & ((low + 0x3f3f3f3f) ^ (low + 0x25252525))
  return word | (upper >>> 2)
}

/** Codes for at most `size` values, in the narrowest array. */
export function codesFor(size: number, rows: number): Codes {
  return size <= 256 ? new Uint8Array(rows) : size <= 65536 ? new Uint16Array(rows) : new Uint32Array(rows)
}

/** The values `value[i]` of the lists `list[i]`, in this order; the first is "absent". */
export function gather(lists: readonly Values[], list: Uint32Array, value: Uint32Array): Values {
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

/** For some dozen bytes a loop is faster than a call into the engine. */
function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > 64) to.set(from.subarray(start, end), at)
  else for (let i = start; i < end; i++) to[at++] = from[i]
}

/**
 * Values numbered by first appearance, told apart by their two hashes; number 0 is "absent". Values that come in the
 * order of their hash, as a segment has them, walk through the table from front to back.
 */
export class ValueIds {
  count = 0
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
    for (;;) {
      const id = this.slots[slot]
      if (id === -1) break
      if (this.folded[id] === folded && this.exact[id] === exact) return id
      slot = (slot + 1) & mask
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
      while (this.slots[slot] !== -1) slot = (slot + 1) & mask
      this.slots[slot] = id
    }
  }
}

function longer(array: Uint32Array): Uint32Array {
  const out = new Uint32Array(array.length * 2)
  out.set(array)
  return out
}
