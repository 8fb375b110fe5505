const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS
/** Below this, clearing the counters costs more than comparing. */
const SMALL = 200

/** The order that sorts the keys, equal ones as they came. Least significant digit first, 11 bits at a time. */
export function radixOrder(keys: Uint32Array, highest: number): Uint32Array {
  const n = keys.length
  if (n < SMALL) return Uint32Array.from(keys, (_, i) => i).sort((a, b) => keys[a] - keys[b] || a - b)
  let from: Uint32Array = new Uint32Array(n)
  let to: Uint32Array = new Uint32Array(n)
  for (let i = 0; i < n; i++) from[i] = i
  const starts = new Uint32Array(DIGITS + 1)
  for (let shift = 0; shift < 32 && highest / 2 ** shift >= 1; shift += DIGIT_BITS) {
    starts.fill(0)
    countDigits(keys, shift, starts)
    for (let d = 1; d < DIGITS; d++) starts[d] += starts[d - 1]
    distribute(keys, shift, starts, from, to)
    const swap = from
    from = to
    to = swap
  }
  return from
}

function countDigits(keys: Uint32Array, shift: number, counts: Uint32Array): void {
  for (let i = 0; i < keys.length; i++) counts[((keys[i] >>> shift) & (DIGITS - 1)) + 1]++
}

function distribute(keys: Uint32Array, shift: number, starts: Uint32Array, from: Uint32Array, to: Uint32Array): void {
  for (let i = 0; i < from.length; i++) {
    const item = from[i]
    to[starts[(keys[item] >>> shift) & (DIGITS - 1)]++] = item
  }
}
