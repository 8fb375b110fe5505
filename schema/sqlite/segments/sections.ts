/** The packed parts of a rollup, decoded when they are first asked for and kept. */
import type { Codes } from '../../store/block.js'
import { unpack, type Bytes } from '../columns/bytes.js'
import { decodeCodes } from '../columns/codes.js'
import { decodeIntegers } from '../columns/integers.js'
import { decodeNumbers } from '../columns/numbers.js'

/** What the heads of a section's arrays take, packed and decoded, bytes. */
const ARRAYS = 500

export class Sections {
  private readonly packed: Bytes[]
  private readonly decoded: (Codes | Float64Array | undefined)[] = []

  constructor(bytes: Bytes) {
    this.packed = unpack(bytes)
  }

  isEmpty(section: number): boolean {
    return this.packed[section].byteLength === 0
  }

  integers(section: number): Uint32Array {
    return (this.decoded[section] ??= decodeIntegers(this.packed[section])) as Uint32Array
  }

  numbers(section: number): Float64Array {
    return (this.decoded[section] ??= decodeNumbers(this.packed[section])) as Float64Array
  }

  codes(section: number): Codes {
    return (this.decoded[section] ??= decodeCodes(this.packed[section])) as Codes
  }

  /** rough memory in bytes, everything decoded: from one or two bytes a number to eight, and two arrays for each section */
  get weight(): number {
    return this.packed.reduce((sum, bytes) => sum + bytes.byteLength * 5 + ARRAYS, 0)
  }
}
