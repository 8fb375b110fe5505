/**
 * Values of a site (a path, a country, a rule) whose errors ran far above their own past: cheap counts of failing clients by
 * value and quarter of an hour. They are read in pieces of some hours, and the pieces are kept: in a running service only
 * the last one is read anew, whatever the range that is asked for.
 */
import { HOUR, MINUTE } from '../../schema/words/duration.js'
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { statusClassOf } from '../../schema/status/status-class.js'
import type { TroubleClass } from './detect/index.js'
import type { TimeRange } from './sample.js'
import { SLICED, type Slice, type SlicedDimension } from './sliced.js'

/** A value of a dimension, and a stretch in which it is suspected. */
export interface Suspect extends Slice {
  statusClass: TroubleClass
  at: number
  until: number
  errors: number
  times: number
}

export interface Suspects {
  /** `requestsIn` tells whether something arrived in a piece since it was read. */
  find(range: TimeRange, filters: Filter[], requestsIn: (range: TimeRange) => number): Promise<Suspect[]>
}

/** Suspects begin and end with a quarter of an hour. */
export const QUARTER = 15 * MINUTE
const PIECE_MS = 6 * HOUR
const QUARTERS = PIECE_MS / QUARTER
/** Values watched of each dimension and piece: those with the most errors. */
const MOST_VALUES = 60
/**
 * Failing clients (requests, where clients are not told apart) in half an hour or in two, and times the mean of the hours before, that
 * make a suspect. What fails thinly for hours has hardly any in a half.
 */
const WIDTHS = [
  { quarters: 2, least: 7 },
  { quarters: 8, least: 10 },
]
const LEAST_TIMES = 3
/** Quarters that have to be known before something is unusual. */
const LEAST_KNOWN = 4
/**
 * An hour without a failure says little: until more is known, the calmest of the stretches of two hours stand for so many quarters. Else
 * whatever fails now and then would be suspected for days, and the trouble in it drown once more.
 */
const CALM_QUARTERS = 8
const CALMEST = 0.25
/** Pieces kept: four days, without filters and with some. */
const MOST_PIECES = 64

/** By dimension, and by value and status: failing clients in each quarter. */
type Piece = { readonly [dimension in SlicedDimension]: ReadonlyMap<string, Float64Array> }

export function suspectsIn(store: ReadRecords): Suspects {
  const pieces = new Map<string, Promise<Piece>>()

  function piece(at: number, filters: Filter[], requests: number): Promise<Piece> {
    const key = JSON.stringify([at, filters, requests])
    let known = pieces.get(key)
    if (known) pieces.delete(key)
    else {
      known = read(store, at, filters)
      known.catch(() => pieces.delete(key))
    }
    pieces.set(key, known)
    if (pieces.size > MOST_PIECES) pieces.delete(pieces.keys().next().value as string)
    return known
  }

  return {
    async find({ from, to }, filters, requestsIn) {
      const first = Math.floor(from / PIECE_MS) * PIECE_MS
      const all: Piece[] = []
      // one after the other: what a store has at hand for one dimension of these hours serves the next
      for (let at = first; at < to; at += PIECE_MS)
        all.push(await piece(at, filters, requestsIn({ from: at, to: at + PIECE_MS })))
      return SLICED.flatMap((dimension) => suspectsOf(dimension, all, first, Math.ceil((from - first) / QUARTER)))
    },
  }
}

async function read(store: ReadRecords, from: number, filters: Filter[]): Promise<Piece> {
  const errors: Filter = { dimension: 'class', values: ['4xx', '5xx'] }
  const bounds = Float64Array.from({ length: QUARTERS + 1 }, (_, i) => from + i * QUARTER)
  const of = async (dimension: SlicedDimension) => {
    const { groups, group, bucket, records, values } = await store.counts({
      from,
      to: from + PIECE_MS,
      filters: [...filters, errors],
      audience: 'visitors',
      bounds,
      by: [dimension, 'status'],
      limit: MOST_VALUES,
      apart: 'clientIp',
    })
    const series = new Map<string, Float64Array>()
    const own = groups.map(([value, status]) => {
      const counts = new Float64Array(QUARTERS)
      if (value !== '') series.set(`${status} ${value}`, counts)
      return counts
    })
    for (let i = 0; i < group.length; i++) own[group[i]][bucket[i]] += values && values[i] !== 0 ? 1 : records[i]
    return series
  }
  const read: { [dimension: string]: ReadonlyMap<string, Float64Array> } = {}
  for (const dimension of SLICED) read[dimension] = await of(dimension)
  return read as Piece
}

/** `begin`: the first quarter that is looked at; what lies before may be before all logs, and no silence. */
function suspectsOf(dimension: SlicedDimension, pieces: readonly Piece[], from: number, begin: number): Suspect[] {
  const whole = new Map<string, Float64Array>()
  pieces.forEach((piece, p) => {
    for (const [key, counts] of piece[dimension]) {
      let series = whole.get(key)
      if (!series) whole.set(key, (series = new Float64Array(pieces.length * QUARTERS)))
      series.set(counts, p * QUARTERS)
    }
  })
  return [...whole].flatMap(([key, counts]) => {
    const [status, value] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)]
    return stretchesOf(counts, begin).map(({ first, last, errors, times }) => ({
      dimension,
      value,
      statusClass: statusClassOf(Number(status)) as TroubleClass,
      at: from + first * QUARTER,
      until: from + last * QUARTER,
      errors,
      times,
    }))
  })
}

/** Quarters in which the counts ran far above the mean of those before. */
function stretchesOf(
  counts: Float64Array,
  begin: number,
): { first: number; last: number; errors: number; times: number }[] {
  const found: { first: number; last: number; times: number }[] = []
  const calm = CALM_QUARTERS * calmLevel(counts, begin)
  let sum = 0
  let known = 0
  for (let q = begin; q < counts.length; q++) {
    const mean = Math.max(sum / known, (sum + calm) / (known + CALM_QUARTERS))
    const wide = known < LEAST_KNOWN || counts[q] === 0 ? null : clearWidth(counts, q, mean)
    if (wide) {
      const open = found.at(-1)
      if (open && q <= open.last + 1) open.last = Math.max(open.last, q + wide.quarters)
      else found.push({ first: q, last: q + wide.quarters, times: wide.times })
      continue
    }
    sum += counts[q]
    known++
  }
  return found.map((one) => ({ ...one, errors: sumOf(counts, one.first, one.last) }))
}

/** The mean of a quarter in the calmest stretches. */
function calmLevel(counts: Float64Array, begin: number): number {
  const sums: number[] = []
  for (let q = begin; q + CALM_QUARTERS <= counts.length; q += CALM_QUARTERS)
    sums.push(sumOf(counts, q, q + CALM_QUARTERS))
  const calmest = sums.sort((a, b) => a - b).slice(0, Math.ceil(CALMEST * sums.length))
  return calmest.reduce((a, b) => a + b, 0) / Math.max(1, calmest.length * CALM_QUARTERS)
}

const sumOf = (counts: Float64Array, from: number, to: number): number =>
  counts.subarray(from, to).reduce((sum, n) => sum + n, 0)

/** The shortest stretch from quarter q on that is far above the mean of a quarter. */
function clearWidth(counts: Float64Array, q: number, mean: number): { quarters: number; times: number } | null {
  for (const { quarters, least } of WIDTHS) {
    const errors = sumOf(counts, q, q + quarters)
    const times = errors / (quarters * mean + 1)
    if (errors >= least && times >= LEAST_TIMES) return { quarters, times }
  }
  return null
}
