/** What speaks for a cause, a sentence with figures each. */
import { fieldOf, type FieldName } from '../../schema/fields.js'
import type { Record, Source } from '../../schema/record.js'
import type { Spike } from '../../schema/api/spikes.js'
import { matchesClause, type Matcher } from '../../schema/status/when.js'
import type { ExplainedSpike } from './explain.js'
import type { CarriedValue, Past, SpikeSentences } from './sentences/sentences.js'
import { isSlower, quantile, type Measure } from './slower.js'
import type { WeighedCause } from './weigh.js'

export type Evidence = Spike['causes'][number]['evidence'][number]

/** Sentences a cause; what decides comes first. */
const MOST_EVIDENCE = 5
/** A cause that matches fewer of the records is a stray among them. */
const LEAST_SPEAKING = 0.02
/** Values named of one field, and the share below which one is not worth it. */
const MOST_VALUES = 3
const LEAST_VALUE_SHARE = 0.1

/** Who wrote the status shows in these fields. */
const TOLD_BY: { [source in Source]?: FieldName } = {
  origin: 'originResponseStatus', 'origin-failure': 'originResponseStatus', edge: 'originResponseStatus', cache: 'cacheStatus', worker: 'workerStatus',
}
/** How long the visitor waited says something of these. */
const WAITED_FOR: ReadonlySet<number> = new Set([408, 499, 504, 522, 524])
const MEASURES: ReadonlySet<string> = new Set<Measure>(['edgeTimeToFirstByteMs', 'originResponseDurationMs', 'totalMs'])

export function evidenceOf(one: WeighedCause, explained: ExplainedSpike, say: SpikeSentences, isFirst: boolean): Evidence[] {
  const found: Evidence[] = [...trendEvidence(one, explained, say)]
  const speaks = one.share >= LEAST_SPEAKING
  if (speaks && one.clause !== null) found.push(...clauseEvidence(one, explained, say))
  if (speaks && isFirst) found.push(...besides(one, explained, say))
  const missing = one.missing.length > 0 ? [{ text: say.missing(one.missing.map(cloudflareName)), share: 0, baselineShare: 0 }] : []
  if (found.length === 0 && missing.length === 0 && isFirst) return [{ text: say.noEvidence(), share: 0, baselineShare: 0 }]
  return [...found.slice(0, MOST_EVIDENCE), ...missing]
}

function trendEvidence(one: WeighedCause, explained: ExplainedSpike, say: SpikeSentences): Evidence[] {
  const { trend } = explained
  if (one.trend === null || one.cause.trend === undefined) return []
  const shares = { share: round(one.share), baselineShare: round(one.baselineShare) }
  // an unsure ratio is no figure to show
  if (!trend.sure || trend.ratio === null || trend.measure === null || trend.now === null || trend.before === null) return [{ text: say.trendUnknown(), ...shares }]
  const figures = { measure: cloudflareName(trend.measure), percentile: trend.percentile, now: trend.now, before: trend.before }
  return [{ text: isSlower(trend, one.cause.trend.atLeast) ? say.slower(figures, pastOf(explained)) : say.notSlower(figures, pastOf(explained)), ...shares }]
}

/** One sentence for each telling field of the clause, with the values that most of the matching records carry. */
function clauseEvidence(one: WeighedCause, explained: ExplainedSpike, say: SpikeSentences): Evidence[] {
  const clause = Object.entries(one.clause ?? {}) as [FieldName, Matcher][]
  const matching = explained.spike.filter((record) => isOfStatus(one, record) && matchesClause(one.clause ?? {}, record as never))
  const fields = clause.flatMap(([field, matcher]): FieldName[] => (field !== 'source' && isTelling(matcher) && !MEASURES.has(field) ? [field] : []))
  const byRule = matching.some((record) => record.securityRuleId !== null) && fields.some((field) => field.startsWith('security') || field.startsWith('edgePathing'))
  const named: FieldName[] = byRule ? [...fields.filter((field) => field !== 'securityRuleId'), 'securityRuleId'] : fields
  const told = named.length > 0 ? named : [...new Set(matching.flatMap((record) => TOLD_BY[record.source] ?? []))]
  const sentences = told.flatMap((field) => carriedEvidence(field, one, matching, explained, say))
  const durations = clause.filter(([field]) => MEASURES.has(field)).flatMap(([field, matcher]) => durationEvidence(field as Measure, matcher, explained, say))
  if (sentences.length + durations.length > 0) return [...durations, ...sentences]
  // what decided is in no field that the export holds: the status itself says who wrote it
  return one.trend === null ? [{ text: say.statusItself(statusOf(one)), share: round(one.share), baselineShare: round(one.baselineShare) }] : []
}

