/** The tables that a question is counted over, segment by segment, their rows grouped and added up. */
import type { Codes } from '../../store/block.js'
import type { Bounded } from '../../store/buckets.js'
import { conditionsOf, fieldsOf } from '../../store/conditions.js'
import type { Counts, CountQuery, Dimension } from '../../store/query.js'
import type { SegmentInfo } from '../segments/catalog.js'
import type { Segment, SegmentSource, Table } from '../segments/segment.js'
import { recordsGone } from '../../store/counts-only.js'
import { DAY_MS } from '../segments/order.js'
import { filtersOf, type Chosen } from './chosen.js'
import { codeFilters } from './filters.js'
import { checkAnswerable, isCounted } from './gone.js'
import { groupRows, type Grouped } from './grouping.js'
import type { CodeSums } from './merged-values.js'
import { planRanges } from './ranges.js'
import { countLevels } from './tables.js'

/** What tells the cells apart. */
export const dimensionsOf = ({ by, apart }: Pick<CountQuery, 'by' | 'apart'>): Dimension[] =>
  apart === undefined ? by : [...by, apart]

/**
 * Calls with each table that has rows for the question, and for the chosen values only, these rows grouped. Says whether
 * records had to be looked at.
 */
export function eachTable(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Bounded<CountQuery>,
  use: (segment: Segment, table: Table, grouped: Grouped) => void,
  chosen: readonly Chosen[] = [],
): Counts['from'] {
  const conditions = conditionsOf(query)
  const by = dimensionsOf(query)
  const fields = fieldsOf([...conditions.map((c) => c.dimension), ...by])
  checkAnswerable(source, segments, { ...query, by })
  const conditionsKey = JSON.stringify(conditions)
  let from: Counts['from'] = 'rollup'
  const ofRecords = ![...fields].every(isCounted)
  for (const info of segments) {
    // what passed the check means nothing of it, and it has no such columns
    if (info.counted && ofRecords) continue
    const segment = source.open(info)
    const filters = codeFilters(segment, conditions)
    if (filters === null) continue
    const only = filtersOf(chosen, segment)
    if (only === null) continue
    const levels = countLevels(segment, fields, query)
    const keep = (select: () => Uint32Array) => segment.selected(conditionsKey, select)
    const tooFine = () => {
      throw recordsGone((info.day + 1) * DAY_MS)
    }
    planRanges(info, levels, query, tooFine).forEach((ranges, i) => {
      if (ranges.length === 0) return
      const level = levels[i]
      if (level.from === 'records') from = 'records'
      const table = level.table() as Table
      const asked = level.answersFilters ? only : [...only, ...filters]
      // the rows of chosen values are nobody else's
      const kept = level.from === 'records' && only.length === 0 ? keep : undefined
      use(segment, table, groupRows(segment, table, ranges, asked, by, kept))
    })
  }
  return from
}

/** Adds up within a segment, so that values are looked up once per key and not once per row. */
export function sumByKey(table: Table, { rows, keys, count, codesOf }: Grouped, query: Bounded<CountQuery>): CodeSums {
  const own = keys === table.identity
  const each = (numbers: Float64Array) => (own ? numbers : sumEach(keys, count, numbers))
  const ofRows = table.records(rows)
  const records =
    own && ofRows !== null ? ofRows : ofRows === null ? countKeys(keys, count) : sumEach(keys, count, ofRows)
  const weights = table.requests(rows)
  return {
    code: codesOf.length === 1 ? codesOf[0] : null,
    records,
    requests: weights === null ? null : each(weights),
    // what nobody asked for need not be read
    bytes: query.withBytes ? each(table.bytes(rows)) : new Float64Array(count),
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
