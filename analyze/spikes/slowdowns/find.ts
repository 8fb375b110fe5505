/**
 * Latency as trouble: a site, a host, a data centre or a path whose answers take far longer than before while their statuses stay what
 * they were. What is slow is named by what is not: a host is at fault where the others are as fast as ever.
 */
import { HOUR, MINUTE } from '../../../schema/words/duration.js'
import type { Filter, PercentileMeasure } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import type { TimeRange } from '../sample.js'
import { ANSWERED, BUCKET_MS, cellReader, PERCENTILES, PLACES, type PlaceDimension, type SlowCells } from './cells.js'
import { unitOf } from '../slower.js'
import { isOnlyOthers, isOnlyOtherPaths } from './mix.js'
import { stretchesOf, type Stretch } from './stretches.js'

export interface Slowdown {
  /** what became slow; null: everything */
  place: { dimension: PlaceDimension; value: string } | null
  start: number
  /** exclusive */
  end: number
  ongoing: boolean
  detectedAt: number
  /** how many times as long as usual */
  times: number
}

export interface SlowdownFinder {
  find(
    logs: TimeRange,
    asked: TimeRange,
    filters: Filter[],
    requestsIn: (range: TimeRange) => number,
  ): Promise<Slowdown[]>
}

const PAST_MS = 20 * HOUR
/** Only the last of a long range: durations by place are made of the records. */
const LONGEST_MS = 2 * 24 * HOUR
/** The best first: a totals of both ends includes the visitor's own line. */
const MEASURES: readonly PercentileMeasure[] = ['edgeTimeToFirstByteMs', 'originResponseDurationMs', 'totalMs']
/** Others are as fast as ever below this, times their usual. */
const AS_EVER = 1.5
/** Told at most; a site where more becomes slow at a time is slow as a whole. */
const MOST_TOLD = 6
/** Suspects of slowness that are looked at closely. */
const MOST_LOOKED = 12
/** Logs that end this soon after it leave open whether it goes on. */
const FRESH_MS = 2 * BUCKET_MS

interface Candidate extends Stretch {
  dimension: PlaceDimension | ''
  value: string
  /** the others of its dimension are as fast as ever */
  apart: boolean
}

export function slowdownFinder(store: ReadRecords): SlowdownFinder {
  const reader = cellReader(store)

  return {
    async find(logs, asked, filters, requestsIn) {
      const to = Math.min(logs.to, asked.to)
      const range = { from: Math.max(logs.from, asked.from - PAST_MS, to - LONGEST_MS), to }
      const measure = await measureOf(store, range, filters)
      if (measure === null || range.to - range.from < HOUR) return []
      const cells = await reader.read(range, measure, filters, requestsIn)
      const candidates = candidatesIn(cells, Math.ceil((range.from - cells.from) / BUCKET_MS))
      const found: Slowdown[] = []
      const kept: Candidate[] = []
      let looked = 0
      for (const one of inOrder(candidates)) {
        if (found.length >= MOST_TOLD || looked >= MOST_LOOKED) break
        // what is told of a host or a path is told; of one that it turned out not to be, others may tell
        if (kept.some((other) => other.first < one.last + 1 && one.first < other.last + 1)) continue
        const at = { from: cells.from + one.first * BUCKET_MS, to: cells.from + one.last * BUCKET_MS }
        if (at.to <= asked.from) continue
        looked++
        const place = one.dimension === '' ? null : { dimension: one.dimension, value: one.value }
        const own: Filter[] =
          place === null ? filters : [...filters, { dimension: place.dimension, values: [place.value] }]
        if (one.dimension !== 'path' && (await isOnlyOtherPaths(store, at, measure, own))) continue
        if (await isOnlyOthers(store, at, measure, { ...one, at: PERCENTILES[one.percentile] }, own)) continue
        kept.push(one)
        const exact = await minutesOf(store, one, place, at, logs, measure, filters)
        found.push({
          place,
          ...exact,
          ongoing: exact.end >= logs.to - FRESH_MS,
          detectedAt: Math.min(logs.to, cells.from + (one.knownAt + 1) * BUCKET_MS),
          times: one.times,
        })
      }
      return found
    },
  }
}

/** The best measure that the export carries; null: none. */
async function measureOf(store: ReadRecords, range: TimeRange, filters: Filter[]): Promise<PercentileMeasure | null> {
  const last = { ...range, from: Math.max(range.from, range.to - 6 * HOUR) }
  const carried = await store.presence({ ...last, filters, audience: 'visitors' }, MEASURES)
  return MEASURES.find((measure) => (carried[measure] ?? 0) > 0) ?? null
}

