/** Rows of one day → the blobs of a segment. */
import type { Codes, DimensionColumn } from '../../block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField } from '../../fields.js'
import { bytesOf, pack } from '../columns/bytes.js'
import { encodeCodes } from '../columns/codes.js'
import { encodeDictionary } from '../columns/dictionary.js'
import { encodeIntegers } from '../columns/integers.js'
import { encodeNumbers } from '../columns/numbers.js'
import { encodeTimes } from '../columns/times.js'
import { encodeFingerprints } from './fingerprints.js'
import { rayHashes } from './hash.js'
import { DURATIONS, HISTOGRAM_FIELDS, SITE_HISTOGRAM_FIELDS, histogramOf, siteHistogramOf, type HistogramCells } from './histograms.js'
import { OVERVIEW_FIELDS, rollUp, SITE_FIELDS, type Cells } from './rollup.js'
import { codesFor, type Rows } from './rows.js'
import type { SlotName } from './slots.js'

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

const DAY_MS = 86_400_000

/** `rows` (at least one) are of one day, in ascending time. */
export function encodeSegment(input: Rows): EncodedSegment {
  const rows = withTidyColumns(input)
  const n = rows.rows
  const day = Math.floor(rows.time[0] / DAY_MS)
  const blobs: [SlotName, Uint8Array][] = [['time', encodeTimes(rows.time)], ['ray', bytesOf(rows.ray)], ['identity', bytesOf(rows.identity)]]
  if (rows.oddRays.size > 0) blobs.push(['oddRays', Buffer.from(JSON.stringify([...rows.oddRays]))])
  for (const field of DIMENSION_FIELDS) blobs.push(...encodeColumn(field, rows.dimensions[field]))
  for (const field of MEASURE_FIELDS) blobs.push([`numbers:${field}`, encodeNumbers(rows.measures[field])])
  blobs.push(...encodeColumn('batch', rows.batch))
  blobs.push(...encodeSummaries(rows, day * DAY_MS))
  return {
    day, rows: n, firstTime: rows.time[0], lastTime: rows.time[n - 1], blobs,
    fingerprints: encodeFingerprints(rayHashes(rows)),
    batches: rowsPerBatch(rows.batch),
  }
}

/** Dictionaries without values that no row has: rows may be a day's or a deletion's rest of what a reader made. */
function withTidyColumns(rows: Rows): Rows {
  const dimensions = { ...rows.dimensions }
  for (const field of DIMENSION_FIELDS) dimensions[field] = tidy(rows.dimensions[field])
  return { ...rows, dimensions, batch: tidy(rows.batch) }
}

function tidy(column: DimensionColumn): DimensionColumn {
  const counts = countCodes(column.codes, column.values.length)
  const remap = new Uint32Array(counts.length)
  const values = ['']
  for (let code = 1; code < counts.length; code++) if (counts[code] > 0) remap[code] = values.push(column.values[code]) - 1
  if (values.length === column.values.length) return column
  const codes = codesFor(values.length, column.codes.length)
  for (let i = 0; i < codes.length; i++) codes[i] = remap[column.codes[i]]
  return { codes, values }
}

function countCodes(codes: Codes, size: number): Uint32Array {
  const counts = new Uint32Array(size)
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++
  return counts
}

function encodeColumn(name: DimensionField | 'batch', { codes, values }: DimensionColumn): [SlotName, Uint8Array][] {
  return [[`codes:${name}`, encodeCodes(codes, countCodes(codes, values.length))], [`values:${name}`, encodeDictionary(values)]]
}

function rowsPerBatch({ codes, values }: DimensionColumn): Map<number, number> {
  const counts = countCodes(codes, values.length)
  return new Map(values.slice(1).map((id, i) => [Number(id), counts[i + 1]]))
}

function encodeSummaries(rows: Rows, dayStart: number): [SlotName, Uint8Array][] {
  const { overviewHour, overviewMinute, siteHour, siteMinute } = rollUp(rows, dayStart)
  const blobs: [SlotName, Uint8Array][] = [
    ['overviewHour', encodeCells(overviewHour, OVERVIEW_FIELDS)],
    ['overviewMinute', encodeCells(overviewMinute, OVERVIEW_FIELDS)],
  ]
  if (siteHour) blobs.push(['siteHour', encodeCells(siteHour, SITE_FIELDS)])
  if (siteMinute) blobs.push(['siteMinute', encodeCells(siteMinute, SITE_FIELDS)])
  for (const duration of DURATIONS) {
    const all = histogramOf(rows, dayStart, duration, HISTOGRAM_FIELDS)
    if (all) blobs.push([`histogram:${duration}`, encodeHistogram(all, HISTOGRAM_FIELDS)])
    const bySite = siteHour && siteHistogramOf(rows, dayStart, duration)
    if (bySite) blobs.push([`siteHistogram:${duration}`, encodeHistogram(bySite, SITE_HISTOGRAM_FIELDS)])
  }
  return blobs
}

/** Sections: slots, requests, bytes, records, then the codes in the order of the fields. */
function encodeCells(cells: Cells, fields: readonly DimensionField[]): Uint8Array {
  return pack([
    encodeIntegers(cells.slot), encodeNumbers(cells.requests), encodeNumbers(cells.bytes), encodeIntegers(cells.records),
    ...fields.map((field) => encodeLoose(cells.codes[field] as Uint32Array)),
  ])
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
  return encodeCodes(codes, countCodes(codes, size))
}
