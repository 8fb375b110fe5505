/** The values of one field within a block, by code; code 0 stands for absent. */
import { stringsOf, type Values } from '../../../schema/store/values.js'

/** For some dozen bytes a loop is faster than a call into the engine. */
const LOOPED_BYTES = 64

export class Coding {
  private known: Values
  /** text → code; made when first asked for, since most blocks never need it */
  private codes: Map<string, number> | undefined

  /** `known`: what has its codes already. */
  constructor(known?: Values) {
    this.known = known ?? {
      size: 1,
      text: new Uint8Array(64),
      ends: new Uint32Array(8),
    }
  }

  codeOf(value: string | number | boolean | null): number {
    if (value === null) return 0
    const text = String(value)
    this.codes ??= new Map(stringsOf(this.known).map((known, code) => [known, code]))
    const known = this.codes.get(text)
    if (known !== undefined) return known
    this.codes.set(text, this.known.size)
    const bytes = Buffer.from(text, 'utf8')
    return this.add(bytes, 0, bytes.length)
  }

  /** Of `text[from … to)`, which has none yet. */
  codeOfNew(text: Uint8Array, from: number, to: number): number {
    this.codes?.set(Buffer.from(text.subarray(from, to)).toString('utf8'), this.known.size)
    return this.add(text, from, to)
  }

  values(): Values {
    const { size, text, ends } = this.known
    return { size, text: text.subarray(0, ends[size - 1]), ends: ends.subarray(0, size) }
  }

  private add(bytes: Uint8Array, from: number, to: number): number {
    const { known } = this
    const start = known.ends[known.size - 1]
    const length = to - from
    const end = start + length
    if (end > known.text.length) known.text = longer(known.text, end * 2)
    if (known.size === known.ends.length) known.ends = longer(known.ends, known.size * 2)
    if (length > LOOPED_BYTES) known.text.set(bytes.subarray(from, to), start)
    else for (let i = 0; i < length; i++) known.text[start + i] = bytes[from + i]
    known.ends[known.size] = end
    return known.size++
  }
}

export function longer<A extends Uint8Array | Uint32Array>(array: A, length: number): A {
  const out = new (array.constructor as new (length: number) => A)(length)
  out.set(array)
  return out
}
