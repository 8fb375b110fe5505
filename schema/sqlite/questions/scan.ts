/**
 * Many records, oldest first: stretch by stretch of time, each so long that about a page of records lies in it. Only the columns
 * of the segments that touch the stretch are read, whatever the store holds.
 */
import { perField, type Block, type Codes } from '../../store/block.js'
import { conditionsOf } from '../../store/conditions.js'
import { packBlock } from '../../store/moving-block.js'
import { cursorOfPlace, identityText, oldestFirst, placeOfCursor, type RecordPlace } from '../../store/record-order.js'
import { MOST_SCANNED, type ScanPage, type ScanQuery } from '../../store/scan.js'
import { stringsOf, valuesOf } from '../../store/values.js'
import {
  DIMENSION_FIELDS,
  MEASURE_FIELDS,
  type DimensionField,
  type FieldName,
  type MeasureField,
} from '../../words/fields.js'
import type { SegmentInfo } from '../segments/catalog.js'
import { rowOrder, type RowOrder } from '../segments/order.js'
import { pickNumbers, pickOddRays, pickPairs } from '../segments/rows.js'
import type { Segment, SegmentSource } from '../segments/segment.js'
import { tidyColumn } from '../segments/tidy.js'
import type { Column } from '../segments/values.js'
import { codeFilters, selectRows } from './filters.js'
import { NEVER_ABSENT, rayText } from './record.js'
import { recordTable } from './tables.js'

/** Records looked at for one page: where a filter passes few, the page ends early and says where to go on. */
const MOST_LOOKED_AT = 500_000

/** Rows of a segment, ascending, that belong to the page. */
interface Picked {
  segment: Segment
  rows: Uint32Array
}

/** `overlapping`: segments with records in a range of time, by their first record. */
export function scan(
  source: SegmentSource,
  overlapping: (from: number, to: number) => readonly SegmentInfo[],
  query: ScanQuery,
): ScanPage {
  const limit = Math.max(1, Math.min(query.limit, MOST_SCANNED))
  const after = query.after === null ? null : placeOfCursor(query.after)
  const picked: Picked[] = []
  let from = after === null ? query.from : Math.max(query.from, after.time)
  let found = 0
  let looked = 0
  let end = from
  while (found < limit && looked < MOST_LOOKED_AT) {
    const segments = overlapping(from, query.to)
    if (segments.length === 0) return pageOf(picked, after, query, limit, null)
    const begin = Math.max(from, segments[0].firstTime)
    const stretch = stretchOf(source, segments, begin, query.to, limit)
    end = stretch.end
    looked += stretch.rows
    for (const { segment, first, last } of stretch.parts) {
      const rows = passingRows(segment, first, last, query)
      if (rows.length === 0) continue
      picked.push({ segment, rows })
      found += rows.length
    }
    if (end >= query.to) return pageOf(picked, after, query, limit, null)
    from = end
  }
  return pageOf(picked, after, query, limit, { time: end, ray: '', identity: '' })
}

interface Stretch {
  /** excluded */
  end: number
  rows: number
  parts: { segment: Segment; first: number; last: number }[]
}

/** From `begin` on so far that at most `limit` records lie in it, but a millisecond at least. */
function stretchOf(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  begin: number,
  to: number,
  limit: number,
): Stretch {
  // segments that begin later than these hold no record of the stretch
  let rows = 0
  let near = 0
  while (near < segments.length && (rows < limit || segments[near].firstTime <= begin)) {
    const info = segments[near++]
    rows += info.firstTime < begin ? 0 : info.rows
  }
  const farthest = Math.min(to, segments[near]?.firstTime ?? to)
  const parts = segments.slice(0, near).map((info) => {
    const segment = source.open(info)
    const table = recordTable(segment)
    return { segment, table, first: table.rowAt(begin) }
  })
  const rowsUpTo = (end: number) => parts.reduce((sum, { table, first }) => sum + table.rowAt(end) - first, 0)
  let least = begin + 1
  let most = Math.max(least, Math.ceil(farthest))
  while (least < most) {
    const middle = least + Math.ceil((most - least) / 2)
    if (rowsUpTo(middle) <= limit) least = middle
    else most = middle - 1
  }
  const end = Math.min(least, to)
  return {
    end,
    rows: rowsUpTo(end),
    parts: parts
      .map(({ segment, table, first }) => ({ segment, first, last: table.rowAt(end) }))
      .filter(({ first, last }) => first < last),
  }
}

function passingRows(segment: Segment, first: number, last: number, query: ScanQuery): Uint32Array {
  const filters = codeFilters(segment, conditionsOf(query))
  if (filters === null) return new Uint32Array(0)
  const rows = selectRows([{ from: first, to: last }], filters, (field) => segment.packed(field))
  if (query.batch === undefined) return rows
  const wanted = new Set(segment.dictionary('batch').codesOf(query.batch))
  const codes = segment.codes('batch')
  return rows.filter((row) => wanted.has(codes[row]))
}

