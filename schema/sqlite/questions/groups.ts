/** Groups over all segments: every segment has dictionaries of its own, here their values meet. */
import type { Dimension } from '../../query.js'
import { fieldOfDimension } from '../../query.js'
import { STATUS_CLASSES } from '../../status/status-class.js'
import { NumberIds } from '../segments/combine.js'
import type { Segment } from '../segments/segment.js'

const MOST_VALUES = 2 ** 26

export class Groups {
  private readonly values: string[][]
  private readonly known: Map<string, number>[]
  /** pairs[i]: (group so far, value of dimension i + 1) */
  private readonly pairs: NumberIds[]
  private translations: { [dimension: number]: Int32Array } = {}
  private segment: Segment | null = null

  constructor(private readonly by: readonly Dimension[]) {
    this.values = by.map(() => [])
    this.known = by.map(() => new Map())
    this.pairs = by.slice(1).map(() => new NumberIds())
  }

  /** Codes given from now on are this segment's. */
  enter(segment: Segment): void {
    if (this.segment?.info.id === segment.info.id) return
    this.segment = segment
    this.translations = {}
  }

  get count(): number {
    if (this.by.length === 0) return 1
    return this.by.length === 1 ? this.values[0].length : this.pairs[this.pairs.length - 1].count
  }

  /** The group of a segment's codes, one per dimension. */
  groupOf(codeOf: (dimension: number) => number): number {
    if (this.by.length === 0) return 0
    let group = this.valueOf(0, codeOf(0))
    for (let d = 1; d < this.by.length; d++) group = this.pairs[d - 1].idOf(group * MOST_VALUES + this.valueOf(d, codeOf(d)))
    return group
  }

  /** Number of the value of `by[0]` in a group. */
  firstValueOf(group: number): number {
    let value = group
    for (let d = this.by.length - 2; d >= 0; d--) value = Math.floor(this.pairs[d].numbers[value] / MOST_VALUES)
    return value
  }

  get firstValues(): readonly string[] {
    return this.values[0] ?? ['']
  }

  keyOf(group: number): string[] {
    const key: string[] = []
    let left = group
    for (let d = this.by.length - 1; d > 0; d--) {
      const pair = this.pairs[d - 1].numbers[left]
      key.unshift(this.values[d][pair % MOST_VALUES])
      left = Math.floor(pair / MOST_VALUES)
    }
    if (this.by.length > 0) key.unshift(this.values[0][left])
    return key
  }

  private valueOf(dimension: number, code: number): number {
    const segment = this.segment as Segment
    const name = this.by[dimension]
    const field = fieldOfDimension(name)
    const size = name === 'class' ? STATUS_CLASSES.length + 1 : segment.dictionary(field).size
    const translation = (this.translations[dimension] ??= new Int32Array(size).fill(-1))
    if (translation[code] === -1) {
      translation[code] = this.idOf(dimension, name === 'class' ? STATUS_CLASSES[code - 1] : segment.dictionary(field).value(code))
    }
    return translation[code]
  }

  private idOf(dimension: number, value: string): number {
    const known = this.known[dimension]
    let id = known.get(value)
    if (id === undefined) {
      id = this.values[dimension].push(value) - 1
      known.set(value, id)
    }
    return id
  }
}
