/**
 * The values of a segment's column, in the order of their hashes. The hashes rest as they are, since merging, grouping
 * and looking up need nothing else; the text is deflated and unpacked only when somebody wants to read it.
 *
 * Blob: kind u8 (0 plain, 1 deflated), 3 unused, count u32, lengths' bytes u32, text's bytes u32 | folded hashes u32 … |
 * exact hashes u32 … | lengths and text. "Absent", value 0, is not written down.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { hashesOf, type Values } from '../segments/values.js'
import { bytesOf, type Bytes, view32 } from './bytes.js'
import { decodeIntegers, encodeIntegers } from './integers.js'

const HEAD = 16
/** Below this deflating gains little and costs a call. */
const DEFLATE_FROM_BYTES = 512
/** Level 1: later levels gain little on such text, and the writer is in a hurry. */
const DEFLATE = { level: 1 }

/** `values` are in ascending order of `folded`, "absent" first. */
export function encodeDictionary(values: Values): Uint8Array {
  const count = values.size - 1
  const lengths = new Uint32Array(count)
  for (let v = 1; v <= count; v++) lengths[v - 1] = values.ends[v] - values.ends[v - 1]
  const packedLengths = encodeIntegers(lengths)
  let body: Uint8Array = Buffer.concat([packedLengths, values.text])
  const deflated = body.byteLength >= DEFLATE_FROM_BYTES ? deflateRawSync(body, DEFLATE) : null
  const smaller = deflated !== null && deflated.byteLength < body.byteLength * 0.9
  if (smaller) body = deflated
  const out = new Uint8Array(HEAD + count * 8 + body.byteLength)
  out[0] = smaller ? 1 : 0
  new Uint32Array(out.buffer, 0, 4).set([count, packedLengths.byteLength, values.text.byteLength], 1)
  out.set(bytesOf(values.folded.subarray(1)), HEAD)
  out.set(bytesOf(values.exact.subarray(1)), HEAD + count * 4)
  out.set(body, HEAD + count * 8)
  return out
}

/** A dictionary as it was read. */
export class Dictionary {
  /** number of codes, that of "absent" included */
  readonly size: number
  /** hashes by code, ascending from code 1 on */
  readonly folded: Uint32Array
  readonly exact: Uint32Array
  private unpacked: { text: Buffer; ends: Uint32Array } | null = null

  constructor(private readonly bytes: Bytes) {
    const [, count] = view32(bytes, 0, 2)
    this.size = count + 1
    this.folded = new Uint32Array(this.size)
    this.exact = new Uint32Array(this.size)
    this.folded.set(view32(bytes, HEAD, count), 1)
    this.exact.set(view32(bytes, HEAD + count * 4, count), 1)
  }

  /** The dictionary of a column in which nothing has a value. */
  static empty(): Dictionary {
    return new Dictionary(new Uint8Array(HEAD))
  }

  /** The text of one code; '' for absent. */
  value(code: number): string {
    if (code === 0) return ''
    const { text, ends } = this.unpack()
    return text.toString('utf8', ends[code - 1], ends[code])
  }

  values(): Values {
    const { text, ends } = this.unpack()
    return { size: this.size, text, ends, folded: this.folded, exact: this.exact }
  }

  /** Codes whose value is `value`, the case of A–Z ignored. Unpacks the text only if a hash matches. */
  codesOf(value: string): number[] {
    if (value === '') return [0]
    const { folded } = hashesOf(value)
    const wanted = foldAscii(value)
    const found: number[] = []
    for (let code = this.firstCodeAt(folded); code < this.size && this.folded[code] === folded; code++) {
      if (foldAscii(this.value(code)) === wanted) found.push(code)
    }
    return found
  }

  /** rough memory in bytes, once unpacked */
  get weight(): number {
    return this.size * 12 + view32(this.bytes, 12, 1)[0] + this.bytes.byteLength
  }

  private firstCodeAt(folded: number): number {
    let low = 1
    let high = this.size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.folded[middle] < folded) low = middle + 1
      else high = middle
    }
    return low
  }

  private unpack(): { text: Buffer; ends: Uint32Array } {
    if (this.unpacked) return this.unpacked
    const count = this.size - 1
    const [lengthBytes, textBytes] = view32(this.bytes, 8, 2)
    let body: Uint8Array = this.bytes.subarray(HEAD + count * 8)
    if (this.bytes[0] === 1) body = inflateRawSync(body)
    const ends = new Uint32Array(this.size)
    if (count > 0) {
      const lengths = decodeIntegers(body.subarray(0, lengthBytes))
      for (let c = 1; c <= count; c++) ends[c] = ends[c - 1] + lengths[c - 1]
    }
    return (this.unpacked = { text: Buffer.from(body.buffer as ArrayBuffer, body.byteOffset + lengthBytes, textBytes), ends })
  }
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase())
}
