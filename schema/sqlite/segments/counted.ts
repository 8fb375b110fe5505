/**
 * Counts that outlive their records: per zone, host, status, source and visitor, by quarter of an hour, hour and day. Quarters, because
 * every time zone begins its hours at one: so hours and days of any zone are answered exactly. No flood is too large for it (a
 * cell is never more than a record was), and what records alone can tell is not in it.
 */
import { perField } from '../../store/block.js'
import type { DimensionField } from '../../words/fields.js'
import { addUpCells, combineKeys, keysOf, type Cells } from './cells.js'
import { DAY_MS, rowOrder } from './order.js'
import { fewerFields, wider } from './rollup.js'
import { pickNumbers, type Rows } from './rows.js'
import type { Segment } from './segment.js'
import { COUNTED_ROLLUPS } from './slots.js'
import { OVERVIEW_FIELDS, SITE_FIELDS } from './summed.js'
import { encodeCells, encodeValues, type EncodedSegment } from './encode.js'
import { tidyColumn } from './tidy.js'
import type { Column } from './values.js'

export const QUARTER_MS = 900_000

/** Records, or what was counted of some. */
export interface Countable {
  rows: number
  time: Float64Array
  dimension(field: (typeof SITE_FIELDS)[number]): readonly Column[]
  requests: Float64Array
  bytes: Float64Array
  records: Uint32Array
}

export function countableRecords(rows: Rows): Countable {
  const requests = rows.measure('weight')
  const sent = rows.measure('edgeResponseBytes')
  // NaN is absent
  const bytes = Float64Array.from(requests, (weight, i) => (sent[i] === sent[i] ? sent[i] * weight : 0))
  const { time, dimension } = rows
  return { rows: rows.rows, time, dimension, requests, bytes, records: new Uint32Array(rows.rows).fill(1) }
}

/** What a counted segment has, to be counted again without some of it. */
export function countableCells(segment: Segment): Countable {
  const cells = segment.sections('siteQuarter')
  if (cells === null) throw new Error('A counted segment without its quarters')
  const slots = cells.integers(0)
  return {
    rows: slots.length,
    time: Float64Array.from(slots, (slot) => segment.info.day * DAY_MS + slot * QUARTER_MS),
    dimension: (field) => [
      { codes: cells.codes(4 + SITE_FIELDS.indexOf(field)), values: segment.dictionary(field).values() },
    ],
    requests: cells.numbers(1),
    bytes: cells.numbers(2),
    records: cells.integers(3),
  }
}

/** The rows at `order`: at least one, of one day, in ascending time. `span`: event time of the first and the last record of them. */
export function encodeCounted(
  all: Countable,
  order: Uint32Array,
  span: { from: number; to: number },
  batches: Map<number, number>,
): EncodedSegment {
  const rows = rowOrder(order)
  const time = pickNumbers(all.time, rows)
  const [requests, bytes] = [pickNumbers(all.requests, rows), pickNumbers(all.bytes, rows)]
  const dimensions = perField(SITE_FIELDS, (field) => tidyColumn(all.dimension(field), rows))
  const day = Math.floor(time[0] / DAY_MS)
  const keys = combineKeys(keysOf(dimensions, ['zone', 'host']), keysOf(dimensions, OVERVIEW_FIELDS))
  const slot = new Uint32Array(order.length)
  const own = new Uint32Array(order.length)
  let records = 0
  for (let i = 0; i < order.length; i++) {
    slot[i] = (time[i] - day * DAY_MS) / QUARTER_MS
    own[i] = all.records[order[i]]
    records += own[i]
  }
  const siteQuarter = addUpCells({ slot, key: keys.ids, requests, bytes, records: own }, keys.count, keys.codes)
  const siteHour = wider(siteQuarter, 4)
  const overviewQuarter = fewerFields(siteQuarter, OVERVIEW_FIELDS)
  const overviewHour = wider(overviewQuarter, 4)
  const rollups: { [name in (typeof COUNTED_ROLLUPS)[number]]: Cells } = {
    overviewDay: wider(overviewHour, 24),
    overviewHour,
    overviewQuarter,
    siteDay: wider(siteHour, 24),
    siteHour,
    siteQuarter,
  }
  return {
    day,
    rows: records,
    firstTime: span.from,
    lastTime: span.to,
    blobs: [
      ...SITE_FIELDS.flatMap((field) => encodeValues(field, dimensions[field])),
      ...COUNTED_ROLLUPS.map((name) => {
        const fields: readonly DimensionField[] = name.startsWith('site') ? SITE_FIELDS : OVERVIEW_FIELDS
        return [name, encodeCells(rollups[name], fields)] as [typeof name, Uint8Array]
      }),
    ],
    fingerprints: [],
    batches,
  }
}
