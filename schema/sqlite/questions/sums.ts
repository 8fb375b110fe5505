/** Sums by group and bucket over all segments, and the answer made of them. */
import type { Counts, CountQuery } from '../../store/query.js'
import type { Bounded } from '../../store/buckets.js'
import { NumberIds } from '../segments/combine.js'
import type { Groups } from './groups.js'
import { largest } from '../../store/largest.js'

export class Sums {
  /** (group, bucket) → cell; with one bucket the group is the cell */
  private readonly cells = new NumberIds()
  private highest = -1
  private requests = new Float64Array(256)
  private bytes = new Float64Array(256)
  private records = new Float64Array(256)
  private errors = new Float64Array(256)

  private readonly buckets: number

  constructor(private readonly query: Bounded<Pick<CountQuery, 'withErrors' | 'withBytes'>>) {
    this.buckets = query.bounds.length - 1
  }

  add(group: number, bucket: number, requests: number, bytes: number, records: number, errors: number): void {
    const cell = this.buckets === 1 ? group : this.cells.idOf(group * this.buckets + bucket)
    if (cell > this.highest) {
      this.highest = cell
      while (cell >= this.requests.length) this.grow()
    }
    this.requests[cell] += requests
    this.bytes[cell] += bytes
    this.records[cell] += records
    this.errors[cell] += errors
  }

  /** Cells in ascending order of buckets. */
  toCounts(
    groups: Groups,
    { limit = Infinity, by, apart }: Pick<CountQuery, 'limit' | 'by' | 'apart'>,
    from: Counts['from'],
  ): Counts {
    const order = this.inOrderOfBuckets()
    const { values, requests, indexOf } = this.byFirstValue(groups, order)
    let cells = order
    if (values.length > limit) {
      const kept = new Set(largest(requests, values.length, limit, (i) => groups.dimensions[0].textOf(values[i])))
      cells = order.filter((cell) => kept.has(indexOf(cell)))
    }
    const own = this.groupsOf(cells)
    const apartValues = apart === undefined ? null : parted(own, groups)
    const group = new Uint32Array(cells.length)
    const numbered = numberedIn(own, group)
    return {
      bounds: this.query.bounds,
      groups: Array.from(numbered, (of) => groups.keyOf(of, by.length)),
      bucket: this.bucketsOf(cells),
      group,
      requests: pick(this.requests, cells),
      bytes: this.query.withBytes ? pick(this.bytes, cells) : null,
      records: pick(this.records, cells),
      errors: this.query.withErrors ? pick(this.errors, cells) : null,
      values: apartValues,
      total: {
        values: values.length,
        requests: this.sum(this.requests),
        bytes: this.query.withBytes ? this.sum(this.bytes) : null,
        records: this.sum(this.records),
        errors: this.query.withErrors ? this.sum(this.errors) : null,
      },
      from,
    }
  }

  private groupsOf(cells: Uint32Array): Float64Array {
    const out = new Float64Array(cells.length)
    for (let i = 0; i < cells.length; i++) out[i] = this.groupOf(cells[i])
    return out
  }

  private bucketsOf(cells: Uint32Array): Uint32Array {
    const out = new Uint32Array(cells.length)
    for (let i = 0; i < cells.length; i++) out[i] = this.bucketOf(cells[i])
    return out
  }

  private groupOf(cell: number): number {
    return this.buckets === 1 ? cell : Math.floor(this.cells.numbers[cell] / this.buckets)
  }

  private bucketOf(cell: number): number {
    return this.buckets === 1 ? 0 : this.cells.numbers[cell] % this.buckets
  }

  /** Counting sort; cells that nothing was added to are left out. */
  private inOrderOfBuckets(): Uint32Array {
    const starts = new Uint32Array(this.buckets + 1)
    for (let cell = 0; cell <= this.highest; cell++) if (this.records[cell] > 0) starts[this.bucketOf(cell) + 1]++
    for (let b = 1; b <= this.buckets; b++) starts[b] += starts[b - 1]
    const order = new Uint32Array(starts[this.buckets])
    for (let cell = 0; cell <= this.highest; cell++)
      if (this.records[cell] > 0) order[starts[this.bucketOf(cell)]++] = cell
    return order
  }

  /** Requests by value of the first dimension, over all buckets and the other dimensions. */
  private byFirstValue(
    groups: Groups,
    order: Uint32Array,
  ): { values: number[]; requests: Float64Array; indexOf: (cell: number) => number } {
    const ids = new Map<number, number>()
    const valueOf = (cell: number) =>
      groups.dimensions.length < 2 ? this.groupOf(cell) : groups.firstValueOf(this.groupOf(cell))
    const requests: number[] = []
    for (let i = 0; i < order.length; i++) {
      const value = valueOf(order[i])
      let id = ids.get(value)
      if (id === undefined) {
        ids.set(value, (id = ids.size))
        requests.push(0)
      }
      requests[id] += this.requests[order[i]]
    }
    return {
      values: [...ids.keys()],
      requests: Float64Array.from(requests),
      indexOf: (cell) => ids.get(valueOf(cell)) as number,
    }
  }

  private sum(numbers: Float64Array): number {
    let total = 0
    for (let cell = 0; cell <= this.highest; cell++) total += numbers[cell]
    return total
  }

  private grow(): void {
    this.requests = doubled(this.requests)
    this.bytes = doubled(this.bytes)
    this.records = doubled(this.records)
    this.errors = doubled(this.errors)
  }
}

// Loops of their own: in a long function they are compiled with all of it, and again for every other kind of question.

/** Takes the last dimension from each of the groups; gives the values that they have there. */
function parted(own: Float64Array, groups: Groups): Uint32Array {
  const values = new Uint32Array(own.length)
  for (let i = 0; i < own.length; i++) {
    const { group, number } = groups.withoutLast(own[i])
    own[i] = group
    values[i] = number
  }
  return values
}

/** Numbers the groups as they come; gives which they are. */
function numberedIn(own: Float64Array, numbers: Uint32Array): number[] {
  const known = new NumberIds()
  for (let i = 0; i < own.length; i++) numbers[i] = known.idOf(own[i])
  return [...known.numbers.subarray(0, known.count)]
}

function pick(numbers: Float64Array, cells: Uint32Array): Float64Array {
  const out = new Float64Array(cells.length)
  for (let i = 0; i < cells.length; i++) out[i] = numbers[cells[i]]
  return out
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const out = new Float64Array(array.length * 2)
  out.set(array)
  return out
}
