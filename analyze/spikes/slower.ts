/**
 * Did the other answers of the same hosts become slower? It decides between clients that left on their own and
 * clients that could not wait. Cached answers tell nothing of the origin and are left out.
 */
import { fieldOf, type FieldName } from '../../schema/words/fields.js'
import type { Filter } from '../../schema/store/query.js'
import type { Record } from '../../schema/words/record.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { Baseline } from './baseline.js'
import type { PathReader } from './path-pattern.js'
import { sampleRecords, type TimeRange } from './sample.js'
import type { Scope } from './scope.js'

export type Measure = 'edgeTimeToFirstByteMs' | 'originResponseDurationMs' | 'totalMs'

export interface Trend {
  /** how many times slower the other answers are than before; null: nothing measured */
  ratio: number | null
  /** false where so few answers were measured that chance may have made the ratio */
  sure: boolean
  measure: Measure | null
  /** the middle moves when everything is slower, the upper decile when one path is */
  percentile: number
  /** ms, the figures behind the ratio */
  now: number | null
  before: number | null
  /** how many times longer those who left had waited than those who left before, or than nearly all answers took; null: too few to say */
  waits: number | null
  /** ms within which nine of ten other answers were there before; null: too few to say */
  usual: number | null
}

export const NO_TREND: Trend = {
  ratio: null,
  sure: false,
  measure: null,
  percentile: 0.5,
  now: null,
  before: null,
  waits: null,
  usual: null,
}

/** A slowdown that is sure, but smaller than asked for, counts where those who left had waited twice as long as others did. */
const LEAST_WITH_WAITS = 1.25
const LONGER_WAITS = 2
/** Where nothing was measured of the others, so much longer waits speak by themselves. */
const MUCH_LONGER_WAITS = 4

/** True and false where the trend says so, null where it can't be told. */
export function isSlower(trend: Trend, atLeast: number): boolean | null {
  const { ratio, sure, waits } = trend
  if (ratio === null || !sure) return waits !== null && waits >= MUCH_LONGER_WAITS ? true : null
  return ratio >= atLeast || (ratio >= LEAST_WITH_WAITS && waits !== null && waits >= LONGER_WAITS)
}

/** Compares how long those who left had waited with those who left before; where hardly anybody did, with `usual` answers. */
export function waitsOf(spike: readonly Record[], before: readonly Record[], usual: number | null): number | null {
  const [now, past] = [spike, before].map((records) => durationsOf(records, 'totalMs'))
  const patience = past.length >= LEAST_ANSWERS ? quantile(past, 0.5) : usual
  return now.length < LEAST_ANSWERS || patience === null
    ? null
    : (quantile(now, 0.5) + NOISE_MS) / (patience + NOISE_MS)
}

const READ = [
  'path',
  'edgeTimeToFirstByteMs',
  'originResponseDurationMs',
  'totalMs',
] as const satisfies readonly FieldName[]

const ANSWERS = 400
const SLICES_BEFORE = 5
const LEAST_ANSWERS = 8
/** Answers that must lie above an upper decile before it counts. */
const LEAST_FOR_DECILE = 60
/** Below this a ratio measures noise, ms; where durations are exported in whole seconds, below one of them. */
const NOISE_MS = 20
const SECOND_MS = 1000
/** Percentiles are told that exactly at best. */
const EXACT = 0.03

/** What durations are exported in, ms: whole seconds, where all of them are such. */
export function unitOf(durations: Iterable<number>): number {
  let some = false
  for (const ms of durations) {
    if (!Number.isFinite(ms)) continue
    const seconds = Math.round(ms / SECOND_MS)
    if (Math.abs(ms - seconds * SECOND_MS) > EXACT * seconds * SECOND_MS) return 1
    some ||= seconds > 0
  }
  return some ? SECOND_MS : 1
}
/** What a ratio has to exceed beyond 2.5 standard errors. */
const LEAST_SURE_RATIO = 1.15

/** Where fewer answers than this part of the spike are left, those that are fast are monitors and stubs, not what visitors waited for. */
const LEAST_LEFT = 1 / 3

