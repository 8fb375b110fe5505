/** Requests, bytes and records by time and by up to three dimensions. */
import type { Counts, CountQuery } from '../../query.js'
import type { SegmentInfo } from '../segments/catalog.js'
import type { SegmentSource, Table } from '../segments/segment.js'
import { codeFilters, conditionsOf, fieldsOf } from './filters.js'
import { Groups } from './groups.js'
import { groupRows, type Grouped } from './grouping.js'
import { bucketBounds, planRanges } from './ranges.js'
import { Sums } from './sums.js'
import { countLevels } from './tables.js'

/** `segments` overlap the selection. */
export function countRequests(source: SegmentSource, segments: readonly SegmentInfo[], query: CountQuery): Counts {
  const conditions = conditionsOf(query)
  const fields = fieldsOf([...conditions.map((c) => c.dimension), ...query.by])
  const groups = new Groups(query.by)
  const withErrors = query.withErrors ?? false
  const sums = new Sums(bucketBounds(query).length - 1, withErrors)
  let from: Counts['from'] = 'rollup'
  for (const info of segments) {
    const segment = source.open(info)
    const filters = codeFilters(segment, conditions)
    if (filters === null) continue
    groups.enter(segment)
    const levels = countLevels(segment, fields, query)
    planRanges(info, levels, query).forEach((ranges, i) => {
      if (ranges.length === 0) return
      const { table, answersFilters } = levels[i]
      if (levels[i].from === 'records') from = 'records'
      addUp(groupRows(segment, table, ranges, answersFilters ? [] : filters, query.by), table, groups, sums, withErrors)
    })
  }
  return sums.toCounts(groups, query.limit ?? Infinity, from)
}

/** Adds within the segment first, so that the groups are looked up once per key and not once per row. */
function addUp(grouped: Grouped, table: Table, groups: Groups, sums: Sums, withErrors: boolean): void {
  const { rows, keys, count, codesOf, bucketOf, firstBucket } = grouped
  const records = countKeys(keys, rows, count, table.records())
  const weights = table.requests()
  const requests = weights === null ? records : sumByKey(keys, rows, count, weights)
  const bytes = sumByKey(keys, rows, count, table.bytes())
  const errors = withErrors ? sumByKey(keys, rows, count, table.errors()) : null
  for (let key = 0; key < count; key++) {
    if (records[key] === 0) continue
    const bucket = bucketOf ? firstBucket + bucketOf[key] : firstBucket
    sums.add(groups.groupOf(codesOf, key), bucket, requests[key], bytes[key], records[key], errors ? errors[key] : 0)
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
