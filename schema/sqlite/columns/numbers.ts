/**
 * Measures: numbers with gaps (NaN is absent). Whole numbers, and fractions with up to three decimals, rest as small
 * integers above the smallest one; anything else as doubles.
 *
 * Blob: kind u8 (0 doubles, 1 integers), hasAbsent u8, 2 unused, scale u32, offset f64 | doubles or integers.
 */
import { bytesOf, view32, view64, type Bytes } from './bytes.js'
import { decodeIntegers, encodeIntegers, integerReader } from './integers.js'

const HEAD = 16
const SCALES = [1, 10, 100, 1000]

export function encodeNumbers(values: Float64Array): Uint8Array {
  const range = rangeOf(values)
  const scale = SCALES.find((s) => fits(values, s, range))
  const body = scale === undefined ? bytesOf(values) : encodeIntegers(toIntegers(values, scale, range))
  const out = new Uint8Array(HEAD + body.byteLength)
  out[0] = scale === undefined ? 0 : 1
  out[1] = range.absent ? 1 : 0
  new Uint32Array(out.buffer)[1] = scale ?? 1
  new Float64Array(out.buffer, 8, 1)[0] = range.min
  out.set(body, HEAD)
  return out
}

interface Range {
  min: number
  max: number
  absent: boolean
}

function rangeOf(values: Float64Array): Range {
  const found = Float64Array.of(Infinity, -Infinity, 0)
  findRange(values, found)
  const [min, max, absent] = found
  return min <= max ? { min, max, absent: absent === 1 } : { min: 0, max: 0, absent: absent === 1 }
}

/** Into `found`: smallest, largest, whether one is absent. A function of its own, see integers.ts. */
function findRange(values: Float64Array, found: Float64Array): void {
  let min = Infinity
  let max = -Infinity
  let absent = 0
  for (let i = 0; i < values.length; i++) {
    const v = values[i]
    if (v < min) min = v
    if (v > max) max = v
    if (v !== v) absent = 1
  }
  found[0] = min
  found[1] = max
  found[2] = absent
}

function fits(values: Float64Array, scale: number, { min, max }: Range): boolean {
  if (!((max - min) * scale < 2 ** 32 - 2) || Math.abs(min) > 2 ** 40 || Math.abs(max) > 2 ** 40) return false
  for (let i = 0; i < values.length; i++) {
    const v = values[i]
    // NaN fails the first test and passes the second
    if (Math.floor(v * scale + 0.5) / scale !== v && v === v) return false
    // −0 would come back as 0
    if (v === 0 && 1 / v < 0) return false
  }
  return true
}

/** 0 stands for absent where anything is, the values follow above. */
function toIntegers(values: Float64Array, scale: number, { min, absent }: Range): Uint32Array {
  const out = new Uint32Array(values.length)
  const low = Math.round(min * scale)
  const first = absent ? 1 : 0
  for (let i = 0; i < values.length; i++) {
    const v = values[i]
    out[i] = v === v ? Math.floor(v * scale + 0.5) - low + first : 0
  }
  return out
}

export function decodeNumbers(bytes: Bytes): Float64Array {
  const [, scale] = view32(bytes, 0, 2)
  if (bytes[0] === 0) return view64(bytes, HEAD, (bytes.byteLength - HEAD) / 8)
  const absent = bytes[1] === 1
  const low = Math.round(view64(bytes, 8, 1)[0] * scale) - (absent ? 1 : 0)
  const integers = decodeIntegers(bytes.subarray(HEAD))
  const out = new Float64Array(integers.length)
  if (scale === 1) for (let i = 0; i < out.length; i++) out[i] = integers[i] + low
  else for (let i = 0; i < out.length; i++) out[i] = (integers[i] + low) / scale
  if (absent) for (let i = 0; i < out.length; i++) if (integers[i] === 0) out[i] = Number.NaN
  return out
}

/** Single values, without decoding the others. */
export function numberReader(bytes: Bytes): (row: number) => number {
  const [, scale] = view32(bytes, 0, 2)
  if (bytes[0] === 0) {
    const doubles = view64(bytes, HEAD, (bytes.byteLength - HEAD) / 8)
    return (row) => doubles[row]
  }
  const absent = bytes[1] === 1
  const low = Math.round(view64(bytes, 8, 1)[0] * scale) - (absent ? 1 : 0)
  const integer = integerReader(bytes.subarray(HEAD))
  return (row) => {
    const value = integer(row)
    return absent && value === 0 ? Number.NaN : (value + low) / scale
  }
}

/** The one value of a column in which all rows are the same and none is absent; null otherwise. Reads the head only. */
export function constantOf(bytes: Bytes): number | null {
  if (bytes[0] !== 1 || bytes[HEAD] !== 0 || bytes[1] === 1) return null
  const [, scale] = view32(bytes, 0, 2)
  const [, , , constant] = view32(bytes, HEAD, 4)
  return (constant + Math.round(view64(bytes, 8, 1)[0] * scale)) / scale
}
