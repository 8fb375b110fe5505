/**
 * One episode of the detector explained from its records: what changed, which documented causes they speak for,
 * and the figures. Asks the store once; what comes out is put into any language without asking again.
 */
import { fieldOf, type FieldName } from '../../schema/fields.js'
import type { Language } from '../../schema/languages.js'
import type { Filter, Selection } from '../../schema/query.js'
import type { Record } from '../../schema/record.js'
import { causeIn, type Catalogue } from '../../schema/status/catalogue.js'
import type { Cause } from '../../schema/status/entry.js'
import type { Questions } from '../../schema/store.js'
import type { Spike } from '../../schema/api/spikes.js'
import { changesOf, scopeOf, type Change } from './changed.js'
import type { Episode } from './detect/index.js'
import { sampleRecords } from './sample.js'
import { SENTENCES, type SpikeSentences } from './sentences/sentences.js'
import { NO_TREND, trendOf } from './slower.js'
import { weighCauses, type Trend, type WeighedCause } from './weigh.js'
import { withSubRequests } from './workers.js'

/** How far back "before" reaches, ms: long enough for a few hundred errors, short enough to be the same kind of day. */
const BEFORE_MS = 24 * 3_600_000
/** The time just before belongs to the rise in a slow ramp; it is left out of "before", ms. */
const GUARD_MS = 5 * 60_000

export interface ExplainedSpike {
  id: string
  episode: Episode
  changes: Change[]
  scope: { [dimension: string]: string }
  weighed: WeighedCause[]
  trend: Trend
  /** spike's records and those before, to put evidence into figures */
  spike: Record[]
  before: Record[]
}

export function spikeId(episode: Episode): string {
  const start = new Date(episode.start).toISOString().replaceAll(/[-:]|\.\d+Z/g, '').replace('T', '-')
  const host = episode.host === null ? '' : `-${episode.host.replaceAll(/[^a-z0-9.-]/gi, '_')}`
  return `${start}-${episode.status ?? episode.statusClass}-${episode.source ?? 'any'}${host}`
}

/** The records of an episode: its time, status or class, source and host, besides the filters of the question. */
export function selectionOfEpisode(episode: Episode, filters: Filter[]): Selection {
  const own: Filter[] = [
    episode.status === null ? { dimension: 'class', values: [episode.statusClass] } : { dimension: 'status', values: [String(episode.status)] },
    ...(episode.source === null ? [] : [{ dimension: 'source' as const, values: [episode.source] }]),
    ...(episode.host === null ? [] : [{ dimension: 'host' as const, values: [episode.host] }]),
  ]
  return { from: episode.start, to: episode.end, filters: [...filters, ...own], audience: 'visitors' }
}

export async function explain(store: Questions, catalogue: Catalogue, episode: Episode, filters: Filter[], historyFrom: number): Promise<ExplainedSpike> {
  const selection = selectionOfEpisode(episode, filters)
  // what the host filter of the episode itself would hide must not count as "before"
  const wide: Selection = { ...selection, filters: selection.filters.filter((f) => filters.includes(f) || f.dimension !== 'host') }
  const baseline = baselineOf(episode, historyFrom)
  const [sampled, before, traffic] = await Promise.all([
    sampleRecords(store, selection),
    baseline === null ? [] : sampleRecords(store, { ...wide, ...baseline }),
    baseline === null ? sampleRecords(store, { ...selection, filters }, 800) : sampleRecords(store, { ...baseline, filters, audience: 'visitors' }),
  ])
  const spike = await withSubRequests(store, sampled, episode)
  const changes = changesOf({ spike, before, traffic, observed: episode.observed, expected: episode.expected })
  const scope = scopeOf(changes)
  if (episode.host !== null && traffic.some((r) => r.host !== episode.host)) scope.host ??= episode.host
  const trend = episode.status === 499 && baseline !== null
    ? await trendOf(store, { from: episode.start, to: episode.end, status: 499 }, baseline, scope)
    : NO_TREND
  const weighed = weighCauses({
    causes: causesFor(catalogue, episode, spike), spike, before, observed: episode.observed, expected: episode.expected, trend,
    absent: absentFields([...spike, ...before, ...traffic]),
  })
  return { id: spikeId(episode), episode, changes, scope, weighed, trend, spike, before }
}

/** The day before the spike, as far as there are logs of it; null for a spike that stands at the beginning of the logs. */
function baselineOf(episode: Episode, historyFrom: number): { from: number; to: number } | null {
  const to = episode.start - GUARD_MS
  const from = Math.max(historyFrom, to - BEFORE_MS)
  return to - from < 60_000 ? null : { from, to }
}

/** The causes of the status; of a whole class, those of the codes that make up at least a tenth of it. */
function causesFor(catalogue: Catalogue, episode: Episode, spike: readonly Record[]): readonly Cause[] {
  if (episode.status !== null) {
    const behind = [...new Set(spike.map((r) => r.edgeResponseStatus))].filter((status) => status !== episode.status && status >= 500)
    return [...catalogue.causes(episode.status), ...behind.flatMap((status) => catalogue.causes(status))]
  }
  const counts = new Map<number, number>()
  for (const r of spike) counts.set(r.edgeResponseStatus, (counts.get(r.edgeResponseStatus) ?? 0) + 1)
  return [...counts].filter(([, n]) => n >= spike.length / 10).flatMap(([status]) => catalogue.causes(status))
}

