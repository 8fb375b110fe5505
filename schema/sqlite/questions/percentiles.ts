/** Weighted percentiles of durations, out of histograms: kept ones where they suffice, else made of the records. */
import { bucketOf, HISTOGRAM_BUCKETS, percentilesOf } from '../../store/histogram.js'
import type { PercentileQuery, Percentiles } from '../../store/query.js'
import type { Bounded } from '../../store/buckets.js'
import { conditionsOf, fieldsOf } from '../../store/conditions.js'
import type { SegmentInfo } from '../segments/catalog.js'
import { combine, NumberIds } from '../segments/combine.js'
import { radixOrder } from '../segments/radix.js'
import type { Segment, SegmentSource, Table } from '../segments/segment.js'
import { filtersOf } from './chosen.js'
import { chooseValues } from './choose.js'
import { countRequests } from './counts.js'
import { codeFilters } from './filters.js'
import { checkAnswerable } from './gone.js'
import { Groups } from './groups.js'
import { groupRows, type Grouped } from './grouping.js'
import type { KeptMerges } from './kept-merges.js'
import { planRanges } from './ranges.js'
import { histogramLevels, measureOf, type HistogramLevel } from './tables.js'

/** `segments` overlap the selection. */
export function percentiles(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  asked: Bounded<PercentileQuery>,
  merges: KeptMerges,
): Percentiles {
  checkAnswerable(source, segments, asked, true)
  const query = ofLargestClasses(source, recorded(segments), asked, merges)
  const conditions = conditionsOf(query)
  const fields = fieldsOf([...conditions.map((c) => c.dimension), ...query.by])
  const groups = new Groups(query.by)
  const histograms = new Histograms(query.bounds)
  const days = merges.days.forDurations(source, recorded(segments), query)
  const { chosen } = chooseValues(source, days, query, merges, 0)
  for (const info of days) {
    const segment = source.open(info)
    const filters = codeFilters(segment, conditions)
    const only = filtersOf(chosen, segment)
    if (filters === null || only === null) continue
    groups.enter(segment)
    const levels = histogramLevels(segment, query.measure, fields)
    planRanges(info, levels, query).forEach((ranges, i) => {
      if (ranges.length === 0) return
      addUp(
        segment,
        levels[i],
        groupRows(segment, levels[i].table() as Table, ranges, [...only, ...filters], query.by),
        query,
        groups,
        histograms,
      )
    })
  }
  return histograms.toPercentiles(groups, query.percentiles)
}

/** What is only counted and passed the check has nothing that is meant. */
const recorded = (segments: readonly SegmentInfo[]) => segments.filter((info) => !info.counted)

/** Classes are no values of a dictionary that could be chosen: those with the most requests are filtered for. */
function ofLargestClasses(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<PercentileQuery>,
  merges: KeptMerges,
): Bounded<PercentileQuery> {
  const { bounds, by, limit, filters } = query
  if (limit === undefined || by[0] !== 'class') return query
  const range = Float64Array.of(bounds[0], bounds[bounds.length - 1])
  const { groups } = countRequests(source, segments, { ...query, bounds: range, by: ['class'] }, merges)
  return { ...query, filters: [...filters, { dimension: 'class', values: groups.map(([value]) => value) }] }
}

function addUp(
  segment: Segment,
  level: HistogramLevel,
  grouped: Grouped,
  query: Bounded<PercentileQuery>,
  groups: Groups,
  histograms: Histograms,
): void {
  const { rows, keys, count, codesOf, bucketOf: bucketOfKey, firstBucket } = grouped
  // 0 is for records that do not carry the measure
  const kept = level.buckets()
  const buckets = kept ? keptBuckets(kept, rows) : bucketsOfValues(measureOf(segment, query.measure, rows))
  const table = level.table() as Table
  const requests = table.requests(rows)
  const records = table.records(rows)
  if (count === 1 && bucketOfKey === null) {
    const group = groups.groupOf(codesOf, 0)
    addOne(buckets, requests, records, (bucket, weight, n) => histograms.add(group, firstBucket, bucket, weight, n))
    return
  }
  const { ids, count: entries, first, second } = combine(keys, count, buckets, HISTOGRAM_BUCKETS + 1)
  const weightOf = new Float64Array(entries)
  const recordsOf = new Float64Array(entries)
  for (let i = 0; i < ids.length; i++) {
    weightOf[ids[i]] += requests ? requests[i] : 1
    recordsOf[ids[i]] += records ? records[i] : 1
  }
  for (let entry = 0; entry < entries; entry++) {
    if (second[entry] === 0) continue
    const key = first[entry]
    const bucket = bucketOfKey ? firstBucket + bucketOfKey[key] : firstBucket
    histograms.add(groups.groupOf(codesOf, key), bucket, second[entry] - 1, weightOf[entry], recordsOf[entry])
  }
}

