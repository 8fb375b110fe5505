/**
 * The distinct values of a column as UTF-8. Code 0 is "absent" everywhere and is not written down.
 *
 * Blob: kind u8 (0 plain, 1 deflated), 3 unused, count u32, lengths' bytes u32, text's bytes u32 | lengths | text.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { type Bytes, view32 } from './bytes.js'
import { decodeIntegers, encodeIntegers } from './integers.js'

const HEAD = 16
/** Below this deflating gains little and costs a call. */
const DEFLATE_FROM_BYTES = 512
/** Level 1: later levels gain little on such text, and the writer is in a hurry. */
const DEFLATE = { level: 1 }

/** `values[0]` stands for absent and is left out. */
export function encodeDictionary(values: readonly string[]): Uint8Array {
  const count = Math.max(0, values.length - 1)
  const joined = count === 0 ? '' : values.slice(1).join('')
  const text = Buffer.from(joined, 'utf8')
  const ascii = text.length === joined.length
  const lengths = new Uint32Array(count)
  for (let i = 0; i < count; i++) lengths[i] = ascii ? values[i + 1].length : Buffer.byteLength(values[i + 1], 'utf8')
  const packedLengths = encodeIntegers(lengths)
  let body: Uint8Array = Buffer.concat([packedLengths, text])
  const deflated = body.byteLength >= DEFLATE_FROM_BYTES ? deflateRawSync(body, DEFLATE) : null
  const smaller = deflated !== null && deflated.byteLength < body.byteLength * 0.9
  if (smaller) body = deflated
  const out = new Uint8Array(HEAD + body.byteLength)
  out[0] = smaller ? 1 : 0
  new Uint32Array(out.buffer, 0, 4).set([count, packedLengths.byteLength, text.byteLength], 1)
  out.set(body, HEAD)
  return out
}

/** A dictionary as it was read: text is made of its bytes only where somebody asks. */
export class Dictionary {
  /** number of codes, that of "absent" included */
  readonly size: number
  private readonly text: Buffer
  /** value of code c: text[ends[c - 1] … ends[c]) */
  private readonly ends: Uint32Array
  private readonly ascii: boolean
  private strings: string[] | null = null

  constructor(bytes: Bytes) {
    const [, count, lengthBytes, textBytes] = view32(bytes, 0, 4)
    let body: Uint8Array = bytes.subarray(HEAD)
    if (bytes[0] === 1) body = inflateRawSync(body)
    this.size = count + 1
    // a copy where needed: decodeIntegers aligns by itself
    const lengths = decodeIntegers(body.subarray(0, lengthBytes))
    this.text = Buffer.from(body.buffer as ArrayBuffer, body.byteOffset + lengthBytes, textBytes)
    this.ends = new Uint32Array(count + 1)
    for (let c = 1; c <= count; c++) this.ends[c] = this.ends[c - 1] + lengths[c - 1]
    this.ascii = isAscii(this.text)
  }

  /** The dictionary of a column in which nothing has a value. */
  static empty(): Dictionary {
    return new Dictionary(encodeDictionary(['']))
  }

  /** The text of one code; '' for absent. */
  value(code: number): string {
    if (code === 0) return ''
    if (this.strings) return this.strings[code]
    const from = this.ends[code - 1]
    return this.ascii ? this.text.toString('latin1', from, this.ends[code]) : this.text.toString('utf8', from, this.ends[code])
  }

  /** All values by code; `values()[0]` is ''. */
  values(): string[] {
    if (this.strings) return this.strings
    const strings = new Array<string>(this.size)
    strings[0] = ''
    const whole = this.ascii ? this.text.toString('latin1') : null
    for (let c = 1; c < this.size; c++) {
      strings[c] = whole !== null ? whole.slice(this.ends[c - 1], this.ends[c]) : this.text.toString('utf8', this.ends[c - 1], this.ends[c])
    }
    return (this.strings = strings)
  }

  /** Codes whose value is `value`, the case of A–Z ignored. */
  codesOf(value: string): number[] {
    const wanted = foldAscii(Buffer.from(value, 'utf8'))
    const { ends, text } = this
    const found: number[] = value === '' ? [0] : []
    for (let c = 1, from = 0; c < this.size; c++) {
      const end = ends[c]
      if (end - from === wanted.length && sameFolded(text, from, wanted)) found.push(c)
      from = end
    }
    return found
  }

  /** rough memory in bytes */
  get weight(): number {
    return this.text.byteLength + this.ends.byteLength + 64
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] > 127) return false
  return true
}

function foldAscii(bytes: Uint8Array): Uint8Array {
  return bytes.map((b) => (b >= 65 && b <= 90 ? b | 32 : b))
}

function sameFolded(text: Uint8Array, from: number, folded: Uint8Array): boolean {
  for (let i = 0; i < folded.length; i++) {
    let b = text[from + i]
    if (b >= 65 && b <= 90) b |= 32
    if (b !== folded[i]) return false
  }
  return true
}
