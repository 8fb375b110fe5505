/** Rows of one day → the blobs of a segment. */
import { perField, type Codes } from '../../store/block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField } from '../../words/fields.js'
import { isErrorStatus } from '../../status/status-class.js'
import { stringsOf } from '../../store/values.js'
import { bytesOf, pack } from '../columns/bytes.js'
import { encodeCodes } from '../columns/codes.js'
import { encodeHashes } from '../columns/dictionary.js'
import { encodeIntegers } from '../columns/integers.js'
import { encodeNumbers } from '../columns/numbers.js'
import { encodeTexts } from '../columns/text.js'
import { encodeTimes } from '../columns/times.js'
import type { Cells } from './cells.js'
import { encodeFingerprints } from './fingerprints.js'
import { DURATIONS, HISTOGRAM_FIELDS, histogramsOf, SITE_HISTOGRAM_FIELDS, type HistogramCells } from './histograms.js'
import { DAY_MS, rowOrder } from './order.js'
import { OVERVIEW_ROLLUPS, rollUp, SITE_ROLLUPS } from './rollup.js'
import { pickNumbers, pickOddRays, pickPairs, type Rows } from './rows.js'
import type { SlotName } from './slots.js'
import { OVERVIEW_FIELDS, SITE_FIELDS, type SegmentRows } from './summed.js'
import { tally, TALLIED_FIELDS, type TalliedRows } from './tally.js'
import { tidyColumn, type TidyColumn } from './tidy.js'
import type { Column } from './values.js'

export interface EncodedSegment {
  day: number
  rows: number
  firstTime: number
  lastTime: number
  blobs: [SlotName, Uint8Array][]
  fingerprints: Uint8Array[]
  /** rows per batch */
  batches: Map<number, number>
}