const TELLING: readonly FieldName[] = [
  'originResponseStatus', 'securityAction', 'securitySource', 'securityRuleId', 'edgePathingOp', 'edgePathingSrc', 'edgePathingStatus',
  'workerStatus', 'cacheStatus', 'requestSource', 'edgeTimeToFirstByteMs', 'originResponseDurationMs', 'totalMs', 'originIp',
]

function absentFields(records: readonly Record[]): ReadonlySet<string> {
  return new Set(TELLING.filter((field) => records.every((record) => record[field] === null)))
}

/** Causes below this are listed after the others without a figure worth reading; at most so many in all. */
const MOST_CAUSES = 8

export function inLanguage(explained: ExplainedSpike, lang: Language): Spike {
  const { episode, scope, weighed, changes } = explained
  const say = SENTENCES[lang]
  const first = weighed[0]
  const place = `${scope.host ?? episode.host ?? ''}${scope.path ?? ''}` || null
  return {
    id: explained.id,
    start: iso(episode.start), end: iso(episode.end), detectedAt: iso(episode.detectedAt), ongoing: episode.ongoing,
    status: episode.status, statusClass: episode.statusClass, source: episode.source,
    observed: round(episode.observed), expected: round(episode.expected), score: round(episode.score),
    scope,
    changed: changes.map(({ dimension, value, share, baselineShare }) => ({ dimension, value, share: round(share, 4), baselineShare: round(baselineShare, 4) })),
    summary: say.summary({
      ...episode, place,
      cause: first && first.confidence >= 0.3 ? { title: first.cause.title[lang], confidence: first.confidence } : null,
    }),
    causes: weighed.slice(0, MOST_CAUSES).map((one, i) => ({
      ...causeIn(one.cause, lang),
      confidence: round(one.confidence, 3),
      evidence: evidenceOf(one, explained, say, i === 0),
    })),
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
const round = (n: number, digits = 1) => Math.round(n * 10 ** digits) / 10 ** digits

type Evidence = Spike['causes'][number]['evidence'][number]

function evidenceOf(one: WeighedCause, explained: ExplainedSpike, say: SpikeSentences, isFirst: boolean): Evidence[] {
  const found: Evidence[] = []
  const { trend } = explained
  if (one.trend !== null && trend.ratio !== null && trend.measure !== null && trend.now !== null && trend.before !== null) {
    const measure = cloudflareName(trend.measure as FieldName)
    const slower = one.cause.trend !== undefined && trend.ratio >= one.cause.trend.atLeast
    const text = slower ? say.slower(measure, trend.now, trend.before, trend.ratio) : say.notSlower(measure, trend.now, trend.before)
    found.push({ text, share: round(one.share, 4), baselineShare: round(one.baselineShare, 4) })
  } else if (one.trend === 'unknown') found.push({ text: say.trendUnknown(), share: round(one.share, 4), baselineShare: round(one.baselineShare, 4) })
  if (one.clause !== null && one.share > 0 && one.trend === null) found.push(...clauseEvidence(one, explained, say))
  if (one.missing.length > 0) found.push({ text: say.missing(one.missing.map(cloudflareName)), share: 0, baselineShare: 0 })
  if (found.length === 0 && isFirst) found.push({ text: say.noEvidence(), share: 0, baselineShare: 0 })
  return found
}

/** Fields that only repeat what the spike is. */
const SAID_ALREADY = new Set(['edgeResponseStatus', 'source'])
const MOST_EVIDENCE = 4

/** One sentence for each telling field of the clause, with the value that most of the records carry, and the rule behind it. */
function clauseEvidence(one: WeighedCause, explained: ExplainedSpike, say: SpikeSentences): Evidence[] {
  const fields = Object.keys(one.clause ?? {}).filter((field) => !SAID_ALREADY.has(field)) as FieldName[]
  if (fields.includes('securitySource') || fields.includes('securityAction')) fields.push('securityRuleId')
  const sentences = fields.flatMap((field): Evidence[] => {
    const top = commonest(explained.spike, field)
    if (top === null) return []
    const baselineShare = shareOf(explained.before, field, top.value)
    const described = field === 'securityRuleId' ? withDescription(explained.spike, top.value) : top.value
    return [{ text: say.carries(top.share, cloudflareName(field), described, baselineShare), share: round(top.share, 4), baselineShare: round(baselineShare, 4) }]
  }).slice(0, MOST_EVIDENCE)
  if (sentences.length > 0) return sentences
  return [{ text: say.fits(one.share, one.baselineShare), share: round(one.share, 4), baselineShare: round(one.baselineShare, 4) }]
}

function withDescription(records: readonly Record[], ruleId: string): string {
  const description = records.find((r) => r.securityRuleId === ruleId && r.securityRuleDescription !== null)?.securityRuleDescription
  return description ? `${ruleId} “${description}”` : ruleId
}

function cloudflareName(field: FieldName): string {
  return fieldOf(field).from[0] ?? field
}

function commonest(records: readonly Record[], field: FieldName): { value: string; share: number } | null {
  const counts = new Map<string, number>()
  for (const record of records) {
    const value = record[field]
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  }
  const top = [...counts].sort((a, b) => b[1] - a[1])[0]
  // durations and the like differ from record to record: no single value to name
  return top && top[1] >= records.length * 0.02 ? { value: top[0], share: top[1] / records.length } : null
}

function shareOf(records: readonly Record[], field: FieldName, value: string): number {
  return records.length === 0 ? 0 : records.filter((r) => r[field] !== null && String(r[field]) === value).length / records.length
}