const statusOf = (one: WeighedCause) => Number(one.cause.id.slice(0, 3))
const isOfStatus = (one: WeighedCause, record: Record) => record.edgeResponseStatus === statusOf(one)

/** A condition that names what a field must be; what it must not be is no evidence to show. */
function isTelling(matcher: Matcher): boolean {
  if (typeof matcher !== 'object' || Array.isArray(matcher)) return true
  return matcher.present === true || matcher.min !== undefined || matcher.max !== undefined
}

function carriedEvidence(field: FieldName, one: WeighedCause, matching: readonly Record[], explained: ExplainedSpike, say: SpikeSentences): Evidence[] {
  const [spike, before] = [explained.spike, explained.before].map((records) => records.filter((record) => isOfStatus(one, record)))
  const told = commonest(matching, field).map((value): CarriedValue => ({
    value: field === 'securityRuleId' ? say.rule(value, descriptionOf(matching, value)) : value,
    share: shareOf(spike, field, value), before: before.length === 0 ? null : shareOf(before, field, value),
  }))
  if (told.length === 0) return []
  return [{ text: say.carries(cloudflareName(field), told, pastOf(explained)), share: round(told[0].share), baselineShare: round(told[0].before ?? 0) }]
}

function durationEvidence(field: Measure, matcher: Matcher, explained: ExplainedSpike, say: SpikeSentences): Evidence[] {
  if (typeof matcher !== 'object' || Array.isArray(matcher)) return []
  const { min = 0, max = Infinity } = matcher
  const share = (records: readonly Record[]) => records.filter((r) => r[field] !== null && r[field] >= min && r[field] <= max).length / Math.max(1, records.length)
  const [now, before] = [share(explained.spike), explained.before.length === 0 ? null : share(explained.before)]
  const text = say.lasted({ measure: cloudflareName(field), share: now, before, min: matcher.min ?? null, max: matcher.max ?? null }, pastOf(explained))
  return [{ text, share: round(now), baselineShare: round(before ?? 0) }]
}

/** What goes with the trouble, whichever cause it is: how long people waited, what Workers got, what the cache hid. */
function besides(one: WeighedCause, explained: ExplainedSpike, say: SpikeSentences): Evidence[] {
  const { spike, before, subRequests, stale, episode } = explained
  const found: Evidence[] = []
  if (episode.status === null) {
    const codes = commonest(spike, 'edgeResponseStatus').map((value): CarriedValue => ({
      value, share: shareOf(spike, 'edgeResponseStatus', value), before: before.length === 0 ? null : shareOf(before, 'edgeResponseStatus', value),
    }))
    if (codes.length > 0) found.push({ text: say.carries(cloudflareName('edgeResponseStatus'), codes, pastOf(explained)), share: round(codes[0].share), baselineShare: round(codes[0].before ?? 0) })
  }
  if (subRequests) found.push({ text: say.subRequests(subRequests, pastOf(explained)), share: round(subRequests.share), baselineShare: round(subRequests.before ?? 0) })
  if (WAITED_FOR.has(statusOf(one))) {
    const [now, past] = [waitsOf(spike), waitsOf(before)]
    if (now.length >= Math.max(5, spike.length / 2) && quantile(now, 0.9) > 0) {
      found.push({ text: say.waited({ median: quantile(now, 0.5), decile: quantile(now, 0.9), before: past.length >= 5 ? quantile(past, 0.5) : null }, pastOf(explained)), share: round(now.length / spike.length), baselineShare: 0 })
    }
  }
  if (stale) found.push({ text: say.stale(stale.requests, stale.expected), share: 0, baselineShare: 0 })
  return found
}

/** Ascending. */
const waitsOf = (records: readonly Record[]) => records.flatMap(({ totalMs }) => totalMs ?? []).sort((a, b) => a - b)

const pastOf = ({ baseline, before }: ExplainedSpike): Past => ({ when: baseline ?? 'before', some: before.length > 0 })

function descriptionOf(records: readonly Record[], ruleId: string): string | null {
  return records.find((r) => r.securityRuleId === ruleId && r.securityRuleDescription !== null)?.securityRuleDescription ?? null
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
  const all = [...sums].map(([value, sum]) => ({ value, share: sum / total })).sort((a, b) => b.share - a.share || (a.value < b.value ? -1 : 1))
  const most = (all[0]?.share ?? 0) >= 0.9 ? 1 : MOST_VALUES
  return all.filter(({ share }) => share >= LEAST_VALUE_SHARE).slice(0, most).map(({ value }) => value)
}

function shareOf(records: readonly Record[], field: FieldName, value: string): number {
  const sum = (some: readonly Record[]) => some.reduce((total, record) => total + record.weight, 0)
  return sum(records.filter((r) => r[field] !== null && String(r[field]) === value)) / sum(records)
}

const round = (n: number) => Math.round(n * 10_000) / 10_000
