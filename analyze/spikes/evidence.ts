/** What speaks for a cause: figures out of the records, which the languages put into sentences. */
import { fieldOf, type FieldName } from '../../schema/words/fields.js'
import type { Record, Source } from '../../schema/words/record.js'
import { matchesClause, type Matcher } from '../../schema/status/when.js'
import type { Episode } from './detect/index.js'
import type { CarriedValue, LastedFigures, SubRequestFigures, TrendFigures, WaitedFigures } from './sentences/say.js'
import { isSlower, quantile, type Measure, type Trend } from './slower.js'
import type { Stale } from './stale.js'
import type { WeighedCause } from './weigh.js'
import type { SubRequests } from './workers.js'

/** One piece of evidence; shares are 0–1 of the spike's records and of those before. */
export type Fact = { share: number; baselineShare: number } & (
  | { kind: 'carries'; field: string; values: CarriedValue[] }
  | { kind: 'lasted'; figures: LastedFigures }
  | { kind: 'status-itself'; status: number }
  | { kind: 'slower' | 'not-slower'; figures: TrendFigures }
  | { kind: 'trend-unknown' }
  | { kind: 'waited'; figures: WaitedFigures }
  | { kind: 'sub-requests'; figures: SubRequestFigures }
  | { kind: 'stale'; stale: Stale }
  | { kind: 'missing'; fields: string[] }
  | { kind: 'no-evidence' }
)

/** What the facts are taken from. */
export interface Material {
  episode: Episode
  spike: readonly Record[]
  before: readonly Record[]
  trend: Trend
  stale: Stale | null
  subRequests: SubRequests | null
}

/** Sentences a cause; what decides comes first. */
const MOST_EVIDENCE = 5
/** A cause that matches fewer of the records is a stray among them. */
const LEAST_SPEAKING = 0.02
/** Values named of one field, and the share below which one is not worth it. */
const MOST_VALUES = 3
const LEAST_VALUE_SHARE = 0.1

/** Who wrote the status shows in these fields. */
const TOLD_BY: { [source in Source]?: FieldName } = {
  'origin': 'originResponseStatus',
  'origin-failure': 'originResponseStatus',
  'edge': 'originResponseStatus',
  'cache': 'cacheStatus',
  'worker': 'workerStatus',
}
/** How long the visitor waited says something of these. */
const WAITED_FOR: ReadonlySet<number> = new Set([408, 499, 504, 522, 524])
/** Durations needed before a median is named. */
const LEAST_WAITS = 5
const MEASURES: ReadonlySet<string> = new Set<Measure>(['edgeTimeToFirstByteMs', 'originResponseDurationMs', 'totalMs'])

export function factsOf(one: WeighedCause, material: Material, isFirst: boolean): Fact[] {
  const found: Fact[] = trendFact(one, material.trend)
  const speaks = one.share >= LEAST_SPEAKING
  if (speaks && one.clause !== null) found.push(...clauseFacts(one, material))
  if (speaks && isFirst) found.push(...besides(one, material))
  const missing: Fact[] =
    one.missing.length > 0
      ? [{ kind: 'missing', fields: one.missing.map(cloudflareName), share: 0, baselineShare: 0 }]
      : []
  if (found.length === 0 && missing.length === 0 && isFirst)
    return [{ kind: 'no-evidence', share: 0, baselineShare: 0 }]
  return [...found.slice(0, MOST_EVIDENCE), ...missing]
}

function trendFact(one: WeighedCause, trend: Trend): Fact[] {
  if (one.trend === null || one.cause.trend === undefined) return []
  const shares = { share: one.share, baselineShare: one.baselineShare }
  // an unsure ratio is no figure to show
  if (!trend.sure || trend.measure === null || trend.now === null || trend.before === null)
    return [{ kind: 'trend-unknown', ...shares }]
  const figures = {
    measure: cloudflareName(trend.measure),
    percentile: trend.percentile,
    now: trend.now,
    before: trend.before,
  }
  return [{ kind: isSlower(trend, one.cause.trend.atLeast) ? 'slower' : 'not-slower', figures, ...shares }]
}

/** One fact for each telling field of the clause, with the values that most of the matching records carry. */
function clauseFacts(one: WeighedCause, material: Material): Fact[] {
  const clause = Object.entries(one.clause ?? {}) as [FieldName, Matcher][]
  const matching = material.spike.filter(
    (record) => isOfStatus(one, record) && matchesClause(one.clause ?? {}, record as never),
  )
  const fields = clause.flatMap(([field, matcher]): FieldName[] =>
    field !== 'source' && isTelling(matcher) && !MEASURES.has(field) ? [field] : [],
  )
  const byRule =
    matching.some((record) => record.securityRuleId !== null) &&
    fields.some((field) => field.startsWith('security') || field.startsWith('edgePathing'))
  const named: FieldName[] = byRule
    ? [...fields.filter((field) => field !== 'securityRuleId'), 'securityRuleId']
    : fields
  const told = named.length > 0 ? named : [...new Set(matching.flatMap((record) => TOLD_BY[record.source] ?? []))]
  const durations = clause
    .filter(([field]) => MEASURES.has(field))
    .flatMap(([field, matcher]) => durationFact(field as Measure, matcher, material))
  const facts = [...durations, ...told.flatMap((field) => carriedFact(field, one, matching, material))]
  if (facts.length > 0 || one.trend !== null) return facts
  // what decided is in no field that the export holds: the status itself says who wrote it
  return [{ kind: 'status-itself', status: statusOf(one), share: one.share, baselineShare: one.baselineShare }]
}

