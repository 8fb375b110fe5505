/** The values of one field within a block, by code; code 0 stands for absent. */
import { textsOf, type Texts } from '../../../schema/block.js'

/** For some dozen bytes a loop is faster than a call into the engine. */
const LOOPED_BYTES = 64

export class Coding {
  private text: Uint8Array
  private ends: Uint32Array
  private size: number
  /** text → code; made when first asked for, since most blocks never need it */
  private codes: Map<string, number> | undefined

  /** `known`: what has its codes already. */
  constructor(known: Texts = { text: new Uint8Array(64), ends: new Uint32Array(8) }, size = 1) {
    this.text = known.text
    this.ends = known.ends
    this.size = size
  }

  codeOf(value: string | number | boolean | null): number {
    if (value === null) return 0
    const text = String(value)
    this.codes ??= new Map(textsOf(this.values()).map((known, code) => [known, code]))
    const known = this.codes.get(text)
    if (known !== undefined) return known
    const bytes = Buffer.from(text, 'utf8')
    this.codes.set(text, this.size)
    return this.add(bytes, 0, bytes.length)
  }

  /** Of a text that has none yet: UTF-8, from `from` to `to`. */
  codeOfNew(bytes: Uint8Array, from: number, to: number): number {
    this.codes?.set(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'), this.size)
    return this.add(bytes, from, to)
  }

  values(): Texts {
    return { text: this.text.subarray(0, this.ends[this.size - 1]), ends: this.ends.subarray(0, this.size) }
  }

  private add(bytes: Uint8Array, from: number, to: number): number {
    const start = this.ends[this.size - 1]
    const end = start + to - from
    if (end > this.text.length) this.text = longer(this.text, end * 2)
    if (this.size === this.ends.length) this.ends = longer(this.ends, this.size * 2)
    const { text } = this
    if (to - from > LOOPED_BYTES) text.set(bytes.subarray(from, to), start)
    else for (let i = from, at = start; i < to; i++) text[at++] = bytes[i]
    this.ends[this.size] = end
    return this.size++
  }
}

function longer<A extends Uint8Array | Uint32Array>(array: A, length: number): A {
  const out = new (array.constructor as new (length: number) => A)(length)
  out.set(array)
  return out
}
