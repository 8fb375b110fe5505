/** The key of a record for deduplication, squeezed into 64 bits where only "the same or not" is asked. */
import { mix } from '../segments/hash.js'

/** Two words: of the RayID's hash, the whole second and the identity. */
export function recordKey(
  h1: number,
  h2: number,
  time: number,
  identityHigh: number,
  identityLow: number,
): [number, number] {
  const second = mix(Math.floor(time / 1000) | 0)
  const a = mix(h1 ^ mix(identityHigh ^ second))
  const b = mix(h2 ^ mix(identityLow ^ a))
  return [mix(a ^ b), b]
}

/** A set of 64-bit keys: open addressing in typed arrays, filled once. */
export class KeySet {
  size = 0
  private readonly words: Uint32Array
  private readonly used: Uint8Array
  private readonly mask: number

  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)))
    this.words = new Uint32Array(slots * 2)
    this.used = new Uint8Array(slots)
    this.mask = slots - 1
  }

  add(a: number, b: number): void {
    const slot = this.slotOf(a, b)
    if (this.used[slot]) return
    this.used[slot] = 1
    this.words[slot * 2] = a
    this.words[slot * 2 + 1] = b
    this.size++
  }

  has(a: number, b: number): boolean {
    return this.used[this.slotOf(a, b)] === 1
  }

  private slotOf(a: number, b: number): number {
    let slot = a & this.mask
    while (this.used[slot] && (this.words[slot * 2] !== a || this.words[slot * 2 + 1] !== b))
      slot = (slot + 1) & this.mask
    return slot
  }
}
