/** The tables of a segment that questions are counted over, coarsest first. */
import type { DimensionField, MeasureField } from '../../words/fields.js'
import { fieldOfDimension, type CountQuery, type PercentileMeasure } from '../../store/query.js'
import { indexAt } from '../columns/ascending.js'
import { PackedCodes } from '../columns/packed-codes.js'
import { isErrorStatus } from '../../status/status-class.js'
import { HISTOGRAM_FIELDS, SITE_HISTOGRAM_FIELDS } from '../segments/histograms.js'
import { QUARTER_MS } from '../segments/counted.js'
import { DAY_MS } from '../segments/order.js'
import { HOUR_MS, MINUTE_MS, OVERVIEW_ROLLUPS, SITE_ROLLUPS } from '../segments/rollup.js'
import { OVERVIEW_FIELDS, SITE_FIELDS } from '../segments/summed.js'
import type { Sections } from '../segments/sections.js'
import type { Segment, Table } from '../segments/segment.js'
import { COUNTED_ROLLUPS, type SlotName } from '../segments/slots.js'

type RollupName = (typeof OVERVIEW_ROLLUPS | typeof SITE_ROLLUPS | typeof COUNTED_ROLLUPS)[number]

const WIDTH: { [name in RollupName]: number } = {
  overviewDay: DAY_MS,
  overviewHour: HOUR_MS,
  overviewMinute: MINUTE_MS,
  siteDay: DAY_MS,
  siteHour: HOUR_MS,
  siteMinute: MINUTE_MS,
  overviewQuarter: QUARTER_MS,
  siteQuarter: QUARTER_MS,
}

/** A table and the width of its slots in ms; 1 for records, whose times are exact. */
export interface Level {
  width: number
  /** read when it is first asked for; null: the segment has none */
  table: () => Table | null
  from: 'rollup' | 'records'
  /** the table holds only what passes the question's filters */
  answersFilters: boolean
}

/** Tables that can tell these fields apart. Where one is missing (a flood of hosts, an old segment) the next finer one stands in. */
export function countLevels(segment: Segment, fields: ReadonlySet<DimensionField>, query: TallyQuery): Level[] {
  if (segment.info.counted) return within(fields, OVERVIEW_FIELDS) ? overviewLevels(segment) : siteLevels(segment)
  const levels: Level[] = []
  const add = (name: RollupName, has: readonly DimensionField[]) => levels.push(rollupLevel(segment, name, has))
  if (within(fields, OVERVIEW_FIELDS)) {
    for (const name of OVERVIEW_ROLLUPS) add(name, OVERVIEW_FIELDS)
  } else if (within(fields, SITE_FIELDS)) {
    for (const name of SITE_ROLLUPS) add(name, SITE_FIELDS)
  } else if (asksTally(query)) {
    const table = ofSections(segment, `tally:${fieldOfDimension(query.by[0])}`, (sections) =>
      tallyTable(segment, sections),
    )
    levels.push({ width: DAY_MS, table, from: 'rollup', answersFilters: true })
  }
  levels.push({ width: 1, table: () => recordTable(segment), from: 'records', answersFilters: false })
  return levels
}

function rollupLevel(segment: Segment, name: RollupName, has: readonly DimensionField[]): Level {
  const width = WIDTH[name]
  const table = ofSections(segment, name, (sections) => rollupTable(segment, sections, width, has))
  return { width, table, from: 'rollup', answersFilters: false }
}

const overviewLevels = (segment: Segment): Level[] =>
  (['overviewDay', 'overviewHour', 'overviewQuarter'] as const).map((name) =>
    rollupLevel(segment, name, OVERVIEW_FIELDS),
  )

/** Of a segment that has counts only: there are no records behind them. */
export const siteLevels = (segment: Segment): Level[] =>
  (['siteDay', 'siteHour', 'siteQuarter'] as const).map((name) => rollupLevel(segment, name, SITE_FIELDS))

/** What of a question decides which tables answer it. */
type TallyQuery = Pick<CountQuery, 'by' | 'filters' | 'audience' | 'apart'>

function asksTally(query: TallyQuery): boolean {
  return (
    query.by.length === 1 && query.apart === undefined && query.filters.length === 0 && query.audience === 'visitors'
  )
}

/** Is there a tally of the segment that answers the question? */
export function hasTally(segment: Segment, query: TallyQuery): boolean {
  return asksTally(query) && segment.has(`tally:${fieldOfDimension(query.by[0])}`)
}

export interface HistogramLevel extends Level {
  /** histogram bucket per row; null: to be made from the records' own values */
  buckets: () => Uint32Array | null
}

export function histogramLevels(
  segment: Segment,
  measure: PercentileMeasure,
  fields: ReadonlySet<DimensionField>,
): HistogramLevel[] {
  const levels: HistogramLevel[] = []
  const add = (name: SlotName, width: number, has: readonly DimensionField[]) => {
    levels.push({
      width,
      from: 'rollup',
      answersFilters: false,
      table: ofSections(segment, name, (sections) => histogramTable(segment, sections, width, has)),
      buckets: () => segment.sections(name)?.integers(1) ?? null,
    })
  }
  if (within(fields, HISTOGRAM_FIELDS)) {
    add(`dayHistogram:${measure}`, DAY_MS, HISTOGRAM_FIELDS)
    add(`histogram:${measure}`, HOUR_MS, HISTOGRAM_FIELDS)
  } else if (within(fields, SITE_HISTOGRAM_FIELDS)) add(`siteHistogram:${measure}`, HOUR_MS, SITE_HISTOGRAM_FIELDS)
  levels.push({
    width: 1,
    table: () => recordTable(segment),
    from: 'records',
    answersFilters: false,
    buckets: () => null,
  })
  return levels
}

