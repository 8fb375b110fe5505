/** The head figures of the page: what was answered, how it compares with the time before, how slow it was. */
import { iso, isoOrNull } from '../../schema/words/iso.js'
import type { Summary } from '../../schema/api/reports.js'
import type { Counts, PercentileMeasure, Selection } from '../../schema/store/query.js'
import type { ReadRecords, RecordsExtent } from '../../schema/store/records.js'
import { comparedRange, comparedTimes, type Compare } from './compare.js'
import { ERROR_CLASSES } from '../../schema/status/status-class.js'
import { unlessGone } from '../../schema/store/counts-only.js'
import { byKey, rounded, totalOf } from './counts.js'

type Period = Pick<
  Summary,
  'requests' | 'bytes' | 'byClass' | 'bySource' | 'errorRate' | 'timeToFirstByteMs' | 'originDurationMs'
>

async function period(store: ReadRecords, selection: Selection): Promise<Period> {
  const [counts, timeToFirstByteMs, originDurationMs] = await Promise.all([
    store.counts({ ...selection, bounds: null, by: ['class', 'source'], withBytes: true }),
    middleAndTail(store, selection, 'edgeTimeToFirstByteMs'),
    middleAndTail(store, selection, 'originResponseDurationMs'),
  ])
  const requests = totalOf(counts)
  const byClass = plainObject(counts, 0)
  const errors = ERROR_CLASSES.reduce((sum, name) => sum + (byClass[name] ?? 0), 0)
  return {
    requests: rounded(requests),
    bytes: Math.round(counts.total.bytes ?? 0),
    byClass,
    bySource: plainObject(counts, 1),
    errorRate: requests === 0 ? 0 : errors / requests,
    timeToFirstByteMs,
    originDurationMs,
  }
}

/** Requests by one dimension of those that were counted by. */
function plainObject(counts: Counts, dimension: number): { [key: string]: number } {
  return Object.fromEntries(
    [...byKey(counts, dimension)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, n]) => [key, rounded(n)]),
  )
}

async function middleAndTail(
  store: ReadRecords,
  selection: Selection,
  measure: PercentileMeasure,
): Promise<{ p50: number | null; p95: number | null }> {
  const asked = { ...selection, measure, percentiles: [0.5, 0.95], bounds: null, by: [] }
  const answer = await unlessGone(store.percentiles(asked))
  if (answer === null) return { p50: null, p95: null }
  const { values } = answer
  const value = (i: number) => (values.length > i && !Number.isNaN(values[i]) ? Math.round(values[i]) : null)
  return { p50: value(0), p95: value(1) }
}

/** Parts of a period that are looked at: fine enough to see half an hour of a day. */
const PARTS = 48

/** Parts of another window in which anything is stored, against those of the range itself: 1 where both are as full. */
async function coverage(store: ReadRecords, range: Selection, other: Selection): Promise<number> {
  const full = async ({ from, to }: Selection): Promise<number> => {
    const width = (to - from) / PARTS
    const bounds = Float64Array.from({ length: PARTS + 1 }, (_, i) => Math.round(from + i * width))
    const { bucket } = await store.counts({ from, to, filters: [], audience: 'all', bounds, by: [] })
    return new Set(bucket).size
  }
  if (other.to - other.from < PARTS || range.to - range.from < PARTS) return 0
  const [here, there] = await Promise.all([full(range), full(other)])
  return here === 0 ? 0 : Math.min(1, there / here)
}

/** Cache statuses of an answer that was out of date, as Cloudflare writes them. */
const STALE = ['stale', 'updating']

async function staleAnswers(store: ReadRecords, selection: Selection): Promise<number> {
  if (selection.filters.length > 0) {
    const filters = [...selection.filters, { dimension: 'cacheStatus' as const, values: STALE }]
    return rounded(totalOf(await store.counts({ ...selection, filters, bounds: null, by: [] })))
  }
  // asked so, a store answers from what it has added up
  const byStatus = byKey(await store.counts({ ...selection, bounds: null, by: ['cacheStatus'] }))
  let sum = 0
  for (const [status, n] of byStatus) if (STALE.includes(status.toLowerCase())) sum += n
  return rounded(sum)
}

/** `compare` names the window that `compared` holds; without it that is the period before, as `previous`. */
export async function summary(
  store: ReadRecords,
  selection: Selection,
  extent: RecordsExtent,
  { compare = null, zone = 'UTC' }: { compare?: Compare | null; zone?: string } = {},
): Promise<Summary> {
  const other = comparedRange(selection, compare ?? 'previous', zone)
  // what is only counted is told by quarters of an hour and has no speed: two windows of that kind are not held against each other
  const isWhole = extent.counted === undefined || other.from >= extent.counted.to
  const hasOther =
    isWhole && extent.from !== null && extent.to !== null && extent.from < other.to && extent.to >= other.from
  const [now, then, covered, internal, stale] = await Promise.all([
    period(store, selection),
    hasOther ? period(store, other) : null,
    hasOther ? coverage(store, selection, other) : 0,
    selection.audience === 'visitors'
      ? store.counts({ ...selection, audience: 'internal', bounds: null, by: [] })
      : null,
    unlessGone(staleAnswers(store, selection)),
  ])
  const compared = then && { ...then, covered }
  return {
    from: iso(selection.from),
    to: iso(selection.to),
    ...now,
    previous: compare === null || compare === 'previous' ? compared : null,
    ...(compare === null ? {} : { compared: compared && { ...comparedTimes(other), ...compared } }),
    excluded: internal?.total.records ?? 0,
    staleAnswers: stale,
    ...(extent.counted && selection.from < extent.counted.to ? { goneBefore: iso(extent.counted.to) } : {}),
    extent: { records: extent.records, from: isoOrNull(extent.from), to: isoOrNull(extent.to) },
  }
}
