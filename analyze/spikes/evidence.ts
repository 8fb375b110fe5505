/** What speaks for a cause: figures out of the records, which the languages put into sentences. */
import type { FieldName } from '../../schema/words/fields.js'
import type { Record } from '../../schema/words/record.js'
import type { Source } from '../../schema/words/sources.js'
import { matchesClause, type Matcher } from '../../schema/status/when.js'
import type { Episode } from './detect/index.js'
import type { CarriedValue, TrendFigures } from './sentences/say.js'
import { cloudflareName, isSlower, quantile, type Measure, type Trend } from './slower.js'
import type { Stale } from './stale.js'
import type { Fact } from './fact.js'
import type { Findings } from './findings.js'
import { statusOf, isOfStatus as isOf, type WeighedCause } from './weigh.js'
import type { SubRequests } from './workers.js'

/** What the facts are taken from. */
export interface Material {
  episode: Episode
  spike: readonly Record[]
  before: readonly Record[]
  trend: Trend
  stale: Stale | null
  subRequests: SubRequests | null
  findings: Findings
}

/** Sentences a cause; what decides comes first. */
const MOST_EVIDENCE = 5
/** A cause that matches fewer of the records is a stray among them. */
const LEAST_SPEAKING = 0.02
/** Values named of one field, and the share below which one is not worth it. */
const MOST_VALUES = 3
const LEAST_VALUE_SHARE = 0.1
/** A share that is no further above the one before is no evidence. */
const LEAST_RISE = 0.02
/** Other answers that take so many times as long go with a time-out. */
const SLOWER = 1.5
const NO_SHARE = { share: 0, baselineShare: 0 }

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
  if (one.cause.finding && speaks) found.push(...(material.findings[one.cause.finding]?.facts ?? []))
  else if (speaks && one.clause !== null) found.push(...clauseFacts(one, material))
  else if (!speaks && one.confidence > 0 && one.missing.length === 0 && one.cause.otherwise)
    found.push({ kind: 'left-over', ...NO_SHARE })
  if (speaks) found.push(...contradiction(one, material))
  if (isFirst) found.push(...besides(one, material))
  const missing: Fact[] =
    one.missing.length > 0 ? [{ kind: 'missing', fields: one.missing.map(cloudflareName), ...NO_SHARE }] : []
  if (found.length === 0 && missing.length === 0 && isFirst) return [{ kind: 'no-evidence', ...NO_SHARE }]
  return [...found.slice(0, MOST_EVIDENCE), ...missing]
}

function trendFact(one: WeighedCause, trend: Trend): Fact[] {
  if (one.trend === null || one.cause.trend === undefined) return []
  // an unsure ratio is no figure to show
  if (!trend.sure || trend.measure === null || trend.now === null || trend.before === null)
    return [{ kind: 'trend-unknown', ...NO_SHARE }]
  return [
    {
      kind: isSlower(trend, one.cause.trend.atLeast) ? 'slower' : 'not-slower',
      figures: figuresOf(trend),
      ...NO_SHARE,
    },
  ]
}

function figuresOf({ measure, percentile, now, before }: Trend): TrendFigures {
  return { measure: measure === null ? '' : cloudflareName(measure), percentile, now: now ?? 0, before: before ?? 0 }
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
  const all = [...durations, ...told.flatMap((field) => carriedFact(field, one, matching, material))]
  const facts = all.flatMap(risen)
  if (facts.length > 0 || one.trend !== null) return facts
  // the field tells the cause, or who wrote the status, but did not change: there are more of what there was before
  const same = all.flatMap((fact) =>
    fact.kind === 'carries'
      ? fact.values.map(({ value, description }) => ({ field: fact.field, value, description }))
      : [],
  )
  if (same.length > 0) return [{ kind: 'unchanged', values: same.slice(0, MOST_VALUES), ...NO_SHARE }]
  // what decided is in no field that the export holds: the status itself says who wrote it
  return [{ kind: 'status-itself', status: statusOf(one.cause) ?? 0, ...NO_SHARE }]
}

const isOfStatus = (one: WeighedCause, record: Record) => isOf(one.cause, record)

/** The fact, as far as its shares are above those before. */
function risen(fact: Fact): Fact[] {
  if (fact.kind === 'lasted')
    return fact.figures.before === null || fact.share > fact.baselineShare + LEAST_RISE ? [fact] : []
  if (fact.kind !== 'carries') return [fact]
  const values = fact.values.filter(({ share, before }) => before === null || share > before + LEAST_RISE)
  return values.length === 0 ? [] : [{ ...fact, values, share: values[0].share, baselineShare: values[0].before ?? 0 }]
}

/** What the records say against the cause that they otherwise speak for. */
function contradiction(one: WeighedCause, { spike }: Material): Fact[] {
  const field = one.cause.against?.flatMap((clause) => Object.keys(clause) as FieldName[])[0]
  if (one.contradicted < 0.5 || field === undefined || !MEASURES.has(field)) return []
  const values = spike
    .flatMap((record) => (isOfStatus(one, record) ? (record[field as Measure] ?? []) : []))
    .sort((a, b) => a - b)
  if (values.length === 0) return []
  const figures = { measure: cloudflareName(field), median: quantile(values, 0.5) }
  return [{ kind: 'contradicted', figures, ...NO_SHARE }]
}

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
function besides(one: WeighedCause, { spike, before, subRequests, stale, episode, trend }: Material): Fact[] {
  const found: Fact[] = []
  // the same slowness that those who did not wait show as 499
  if (one.trend === null && trend.sure && trend.measure !== null && isSlower(trend, SLOWER))
    found.push({ kind: 'slower', figures: figuresOf(trend), ...NO_SHARE })
  if (episode.status === null)
    found.push(...carried('edgeResponseStatus', commonest(spike, 'edgeResponseStatus'), spike, before))
  if (subRequests)
    found.push({
      kind: 'sub-requests',
      figures: subRequests,
      share: subRequests.share,
      baselineShare: subRequests.before ?? 0,
    })
  if (WAITED_FOR.has(statusOf(one.cause) ?? 0) && one.contradicted < 0.5) {
    const [now, past] = [waitsOf(spike), waitsOf(before)]
    if (now.length >= Math.max(LEAST_WAITS, spike.length / 2) && quantile(now, 0.9) > 0) {
      const figures = {
        median: quantile(now, 0.5),
        decile: quantile(now, 0.9),
        before: past.length >= LEAST_WAITS ? quantile(past, 0.5) : null,
      }
      found.push({ kind: 'waited', figures, ...NO_SHARE })
    }
  }
  if (stale) found.push({ kind: 'stale', stale, share: stale.share, baselineShare: stale.before })
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