/** All rows make one histogram. */
function addOne(
  buckets: Uint16Array,
  requests: Float64Array | null,
  records: Uint32Array | null,
  add: (bucket: number, weight: number, records: number) => void,
): void {
  const weightOf = new Float64Array(HISTOGRAM_BUCKETS + 1)
  const recordsOf = new Float64Array(HISTOGRAM_BUCKETS + 1)
  for (let i = 0; i < buckets.length; i++) {
    weightOf[buckets[i]] += requests ? requests[i] : 1
    recordsOf[buckets[i]] += records ? records[i] : 1
  }
  for (let b = 1; b <= HISTOGRAM_BUCKETS; b++) if (recordsOf[b] > 0) add(b - 1, weightOf[b], recordsOf[b])
}

function keptBuckets(kept: Uint32Array, rows: Uint32Array | null): Uint16Array {
  const out = new Uint16Array(rows ? rows.length : kept.length)
  for (let i = 0; i < out.length; i++) out[i] = kept[rows ? rows[i] : i] + 1
  return out
}

function bucketsOfValues(values: Float64Array): Uint16Array {
  const out = new Uint16Array(values.length)
  for (let i = 0; i < out.length; i++) {
    const value = values[i]
    out[i] = value === value ? bucketOf(value) + 1 : 0
  }
  return out
}

/** Sparse: most cells have some dozen of the 1,217 buckets. */
class Histograms {
  /** (group, bucket of time) → cell */
  private readonly cells = new NumberIds()
  /** (cell, bucket of the histogram) → entry */
  private readonly entries = new NumberIds()
  private weights = new Float64Array(1024)
  private records = new Float64Array(1024)

  private readonly buckets: number

  constructor(private readonly bounds: Float64Array) {
    this.buckets = bounds.length - 1
  }

  add(group: number, bucket: number, histogramBucket: number, weight: number, records: number): void {
    const cell = this.cells.idOf(group * this.buckets + bucket)
    const entry = this.entries.idOf(cell * HISTOGRAM_BUCKETS + histogramBucket)
    if (entry === this.weights.length) {
      this.weights = doubled(this.weights)
      this.records = doubled(this.records)
    }
    this.weights[entry] += weight
    this.records[entry] += records
  }

  /** Cells in ascending order of buckets. */
  toPercentiles(groups: Groups, wanted: readonly number[]): Percentiles {
    const { cells } = this
    const numbers = cells.numbers.subarray(0, cells.count)
    const bucketOfCell = Uint32Array.from(numbers, (n) => n % this.buckets)
    const groupOfCell = Uint32Array.from(numbers, (n) => Math.floor(n / this.buckets))
    const order = radixOrder(bucketOfCell, this.buckets)
    const place = new Uint32Array(cells.count)
    order.forEach((cell, i) => {
      place[cell] = i
    })
    const values = new Float64Array(cells.count * wanted.length)
    const records = new Float64Array(cells.count)
    this.eachCell((cell, weights, recordsInCell) => {
      percentilesOf(weights, 0, wanted, values, place[cell] * wanted.length)
      records[place[cell]] = recordsInCell
    })
    const used = [...new Set(groupOfCell)]
    const newNumber = new Map(used.map((group, i) => [group, i]))
    return {
      bounds: this.bounds,
      groups: used.map((group) => groups.keyOf(group)),
      bucket: order.map((cell) => bucketOfCell[cell]),
      group: order.map((cell) => newNumber.get(groupOfCell[cell]) as number),
      values,
      records,
    }
  }

  /** Calls with the full histogram of each cell; the array is used again for the next. */
  private eachCell(use: (cell: number, weights: Float64Array, records: number) => void): void {
    const { numbers, count } = this.entries
    const cellOf = Uint32Array.from({ length: count }, (_, entry) => Math.floor(numbers[entry] / HISTOGRAM_BUCKETS))
    const order = radixOrder(cellOf, this.cells.count)
    const weights = new Float64Array(HISTOGRAM_BUCKETS)
    for (let i = 0; i < count;) {
      const cell = cellOf[order[i]]
      let records = 0
      weights.fill(0)
      for (; i < count && cellOf[order[i]] === cell; i++) {
        weights[numbers[order[i]] % HISTOGRAM_BUCKETS] = this.weights[order[i]]
        records += this.records[order[i]]
      }
      use(cell, weights, records)
    }
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const out = new Float64Array(array.length * 2)
  out.set(array)
  return out
}
