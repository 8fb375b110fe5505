/** Rows of one day → the blobs of a segment. */
import { perField } from '../../block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField } from '../../fields.js'
import { statusClassOf } from '../../status/status-class.js'
import { bytesOf, pack } from '../columns/bytes.js'
import { encodeCodes } from '../columns/codes.js'
import { encodeHashes, encodeText } from '../columns/dictionary.js'
import { encodeIntegers } from '../columns/integers.js'
import { encodeNumbers } from '../columns/numbers.js'
import { encodeTimes } from '../columns/times.js'
import type { Cells } from './cells.js'
import { encodeFingerprints } from './fingerprints.js'
import { rayHashes } from './hash.js'
import { DURATIONS, HISTOGRAM_FIELDS, histogramsOf, SITE_HISTOGRAM_FIELDS, type HistogramCells } from './histograms.js'
import { OVERVIEW_FIELDS, rollUp, SITE_FIELDS } from './rollup.js'
import { pickNumbers, pickOddRays, pickPairs, type Rows } from './rows.js'
import type { SlotName } from './slots.js'
import { tally, tallyInput, TALLIED_FIELDS, type TallyInput } from './tally.js'
import { tidyColumn, type TidyColumn } from './tidy.js'
import type { Values } from './values.js'

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

/** The rows of a segment, in their final order and with tidy columns. */
export interface SegmentRows extends Omit<Rows, 'dimensions' | 'batch'> {
  dimensions: { [field in DimensionField]: TidyColumn }
  batch: TidyColumn
}

const DAY_MS = 86_400_000

/** The rows at `order`: at least one, of one day, in ascending time. */
export function encodeSegment(all: Rows, order: Uint32Array): EncodedSegment {
  const rows = segmentRows(all, order)
  const day = Math.floor(rows.time[0] / DAY_MS)
  const blobs: [SlotName, Uint8Array][] = [['time', encodeTimes(rows.time)], ['ray', bytesOf(rows.ray)], ['identity', bytesOf(rows.identity)]]
  if (rows.oddRays.size > 0) blobs.push(['oddRays', Buffer.from(JSON.stringify([...rows.oddRays]))])
  for (const field of DIMENSION_FIELDS) blobs.push(...encodeColumn(field, rows.dimensions[field]))
  for (const field of MEASURE_FIELDS) blobs.push([`numbers:${field}`, encodeNumbers(rows.measures[field])])
  blobs.push(...encodeColumn('batch', rows.batch))
  blobs.push(...encodeRollups(rows, day * DAY_MS), ...encodeHistograms(rows, day * DAY_MS), ...encodeTallies(rows))
  return {
    day, blobs, rows: rows.rows, firstTime: rows.time[0], lastTime: rows.time[rows.rows - 1],
    fingerprints: encodeFingerprints(rayHashes(rows)),
    batches: rowsPerBatch(rows.batch),
  }
}

function segmentRows(all: Rows, order: Uint32Array): SegmentRows {
  return {
    rows: order.length,
    time: pickNumbers(all.time, order),
    ray: pickPairs(all.ray, order),
    identity: pickPairs(all.identity, order),
    oddRays: pickOddRays(all.oddRays, order),
    batch: tidyColumn(all.batch, order),
    dimensions: perField(DIMENSION_FIELDS, (field) => tidyColumn(all.dimensions[field], order)),
    measures: perField(MEASURE_FIELDS, (field) => pickNumbers(all.measures[field], order)),
  }
}

function encodeColumn(name: DimensionField | 'batch', { codes, values, counts }: TidyColumn): [SlotName, Uint8Array][] {
  const blobs: [SlotName, Uint8Array][] = [[`codes:${name}`, encodeCodes(codes, counts)]]
  // a column in which nothing has a value has no dictionary
  if (values.size > 1) blobs.push([`values:${name}`, encodeHashes(values)], [`text:${name}`, encodeText(values)])
  return blobs
}

