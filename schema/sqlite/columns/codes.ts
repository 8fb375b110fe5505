/**
 * Codes of a dictionary column, as small as a scan can still read fast: nothing at all where every row has the same
 * code, a list of exceptions where nearly every row has, else 1, 2, 4, 8, 16 or 32 bits a row.
 *
 * Blob: kind u8 (0 constant, 1 bits, 2 whole bytes, 3 exceptions), width u8, 2 unused, rows u32, common code u32,
 * exceptions u32 | body.
 */
import type { Codes } from '../../store/block.js'
import { view16, view32, type Bytes } from './bytes.js'

export const HEAD = 16
/** what the first byte says */
export const KIND = { constant: 0, bits: 1, whole: 2, exceptions: 3 } as const
const pad4 = (n: number) => (n + 3) & ~3

/** `counts[code]`: rows with the code. */
export function encodeCodes(codes: Codes, counts: Uint32Array): Uint8Array {
  const rows = codes.length
  let common = 0
  let highest = 0
  for (let c = 0; c < counts.length; c++) {
    if (counts[c] === 0) continue
    highest = c
    if (counts[c] > counts[common]) common = c
  }
  const exceptions = rows - (counts[common] ?? 0)
  const bits = highest < 2 ? 1 : highest < 4 ? 2 : highest < 16 ? 4 : highest < 256 ? 8 : highest < 65536 ? 16 : 32
  const codeBytes = Math.max(1, bits / 8)
  const positionBytes = rows <= 65536 ? 2 : 4
  const sparseSize = pad4(exceptions * positionBytes) + exceptions * codeBytes
  if (exceptions === 0) return head(KIND.constant, 0, rows, common, 0, 0)
  if (sparseSize < (rows * bits) / 8) {
    const out = head(KIND.exceptions, codeBytes, rows, common, exceptions, sparseSize)
    const positions =
      positionBytes === 2
        ? new Uint16Array(out.buffer, HEAD, exceptions)
        : new Uint32Array(out.buffer, HEAD, exceptions)
    const others = bodyOf(out, HEAD + pad4(exceptions * positionBytes), exceptions, codeBytes)
    listExceptions(codes, common, positions, others)
    return out
  }
  if (bits < 8) {
    const out = head(KIND.bits, bits, rows, common, 0, Math.ceil((rows * bits) / 8))
    packBits(codes, bits, out)
    return out
  }
  const out = head(KIND.whole, codeBytes, rows, common, 0, rows * codeBytes)
  bodyOf(out, HEAD, rows, codeBytes).set(codes)
  return out
}

// Loops of their own, see integers.ts.

function packBits(codes: Codes, bits: number, out: Uint8Array): void {
  for (let i = 0, at = HEAD; i < codes.length; at++) {
    let byte = 0
    for (let shift = 0; shift < 8 && i < codes.length; shift += bits) byte |= codes[i++] << shift
    out[at] = byte
  }
}

function listExceptions(codes: Codes, common: number, positions: Codes, others: Codes): void {
  for (let i = 0, e = 0; i < codes.length; i++) {
    if (codes[i] === common) continue
    positions[e] = i
    others[e++] = codes[i]
  }
}

function head(kind: number, width: number, rows: number, common: number, exceptions: number, body: number): Uint8Array {
  const out = new Uint8Array(HEAD + body)
  out[0] = kind
  out[1] = width
  const words = new Uint32Array(out.buffer, 0, 4)
  words[1] = rows
  words[2] = common
  words[3] = exceptions
  return out
}

/** Codes of `width` bytes each. */
export function bodyOf(bytes: Bytes, offset: number, length: number, width: number): Codes {
  if (width === 1) return bytes.subarray(offset, offset + length)
  return width === 2 ? view16(bytes, offset, length) : view32(bytes, offset, length)
}

export function decodeCodes(bytes: Bytes): Codes {
  const [kind, width] = bytes
  const [, rows, common, exceptions] = view32(bytes, 0, 4)
  if (kind === KIND.whole) return bodyOf(bytes, HEAD, rows, width)
  if (kind === KIND.bits) return unpackBits(bytes, rows, width)
  const out =
    common < 256 && width <= 1
      ? new Uint8Array(rows)
      : common < 65536 && width <= 2
        ? new Uint16Array(rows)
        : new Uint32Array(rows)
  if (common !== 0) out.fill(common)
  if (exceptions > 0) {
    const { positions, others } = exceptionsOf(bytes)
    for (let e = 0; e < exceptions; e++) out[positions[e]] = others[e]
  }
  return out
}

/** Of a column of exceptions: where they are, ascending, and their codes. */
export function exceptionsOf(bytes: Bytes): { positions: Codes; others: Codes } {
  const width = bytes[1]
  const [, rows, , exceptions] = view32(bytes, 0, 4)
  const positionBytes = rows <= 65536 ? 2 : 4
  const positions = positionBytes === 2 ? view16(bytes, HEAD, exceptions) : view32(bytes, HEAD, exceptions)
  return { positions, others: bodyOf(bytes, HEAD + pad4(exceptions * positionBytes), exceptions, width) }
}

function unpackBits(bytes: Bytes, rows: number, bits: number): Uint8Array {
  // of no bits there would be no end
  if (bits !== 1 && bits !== 2 && bits !== 4) throw new RangeError(`codes of ${bits} bits`)
  const perByte = 8 / bits
  const mask = (1 << bits) - 1
  const out = new Uint8Array(Math.ceil(rows / perByte) * perByte)
  for (let i = 0, at = HEAD; i < rows; at++) {
    let byte = bytes[at]
    for (let k = 0; k < perByte; k++) {
      out[i++] = byte & mask
      byte >>>= bits
    }
  }
  return out.subarray(0, rows)
}
