/** The values of one dimension over all segments, and which of them have the most requests. */
import type { DimensionField } from '../../words/fields.js'
import type { Finder } from '../../words/pattern.js'
import type { Bounded } from '../../store/buckets.js'
import { largest } from '../../store/largest.js'
import { indexIn } from '../columns/ascending.js'
import type { Dictionary } from '../columns/dictionary.js'
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
      to.add(dictionaryLater(segment, field), found, keep)
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

/** Of its own, so that it holds nothing of what it is made beside: where it is kept, all lists of the merge would be. */
function dictionaryLater(segment: Segment, field: DimensionField): () => Dictionary {
  return () => segment.dictionary(field)
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
/** So many entries, for so many values of an answer. */
export const candidates = (limit: number): number => limit * 2 + CANDIDATES

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
  const closely = largest(all.requests, count, Math.min(count, candidates(limit)), null)
  const field = fieldOfDimension(query.by[0])
  const pick = (hashes: Uint32Array) => Uint32Array.from(closely, (entry) => hashes[entry])
  const chosen = new Chosen(field, pick(all.folded), pick(all.exact))
  const columns = () => new Float64Array(count)
  const sums = { requests: columns(), bytes: columns(), records: columns(), errors: all.errors && columns() }
  const use = (segment: Segment, table: Table, grouped: Grouped) => {
    const { code: codes, requests, bytes, records, errors } = sumByKey(table, grouped, query)
    chosen.codesIn(segment.dictionary(field)).forEach((code, i) => {
      const key = codes === null ? code : indexIn(codes, code)
      if (key < 0 || key >= grouped.count) return
      const entry = closely[i]
      sums.requests[entry] += requests ? requests[key] : records[key]
      sums.bytes[entry] += bytes[key]
      sums.records[entry] += records[key]
      if (sums.errors && errors) sums.errors[entry] += errors[key]
    })
  }
  eachTable(source, segments, query, use, [chosen])
  const counted = Float64Array.from(closely, (entry) => sums.requests[entry])
  const kept = largest(counted, closely.length, Math.min(limit, closely.length), (i) => textOf(closely[i]))
  return { entries: kept.map((i) => closely[i]), sums }
}

const indexOf = (_: unknown, index: number) => index

/** Of everything, what has no name included. */
export function totalOf(
  { named, rest }: Merged,
  { withErrors = false, withBytes = false }: Pick<CountQuery, 'withErrors' | 'withBytes'>,
): Counts['total'] {
  return {
    values: Math.max(named.values, rest.values),
    ...(rest.records > 0 ? { more: true as const } : {}),
    requests: named.requests + rest.requests,
    bytes: withBytes ? named.bytes + rest.bytes : null,
    records: named.records + rest.records,
    errors: withErrors ? named.errors + rest.errors : null,
  }
}
