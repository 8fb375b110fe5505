/**
 * Whole numbers from 0 to 2^32 − 1 in 0, 1, 2, 3 or 4 bytes each. The few that do not fit the chosen width are listed
 * apart with their position, so that one answer of five minutes does not widen the column of all others.
 *
 * Blob: width, 3 bytes unused, count u32, exceptions u32, constant u32 | low parts | (width 3: third bytes) |
 * exceptions' positions u32 … | exceptions' values u32 …
 */
import { view16, view32, type Bytes } from './bytes.js'

const HEAD = 16
const pad4 = (n: number) => (n + 3) & ~3

export function encodeIntegers(values: Uint32Array): Uint8Array {
  const n = values.length
  const width = widthFor(values)
  const limit = width === 4 ? 2 ** 32 : 2 ** (8 * width)
  let exceptions = 0
  if (width > 0 && width < 4) for (let i = 0; i < n; i++) if (values[i] >= limit) exceptions++
  const body = width === 3 ? pad4(n * 2) + pad4(n) : pad4(n * width)
  const out = new Uint8Array(HEAD + body + exceptions * 8)
  out[0] = width
  const head = new Uint32Array(out.buffer, 0, 4)
  head[1] = n
  head[2] = exceptions
  head[3] = n > 0 && width === 0 ? values[0] : 0
  // typed arrays keep the low bits of what is too wide
  if (width === 1) out.set(values, HEAD)
  else if (width === 2) new Uint16Array(out.buffer, HEAD, n).set(values)
  else if (width === 4) new Uint32Array(out.buffer, HEAD, n).set(values)
  else if (width === 3) {
    new Uint16Array(out.buffer, HEAD, n).set(values)
    const third = HEAD + pad4(n * 2)
    for (let i = 0; i < n; i++) out[third + i] = values[i] >>> 16
  }
  if (exceptions > 0) {
    const positions = new Uint32Array(out.buffer, HEAD + body, exceptions)
    const wide = new Uint32Array(out.buffer, HEAD + body + exceptions * 4, exceptions)
    for (let i = 0, e = 0; i < n; i++) {
      if (values[i] < limit) continue
      positions[e] = i
      wide[e++] = values[i]
    }
  }
  return out
}

/** The width that makes the column smallest; an exception costs 8 bytes more. */
function widthFor(values: Uint32Array): number {
  const n = values.length
  if (n === 0) return 0
  const first = values[0]
  let different = 0
  let above8 = 0
  let above16 = 0
  let above24 = 0
  for (let i = 0; i < n; i++) {
    const v = values[i]
    if (v !== first) different = 1
    if (v > 0xff) {
      above8++
      if (v > 0xffff) {
        above16++
        if (v > 0xff_ffff) above24++
      }
    }
  }
  if (different === 0) return 0
  const sizes = [n + above8 * 8, n * 2 + above16 * 8, n * 3 + above24 * 8, n * 4]
  return sizes.indexOf(Math.min(...sizes)) + 1
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