function candidatesIn({ of }: SlowCells, begin: number): Candidate[] {
  const unit = unitOf(durationsIn(of))
  return (['', ...PLACES] as const).flatMap((dimension) =>
    [...of[dimension]].flatMap(([value, cells]) =>
      stretchesOf(cells, begin, unit).map((stretch) => ({
        ...stretch,
        dimension,
        value,
        apart: dimension !== '' && othersAreFast(of, dimension, value, stretch, begin),
      })),
    ),
  )
}

function* durationsIn(of: SlowCells['of']): Generator<number> {
  for (const cells of Object.values(of))
    for (const { percentiles } of cells.values()) for (const list of percentiles) yield* list
}

/** Most of the other places of the dimension answer as fast as before. */
function othersAreFast(
  of: SlowCells['of'],
  dimension: PlaceDimension,
  value: string,
  { first, last, percentile }: Stretch,
  begin: number,
): boolean {
  let [fast, slow] = [0, 0]
  for (const [other, { answers, percentiles }] of of[dimension]) {
    if (other === value) continue
    const mean = (from: number, to: number) => {
      let [sum, n] = [0, 0]
      for (let i = from; i < to; i++) {
        if (answers[i] > 0 && !Number.isNaN(percentiles[percentile][i])) {
          sum += answers[i] * percentiles[percentile][i]
          n += answers[i]
        }
      }
      return { mean: n > 0 ? sum / n : Number.NaN, n }
    }
    const [now, before] = [mean(first, last), mean(Math.max(begin, first - 36), first)]
    if (Number.isNaN(now.mean) || Number.isNaN(before.mean)) continue
    if (now.mean < AS_EVER * before.mean + 20) fast += now.n
    else slow += now.n
  }
  return fast > 0 && slow <= fast / 4
}

/** Of those that meet in time the first is told: what stands apart, the clearest first and a host before its paths; else the whole. */
function inOrder(candidates: readonly Candidate[]): Candidate[] {
  const order = (one: Candidate) => (one.apart ? PLACES.indexOf(one.dimension as PlaceDimension) : PLACES.length)
  return [...candidates]
    .filter((one) => one.apart || one.dimension === '')
    .sort((a, b) => order(a) - order(b) || b.times - a.times)
}

/** The first and the last minute: those between which slow minutes outweigh the others. */
async function minutesOf(
  store: ReadRecords,
  { percentile, usual, slow }: Stretch,
  place: Slowdown['place'],
  at: TimeRange,
  logs: TimeRange,
  measure: PercentileMeasure,
  filters: Filter[],
): Promise<{ start: number; end: number }> {
  const from = Math.max(Math.floor(logs.from / MINUTE) * MINUTE, at.from - 2 * BUCKET_MS)
  const to = Math.min(logs.to, at.to + 2 * BUCKET_MS)
  const bounds = Float64Array.from({ length: Math.ceil((to - from) / MINUTE) + 1 }, (_, i) => from + i * MINUTE)
  const own: Filter[] = place === null ? [] : [{ dimension: place.dimension, values: [place.value] }]
  const { bucket, values, records } = await store.percentiles({
    from,
    to: bounds[bounds.length - 1],
    filters: [...filters, ...ANSWERED, ...own],
    audience: 'visitors',
    measure,
    percentiles: [PERCENTILES[percentile]],
    bounds,
    by: [],
  })
  const threshold = Math.sqrt((usual + 20) * (slow + 20)) - 20
  const votes = new Float64Array(bounds.length - 1)
  for (let i = 0; i < bucket.length; i++)
    votes[bucket[i]] = (values[i] >= threshold ? 1 : -1) * Math.min(1, Math.sqrt(records[i]) / 3)
  let best = { sum: 0, first: 0, last: votes.length }
  let run = { sum: 0, first: 0 }
  votes.forEach((vote, i) => {
    run = run.sum > 0 ? { sum: run.sum + vote, first: run.first } : { sum: vote, first: i }
    if (run.sum > best.sum) best = { sum: run.sum, first: run.first, last: i + 1 }
  })
  return best.sum > 0
    ? { start: from + best.first * MINUTE, end: Math.min(logs.to, from + best.last * MINUTE) }
    : { start: at.from, end: Math.min(logs.to, at.to) }
}
