/** Sums by group and bucket over all segments, and the answer made of them. */
import type { Counts } from '../../query.js'
import { NumberIds } from '../segments/combine.js'
import type { Groups } from './groups.js'

export class Sums {
  /** (group, bucket) → cell; with one bucket the group is the cell */
  private readonly cells = new NumberIds()
  private highest = -1
  private requests = new Float64Array(256)
  private bytes = new Float64Array(256)
  private records = new Float64Array(256)
  private errors = new Float64Array(256)

  constructor(private readonly buckets: number, private readonly withErrors: boolean) {}

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
  toCounts(groups: Groups, limit: number, from: Counts['from']): Counts {
    const order = this.inOrderOfBuckets()
    const first = this.firstValues(groups, order)
    const kept = first.totals.size > limit ? largest(first.totals, limit, (value) => groups.dimensions[0].textOf(value)) : null
    const newNumber = new Map<number, number>()
    const names: string[][] = []
    const cells: number[] = []
    for (const cell of order) {
      if (kept && !kept.has(first.valueOf(cell))) continue
      cells.push(cell)
      const group = this.groupOf(cell)
      if (newNumber.has(group)) continue
      newNumber.set(group, names.length)
      names.push(groups.keyOf(group))
    }
    const each = (numbers: Float64Array) => Float64Array.from(cells, (cell) => numbers[cell])
    return {
      groups: names,
      bucket: Uint32Array.from(cells, (cell) => this.bucketOf(cell)),
      group: Uint32Array.from(cells, (cell) => newNumber.get(this.groupOf(cell)) as number),
      requests: each(this.requests), bytes: each(this.bytes), records: each(this.records),
      errors: this.withErrors ? each(this.errors) : null,
      total: {
        values: first.totals.size,
        requests: this.sum(this.requests), bytes: this.sum(this.bytes), records: this.sum(this.records),
        errors: this.withErrors ? this.sum(this.errors) : null,
      },
      from,
    }
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
    for (let cell = 0; cell <= this.highest; cell++) if (this.records[cell] > 0) order[starts[this.bucketOf(cell)]++] = cell
    return order
  }

  /** Requests by value of the first dimension, over all buckets and the other dimensions. */
  private firstValues(groups: Groups, order: Uint32Array): { totals: Totals; valueOf: (cell: number) => number } {
    const valueOf = (cell: number) => (groups.dimensions.length < 2 ? this.groupOf(cell) : groups.firstValueOf(this.groupOf(cell)))
    const totals = new Totals()
    for (const cell of order) totals.add(valueOf(cell), this.requests[cell])
    return { totals, valueOf }
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

/** Requests by value; values are small numbers. */
class Totals {
  size = 0
  requests = new Float64Array(256)
  seen = new Uint8Array(256)

  add(value: number, requests: number): void {
    while (value >= this.requests.length) {
      this.requests = doubled(this.requests)
      const seen = new Uint8Array(this.seen.length * 2)
      seen.set(this.seen)
      this.seen = seen
    }
    if (this.seen[value] === 0) {
      this.seen[value] = 1
      this.size++
    }
    this.requests[value] += requests
  }
}

/** The `limit` values with most requests; equal ones by text, which is read of those only that stand at the edge. */
function largest({ requests, seen, size }: Totals, limit: number, textOf: (value: number) => string): Set<number> {
  if (limit <= 0) return new Set()
  const sorted = requests.filter((_, value) => seen[value] === 1).sort()
  const edge = sorted[size - limit]
  const kept = new Set<number>()
  const atEdge: number[] = []
  for (let value = 0; value < requests.length; value++) {
    if (seen[value] === 0) continue
    if (requests[value] > edge) kept.add(value)
    else if (requests[value] === edge) atEdge.push(value)
  }
  if (kept.size + atEdge.length > limit) {
    const text = new Map(atEdge.map((value) => [value, textOf(value)]))
    atEdge.sort((a, b) => ((text.get(a) as string) < (text.get(b) as string) ? -1 : 1))
  }
  for (const value of atEdge.slice(0, limit - kept.size)) kept.add(value)
  return kept
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const out = new Float64Array(array.length * 2)
  out.set(array)
  return out
}
