/** The values of one dimension over all segments, and which of them have the most requests. */
import type { Finder } from '../../words/pattern.js'
import type { Bounded } from '../../store/buckets.js'
import { largest } from '../../store/largest.js'
import { indexIn } from '../columns/ascending.js'
import { fieldOfDimension, type Counts, type CountQuery } from '../../store/query.js'
import type { SegmentInfo } from '../segments/catalog.js'
import type { Segment, SegmentSource, Table } from '../segments/segment.js'
import { Chosen } from './chosen.js'
import { eachTable, sumByKey } from './each-table.js'
import type { Grouped } from './grouping.js'
import type { KeptMerges } from './kept-merges.js'
import { MergedValues, type CodeSums, type Merged } from './merged-values.js'
import { hasTally } from './tables.js'

/**
 * The values of one dimension with their sums, the whole range together; beyond those of a day that have a name, in the rest.
 * `finder`: only those that it finds.
 */
export function merged(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  merges: KeptMerges,
  finder: Finder | null = null,
): { values: MergedValues; from: Counts['from'] } {
  const field = fieldOfDimension(query.by[0])
  const values = new MergedValues()
  let from: Counts['from'] = 'rollup'
  const add = (to: MergedValues, info: SegmentInfo, asked: Bounded<CountQuery>, keep: number) => {
    const use = (segment: Segment, table: Table, grouped: Grouped) => {
      const sums = sumByKey(table, grouped, asked)
      const found = finder === null ? sums : onlyFound(sums, segment.dictionary(field).found(finder), grouped)
      to.add(() => segment.dictionary(field), found, keep)
    }
    if (eachTable(source, [info], asked, use) === 'records') from = 'records'
  }
  const whole: SegmentInfo[] = []
  const others: SegmentInfo[] = []
  const isKept = (info: SegmentInfo) => finder === null && isWhole(info, query) && hasTally(source.open(info), query)
  for (const info of segments) (isKept(info) ? whole : others).push(info)
  // what is kept serves the next question too, whatever it asks for
  merges.addAll(values, field, whole, (to, info, keep) =>
    add(to, info, { ...query, withErrors: true, withBytes: true }, keep),
  )
  merges.addDays(values, others, (to, info, keep) => add(to, info, query, keep))
  return { values, from }
}

/** The sums without the values that were not found: those come to nothing. */
function onlyFound(sums: CodeSums, found: Uint8Array, { count }: Grouped): CodeSums {
  const records = new Float64Array(count)
  for (let key = 0; key < count; key++) {
    if (found[sums.code === null ? key : sums.code[key]] === 1) records[key] = sums.records[key]
  }
  return { ...sums, records, requests: sums.requests ?? records }
}

/** Does the question ask for all records of the segment? */
function isWhole(info: SegmentInfo, query: Bounded<CountQuery>): boolean {
  const [from, to] = query.bounds
  return Math.max(from, query.from) <= info.firstTime && Math.min(to, query.to) > info.lastTime
}

/** Entries looked at closely where some have no name: those that follow may have more requests than is known of them. */
const CANDIDATES = 200

/**
 * The values with the most requests, exactly counted, whatever was left out on the way: of those with the most by name, each
 * segment is asked again.
 */
export function heaviest(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  all: Merged,
  limit: number,
): { entries: number[]; sums: Pick<Merged, 'requests' | 'bytes' | 'records' | 'errors'> } {
  const { count, textOf, rest } = all
  if (rest.records === 0) {
    const entries = limit < count ? largest(all.requests, count, limit, textOf) : Array.from({ length: count }, indexOf)
    return { entries, sums: all }
  }
  const candidates = largest(all.requests, count, Math.min(count, limit * 2 + CANDIDATES), null)
  const field = fieldOfDimension(query.by[0])
  const pick = (hashes: Uint32Array) => Uint32Array.from(candidates, (entry) => hashes[entry])
  const chosen = new Chosen(field, pick(all.folded), pick(all.exact))
  const columns = () => new Float64Array(count)
  const sums = { requests: columns(), bytes: columns(), records: columns(), errors: all.errors && columns() }
  const use = (segment: Segment, table: Table, grouped: Grouped) => {
    const { code: codes, requests, bytes, records, errors } = sumByKey(table, grouped, query)
    chosen.codesIn(segment.dictionary(field)).forEach((code, i) => {
      const key = codes === null ? code : indexIn(codes, code)
      if (key < 0 || key >= grouped.count) return
      const entry = candidates[i]
      sums.requests[entry] += requests ? requests[key] : records[key]
      sums.bytes[entry] += bytes[key]
      sums.records[entry] += records[key]
      if (sums.errors && errors) sums.errors[entry] += errors[key]
    })
  }
  eachTable(source, segments, query, use, [chosen])
  const counted = Float64Array.from(candidates, (entry) => sums.requests[entry])
  const kept = largest(counted, candidates.length, Math.min(limit, candidates.length), (i) => textOf(candidates[i]))
  return { entries: kept.map((i) => candidates[i]), sums }
}

const indexOf = (_: unknown, index: number) => index

/** Of everything, what has no name included. */
export function totalOf(
  { count, requests, bytes, records, errors, rest }: Merged,
  { withErrors = false, withBytes = false }: Pick<CountQuery, 'withErrors' | 'withBytes'>,
): Counts['total'] {
  return {
    values: Math.max(count, rest.values),
    ...(rest.records > 0 ? { more: true as const } : {}),
    requests: sum(requests, count) + rest.requests,
    bytes: withBytes ? sum(bytes, count) + rest.bytes : null,
    records: sum(records, count) + rest.records,
    errors: withErrors ? sum(errors ?? new Float64Array(count), count) + rest.errors : null,
  }
}

function sum(numbers: Float64Array, count: number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += numbers[i]
  return total
}
