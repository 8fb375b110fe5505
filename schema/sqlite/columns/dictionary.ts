/**
 * The values of a segment's column, in the order of their hashes. Merging, grouping and looking up need the hashes only,
 * so these rest in a blob of their own; the text is read only when somebody wants to see it.
 *
 * Blob of hashes: folded u32 … | exact u32 …, from value 0 ("absent") on. Blob of text: see text.ts.
 */
import { folded as foldAscii, type Finder } from '../../words/pattern.js'
import { bytesOf, type Bytes, view32 } from './bytes.js'
import { hashesOf, type HashedValues, type TextKey } from './text-hash.js'
import type { Texts } from './text.js'

/** `values` are in ascending order of `folded`, "absent" first. */
export function encodeHashes({ size, folded, exact }: HashedValues): Uint8Array {
  const out = new Uint32Array(size * 2)
  out.set(folded)
  out.set(exact, size)
  return bytesOf(out)
}

/** A dictionary as it was read. */
export class Dictionary {
  /** number of codes, that of "absent" included */
  readonly size: number
  /** hashes by code, ascending from code 1 on */
  readonly folded: Uint32Array
  readonly exact: Uint32Array

  /** `texts` gives the texts, which whoever reads them keeps; hashes are needed far more often. */
  constructor(
    hashes: Bytes,
    private readonly texts: () => Texts,
    private readonly key: TextKey,
  ) {
    this.size = hashes.byteLength / 8
    this.folded = view32(hashes, 0, this.size)
    this.exact = view32(hashes, this.size * 4, this.size)
  }

  /** The text of one code; '' for absent. */
  value(code: number): string {
    if (code === 0) return ''
    return this.texts().at(code - 1)
  }

  values(): HashedValues {
    const { text, ends } = this.unpack()
    return { size: this.size, text, ends, folded: this.folded, exact: this.exact }
  }

  /**
   * Codes whose value is `value`, the case of A–Z ignored. The only candidate that has both hashes is it, as everywhere; of any others,
   * which may be other spellings, the texts decide.
   */
  codesOf(value: string): number[] {
    if (value === '') return [0]
    const { folded, exact } = hashesOf(value, this.key)
    const first = this.firstCodeAt(folded)
    let end = first
    while (end < this.size && this.folded[end] === folded) end++
    if (end - first === 1 && this.exact[first] === exact) return [first]
    const wanted = foldAscii(value)
    const found: number[] = []
    for (let code = first; code < end; code++) if (foldAscii(this.value(code)) === wanted) found.push(code)
    return found
  }

  /** `pass[code]` is 1 for the values that are found. "Absent" never is. */
  found({ needle, matches }: Finder): Uint8Array {
    const pass = new Uint8Array(this.size)
    const { text, ends } = this.unpack()
    const sought = Buffer.from(needle, 'utf8')
    const plain = foldBytes(text, ends[this.size - 1])
    // all texts are searched as one: few values are ever made into a string
    for (let code = 1, at = plain.indexOf(sought); at >= 0 && code < this.size;) {
      while (ends[code] <= at) code++
      if (at + sought.length > ends[code]) {
        at = plain.indexOf(sought, at + 1)
        continue
      }
      if (matches === null || matches(this.value(code))) pass[code] = 1
      at = plain.indexOf(sought, ends[code])
    }
    return pass
  }

  /** rough memory in bytes */
  get weight(): number {
    return this.size * 8 + 300
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
    return this.size === 1 ? { text: Buffer.alloc(0), ends: new Uint32Array(1) } : this.texts().all()
  }
}

/** A copy with A–Z as a–z. */
function foldBytes(text: Uint8Array, length: number): Buffer {
  const out = Buffer.allocUnsafe(length)
  for (let i = 0; i < length; i++) {
    const byte = text[i]
    out[i] = byte >= 65 && byte <= 90 ? byte + 32 : byte
  }
  return out
}
