/** Requests, bytes and records by time and by up to three dimensions. */
import type { Counts, CountQuery, FoundValues, ValueQuery } from '../../store/query.js'
import { finderOf } from '../../words/pattern.js'
import type { Bounded } from '../../store/buckets.js'
import type { SegmentInfo } from '../segments/catalog.js'
import type { Segment, SegmentSource, Table } from '../segments/segment.js'
import { chooseValues } from './choose.js'
import { dimensionsOf, eachTable, sumByKey } from './each-table.js'
import { Groups } from './groups.js'
import type { Grouped } from './grouping.js'
import { candidates, heaviest, merged, totalOf } from './heaviest.js'
import type { KeptMerges } from './kept-merges.js'
import type { CodeSums } from './merged-values.js'
import { Sums } from './sums.js'

/** `segments` overlap the selection. */
export function countRequests(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  merges: KeptMerges,
): Counts {
  const oneBucket = query.bounds.length === 2
  const days = merges.days.forCounts(source, segments, query)
  return oneBucket && query.by.length === 1 && query.by[0] !== 'class' && query.apart === undefined
    ? breakDown(source, days, query, merges)
    : countCells(source, days, query, merges)
}

/** By several dimensions or over several buckets. Of a wide dimension the heaviest values have cells, the others are in the total. */
function countCells(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  merges: KeptMerges,
): Counts {
  const { chosen, total, whole } = chooseValues(source, segments, query, merges)
  const groups = new Groups(dimensionsOf(query))
  const sums = new Sums(query)
  const use = (segment: Segment, table: Table, grouped: Grouped) => {
    groups.enter(segment)
    addKeys(sumByKey(table, grouped, query), grouped, groups, sums)
  }
  const from = eachTable(source, segments, query, use, chosen)
  const counts = sums.toCounts(groups, query, from)
  if (total !== null) return { ...counts, total }
  // of the first dimension all values have cells, but not with each value of the others
  return whole === null ? counts : { ...counts, total: { ...whole, values: counts.total.values, more: true } }
}

/** A loop of its own, which is compiled once and not with each question, see the bench's README. */
function addKeys(
  { requests, bytes, records, errors }: CodeSums,
  { count, codesOf, bucketOf, firstBucket }: Grouped,
  groups: Groups,
  sums: Sums,
): void {
  for (let key = 0; key < count; key++) {
    if (records[key] === 0) continue
    const bucket = bucketOf ? firstBucket + bucketOf[key] : firstBucket
    const weighted = requests ? requests[key] : records[key]
    sums.add(groups.groupOf(codesOf, key), bucket, weighted, bytes[key], records[key], errors ? errors[key] : 0)
  }
}

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
    const asked = { ...query, bounds: Float64Array.of(query.from, query.to), by: [dimension], limit: undefined }
    const { groups, requests } = countCells(source, segments, asked, merges)
    const values = groups.map(([key], i) => ({ key, count: requests[i] }))
    return mostOf(
      values.filter(({ key }) => key.includes(finder.needle) && (finder.matches?.(key) ?? true)),
      limit,
    )
  }
  const asked = { ...query, bounds: Float64Array.of(query.from, query.to), by: [dimension] }
  const { values } = merged(source, segments, asked, merges, contains === '' ? null : finder)
  const all = values.finish(limit, { candidates, withBytes: false })
  const { entries, sums } = heaviest(source, segments, asked, all, limit)
  const { values: total, more } = totalOf(all, {})
  return {
    ...mostOf(
      entries.map((entry) => ({ key: all.textOf(entry), count: sums.requests[entry] })),
      limit,
    ),
    total,
    ...(more ? { more } : {}),
  }
}

function mostOf(values: { key: string; count: number }[], limit: number): FoundValues {
  const sorted = values.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
  return { values: sorted.slice(0, limit), total: sorted.length }
}

/** By one dimension, the whole range together. */
function breakDown(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  merges: KeptMerges,
): Counts {
  const { values, from } = merged(source, segments, query, merges)
  const limit = query.limit ?? (values.rest.records > 0 ? merges.named : Infinity)
  const all = values.finish(limit, { candidates, withBytes: query.withBytes })
  const { entries: kept, sums } = heaviest(source, segments, query, all, limit)
  const each = (numbers: Float64Array) => Float64Array.from(kept, (entry) => numbers[entry])
  return {
    bounds: query.bounds,
    groups: kept.map((entry) => [all.textOf(entry)]),
    bucket: new Uint32Array(kept.length),
    group: Uint32Array.from(kept, (_, i) => i),
    requests: each(sums.requests),
    bytes: query.withBytes ? each(sums.bytes) : null,
    records: each(sums.records),
    errors: query.withErrors ? each(sums.errors ?? new Float64Array(all.count)) : null,
    values: null,
    total: totalOf(all, query),
    from,
  }
}