function rowsPerBatch({ values, counts }: TidyColumn): Map<number, number> {
  return new Map(textsOf(values).map((id, code) => [Number(id), counts[code]] as const).slice(1))
}

/** The values as strings; for columns that have few. */
function textsOf({ size, text, ends }: Values): string[] {
  return Array.from({ length: size }, (_, v) => (v === 0 ? '' : Buffer.from(text.subarray(ends[v - 1], ends[v])).toString('utf8')))
}

function encodeRollups(rows: SegmentRows, dayStart: number): [SlotName, Uint8Array][] {
  const { overviewHour, overviewMinute, siteHour, siteMinute } = rollUp(rows, dayStart)
  const blobs: [SlotName, Uint8Array][] = [
    ['overviewHour', encodeCells(overviewHour, OVERVIEW_FIELDS)],
    ['overviewMinute', encodeCells(overviewMinute, OVERVIEW_FIELDS)],
  ]
  if (siteHour) blobs.push(['siteHour', encodeCells(siteHour, SITE_FIELDS)])
  if (siteMinute) blobs.push(['siteMinute', encodeCells(siteMinute, SITE_FIELDS)])
  return blobs
}

/** Sections: slots, requests, bytes, records, then the codes in the order of the fields. */
function encodeCells(cells: Cells, fields: readonly DimensionField[]): Uint8Array {
  return pack([
    encodeIntegers(cells.slot), encodeNumbers(cells.requests), encodeNumbers(cells.bytes), encodeIntegers(cells.records),
    ...fields.map((field) => encodeLoose(cells.codes[field] as Uint32Array)),
  ])
}

function encodeHistograms(rows: SegmentRows, dayStart: number): [SlotName, Uint8Array][] {
  const histograms = histogramsOf(rows, dayStart)
  return DURATIONS.flatMap((duration) => {
    const { all, bySite } = histograms[duration]
    const blobs: [SlotName, Uint8Array][] = [[`histogram:${duration}`, encodeHistogram(all, HISTOGRAM_FIELDS)]]
    if (bySite) blobs.push([`siteHistogram:${duration}`, encodeHistogram(bySite, SITE_HISTOGRAM_FIELDS)])
    return blobs
  })
}

/** Sections: hours, buckets, requests, records, then the codes in the order of the fields. */
function encodeHistogram(cells: HistogramCells, fields: readonly DimensionField[]): Uint8Array {
  return pack([
    encodeIntegers(cells.slot), encodeIntegers(cells.bucket), encodeNumbers(cells.requests), encodeIntegers(cells.records),
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
function encodeTallies(rows: SegmentRows): [SlotName, Uint8Array][] {
  const input = tallied(rows)
  const weighted = rows.measures.weight.some((w) => w !== 1)
  return TALLIED_FIELDS.map((field) => {
    const { codes, values } = rows.dimensions[field]
    const sums = tally(codes, values.size, input)
    return [`tally:${field}`, pack([weighted ? encodeNumbers(sums.requests) : new Uint8Array(0), encodeNumbers(sums.bytes), encodeIntegers(sums.records), encodeNumbers(sums.errors)])]
  })
}

function tallied({ rows, dimensions: { visitor, edgeResponseStatus }, measures: { weight, edgeResponseBytes } }: SegmentRows): TallyInput {
  const isVisitor = Uint8Array.from(textsOf(visitor.values), (text) => (text === 'true' ? 1 : 0))
  const isError = Uint8Array.from(textsOf(edgeResponseStatus.values), (text) => (isErrorStatus(text) ? 1 : 0))
  return tallyInput(rows, visitor.codes, isVisitor, edgeResponseStatus.codes, isError, weight, edgeResponseBytes)
}

/** 4xx, 499 and 5xx. */
export function isErrorStatus(status: string): boolean {
  const name = statusClassOf(Number(status))
  return name === '4xx' || name === '499' || name === '5xx'
}