/** `end`: where to go on if the page holds all that was picked; null: nothing comes after that. */
function pageOf(
  picked: readonly Picked[],
  after: RecordPlace | null,
  query: ScanQuery,
  limit: number,
  end: RecordPlace | null,
): ScanPage {
  const places = new Places(picked)
  let order = places.inOrder()
  if (after !== null) order = order.subarray(places.countUpTo(order, after))
  const isCut = order.length > limit
  const next = isCut ? places.placeAt(order[limit - 1]) : end
  const rows = rowOrder(isCut ? order.subarray(0, limit) : order)
  return {
    block: packBlock(blockOf(picked, places, rows, query.fields)),
    batches: batchesOf(picked, rows),
    next: next && cursorOfPlace(next),
  }
}

/** Rows of several segments, numbered one segment after the other, and what their order depends on. */
class Places {
  readonly time: Float64Array
  readonly ray: Uint32Array
  readonly identity: Uint32Array
  readonly oddRays = new Map<number, string>()

  constructor(picked: readonly Picked[]) {
    const size = picked.reduce((sum, { rows }) => sum + rows.length, 0)
    this.time = new Float64Array(size)
    this.ray = new Uint32Array(size * 2)
    this.identity = new Uint32Array(size * 2)
    let at = 0
    for (const { segment, rows } of picked) {
      const [time, ray, identity, odd] = [segment.time(), segment.ray(), segment.identity(), segment.oddRays()]
      for (let i = 0; i < rows.length; i++, at++) {
        const row = rows[i]
        this.time[at] = time[row]
        this.ray[at * 2] = ray[row * 2]
        this.ray[at * 2 + 1] = ray[row * 2 + 1]
        this.identity[at * 2] = identity[row * 2]
        this.identity[at * 2 + 1] = identity[row * 2 + 1]
        const text = odd.get(row)
        if (text !== undefined) this.oddRays.set(at, text)
      }
    }
  }

  /** Numbers in the order of records. */
  inOrder(): Uint32Array {
    return Uint32Array.from(this.time, (_, i) => i).sort((a, b) => this.compare(a, b))
  }

  /** How many of `order` lie at or before the place. */
  countUpTo(order: Uint32Array, place: RecordPlace): number {
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (oldestFirst(place, this.placeAt(order[middle])) < 0) high = middle
      else low = middle + 1
    }
    return low
  }

  placeAt(at: number): RecordPlace {
    const { time, ray, identity } = this
    return {
      time: time[at],
      ray: this.oddRays.get(at) ?? rayText(ray[at * 2], ray[at * 2 + 1]),
      identity: identityText(identity[at * 2], identity[at * 2 + 1]),
    }
  }

  /** As `oldestFirst`, by words: only odd RayIDs have to be compared as texts. */
  private compare(a: number, b: number): number {
    const { time, ray, identity, oddRays } = this
    if (time[a] !== time[b]) return time[a] - time[b]
    if (oddRays.size > 0 && (oddRays.has(a) || oddRays.has(b))) return oldestFirst(this.placeAt(a), this.placeAt(b))
    return (
      ray[a * 2] - ray[b * 2] ||
      ray[a * 2 + 1] - ray[b * 2 + 1] ||
      identity[a * 2] - identity[b * 2] ||
      identity[a * 2 + 1] - identity[b * 2 + 1]
    )
  }
}

/** The rows at `order`, of the columns that will be looked at. */
function blockOf(
  picked: readonly Picked[],
  places: Places,
  order: RowOrder,
  fields: readonly FieldName[] | undefined,
): Block {
  const isWanted = (field: FieldName) => fields === undefined || NEVER_ABSENT.has(field) || fields.includes(field)
  const rows = order.rows.length
  return {
    rows,
    time: pickNumbers(places.time, order),
    ray: pickPairs(places.ray, order),
    identity: pickPairs(places.identity, order),
    oddRays: pickOddRays(places.oddRays, order.rows),
    dimensions: perField(DIMENSION_FIELDS, (field) =>
      isWanted(field) ? columnOf(picked, field, order) : { codes: new Uint8Array(rows), values: valuesOf(['']) },
    ),
    measures: perField(MEASURE_FIELDS, (field) =>
      isWanted(field) ? pickNumbers(numbersOf(picked, field), order) : new Float64Array(rows).fill(Number.NaN),
    ),
  }
}

function columnOf(picked: readonly Picked[], field: DimensionField | 'batch', order: RowOrder): Column {
  const pieces = picked.map(({ segment, rows }) => {
    const codes = segment.codes(field)
    const own = new (codes.constructor as new (length: number) => Codes)(rows.length)
    for (let i = 0; i < rows.length; i++) own[i] = codes[rows[i]]
    return { codes: own, values: segment.dictionary(field).values() }
  })
  return tidyColumn(pieces, order)
}

function numbersOf(picked: readonly Picked[], field: MeasureField): Float64Array {
  const out = new Float64Array(picked.reduce((sum, { rows }) => sum + rows.length, 0))
  let at = 0
  for (const { segment, rows } of picked) {
    // where all records stand for one request there is no column of weights
    const numbers = field === 'weight' ? segment.weights() : segment.numbers(field)
    for (let i = 0; i < rows.length; i++) out[at++] = numbers === null ? 1 : numbers[rows[i]]
  }
  return out
}

function batchesOf(picked: readonly Picked[], order: RowOrder): ScanPage['batches'] {
  const { codes, values } = columnOf(picked, 'batch', order)
  const [, ...ids] = stringsOf(values)
  return { ids, of: Uint32Array.from(codes, (code) => code - 1) }
}
