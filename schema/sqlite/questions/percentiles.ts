/** Weighted percentiles of durations, out of histograms: kept ones where they suffice, else made of the records. */
import { bucketOf, HISTOGRAM_BUCKETS, percentilesOf } from '../../histogram.js'
import type { PercentileQuery, Percentiles } from '../../query.js'
import type { SegmentInfo } from '../segments/catalog.js'
import { combine, NumberIds } from '../segments/combine.js'
import type { Segment, SegmentSource } from '../segments/segment.js'
import { codeFilters, conditionsOf, fieldsOf } from './filters.js'
import { Groups } from './groups.js'
import { groupRows, type Grouped } from './grouping.js'
import { bucketBounds, planRanges } from './ranges.js'
import { histogramLevels, type HistogramLevel } from './tables.js'

/** more than HISTOGRAM_BUCKETS; keys of entries are cell * ENTRY + histogram bucket */
const ENTRY = 4096

export function percentiles(source: SegmentSource, segments: readonly SegmentInfo[], query: PercentileQuery): Percentiles {
  const conditions = conditionsOf(query)
  const fields = fieldsOf([...conditions.map((c) => c.dimension), ...query.by])
  const groups = new Groups(query.by)
  const histograms = new Histograms(bucketBounds(query).length - 1)
  for (const info of segments) {
    const segment = source.open(info)
    const filters = codeFilters(segment, conditions)
    if (filters === null) continue
    groups.enter(segment)
    const levels = histogramLevels(segment, query.measure, fields)
    planRanges(info, levels, query).forEach((ranges, i) => {
      if (ranges.length === 0) return
      addUp(segment, levels[i], groupRows(segment, levels[i].table, ranges, filters, query.by), query, groups, histograms)
    })
  }
  return histograms.toPercentiles(groups, query.percentiles)
}

function addUp(segment: Segment, level: HistogramLevel, grouped: Grouped, query: PercentileQuery, groups: Groups, histograms: Histograms): void {
  const { rows, keys, count } = grouped
  const n = keys.length
  const buckets = new Uint32Array(n)
  if (level.buckets) for (let i = 0; i < n; i++) buckets[i] = level.buckets[rows ? rows[i] : i] + 1
  else {
    const values = segment.numbers(query.measure)
    for (let i = 0; i < n; i++) {
      const value = values[rows ? rows[i] : i]
      // 0 is kept for records that do not carry the measure
      buckets[i] = value === value ? bucketOf(value) + 1 : 0
    }
  }
  const { ids, count: entries, first, second } = combine(keys, count, buckets, HISTOGRAM_BUCKETS + 1)
  const requests = level.table.requests()
  const records = level.table.records()
  const weightOf = new Float64Array(entries)
  const recordsOf = new Float64Array(entries)
  for (let i = 0; i < n; i++) {
    const row = rows ? rows[i] : i
    weightOf[ids[i]] += requests ? requests[row] : 1
    recordsOf[ids[i]] += records ? records[row] : 1
  }
  for (let entry = 0; entry < entries; entry++) {
    if (second[entry] === 0) continue
    const key = first[entry]
    histograms.add(groups.groupOf((d) => grouped.codeOf(d, key)), grouped.bucketOf(key), second[entry] - 1, weightOf[entry], recordsOf[entry])
  }
}

/** Sparse: most cells have some dozen of the 1,217 buckets. */
class Histograms {
  private readonly entries = new NumberIds()
  private readonly weights: number[] = []
  private readonly records: number[] = []

  constructor(private readonly buckets: number) {}

  add(group: number, bucket: number, histogramBucket: number, weight: number, records: number): void {
    // ordered by bucket of time, then group, so that sorting the entries sorts the cells
    const entry = this.entries.idOf((group * this.buckets + bucket) * ENTRY + histogramBucket)
    this.weights[entry] = (this.weights[entry] ?? 0) + weight
    this.records[entry] = (this.records[entry] ?? 0) + records
  }

  toPercentiles(groups: Groups, wanted: readonly number[]): Percentiles {
    const { numbers, count } = this.entries
    const cellOf = (entry: number) => Math.floor(numbers[entry] / ENTRY)
    const entriesOf = new Map<number, number[]>()
    for (let entry = 0; entry < count; entry++) {
      const list = entriesOf.get(cellOf(entry))
      if (list) list.push(entry)
      else entriesOf.set(cellOf(entry), [entry])
    }
    const bucket = (cell: number) => cell % this.buckets
    const group = (cell: number) => Math.floor(cell / this.buckets)
    const cells = [...entriesOf.keys()].sort((a, b) => bucket(a) - bucket(b) || group(a) - group(b))
    const values = new Float64Array(cells.length * wanted.length)
    const records = new Float64Array(cells.length)
    const scratch = new Float64Array(HISTOGRAM_BUCKETS)
    cells.forEach((cell, i) => {
      scratch.fill(0)
      for (const entry of entriesOf.get(cell) as number[]) {
        scratch[numbers[entry] % ENTRY] += this.weights[entry]
        records[i] += this.records[entry]
      }
      percentilesOf(scratch, 0, wanted, values, i * wanted.length)
    })
    return {
      groups: Array.from({ length: cells.length === 0 ? 0 : groups.count }, (_, g) => groups.keyOf(g)),
      bucket: Uint32Array.from(cells, bucket),
      group: Uint32Array.from(cells, group),
      values, records,
    }
  }
}