const statusOf = (one: WeighedCause) => Number(one.cause.id.slice(0, 3))
const isOfStatus = (one: WeighedCause, record: Record) => record.edgeResponseStatus === statusOf(one)

/** A condition that names what a field must be; what it must not be is no evidence to show. */
function isTelling(matcher: Matcher): boolean {
  if (typeof matcher !== 'object' || Array.isArray(matcher)) return true
  return matcher.present === true || matcher.min !== undefined || matcher.max !== undefined
}

function carriedFact(field: FieldName, one: WeighedCause, matching: readonly Record[], material: Material): Fact[] {
  const [spike, before] = [material.spike, material.before].map((records) =>
    records.filter((record) => isOfStatus(one, record)),
  )
  return carried(field, commonest(matching, field), spike, before)
}

function carried(
  field: FieldName,
  values: readonly string[],
  spike: readonly Record[],
  before: readonly Record[],
): Fact[] {
  const told = values.map((value): CarriedValue => ({
    value,
    description: field === 'securityRuleId' ? descriptionOf(spike, value) : null,
    share: shareOf(spike, field, value),
    before: before.length === 0 ? null : shareOf(before, field, value),
  }))
  return told.length === 0
    ? []
    : [
        {
          kind: 'carries',
          field: cloudflareName(field),
          values: told,
          share: told[0].share,
          baselineShare: told[0].before ?? 0,
        },
      ]
}

function durationFact(field: Measure, matcher: Matcher, { spike, before }: Material): Fact[] {
  if (typeof matcher !== 'object' || Array.isArray(matcher)) return []
  const { min = null, max = null } = matcher
  const within = (record: Record) =>
    record[field] !== null && record[field] >= (min ?? 0) && record[field] <= (max ?? Infinity)
  const share = (records: readonly Record[]) => weightOf(records.filter(within)) / weightOf(records)
  const figures = {
    measure: cloudflareName(field),
    share: share(spike),
    before: before.length === 0 ? null : share(before),
    min,
    max,
  }
  return [{ kind: 'lasted', figures, share: figures.share, baselineShare: figures.before ?? 0 }]
}

/** What goes with the trouble, whichever cause it is: which codes, how long people waited, what Workers got, what the cache hid. */
function besides(one: WeighedCause, { spike, before, subRequests, stale, episode }: Material): Fact[] {
  const found: Fact[] = []
  if (episode.status === null)
    found.push(...carried('edgeResponseStatus', commonest(spike, 'edgeResponseStatus'), spike, before))
  if (subRequests)
    found.push({
      kind: 'sub-requests',
      figures: subRequests,
      share: subRequests.share,
      baselineShare: subRequests.before ?? 0,
    })
  if (WAITED_FOR.has(statusOf(one))) {
    const [now, past] = [waitsOf(spike), waitsOf(before)]
    if (now.length >= Math.max(LEAST_WAITS, spike.length / 2) && quantile(now, 0.9) > 0) {
      const figures = {
        median: quantile(now, 0.5),
        decile: quantile(now, 0.9),
        before: past.length >= LEAST_WAITS ? quantile(past, 0.5) : null,
      }
      found.push({ kind: 'waited', figures, share: now.length / spike.length, baselineShare: 0 })
    }
  }
  if (stale) found.push({ kind: 'stale', stale, share: 0, baselineShare: 0 })
  return found
}

/** Ascending. */
const waitsOf = (records: readonly Record[]) => records.flatMap(({ totalMs }) => totalMs ?? []).sort((a, b) => a - b)

function descriptionOf(records: readonly Record[], ruleId: string): string | null {
  return (
    records.find((r) => r.securityRuleId === ruleId && r.securityRuleDescription !== null)?.securityRuleDescription ??
    null
  )
}

function cloudflareName(field: FieldName): string {
  // both ends of the request have a name at Cloudflare, the time between them has none
  return field === 'totalMs' ? 'EdgeEndTimestamp − EdgeStartTimestamp' : (fieldOf(field).from[0] ?? field)
}

/** The values that make up most of the records, the commonest first; none where all differ. */
function commonest(records: readonly Record[], field: FieldName): string[] {
  const sums = new Map<string, number>()
  let total = 0
  for (const record of records) {
    total += record.weight
    const value = record[field]
    if (value !== null) sums.set(String(value), (sums.get(String(value)) ?? 0) + record.weight)
  }
  const all = [...sums]
    .map(([value, sum]) => ({ value, share: sum / total }))
    .sort((a, b) => b.share - a.share || (a.value < b.value ? -1 : 1))
  const most = (all[0]?.share ?? 0) >= 0.9 ? 1 : MOST_VALUES
  return all
    .filter(({ share }) => share >= LEAST_VALUE_SHARE)
    .slice(0, most)
    .map(({ value }) => value)
}

function shareOf(records: readonly Record[], field: FieldName, value: string): number {
  return (
    weightOf(records.filter((record) => record[field] !== null && String(record[field]) === value)) / weightOf(records)
  )
}

const weightOf = (records: readonly Record[]) => records.reduce((sum, record) => sum + record.weight, 0)
