/**
 * The values of a segment's column, in the order of their hashes. Merging, grouping and looking up need the hashes only,
 * so these rest in a blob of their own; the text is deflated and read only when somebody wants to see it.
 *
 * Blob of hashes: folded u32 … | exact u32 …, from value 0 ("absent") on.
 * Blob of text, without value 0: kind u8 (0 plain, 1 deflated), 3 unused, lengths' bytes u32, text's bytes u32 | lengths, text.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { hashesOf, type Values } from '../segments/values.js'
import { bytesOf, type Bytes, view32 } from './bytes.js'
import { decodeIntegers, encodeIntegers } from './integers.js'

const HEAD = 12
/** Below this deflating gains little and costs a call. */
const DEFLATE_FROM_BYTES = 512
/** Level 1: later levels gain little on such text, and the writer is in a hurry. */
const DEFLATE = { level: 1 }

/** `values` are in ascending order of `folded`, "absent" first. */
export function encodeHashes({ size, folded, exact }: Values): Uint8Array {
  const out = new Uint32Array(size * 2)
  out.set(folded)
  out.set(exact, size)
  return bytesOf(out)
}

export function encodeText({ size, text, ends }: Values): Uint8Array {
  const lengths = new Uint32Array(size - 1)
  for (let v = 1; v < size; v++) lengths[v - 1] = ends[v] - ends[v - 1]
  const packedLengths = encodeIntegers(lengths)
  let body: Uint8Array = Buffer.concat([packedLengths, text])
  const deflated = body.byteLength >= DEFLATE_FROM_BYTES ? deflateRawSync(body, DEFLATE) : null
  const smaller = deflated !== null && deflated.byteLength < body.byteLength * 0.9
  if (smaller) body = deflated
  const out = new Uint8Array(HEAD + body.byteLength)
  out[0] = smaller ? 1 : 0
  new Uint32Array(out.buffer, 0, 3).set([packedLengths.byteLength, text.byteLength], 1)
  out.set(body, HEAD)
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

  /** `readText` gives the blob of text; called once, if at all. */
  constructor(hashes: Bytes, private readonly readText: () => Bytes) {
    this.size = hashes.byteLength / 8
    this.folded = view32(hashes, 0, this.size)
    this.exact = view32(hashes, this.size * 4, this.size)
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

  /** Codes whose value is `value`, the case of A–Z ignored. The text is read only to tell other spellings from a chance match. */
  codesOf(value: string): number[] {
    if (value === '') return [0]
    const { folded, exact } = hashesOf(value)
    const found: number[] = []
    for (let code = this.firstCodeAt(folded); code < this.size && this.folded[code] === folded; code++) {
      if (this.exact[code] === exact || foldAscii(this.value(code)) === foldAscii(value)) found.push(code)
    }
    return found
  }

  /** rough memory in bytes, the text read */
  get weight(): number {
    return this.size * 40
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
    const ends = new Uint32Array(this.size)
    if (this.size === 1) return (this.unpacked = { text: Buffer.alloc(0), ends })
    const bytes = this.readText()
    const [lengthBytes, textBytes] = view32(bytes, 4, 2)
    let body: Uint8Array = bytes.subarray(HEAD)
    if (bytes[0] === 1) body = inflateRawSync(body)
    const lengths = decodeIntegers(body.subarray(0, lengthBytes))
    for (let c = 1; c < this.size; c++) ends[c] = ends[c - 1] + lengths[c - 1]
    return (this.unpacked = { text: Buffer.from(body.buffer as ArrayBuffer, body.byteOffset + lengthBytes, textBytes), ends })
  }
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase())
}
