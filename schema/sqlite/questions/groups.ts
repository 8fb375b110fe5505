/** Groups over all segments: every segment numbers its values itself, here they meet, by their hashes. */
import type { Dimension } from '../../store/query.js'
import { fieldOfDimension } from '../../store/query.js'
import { STATUS_CLASSES } from '../../status/status-class.js'
import type { Dictionary } from '../columns/dictionary.js'
import { NumberIds } from '../segments/combine.js'
import type { Segment } from '../segments/segment.js'
import { ValueIds } from '../segments/values.js'

const MOST_VALUES = 2 ** 26

export class Groups {
  readonly dimensions: readonly GroupedDimension[]
  /** pairs[i]: (group so far, value of dimension i + 1) */
  private readonly pairs: NumberIds[]

  constructor(by: readonly Dimension[]) {
    this.dimensions = by.map((dimension) =>
      dimension === 'class' ? new ClassDimension() : new ValueDimension(dimension),
    )
    this.pairs = by.slice(1).map(() => new NumberIds())
  }

  /** Codes given from now on are this segment's. */
  enter(segment: Segment): void {
    for (const dimension of this.dimensions) dimension.enter(segment)
  }

  /** The group of the key whose code in dimension d is `codesOf[d][key]`, or the key itself where that is null. */
  groupOf(codesOf: readonly (Uint32Array | null)[], key: number): number {
    const { dimensions, pairs } = this
    if (dimensions.length === 0) return 0
    let group = dimensions[0].valueOf(codesOf[0] ? codesOf[0][key] : key)
    for (let d = 1; d < dimensions.length; d++) {
      const codes = codesOf[d]
      group = pairs[d - 1].idOf(group * MOST_VALUES + dimensions[d].valueOf(codes ? codes[key] : key))
    }
    return group
  }

  /** Number of the value of the first dimension in a group. */
  firstValueOf(group: number): number {
    let value = group
    for (let d = this.dimensions.length - 2; d >= 0; d--) value = Math.floor(this.pairs[d].numbers[value] / MOST_VALUES)
    return value
  }

  /** The group without its last dimension, and the number of the value that it has there. */
  withoutLast(group: number): { group: number; number: number } {
    const last = this.dimensions.length - 1
    if (last === 0) return { group: 0, number: this.dimensions[0].numberOf(group) }
    const pair = this.pairs[last - 1].numbers[group]
    return { group: Math.floor(pair / MOST_VALUES), number: this.dimensions[last].numberOf(pair % MOST_VALUES) }
  }

  /** The values of a group of the first `length` dimensions, as text. */
  keyOf(group: number, length = this.dimensions.length): string[] {
    const key: string[] = []
    if (length === 0) return key
    let left = group
    for (let d = length - 1; d > 0; d--) {
      const pair = this.pairs[d - 1].numbers[left]
      key.unshift(this.dimensions[d].textOf(pair % MOST_VALUES))
      left = Math.floor(pair / MOST_VALUES)
    }
    key.unshift(this.dimensions[0].textOf(left))
    return key
  }
}

interface GroupedDimension {
  enter(segment: Segment): void
  /** Number over all segments of a code of the segment entered last. */
  valueOf(code: number): number
  textOf(value: number): string
  /** 32 bits that are the same in every answer; 0 for absent. */
  numberOf(value: number): number
}

/**
 * Values are told apart by their hashes; where the text of one can be read is noted, it is read at the end if at all.
 */
class ValueDimension implements GroupedDimension {
  private readonly ids = new ValueIds(256)
  private readonly segments: Segment[] = []
  /** by value: which of the segments, and its code there */
  private segmentOf = new Uint32Array(512)
  private codeIn = new Uint32Array(512)
  private dictionary: Dictionary | null = null
  private translation = new Int32Array(0)

  constructor(private readonly dimension: Dimension) {}

  enter(segment: Segment): void {
    this.segments.push(segment)
    this.dictionary = segment.dictionary(fieldOfDimension(this.dimension))
    this.translation = new Int32Array(this.dictionary.size).fill(-1)
  }

  valueOf(code: number): number {
    const known = this.translation[code]
    return known === -1 ? this.translate(code) : known
  }

  textOf(value: number): string {
    return this.segments[this.segmentOf[value]].dictionary(fieldOfDimension(this.dimension)).value(this.codeIn[value])
  }

  numberOf(value: number): number {
    return this.ids.exact[value]
  }

  private translate(code: number): number {
    const { ids } = this
    const { folded, exact } = this.dictionary as Dictionary
    const before = ids.count
    const value = ids.idOf(folded[code], exact[code])
    if (ids.count > before) {
      if (value >= this.segmentOf.length) {
        this.segmentOf = doubled(this.segmentOf)
        this.codeIn = doubled(this.codeIn)
      }
      this.segmentOf[value] = this.segments.length - 1
      this.codeIn[value] = code
    }
    this.translation[code] = value
    return value
  }
}

/** Classes are the same in every segment: code is the place in STATUS_CLASSES plus one. */
class ClassDimension implements GroupedDimension {
  enter(): void {}

  valueOf(code: number): number {
    return code - 1
  }

  textOf(value: number): string {
    return STATUS_CLASSES[value]
  }

  numberOf(value: number): number {
    return value + 1
  }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(array.length * 2)
  out.set(array)
  return out
}
