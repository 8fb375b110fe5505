/**
 * The hashes by which a segment's values are ordered, found and told apart. Keyed with a secret of the store: who sends
 * requests to a watched site chooses their paths, and must not be able to choose paths that the store takes for one another,
 * or that all fall into one place of a table.
 *
 * HalfSipHash-1-3 with 64 bits of output, after https://www.aumasson.jp/siphash/siphash.pdf and the reference code of its
 * authors: words of four bytes, which JavaScript has, in the place of eight.
 *
 * Two texts have the same hashes by a chance of 1 in 2^64, two spellings of one text (`/Cart`, `/cart`) by one of 1 in 2^32.
 * What is kept is compared by its bytes all the same, see segments/tidy.ts.
 */
import { siphash13, type IdentityKey } from '../../store/identity.js'
import type { Values } from '../../store/values.js'

/** Two words of secret. */
export type TextKey = readonly [low: number, high: number]

/** Values with a hash each. */
export interface HashedValues extends Values {
  /** of the text with A–Z as a–z: equal for what a filter takes for equal; 0 for absent */
  folded: Uint32Array
  /** of the text as it is; both together identify a value; 0 for absent */
  exact: Uint32Array
}

/** The store has one secret; what is made for different ends is made with keys that tell nothing of each other. */
export function textKeyOf(identityKey: IdentityKey): TextKey {
  const [high, low] = siphash13(identityKey, Buffer.from('text hash'))
  return [low | 0, high | 0]
}

export function hashed({ size, text, ends }: Values, key: TextKey): HashedValues {
  const folded = new Uint32Array(size)
  const exact = new Uint32Array(size)
  const view = new DataView(text.buffer, text.byteOffset, text.byteLength)
  for (let v = 1; v < size; v++) {
    hashText(view, ends[v - 1], ends[v], key[0], key[1])
    folded[v] = foldedHash
    exact[v] = exactHash
  }
  return { size, text, ends, folded, exact }
}

/** The hashes of one text. */
export function hashesOf(value: string, key: TextKey): { folded: number; exact: number } {
  const bytes = Buffer.from(value, 'utf8')
  hashText(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length, key[0], key[1])
  return { folded: foldedHash, exact: exactHash }
}

// results of the functions below: two numbers without an object for each of many thousand calls
let foldedHash = 0
let exactHash = 0
let low = 0
let high = 0
let upper = 0

function hashText(text: DataView, from: number, to: number, k0: number, k1: number): void {
  if (from === to) {
    foldedHash = exactHash = 0
    return
  }
  halfSipHash(text, from, to, k0, k1, 0x80808080)
  foldedHash = low
  exactHash = high
  // a text without A–Z is its own folded form: one pass gives both
  if (upper === 0) return
  halfSipHash(text, from, to, k0, k1, 0)
  exactHash = high
}

/** `fold`: 0x80808080 to take A–Z as a–z, 0 not to. Says in `upper` whether there were any. */
function halfSipHash(text: DataView, from: number, to: number, k0: number, k1: number, fold: number): void {
  let v0 = k0
  let v1 = k1 ^ 0xee
  let v2 = k0 ^ 0x6c796765
  let v3 = k1 ^ 0x74656462
  let capitals = 0
  const whole = to - ((to - from) & 3)
  let at = from
  for (;;) {
    let m: number
    if (at < whole) m = text.getInt32(at, true)
    else {
      m = (to - from) << 24
      for (let i = at; i < to; i++) m |= text.getUint8(i) << ((i - at) << 3)
    }
    // A–Z to a–z in four bytes at once; bytes of other alphabets have their high bit set and stay
    const seven = m & 0x7f7f7f7f
    let isUpper = ~m & fold & ((seven + 0x3f3f3f3f) ^ (seven + 0x25252525))
    // the last word's highest byte is a length
    if (at >= whole) isUpper &= 0x808080
    capitals |= isUpper
    m |= isUpper >>> 2
    v3 ^= m
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= m
    if (at >= whole) break
    at += 4
  }
  v2 ^= 0xee
  for (let round = 0; round < 6; round++) {
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    if (round === 2) {
      low = (v1 ^ v3) >>> 0
      v1 ^= 0xdd
    }
  }
  high = (v1 ^ v3) >>> 0
  upper = capitals
}