function ofSections(segment: Segment, name: SlotName, make: (sections: Sections) => Table): () => Table | null {
  let table: Table | null | undefined
  return () => {
    if (table === undefined) {
      const sections = segment.sections(name)
      table = sections && make(sections)
    }
    return table
  }
}

function within(fields: ReadonlySet<DimensionField>, has: readonly DimensionField[]): boolean {
  for (const field of fields) if (!has.includes(field)) return false
  return true
}

/** Sections: slots, requests, bytes, records, codes … */
function rollupTable(segment: Segment, sections: Sections, width: number, fields: readonly DimensionField[]): Table {
  const slots = sections.integers(0)
  const column = (field: DimensionField) => PackedCodes.of(sections.codes(4 + fields.indexOf(field)))
  const requests = (rows: Uint32Array | null) => pickNumbers(sections.numbers(1), rows)
  return {
    rows: slots.length,
    rowAt: (time) => indexAt(slots, Math.ceil((time - segment.info.day * DAY_MS) / width)),
    column,
    requests,
    bytes: (rows) => pickNumbers(sections.numbers(2), rows),
    records: (rows) => pickIntegers(sections.integers(3), rows),
    errors: (rows) => onlyErrors(segment, column('edgeResponseStatus'), rows, requests(rows)),
  }
}

/** Sections: slots, buckets, requests, records, codes … Nobody asks a histogram for bytes or errors. */
function histogramTable(segment: Segment, sections: Sections, width: number, fields: readonly DimensionField[]): Table {
  const slots = sections.integers(0)
  const nothing = () => new Float64Array(slots.length)
  return {
    rows: slots.length,
    rowAt: (time) => indexAt(slots, Math.ceil((time - segment.info.day * DAY_MS) / width)),
    column: (field) => PackedCodes.of(sections.codes(4 + fields.indexOf(field))),
    requests: (rows) => pickNumbers(sections.numbers(2), rows),
    records: (rows) => pickIntegers(sections.integers(3), rows),
    bytes: nothing,
    errors: nothing,
  }
}

/**
 * One row per code, for the whole segment. Sections: requests (empty: as many as records),
 * bytes, records, errors.
 */
function tallyTable(segment: Segment, sections: Sections): Table {
  const records = sections.integers(2)
  const identity = identityCodes(records.length)
  return {
    rows: records.length,
    identity,
    rowAt: (time) => (time <= segment.info.day * DAY_MS ? 0 : records.length),
    column: () => PackedCodes.of(identity),
    requests: (rows) => (sections.isEmpty(0) ? null : pickNumbers(sections.numbers(0), rows)),
    bytes: (rows) => pickNumbers(sections.numbers(1), rows),
    records: (rows) => pickIntegers(records, rows),
    errors: (rows) => pickNumbers(sections.numbers(3), rows),
  }
}

let longestIdentity = new Uint32Array(0)

function identityCodes(n: number): Uint32Array {
  if (longestIdentity.length < n) {
    longestIdentity = new Uint32Array(n * 2)
    for (let i = 0; i < n * 2; i++) longestIdentity[i] = i
  }
  return longestIdentity.subarray(0, n)
}

export function recordTable(segment: Segment): Table {
  return {
    rows: segment.info.rows,
    rowAt: (time) => segment.rowAt(time),
    column: (field) => segment.packed(field),
    requests: (rows) => weightsOf(segment, rows),
    bytes: (rows) => weightedBytes(segment, rows),
    records: () => null,
    errors: (rows) => onlyErrors(segment, segment.packed('edgeResponseStatus'), rows, weightsOf(segment, rows)),
  }
}

/** Null: one each. */
function weightsOf(segment: Segment, rows: Uint32Array | null): Float64Array | null {
  const weights = segment.weights()
  return weights && pickNumbers(weights, rows)
}

/** A column is decoded for more rows than this part of it. */
const FEW_ROWS = 8

/** A measure of the rows, in their order; NaN is absent. */
export function measureOf(
  segment: Segment,
  field: Exclude<MeasureField, 'weight'>,
  rows: Uint32Array | null,
): Float64Array {
  if (rows === null || rows.length > segment.info.rows / FEW_ROWS) return pickNumbers(segment.numbers(field), rows)
  const read = segment.numberReader(field)
  const out = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = read(rows[i])
  return out
}

function weightedBytes(segment: Segment, rows: Uint32Array | null): Float64Array {
  const bytes = measureOf(segment, 'edgeResponseBytes', rows)
  const weights = weightsOf(segment, rows)
  const out = new Float64Array(bytes.length)
  for (let i = 0; i < out.length; i++) {
    const b = bytes[i]
    // NaN is absent
    if (b === b) out[i] = weights ? b * weights[i] : b
  }
  return out
}

/** `requests`: of the rows; null: one each. */
function onlyErrors(
  segment: Segment,
  column: PackedCodes,
  rows: Uint32Array | null,
  requests: Float64Array | null,
): Float64Array {
  const dictionary = segment.dictionary('edgeResponseStatus')
  const isError = Uint8Array.from({ length: dictionary.size }, (_, code) =>
    isErrorStatus(Number(dictionary.value(code))) ? 1 : 0,
  )
  const status = rows ? column.pick(rows) : column.all()
  const out = new Float64Array(status.length)
  for (let i = 0; i < out.length; i++) {
    if (isError[status[i]] === 1) out[i] = requests ? requests[i] : 1
  }
  return out
}

function pickNumbers(numbers: Float64Array, rows: Uint32Array | null): Float64Array {
  if (rows === null) return numbers
  const out = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = numbers[rows[i]]
  return out
}

function pickIntegers(numbers: Uint32Array, rows: Uint32Array | null): Uint32Array {
  if (rows === null) return numbers
  const out = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = numbers[rows[i]]
  return out
}
