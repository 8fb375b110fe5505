/** The tables of a segment that questions are counted over, coarsest first. */
import type { Codes } from '../../block.js'
import type { DimensionField } from '../../fields.js'
import { decodeCodes } from '../columns/codes.js'
import { decodeIntegers } from '../columns/integers.js'
import { decodeNumbers } from '../columns/numbers.js'
import { indexAt } from '../columns/times.js'
import { HISTOGRAM_FIELDS, SITE_HISTOGRAM_FIELDS } from '../segments/histograms.js'
import { HOUR_MS, MINUTE_MS, OVERVIEW_FIELDS, SITE_FIELDS } from '../segments/rollup.js'
import type { Segment, Table } from '../segments/segment.js'
import type { PercentileMeasure } from '../../query.js'

const DAY_MS = 86_400_000

/** A table and the width of its slots in ms; 1 for records, whose times are exact. */
export interface Level { width: number; table: Table; from: 'rollup' | 'records' }

/** Tables that can tell these fields apart. Where a rollup is missing (a flood of hosts) the next finer one stands in. */
export function countLevels(segment: Segment, fields: ReadonlySet<DimensionField>): Level[] {
  const levels: Level[] = []
  const add = (name: 'overviewHour' | 'overviewMinute' | 'siteHour' | 'siteMinute', width: number, has: readonly DimensionField[]) => {
    const sections = segment.sections(name)
    if (sections) levels.push({ width, table: cellTable(segment, sections, width, has), from: 'rollup' })
  }
  if (within(fields, OVERVIEW_FIELDS)) {
    add('overviewHour', HOUR_MS, OVERVIEW_FIELDS)
    add('overviewMinute', MINUTE_MS, OVERVIEW_FIELDS)
  } else if (within(fields, SITE_FIELDS)) {
    add('siteHour', HOUR_MS, SITE_FIELDS)
    add('siteMinute', MINUTE_MS, SITE_FIELDS)
  }
  levels.push({ width: 1, table: recordTable(segment), from: 'records' })
  return levels
}

export interface HistogramLevel extends Level {
  /** histogram bucket per row; null: made from the records' own values */
  buckets: Uint32Array | null
}

export function histogramLevels(segment: Segment, measure: PercentileMeasure, fields: ReadonlySet<DimensionField>): HistogramLevel[] {
  const levels: HistogramLevel[] = []
  const add = (name: `histogram:${PercentileMeasure}` | `siteHistogram:${PercentileMeasure}`, has: readonly DimensionField[]) => {
    const sections = segment.sections(name)
    if (!sections) return
    levels.push({ width: HOUR_MS, table: cellTable(segment, sections, HOUR_MS, has), from: 'rollup', buckets: decodeIntegers(sections[1]) })
  }
  if (within(fields, HISTOGRAM_FIELDS)) add(`histogram:${measure}`, HISTOGRAM_FIELDS)
  else if (within(fields, SITE_HISTOGRAM_FIELDS)) add(`siteHistogram:${measure}`, SITE_HISTOGRAM_FIELDS)
  levels.push({ width: 1, table: recordTable(segment), from: 'records', buckets: null })
  return levels
}

function within(fields: ReadonlySet<DimensionField>, has: readonly DimensionField[]): boolean {
  for (const field of fields) if (!has.includes(field)) return false
  return true
}

/** A rollup (slots, requests, bytes, records, codes …) or a histogram (slots, buckets, requests, records, codes …). */
function cellTable(segment: Segment, sections: Uint8Array[], width: number, fields: readonly DimensionField[]): Table {
  const dayStart = segment.info.day * DAY_MS
  const histogram = fields === HISTOGRAM_FIELDS || fields === SITE_HISTOGRAM_FIELDS
  const slots = decodeIntegers(sections[0])
  return {
    rows: slots.length,
    rowAt: (time) => firstSlotAt(slots, Math.ceil((time - dayStart) / width)),
    codes: (field) => decodeCodes(sections[4 + fields.indexOf(field)]),
    requests: () => decodeNumbers(sections[histogram ? 2 : 1]),
    bytes: () => (histogram ? new Float64Array(slots.length) : decodeNumbers(sections[2])),
    records: () => decodeIntegers(sections[3]),
  }
}

function firstSlotAt(slots: Uint32Array, slot: number): number {
  let low = 0
  let high = slots.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (slots[middle] < slot) low = middle + 1
    else high = middle
  }
  return low
}

export function recordTable(segment: Segment): Table {
  const { info } = segment
  return {
    rows: info.rows,
    rowAt(time) {
      if (time <= info.firstTime) return 0
      return time > info.lastTime ? info.rows : indexAt(segment.time(), time)
    },
    codes: (field): Codes => segment.codes(field),
    requests: () => segment.weights(),
    bytes: () => weightedBytes(segment),
    records: () => null,
  }
}

function weightedBytes(segment: Segment): Float64Array {
  const bytes = segment.numbers('edgeResponseBytes')
  const weights = segment.weights()
  const out = new Float64Array(bytes.length)
  for (let i = 0; i < out.length; i++) {
    const b = bytes[i]
    if (b === b) out[i] = weights === null ? b : b * weights[i]
  }
  return out
}