/** The rows at `order`: at least one, of one day, in ascending time. */
export function encodeSegment(all: Rows, order: Uint32Array): EncodedSegment {
  const steps = encodeSteps(all, order)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same in small steps, a column each, for whoever has other things to do in between. */
export function* encodeSteps(all: Rows, rowsInOrder: Uint32Array): Generator<void, EncodedSegment> {
  const order = rowOrder(rowsInOrder)
  const time = pickNumbers(all.time, order)
  const ray = pickPairs(all.ray, order)
  const identity = pickPairs(all.identity, order)
  const oddRays = pickOddRays(all.oddRays, order.rows)
  const blobs: [SlotName, Uint8Array][] = [
    ['time', encodeTimes(time)],
    ['ray', bytesOf(ray)],
    ['identity', bytesOf(identity)],
  ]
  if (oddRays.size > 0) blobs.push(['oddRays', Buffer.from(JSON.stringify([...oddRays]))])
  const batch = tidyColumn(all.batch(), order)
  blobs.push(...encodeColumn('batch', batch))
  yield

  const measures = perField(MEASURE_FIELDS, (field) => pickNumbers(all.measure(field), order))
  for (const field of MEASURE_FIELDS) blobs.push([`numbers:${field}`, encodeNumbers(measures[field])])
  yield

  const dimensions = perField(SITE_FIELDS, (field) => tidyColumn(all.dimension(field), order))
  const rows: SegmentRows = { rows: time.length, time, dimensions, measures }
  for (const field of SITE_FIELDS) blobs.push(...encodeColumn(field, dimensions[field]))
  const day = Math.floor(time[0] / DAY_MS)
  blobs.push(...encodeRollups(rows, day * DAY_MS))
  yield

  blobs.push(...encodeHistograms(rows, day * DAY_MS))
  yield

  const tallied = talliedRows(rows)
  for (const field of DIMENSION_FIELDS) {
    if (field in dimensions) continue
    const column = tidyColumn(all.dimension(field), order)
    blobs.push(...encodeColumn(field, column))
    if (TALLIED_FIELDS.has(field)) blobs.push([`tally:${field}`, encodeTally(column, tallied)])
    yield
  }
  return {
    day,
    blobs,
    rows: time.length,
    firstTime: time[0],
    lastTime: time[time.length - 1],
    fingerprints: encodeFingerprints(pickPairs(all.hashes(), order)),
    batches: rowsPerBatch(batch),
  }
}

function encodeColumn(name: DimensionField | 'batch', column: TidyColumn): [SlotName, Uint8Array][] {
  return [[`codes:${name}`, encodeCodes(column.codes, column.counts)], ...encodeValues(name, column)]
}

/** A column in which nothing has a value has no dictionary. */
export function encodeValues(name: DimensionField | 'batch', { values }: Column): [SlotName, Uint8Array][] {
  if (values.size === 1) return []
  return [
    [`values:${name}`, encodeHashes(values)],
    [`text:${name}`, encodeTexts(values)],
  ]
}

function rowsPerBatch({ values, counts }: TidyColumn): Map<number, number> {
  return new Map(
    stringsOf(values)
      .map((id, code) => [Number(id), counts[code]] as const)
      .slice(1),
  )
}

function encodeRollups(rows: SegmentRows, dayStart: number): [SlotName, Uint8Array][] {
  const rollups = rollUp(rows, dayStart)
  const blobs: [SlotName, Uint8Array][] = []
  for (const name of OVERVIEW_ROLLUPS) blobs.push([name, encodeCells(rollups[name], OVERVIEW_FIELDS)])
  for (const name of SITE_ROLLUPS) {
    const cells = rollups[name]
    if (cells) blobs.push([name, encodeCells(cells, SITE_FIELDS)])
  }
  return blobs
}

/** Sections: slots, requests, bytes, records, then the codes in the order of the fields. */
export function encodeCells(cells: Cells, fields: readonly DimensionField[]): Uint8Array {
  return pack([
    encodeIntegers(cells.slot),
    encodeNumbers(cells.requests),
    encodeNumbers(cells.bytes),
    encodeIntegers(cells.records),
    ...fields.map((field) => encodeLoose(cells.codes[field] as Uint32Array)),
  ])
}

function encodeHistograms(rows: SegmentRows, dayStart: number): [SlotName, Uint8Array][] {
  const histograms = histogramsOf(rows, dayStart)
  return DURATIONS.flatMap((duration) => {
    const { all, ofDay, bySite } = histograms[duration]
    const blobs: [SlotName, Uint8Array][] = [
      [`histogram:${duration}`, encodeHistogram(all, HISTOGRAM_FIELDS)],
      [`dayHistogram:${duration}`, encodeHistogram(ofDay, HISTOGRAM_FIELDS)],
    ]
    if (bySite) blobs.push([`siteHistogram:${duration}`, encodeHistogram(bySite, SITE_HISTOGRAM_FIELDS)])
    return blobs
  })
}

/** Sections: hours, buckets, requests, records, then the codes in the order of the fields. */
export function encodeHistogram(cells: HistogramCells, fields: readonly DimensionField[]): Uint8Array {
  return pack([
    encodeIntegers(cells.slot),
    encodeIntegers(cells.bucket),
    encodeNumbers(cells.requests),
    encodeIntegers(cells.records),
    ...fields.map((field) => encodeLoose(cells.codes[field] as Uint32Array)),
  ])
}

function encodeLoose(codes: Uint32Array): Uint8Array {
  let size = 1
  for (let i = 0; i < codes.length; i++) if (codes[i] >= size) size = codes[i] + 1
  const counts = new Uint32Array(size)
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++
  return encodeCodes(codes, counts)
}

/** Sections: requests (left empty if every record is one), bytes, records, errors, each by code. */
function encodeTally(column: TidyColumn, tallied: TalliedRows): Uint8Array {
  const sums = tally(column, tallied)
  const requests = tallied.weighted ? encodeNumbers(sums.requests) : new Uint8Array(0)
  return pack([requests, encodeNumbers(sums.bytes), encodeIntegers(sums.records), encodeNumbers(sums.errors)])
}

function talliedRows({
  rows,
  dimensions: { visitor, edgeResponseStatus },
  measures: { weight, edgeResponseBytes },
}: SegmentRows): TalliedRows {
  const isVisitor = Uint8Array.from(stringsOf(visitor.values), (text) => (text === 'true' ? 1 : 0))
  const isError = Uint8Array.from(stringsOf(edgeResponseStatus.values), (text) => (isErrorStatus(Number(text)) ? 1 : 0))
  const out: TalliedRows = {
    weighted: weight.some((w) => w !== 1),
    requests: new Float64Array(rows),
    bytes: new Float64Array(rows),
    records: new Uint8Array(rows),
    errors: new Float64Array(rows),
  }
  markTallied(visitor.codes, isVisitor, out.records)
  sumTallied(out.records, weight, out.requests)
  sumErrors(out.records, edgeResponseStatus.codes, isError, weight, out.errors)
  sumBytes(out.records, edgeResponseBytes, weight, out.bytes)
  return out
}

// Loops of their own, see ../columns/integers.ts.

function markTallied(codes: Codes, isVisitor: Uint8Array, records: Uint8Array): void {
  for (let i = 0; i < codes.length; i++) records[i] = isVisitor[codes[i]]
}

function sumTallied(records: Uint8Array, weight: Float64Array, requests: Float64Array): void {
  for (let i = 0; i < records.length; i++) {
    if (records[i] !== 0) requests[i] = weight[i]
  }
}

function sumErrors(
  records: Uint8Array,
  codes: Codes,
  isError: Uint8Array,
  weight: Float64Array,
  errors: Float64Array,
): void {
  for (let i = 0; i < records.length; i++) {
    if (records[i] !== 0 && isError[codes[i]] === 1) errors[i] = weight[i]
  }
}

function sumBytes(records: Uint8Array, numbers: Float64Array, weight: Float64Array, bytes: Float64Array): void {
  for (let i = 0; i < records.length; i++) {
    const number = numbers[i]
    if (records[i] !== 0 && number === number) bytes[i] = number * weight[i]
  }
}
