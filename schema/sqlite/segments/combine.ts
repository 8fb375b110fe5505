/** Pairs of codes made into one small code. */
import type { Codes } from '../../store/block.js'

/** Rows with a key of their own: row i has key `ids[i]`, and key k is the pair `first[k]`, `second[k]`. */
export interface Combined {
  ids: Uint32Array
  count: number
  first: Uint32Array
  second: Uint32Array
}

/** Up to this many possible pairs a plain table finds the key, where it is not many times as large as there are rows: it is cleared first. */
const DENSE_PAIRS = 1 << 20
const DENSE_PART = 16
const FEW_PAIRS = 1 << 14

/** Keys for the pairs that occur, numbered as they first occur. `sizeA`, `sizeB`: one more than the highest codes. */
export function combine(a: Codes, sizeA: number, b: Codes, sizeB: number): Combined {
  const n = a.length
  const ids = new Uint32Array(n)
  const pairs = new NumberIds()
  const possible = sizeA * sizeB
  if (possible <= Math.min(DENSE_PAIRS, Math.max(FEW_PAIRS, n * DENSE_PART)))
    numberDense(a, b, sizeB, new Uint32Array(possible), pairs, ids)
  else numberSparse(a, b, sizeB, pairs, ids)
  const first = new Uint32Array(pairs.count)
  const second = new Uint32Array(pairs.count)
  for (let k = 0; k < pairs.count; k++) {
    first[k] = Math.floor(pairs.numbers[k] / sizeB)
    second[k] = pairs.numbers[k] % sizeB
  }
  return { ids, count: pairs.count, first, second }
}

/** `known`: one more than the key of each pair, 0 for none yet. */
function numberDense(a: Codes, b: Codes, sizeB: number, known: Uint32Array, pairs: NumberIds, ids: Uint32Array): void {
  for (let i = 0; i < ids.length; i++) {
    const pair = a[i] * sizeB + b[i]
    let id = known[pair]
    if (id === 0) id = known[pair] = pairs.push(pair) + 1
    ids[i] = id - 1
  }
}

function numberSparse(a: Codes, b: Codes, sizeB: number, pairs: NumberIds, ids: Uint32Array): void {
  for (let i = 0; i < ids.length; i++) ids[i] = pairs.idOf(a[i] * sizeB + b[i])
}

/** Whole numbers (up to 2^53) numbered in the order of their first appearance: open addressing in typed arrays. */
export class NumberIds {
  count = 0
  numbers = new Float64Array(16)
  private slots = new Int32Array(32).fill(-1)
  private mask = 31

  idOf(number: number): number {
    let slot = spread(number) & this.mask
    for (;;) {
      const id = this.slots[slot]
      if (id === -1) break
      if (this.numbers[id] === number) return id
      slot = (slot + 1) & this.mask
    }
    this.slots[slot] = this.count
    const id = this.push(number)
    if (this.count * 2 > this.mask) this.rehash()
    return id
  }

  /** Numbers it without looking whether it is known. */
  push(number: number): number {
    if (this.count === this.numbers.length) {
      const grown = new Float64Array(this.count * 2)
      grown.set(this.numbers)
      this.numbers = grown
    }
    this.numbers[this.count] = number
    return this.count++
  }

  private rehash(): void {
    this.mask = this.mask * 2 + 1
    this.slots = new Int32Array(this.mask + 1).fill(-1)
    for (let id = 0; id < this.count; id++) {
      let slot = spread(this.numbers[id]) & this.mask
      while (this.slots[slot] !== -1) slot = (slot + 1) & this.mask
      this.slots[slot] = id
    }
  }
}

function spread(number: number): number {
  const high = Math.floor(number / 4294967296)
  let h = Math.imul(number >>> 0, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)
  h ^= h >>> 15
  return Math.imul(h, 0x2c1b3c6d) ^ (h >>> 13)
}
