/**
 * Where answers became slow while their statuses stayed what they were: at the origin, at one data centre, or on one
 * path. Each is held against the rest, since what is slow everywhere is nobody's in particular.
 */
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { FieldName } from '../../schema/words/fields.js'
import type { Record } from '../../schema/words/record.js'
import type { Baseline } from './baseline.js'
import type { FindingResult, Findings } from './findings.js'
import { pathPatterns } from './path-pattern.js'
import { sampleRecords, type TimeRange } from './sample.js'
import type { SlowFigures } from './sentences/say.js'
import { cloudflareName, strongest, trendsOf, type Trend } from './slower.js'

const READ = [
  'path',
  'colo',
  'cacheStatus',
  'edgeTimeToFirstByteMs',
  'originResponseDurationMs',
  'totalMs',
] as const satisfies readonly FieldName[]
const ANSWERS = 1_600
const ANSWERED: Filter = { dimension: 'class', values: ['2xx', '3xx'] }
/** Fewer answers of a data centre or a path tell nothing of it. */
const LEAST_ANSWERS = 15
/** Slow: at least so many times as long as before. The rest is as fast as ever below the second. */
const SLOW = 1.5
const AS_EVER = 1.25
export const FROM_CACHE: ReadonlySet<string> = new Set([
  'hit',
  'stale',
  'updating',
  'revalidated',
  'streamHit',
  'stream_hit',
])

export interface Slowness {
  findings: Findings
  /** the clearest slowdown; null: nothing became slow, or too few answers to say */
  figures: SlowFigures | null
}

export async function slownessOf(
  store: ReadRecords,
  range: TimeRange,
  baseline: Baseline | null,
  filters: readonly Filter[],
): Promise<Slowness> {
  const none: Slowness = { findings: {}, figures: null }
  if (baseline === null) return none
  const selection = { ...range, filters: [...filters, ANSWERED], audience: 'visitors' as const }
  const [now, before] = await Promise.all([
    sampleRecords(store, selection, { size: ANSWERS, fields: READ }),
    sampleRecords(store, selection, { size: ANSWERS, ranges: baseline.ranges, fields: READ }),
  ])
  return slownessIn(now, before)
}

/** The same of records at hand. */
export function slownessIn(now: readonly Record[], before: readonly Record[]): Slowness {
  const pathOf = pathPatterns([...before, ...now].flatMap(({ path }) => path ?? []))
  const alone = [
    apart('colo', ({ colo }) => colo, now, before),
    apart('path', ({ path }) => (path === null ? null : pathOf(path)), now, before),
  ].filter((one) => one !== null)
  const [clearest] = alone.sort((a, b) => b.separation - a.separation)
  if (clearest) {
    const finding = clearest.figures.subject?.dimension === 'colo' ? 'slow-edge-location' : 'slow-path'
    return { findings: { [finding]: found(clearest.figures) }, figures: clearest.figures }
  }
  const asked = ({ cacheStatus }: Record) => cacheStatus === null || !FROM_CACHE.has(cacheStatus)
  const figures = slow(strongest(trendsOf(now.filter(asked), before.filter(asked), null)), null, null)
  return figures === null ? { findings: {}, figures: null } : { findings: { 'slow-origin': found(figures) }, figures }
}

const found = (figures: SlowFigures): FindingResult => ({
  holds: true,
  lacks: [],
  speaksOf: () => true,
  facts: [{ kind: 'slow', figures, share: 0, baselineShare: 0 }],
})

/** The one value whose answers became slow while those of all others did not. */
function apart(
  dimension: 'colo' | 'path',
  valueOf: (record: Record) => string | null,
  now: readonly Record[],
  before: readonly Record[],
): { figures: SlowFigures; separation: number } | null {
  const counts = new Map<string, number>()
  for (const record of now) {
    const value = valueOf(record)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const slowest = [...counts]
    .filter(([, n]) => n >= LEAST_ANSWERS)
    .flatMap(([value]) => {
      const own = (records: readonly Record[]) => records.filter((record) => valueOf(record) === value)
      const trend = strongest(trendsOf(own(now), own(before), null))
      return slow(trend, null, null) === null ? [] : [{ value, trend }]
    })
    .sort((a, b) => (b.trend.ratio as number) - (a.trend.ratio as number))[0]
  if (!slowest) return null
  const others = (records: readonly Record[]) => records.filter((record) => valueOf(record) !== slowest.value)
  const rest = trendsOf(others(now), others(before), null).find(
    ({ measure, percentile }) => measure === slowest.trend.measure && percentile === slowest.trend.percentile,
  )
  if (!rest || rest.ratio === null || rest.ratio >= AS_EVER) return null
  const figures = slow(slowest.trend, { dimension, value: slowest.value }, rest)
  return figures && { figures, separation: (slowest.trend.ratio as number) / rest.ratio }
}

function slow(trend: Trend, subject: SlowFigures['subject'], rest: Trend | null): SlowFigures | null {
  const { ratio, sure, measure, percentile, now, before } = trend
  if (ratio === null || !sure || ratio < SLOW || measure === null || now === null || before === null) return null
  const others = rest && rest.now !== null && rest.before !== null ? { now: rest.now, before: rest.before } : null
  return { subject, measure: cloudflareName(measure), percentile, now, before, rest: others }
}
