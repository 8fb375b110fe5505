/** Requests, bytes and records by time and by up to three dimensions. */
import type { Codes } from '../../store/block.js'
import { fieldOfDimension, type Counts, type CountQuery, type FoundValues, type ValueQuery } from '../../store/query.js'
import { finderOf } from '../../words/pattern.js'
import type { Bounded } from '../../store/buckets.js'
import { conditionsOf, fieldsOf } from '../../store/conditions.js'
import { largest } from '../../store/largest.js'
import type { SegmentInfo } from '../segments/catalog.js'
import type { Segment, SegmentSource, Table } from '../segments/segment.js'
import { codeFilters } from './filters.js'
import { Groups } from './groups.js'
import { groupRows, type Grouped } from './grouping.js'
import type { KeptMerges } from './kept-merges.js'
import { MergedValues, type CodeSums } from './merged-values.js'
import { planRanges } from './ranges.js'
import { Sums } from './sums.js'
import { countLevels, hasTally } from './tables.js'

/** `segments` overlap the selection. */
export function countRequests(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  merges: KeptMerges,
): Counts {
  const oneBucket = query.bounds.length === 2
  return oneBucket && query.by.length === 1 && query.by[0] !== 'class' && query.apart === undefined
    ? breakDown(source, segments, query, merges)
    : countCells(source, segments, query)
}

/** By several dimensions or over several buckets. */
function countCells(source: SegmentSource, segments: readonly SegmentInfo[], query: Bounded<CountQuery>): Counts {
  const groups = new Groups(dimensionsOf(query))
  const sums = new Sums(query.bounds, query.withErrors ?? false)
  const from = eachTable(source, segments, query, (segment, table, grouped) => {
    const { requests, bytes, records, errors } = sumByKey(table, grouped, query)
    const { count, codesOf, bucketOf, firstBucket } = grouped
    groups.enter(segment)
    for (let key = 0; key < count; key++) {
      if (records[key] === 0) continue
      const bucket = bucketOf ? firstBucket + bucketOf[key] : firstBucket
      const weighted = requests ? requests[key] : records[key]
      sums.add(groups.groupOf(codesOf, key), bucket, weighted, bytes[key], records[key], errors ? errors[key] : 0)
    }
  })
  return sums.toCounts(groups, query, from)
}

/** What tells the cells apart. */
const dimensionsOf = ({ by, apart }: Pick<CountQuery, 'by' | 'apart'>) => (apart === undefined ? by : [...by, apart])

/** The values of a dimension that a text finds, those with the most requests first. */
export function findValues(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: ValueQuery,
  merges: KeptMerges,
): FoundValues {
  const { dimension, contains, limit } = query
  const finder = finderOf(contains)
  if (dimension === 'class') {
    const { groups, requests } = countCells(source, segments, {
      ...query,
      bounds: Float64Array.of(query.from, query.to),
      by: [dimension],
      limit: undefined,
    })
    const values = groups.map(([key], i) => ({ key, count: requests[i] }))
    return mostOf(
      values.filter(({ key }) => key.includes(finder.needle) && (finder.matches?.(key) ?? true)),
      limit,
    )
  }
  const { values } = merged(
    source,
    segments,
    { ...query, bounds: Float64Array.of(query.from, query.to), by: [dimension] },
    merges,
  )
  const { count, requests, textOf, found } = values.finish()
  const entries = contains === '' ? Uint32Array.from({ length: count }, (_, entry) => entry) : found(finder)
  const counts = Float64Array.from(entries, (entry) => requests[entry])
  const text = (i: number) => textOf(entries[i])
  const kept = largest(counts, entries.length, Math.min(limit, entries.length), text)
  return {
    ...mostOf(
      kept.map((i) => ({ key: text(i), count: counts[i] })),
      limit,
    ),
    total: entries.length,
  }
}

function mostOf(values: { key: string; count: number }[], limit: number): FoundValues {
  const sorted = values.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
  return { values: sorted.slice(0, limit), total: sorted.length }
}