/** `scope` narrows to the spike's host and path; `extra` are the spike's requests above expectation. */
export async function trendOf(
  store: ReadRecords,
  spike: TimeRange & { status: number; extra: number },
  baseline: Baseline,
  scope: Scope,
  filters: readonly Filter[],
  pathOf: PathReader,
): Promise<Trend> {
  const selection = {
    ...spike,
    audience: 'visitors' as const,
    filters: [
      ...filters,
      {
        dimension: 'status' as const,
        values: [String(spike.status), '0', '520', '521', '522', '523', '524', '525', '526', '530'],
        not: true,
      },
      { dimension: 'source' as const, values: ['cache', 'client', 'edge'], not: true },
      ...(scope.host === undefined ? [] : [{ dimension: 'host' as const, values: [scope.host] }]),
    ],
  }
  const [now, before, left] = await Promise.all([
    sampleRecords(store, selection, { size: ANSWERS, fields: READ }),
    sampleRecords(store, selection, { size: ANSWERS, slices: SLICES_BEFORE, ranges: baseline.ranges, fields: READ }),
    store.counts({ ...selection, bounds: null, by: [] }),
  ])
  const durations = durationsOf(before, 'totalMs')
  const usual = durations.length < LEAST_FOR_DECILE ? null : quantile(durations, 0.9)
  const trend = strongest(
    trendsOf(now, before, scope.path === undefined ? null : (record) => isUnder(record, scope.path, pathOf)),
  )
  const tells =
    left.total.requests >= LEAST_LEFT * spike.extra || (trend.sure && (trend.ratio as number) >= LEAST_WITH_WAITS)
  return { ...(tells ? trend : NO_TREND), usual }
}

function isUnder(record: Record, path: string, pathOf: PathReader): boolean {
  const own = record.path === null ? '' : pathOf(record.path)
  return own === path || own.startsWith(`${path}/`)
}

/** Every way to look at it; the whole host beside the one path, since all answers of the path may be gone. */
export function trendsOf(
  now: readonly Record[],
  before: readonly Record[],
  onPath: ((record: Record) => boolean) | null,
): Trend[] {
  const exported = (['edgeTimeToFirstByteMs', 'originResponseDurationMs'] as const).filter((measure) =>
    now.some((record) => record[measure] !== null),
  )
  // how long an answer took in all includes the visitor's own line: only where nothing better is exported
  const measures: readonly Measure[] = exported.length > 0 ? exported : ['totalMs']
  const groups: [readonly Record[], readonly Record[]][] = [
    [now, before],
    ...(onPath ? [[now.filter(onPath), before.filter(onPath)] as [Record[], Record[]]] : []),
  ]
  return groups.flatMap(([a, b]) =>
    measures.flatMap((measure) => [0.5, 0.9].map((percentile) => compare(measure, percentile, a, b))),
  )
}

/** The clearest slowdown; without one, the largest ratio that is sure. */
export function strongest(trends: readonly Trend[]): Trend {
  const measured = trends.filter((trend) => trend.ratio !== null)
  return (
    [...measured].sort((a, b) => Number(b.sure) - Number(a.sure) || (b.ratio as number) - (a.ratio as number))[0] ??
    NO_TREND
  )
}

function compare(measure: Measure, percentile: number, now: readonly Record[], before: readonly Record[]): Trend {
  const [a, b] = [now, before].map((records) => durationsOf(records, measure))
  const least = percentile === 0.5 ? LEAST_ANSWERS : LEAST_FOR_DECILE
  if (Math.min(a.length, b.length) < least) return NO_TREND
  const [x, y] = [quantile(a, percentile), quantile(b, percentile)]
  const noise = Math.max(NOISE_MS, unitOf([...a, ...b]))
  const change = Math.log((x + noise) / (y + noise))
  const error = Math.hypot(standardError(a, percentile, noise), standardError(b, percentile, noise))
  const slower = change > Math.log(LEAST_SURE_RATIO) + 2.5 * error
  const alike = change < Math.log(LEAST_SURE_RATIO) || error < 0.1
  return {
    ratio: Math.exp(change),
    sure: slower || alike,
    measure,
    percentile,
    now: x,
    before: y,
    waits: null,
    usual: null,
  }
}

/** Ascending. 0 ms of origin is a record whose origin was not asked. */
function durationsOf(records: readonly Record[], measure: Measure): number[] {
  return records
    .flatMap((record) => {
      const value = record[measure]
      return value === null || (value === 0 && measure === 'originResponseDurationMs') ? [] : [value]
    })
    .sort((a, b) => a - b)
}

export function quantile(ascending: readonly number[], q: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(q * ascending.length))]
}

/** Of the logarithm of a percentile, were the logarithms normally distributed. */
function standardError(ascending: readonly number[], percentile: number, noise: number): number {
  const log = (q: number) => Math.log(quantile(ascending, q) + noise)
  const deviation = Math.max(0.05, (log(0.75) - log(0.25)) / 1.35)
  return ((percentile === 0.5 ? 1.25 : 1.71) * deviation) / Math.sqrt(ascending.length)
}

/** What Cloudflare calls a field. Both ends of the request have a name there, the time between them has none. */
export function cloudflareName(field: FieldName): string {
  return field === 'totalMs' ? 'EdgeEndTimestamp − EdgeStartTimestamp' : (fieldOf(field).from[0] ?? field)
}
