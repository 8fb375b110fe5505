/** Requests, bytes and records by time and by up to three dimensions. */
import type { Counts, CountQuery } from '../../query.js'
import type { SegmentInfo } from '../segments/catalog.js'
import { NumberIds } from '../segments/combine.js'
import type { SegmentSource, Table } from '../segments/segment.js'
import { codeFilters, conditionsOf, fieldsOf } from './filters.js'
import { Groups } from './groups.js'
import { groupRows, type Grouped } from './grouping.js'
import { bucketBounds, planRanges } from './ranges.js'
import { countLevels } from './tables.js'

export function countRequests(source: SegmentSource, segments: readonly SegmentInfo[], query: CountQuery): Counts {
  const conditions = conditionsOf(query)
  const fields = fieldsOf([...conditions.map((c) => c.dimension), ...query.by])
  const groups = new Groups(query.by)
  const sums = new Sums(bucketBounds(query).length - 1)
  let from: Counts['from'] = 'rollup'
  for (const info of segments) {
    const segment = source.open(info)
    const filters = codeFilters(segment, conditions)
    if (filters === null) continue
    groups.enter(segment)
    const levels = countLevels(segment, fields)
    planRanges(info, levels, query).forEach((ranges, i) => {
      if (ranges.length === 0) return
      const { table } = levels[i]
      if (levels[i].from === 'records') from = 'records'
      addUp(groupRows(segment, table, ranges, filters, query.by), table, groups, sums)
    })
  }
  return sums.toCounts(groups, query.limit ?? Infinity, from)
}

/** Adds within the segment first, so that dictionaries are looked at once per group and not once per row. */
function addUp(grouped: Grouped, table: Table, groups: Groups, sums: Sums): void {
  const { rows, keys, count } = grouped
  const records = countKeys(keys, rows, count, table.records())
  const weights = table.requests()
  const requests = weights === null ? records : sumByKey(keys, rows, count, weights)
  const bytes = sumByKey(keys, rows, count, table.bytes())
  for (let key = 0; key < count; key++) {
    if (records[key] === 0) continue
    sums.add(groups.groupOf((dimension) => grouped.codeOf(dimension, key)), grouped.bucketOf(key), requests[key], bytes[key], records[key])
  }
}

function countKeys(keys: ArrayLike<number>, rows: Uint32Array | null, count: number, each: Uint32Array | null): Float64Array {
  const out = new Float64Array(count)
  if (each === null) for (let i = 0; i < keys.length; i++) out[keys[i]]++
  else for (let i = 0; i < keys.length; i++) out[keys[i]] += each[rows ? rows[i] : i]
  return out
}

function sumByKey(keys: ArrayLike<number>, rows: Uint32Array | null, count: number, each: Float64Array): Float64Array {
  const out = new Float64Array(count)
  if (rows === null) for (let i = 0; i < keys.length; i++) out[keys[i]] += each[i]
  else for (let i = 0; i < keys.length; i++) out[keys[i]] += each[rows[i]]
  return out
}

class Sums {
  private readonly cells = new NumberIds()
  private requests = new Float64Array(64)
  private bytes = new Float64Array(64)
  private records = new Float64Array(64)

  constructor(private readonly buckets: number) {}

  add(group: number, bucket: number, requests: number, bytes: number, records: number): void {
    const cell = this.cells.idOf(group * this.buckets + bucket)
    if (cell >= this.requests.length) this.grow()
    this.requests[cell] += requests
    this.bytes[cell] += bytes
    this.records[cell] += records
  }

  private grow(): void {
    const double = (a: Float64Array) => {
      const out = new Float64Array(a.length * 2)
      out.set(a)
      return out
    }
    this.requests = double(this.requests)
    this.bytes = double(this.bytes)
    this.records = double(this.records)
  }

  /** The cells in ascending order of bucket, then of group. */
  toCounts(groups: Groups, limit: number, from: Counts['from']): Counts {
    const { cells, buckets } = this
    const kept = this.keptGroups(groups, limit)
    const newNumber = new Map(kept.map((group, i) => [group, i]))
    const order: number[] = []
    for (let cell = 0; cell < cells.count; cell++) if (newNumber.has(Math.floor(cells.numbers[cell] / buckets))) order.push(cell)
    const bucket = (cell: number) => cells.numbers[cell] % buckets
    const group = (cell: number) => newNumber.get(Math.floor(cells.numbers[cell] / buckets)) as number
    order.sort((a, b) => bucket(a) - bucket(b) || group(a) - group(b))
    const sum = (numbers: Float64Array) => numbers.subarray(0, cells.count).reduce((a, b) => a + b, 0)
    return {
      groups: kept.map((g) => groups.keyOf(g)),
      bucket: Uint32Array.from(order, bucket),
      group: Uint32Array.from(order, group),
      requests: Float64Array.from(order, (cell) => this.requests[cell]),
      bytes: Float64Array.from(order, (cell) => this.bytes[cell]),
      records: Float64Array.from(order, (cell) => this.records[cell]),
      total: { values: groups.firstValues.length, requests: sum(this.requests), bytes: sum(this.bytes), records: sum(this.records) },
      from,
    }
  }

  private keptGroups(groups: Groups, limit: number): number[] {
    const all = Array.from({ length: this.cells.count === 0 ? 0 : groups.count }, (_, group) => group)
    if (groups.firstValues.length <= limit) return all
    const requests = new Float64Array(groups.firstValues.length)
    for (let cell = 0; cell < this.cells.count; cell++) {
      requests[groups.firstValueOf(Math.floor(this.cells.numbers[cell] / this.buckets))] += this.requests[cell]
    }
    const names = groups.firstValues
    const best = Array.from(requests, (_, value) => value)
      .sort((a, b) => requests[b] - requests[a] || (names[a] < names[b] ? -1 : 1))
      .slice(0, limit)
    const wanted = new Set(best)
    return all.filter((group) => wanted.has(groups.firstValueOf(group)))
  }
}