/** All values of one dimension with their sums, the whole range together. */
function merged(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  merges: KeptMerges,
) {
  const field = fieldOfDimension(query.by[0])
  const values = new MergedValues()
  const add = (to: MergedValues, infos: readonly SegmentInfo[], asked: Bounded<CountQuery>) =>
    eachTable(source, infos, asked, (segment, table, grouped) => {
      to.add(() => segment.dictionary(field), sumByKey(table, grouped, asked))
    })
  const whole: SegmentInfo[] = []
  const others: SegmentInfo[] = []
  for (const info of segments) (isWhole(info, query) && hasTally(source.open(info), query) ? whole : others).push(info)
  // what is kept serves the next question too, whatever it asks for
  merges.addAll(values, field, whole, (to, info) => {
    add(to, [info], { ...query, withErrors: true })
  })
  return { values, from: add(values, others, query) }
}

/** By one dimension, the whole range together. */
function breakDown(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  merges: KeptMerges,
): Counts {
  const { values, from } = merged(source, segments, query, merges)
  const { count, requests, bytes, records, errors: known, textOf } = values.finish()
  const errors = query.withErrors ? (known ?? new Float64Array(0)) : null
  const kept =
    query.limit !== undefined && query.limit < count
      ? largest(requests, count, query.limit, textOf)
      : Array.from({ length: count }, (_, entry) => entry)
  const each = (numbers: Float64Array) => Float64Array.from(kept, (entry) => numbers[entry])
  return {
    bounds: query.bounds,
    groups: kept.map((entry) => [textOf(entry)]),
    bucket: new Uint32Array(kept.length),
    group: Uint32Array.from(kept, (_, i) => i),
    requests: each(requests),
    bytes: each(bytes),
    records: each(records),
    errors: errors && each(errors),
    values: null,
    total: {
      values: count,
      requests: sum(requests, count),
      bytes: sum(bytes, count),
      records: sum(records, count),
      errors: errors && sum(errors, count),
    },
    from,
  }
}

/** Does the question ask for all records of the segment? */
function isWhole(info: SegmentInfo, query: Bounded<CountQuery>): boolean {
  const [from, to] = query.bounds
  return Math.max(from, query.from) <= info.firstTime && Math.min(to, query.to) > info.lastTime
}

/**
 * Calls with each table that has rows for the question, these rows grouped. Says whether records had to be looked at.
 */
function eachTable(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  use: (segment: Segment, table: Table, grouped: Grouped) => void,
): Counts['from'] {
  const conditions = conditionsOf(query)
  const by = dimensionsOf(query)
  const fields = fieldsOf([...conditions.map((c) => c.dimension), ...by])
  let from: Counts['from'] = 'rollup'
  for (const info of segments) {
    const segment = source.open(info)
    const filters = codeFilters(segment, conditions)
    if (filters === null) continue
    const levels = countLevels(segment, fields, query)
    planRanges(info, levels, query).forEach((ranges, i) => {
      if (ranges.length === 0) return
      const level = levels[i]
      if (level.from === 'records') from = 'records'
      const table = level.table() as Table
      use(segment, table, groupRows(segment, table, ranges, level.answersFilters ? [] : filters, by))
    })
  }
  return from
}

/** Adds up within a segment, so that values are looked up once per key and not once per row. */
function sumByKey(table: Table, { rows, keys, count }: Grouped, query: Bounded<CountQuery>): CodeSums {
  const own = keys === table.identity
  const each = (numbers: Float64Array) => (own ? numbers : sumEach(keys, count, numbers))
  const ofRows = table.records(rows)
  const records =
    own && ofRows !== null ? ofRows : ofRows === null ? countKeys(keys, count) : sumEach(keys, count, ofRows)
  const weights = table.requests(rows)
  return {
    records,
    requests: weights === null ? null : each(weights),
    bytes: each(table.bytes(rows)),
    errors: query.withErrors ? each(table.errors(rows)) : null,
  }
}

function countKeys(keys: Codes, count: number): Float64Array {
  const out = new Float64Array(count)
  for (let i = 0; i < keys.length; i++) out[keys[i]]++
  return out
}

function sumEach(keys: Codes, count: number, numbers: Float64Array | Uint32Array): Float64Array {
  const out = new Float64Array(count)
  for (let i = 0; i < keys.length; i++) out[keys[i]] += numbers[i]
  return out
}

function sum(numbers: Float64Array, count: number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += numbers[i]
  return total
}
