/**
 * How long answers took, in pieces of some hours: of all answers, and by the hosts, data centres and paths with the most of them. A
 * piece is read once and kept; in a running service only the last one is read anew.
 */
import { LRUCache } from 'lru-cache'
import { HOUR, MINUTE } from '../../../schema/words/duration.js'
import type { Filter, PercentileMeasure } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import type { TimeRange } from '../sample.js'
import { FROM_CACHE } from '../slowness.js'

/** In the order in which they are named: what befalls a whole host is no matter of its paths. */
export const PLACES = ['host', 'colo', 'path'] as const
export type PlaceDimension = (typeof PLACES)[number]

export const BUCKET_MS = 10 * MINUTE
const PIECE_MS = 6 * HOUR
const BUCKETS = PIECE_MS / BUCKET_MS
/** Places watched of each dimension and piece. */
const MOST_PLACES = 20
/** Pieces kept: some days, without filters and with some. */
const MOST_PIECES = 48
/** The middle moves when everything is slower, the upper decile when a part is. */
export const PERCENTILES = [0.5, 0.9] as const

/** What visitors got that was asked of the origin; a cached answer is as fast as ever while the origin crawls. */
export const ANSWERED: Filter[] = [
  { dimension: 'class', values: ['2xx', '3xx'] },
  { dimension: 'cacheStatus', values: [...FROM_CACHE], not: true },
]

/** By bucket: answers that carry the measure, and its percentiles in ms. */
export interface Cells {
  answers: Float64Array
  percentiles: readonly Float64Array[]
}

/** By dimension and value; '' is all answers. */
type Piece = { readonly [dimension in PlaceDimension | '']: ReadonlyMap<string, Cells> }

export interface SlowCells {
  from: number
  buckets: number
  of: { readonly [dimension in PlaceDimension | '']: ReadonlyMap<string, Cells> }
}

export interface CellReader {
  read(
    range: TimeRange,
    measure: PercentileMeasure,
    filters: Filter[],
    requestsIn: (range: TimeRange) => number,
  ): Promise<SlowCells>
}

export function cellReader(store: ReadRecords): CellReader {
  const pieces = new LRUCache<string, Promise<Piece>>({ max: MOST_PIECES })

  function piece(at: number, measure: PercentileMeasure, filters: Filter[], requests: number): Promise<Piece> {
    const key = JSON.stringify([at, measure, filters, requests])
    let known = pieces.get(key)
    if (!known) {
      known = pieceOf(store, at, measure, filters)
      known.catch(() => pieces.delete(key))
      pieces.set(key, known)
    }
    return known
  }

  return {
    async read({ from, to }, measure, filters, requestsIn) {
      const first = Math.floor(from / PIECE_MS) * PIECE_MS
      const all: Piece[] = []
      for (let at = first; at < to; at += PIECE_MS)
        all.push(await piece(at, measure, filters, requestsIn({ from: at, to: at + PIECE_MS })))
      const of: { [dimension: string]: ReadonlyMap<string, Cells> } = {}
      for (const dimension of ['', ...PLACES] as const) of[dimension] = joined(all.map((one) => one[dimension]))
      return { from: first, buckets: all.length * BUCKETS, of: of as SlowCells['of'] }
    },
  }
}

async function pieceOf(
  store: ReadRecords,
  from: number,
  measure: PercentileMeasure,
  filters: Filter[],
): Promise<Piece> {
  const selection = { from, to: from + PIECE_MS, audience: 'visitors' as const }
  const bounds = Float64Array.from({ length: BUCKETS + 1 }, (_, i) => from + i * BUCKET_MS)
  const cellsBy = async (dimension: PlaceDimension | '', own: Filter[]): Promise<Map<string, Cells>> => {
    const { groups, group, bucket, values, records } = await store.percentiles({
      ...selection,
      filters: [...filters, ...ANSWERED, ...own],
      measure,
      percentiles: [...PERCENTILES],
      bounds,
      by: dimension === '' ? [] : [dimension],
    })
    const cells = new Map<string, Cells>()
    for (let i = 0; i < group.length; i++) {
      const value = groups[group[i]][0] ?? ''
      if (dimension !== '' && value === '') continue
      let one = cells.get(value)
      if (!one) cells.set(value, (one = newCells(BUCKETS)))
      one.answers[bucket[i]] = records[i]
      one.percentiles.forEach((list, p) => (list[bucket[i]] = values[i * PERCENTILES.length + p]))
    }
    return cells
  }
  const of: { [dimension: string]: ReadonlyMap<string, Cells> } = { '': await cellsBy('', []) }
  for (const dimension of PLACES) {
    // however many paths there are, the busiest are looked at
    const busiest = await store.counts({
      ...selection,
      filters: [...filters, ...ANSWERED],
      bounds: null,
      by: [dimension],
      limit: MOST_PLACES,
    })
    const values = busiest.groups.map(([value]) => value).filter((value) => value !== '')
    // an only host is the whole site
    of[dimension] =
      values.length === 0 || busiest.total.values < 2 ? new Map() : await cellsBy(dimension, [{ dimension, values }])
  }
  return of as Piece
}

function newCells(buckets: number): Cells {
  return {
    answers: new Float64Array(buckets),
    percentiles: PERCENTILES.map(() => new Float64Array(buckets).fill(Number.NaN)),
  }
}

function joined(pieces: readonly ReadonlyMap<string, Cells>[]): Map<string, Cells> {
  const all = new Map<string, Cells>()
  pieces.forEach((piece, p) => {
    for (const [value, { answers, percentiles }] of piece) {
      let one = all.get(value)
      if (!one) all.set(value, (one = newCells(pieces.length * BUCKETS)))
      one.answers.set(answers, p * BUCKETS)
      one.percentiles.forEach((list, i) => list.set(percentiles[i], p * BUCKETS))
    }
  })
  return all
}
