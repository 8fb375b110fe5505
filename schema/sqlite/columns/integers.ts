/**
 * Whole numbers from 0 to 2^32 − 1 in 0, 1, 2, 3 or 4 bytes each. The few that do not fit the chosen width are listed
 * apart with their position, so that one answer of five minutes does not widen the column of all others.
 *
 * Blob: width, 3 bytes unused, count u32, exceptions u32, constant u32 | low parts | (width 3: third bytes) |
 * exceptions' positions u32 … | exceptions' values u32 …
 */
import { indexIn } from './ascending.js'
import { view16, view32, type Bytes } from './bytes.js'

const HEAD = 16
const pad4 = (n: number) => (n + 3) & ~3

// Each loop over the values is a function of its own: the engine compiles a loop while it runs, and what follows it in the
// same function would have to be compiled again.

export function encodeIntegers(values: Uint32Array): Uint8Array {
  const n = values.length
  const { width, exceptions } = widthFor(values)
  const body = width === 3 ? pad4(n * 2) + pad4(n) : pad4(n * width)
  const out = new Uint8Array(HEAD + body + exceptions * 8)
  out[0] = width
  const head = new Uint32Array(out.buffer, 0, 4)
  head[1] = n
  head[2] = exceptions
  head[3] = n > 0 && width === 0 ? values[0] : 0
  // typed arrays keep the low bits of what is too wide
  if (width === 1) out.set(values, HEAD)
  else if (width === 2 || width === 3) new Uint16Array(out.buffer, HEAD, n).set(values)
  else if (width === 4) new Uint32Array(out.buffer, HEAD, n).set(values)
  if (width === 3) setThirdBytes(out, HEAD + pad4(n * 2), values)
  if (exceptions > 0) {
    const positions = new Uint32Array(out.buffer, HEAD + body, exceptions)
    const wide = new Uint32Array(out.buffer, HEAD + body + exceptions * 4, exceptions)
    listExceptions(values, 2 ** (8 * width), positions, wide)
  }
  return out
}

function setThirdBytes(out: Uint8Array, at: number, values: Uint32Array): void {
  for (let i = 0; i < values.length; i++) out[at + i] = values[i] >>> 16
}

function listExceptions(values: Uint32Array, limit: number, positions: Uint32Array, wide: Uint32Array): void {
  for (let i = 0, e = 0; i < values.length; i++) {
    if (values[i] < limit) continue
    positions[e] = i
    wide[e++] = values[i]
  }
}

/** The width that makes the column smallest; an exception costs 8 bytes more. */
function widthFor(values: Uint32Array): { width: number; exceptions: number } {
  const n = values.length
  const above = new Uint32Array(4)
  countAbove(values, above)
  if (above[0] === 0) return { width: 0, exceptions: 0 }
  const sizes = [n + above[1] * 8, n * 2 + above[2] * 8, n * 3 + above[3] * 8, n * 4]
  const width = sizes.indexOf(Math.min(...sizes)) + 1
  return { width, exceptions: width === 4 ? 0 : above[width] }
}

/** `above[w]`: values that need more than w bytes; `above[0]`: values that differ from the first. */
function countAbove(values: Uint32Array, above: Uint32Array): void {
  let different = 0
  let above8 = 0
  let above16 = 0
  let above24 = 0
  for (let i = 0; i < values.length; i++) {
    const v = values[i]
    if (v !== values[0]) different++
    if (v > 0xff) above8++
    if (v > 0xffff) above16++
    if (v > 0xff_ffff) above24++
  }
  above[0] = different
  above[1] = above8
  above[2] = above16
  above[3] = above24
}

/** Single values, without decoding the others. */
export function integerReader(bytes: Bytes): (at: number) => number {
  const width = bytes[0]
  const [, n, exceptions, constant] = view32(bytes, 0, 4)
  if (width === 0) return () => constant
  const low =
    width === 1 ? bytes.subarray(HEAD, HEAD + n) : width === 4 ? view32(bytes, HEAD, n) : view16(bytes, HEAD, n)
  const third = width === 3 ? bytes.subarray(HEAD + pad4(n * 2)) : null
  const plain = third ? (at: number) => low[at] | (third[at] << 16) : (at: number) => low[at]
  if (exceptions === 0) return plain
  const end = HEAD + (width === 3 ? pad4(n * 2) + pad4(n) : pad4(n * width))
  const positions = view32(bytes, end, exceptions)
  const wide = view32(bytes, end + exceptions * 4, exceptions)
  return (at) => {
    const exception = indexIn(positions, at)
    return exception < 0 ? plain(at) : wide[exception]
  }
}

export function decodeIntegers(bytes: Bytes): Uint32Array {
  const width = bytes[0]
  const [, n, exceptions, constant] = view32(bytes, 0, 4)
  if (width === 0) return new Uint32Array(n).fill(constant)
  if (width === 4) return view32(bytes, HEAD, n)
  const out = new Uint32Array(n)
  let end = HEAD + pad4(n * width)
  if (width === 1) out.set(bytes.subarray(HEAD, HEAD + n))
  else {
    out.set(view16(bytes, HEAD, n))
    if (width === 3) {
      const third = bytes.subarray(HEAD + pad4(n * 2))
      for (let i = 0; i < n; i++) out[i] |= third[i] << 16
      end = HEAD + pad4(n * 2) + pad4(n)
    }
  }
  const positions = view32(bytes, end, exceptions)
  const wide = view32(bytes, end + exceptions * 4, exceptions)
  for (let e = 0; e < exceptions; e++) out[positions[e]] = wide[e]
  return out
}
