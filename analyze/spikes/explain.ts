/**
 * One episode of the detector explained from its records: what changed, which documented causes they speak for,
 * and the figures. Asks the store once; what comes out is put into any language without asking again.
 */
import type { FieldName } from '../../schema/words/fields.js'
import type { Filter, Selection } from '../../schema/store/query.js'
import type { Record } from '../../schema/words/record.js'
import type { Catalogue } from '../../schema/status/catalogue.js'
import type { Cause } from '../../schema/status/entry.js'
import { EVIDENCE_FIELDS } from '../../schema/words/fields.js'
import type { ReadStore } from '../../schema/store/store.js'
import { absentFields } from './absent.js'
import { baselineOf, type Baseline } from './baseline.js'
import { changesOf, mainChanges, type Change, type Contrast } from './changed.js'
import type { Episode } from './detect/index.js'
import { factsOf, type Material } from './evidence.js'
import type { Fact } from './fact.js'
import type { Findings } from './findings.js'
import { pathPatterns } from './path-pattern.js'
import { SAMPLE_RECORDS, sampleRecords, type TimeRange } from './sample.js'
import { CONTRAST_DIMENSIONS, type ContrastDimension } from './shares.js'
import { singleClientFinding } from './single-client.js'
import { hostOf, OTHER_DIMENSIONS, scopeOf, withinHost, type Scope } from './scope.js'
import type { ClientFigures, OldFigures, Past, SlowFigures } from './sentences/say.js'
import { NO_TREND, trendOf, waitsOf } from './slower.js'
import { staleBeside } from './stale.js'
import type { RequestsIn, TrafficMemory } from './traffic-memory.js'
import { weighCauses } from './weigh.js'
import { withSubRequests } from './workers.js'

/** Figures only: the records they were taken from are not kept. */
export interface ExplainedSpike {
  id: string
  episode: Episode
  /** the requests that it is made of */
  selection: Selection
  changes: Change[]
  scope: Scope
  /** the one client that made it, if one did */
  client: ClientFigures | null
  /** the causes in order, those that nothing speaks for last */
  causes: ExplainedCause[]
  /** of slowness: how long answers took; absent where it is about errors */
  slow?: SlowFigures
  /** of expired copies: their part of all answers; absent else */
  old?: OldFigures
  /** of a chosen window whose errors are of several classes: these, the commonest first */
  classes?: string[]
  /** of a whole class: its commonest codes, 0–1 */
  codes: { status: number; share: number }[]
  /** what the time compared with is, and whether it had requests of the kind */
  past: Past
  /** of a chosen window that nothing came before: 0–1 of the requests of its host, or of all */
  ofAll?: number
  /** it is of a network or a user agent that hardly asked for anything before: no visitor that the site had */
  ofStrangers?: boolean
}

export interface ExplainedCause {
  cause: Cause
  confidence: number
  facts: Fact[]
}

export interface ExplainContext {
  store: ReadStore
  catalogue: Catalogue
  /** of the question, besides what the episode itself selects */
  filters: Filter[]
  /** the stretch of logs around the episode, and all episodes found in it */
  logs: TimeRange
  others: readonly Episode[]
  /** samples of the site's traffic, shared by the spikes of a stretch */
  memory: TrafficMemory
  requestsIn: RequestsIn
  /**
   * Of a window that somebody asks about: the filters alone select its records, and these, which say nothing of status or
   * writer, select what goes on beside them.
   */
  beside?: Filter[]
}

export function spikeId(episode: Episode): string {
  const start = new Date(episode.start)
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, '')
    .replace('T', '-')
  const host = episode.host === null ? '' : `-${episode.host.replaceAll(/[^a-z0-9.-]/gi, '_')}`
  return `${start}-${episode.status ?? episode.statusClass}-${episode.source ?? 'any'}${host}`
}

/** The records of an episode: its time, status or class, source and host, besides the filters of the question. */
export function selectionOfEpisode(episode: Episode, filters: Filter[]): Selection {
  const own: Filter[] = [
    episode.status === null
      ? { dimension: 'class', values: [episode.statusClass] }
      : { dimension: 'status', values: [String(episode.status)] },
    ...(episode.source === null ? [] : [{ dimension: 'source' as const, values: [episode.source] }]),
    ...(episode.host === null ? [] : [{ dimension: 'host' as const, values: [episode.host] }]),
  ]
  return { from: episode.start, to: episode.end, filters: [...filters, ...own], audience: 'visitors' }
}

export async function explain(episode: Episode, context: ExplainContext): Promise<ExplainedSpike> {
  const { store, catalogue, filters, logs, others } = context
  const selection: Selection = context.beside
    ? { from: episode.start, to: episode.end, filters, audience: 'visitors' }
    : selectionOfEpisode(episode, filters)
  const beside = context.beside ?? filters
  const range = { from: episode.start, to: episode.end }
  const baseline = baselineOf(episode, logs, others)
  const trafficOf = (host: string | null) =>
    context.memory.sample(baseline ?? { ranges: [range] }, host, context.requestsIn)
  const fields = fieldsOf(catalogue, episode)
  const [sampled, before, site] = await Promise.all([
    sampleRecords(store.records, selection, {
      fields: [...fields, 'securityRuleDescription'],
      // what fits into the sample as a whole needs no places to be taken from
      slices: episode.observed <= SAMPLE_RECORDS ? 1 : undefined,
    }),
    baseline === null
      ? []
      : sampleRecords(store.records, selection, {
          size: BEFORE_RECORDS,
          slices: BEFORE_SLICES,
          ranges: baseline.ranges,
          fields,
        }),
    trafficOf(null),
  ])
  const pathOf = pathPatterns([...site, ...before, ...sampled].flatMap((record) => record.path ?? []))
  const contrast: Contrast = {
    spike: sampled,
    before,
    traffic: site,
    observed: episode.observed,
    expected: episode.expected,
    pathOf,
    untold: await untoldDimensions(store, sampled, [...before, ...site], baseline),
  }
  const place = placeOf(episode, contrast)
  const traffic = place.host === null ? site : await trafficOf(place.host)
  const changes =
    place.host === null
      ? [...place.changes, ...changesOf({ ...contrast, traffic }, OTHER_DIMENSIONS)]
      : [...place.changes, ...withinHost(contrast, place.host, traffic)]
  const scope = {
    ...(place.sets ? { host: place.host as string } : {}),
    ...scopeOf(changes.filter((change) => change.dimension !== 'host')),
  }

  const [{ spike, before: past, subRequests }, trend, stale] = await Promise.all([
    withSubRequests(store.records, {
      spike: sampled,
      before,
      range,
      usual: traffic,
      usualRange: baseline === null ? null : span(baseline.ranges),
    }),
    WAITED.has(episode.status ?? 0) && baseline !== null
      ? trendOf(
          store.records,
          { ...range, status: episode.status as number, extra: episode.observed - episode.expected },
          baseline,
          scope,
          beside,
          pathOf,
        ).then((found) => ({ ...found, waits: waitsOf(sampled, before, found.usual) }))
      : NO_TREND,
    isOfOrigin(episode) ? staleBeside(store.records, range, baseline, scope, beside) : null,
  ])
  const causes = causesFor(catalogue, episode, spike)
  // what the export lacks now: that it carried the field before is no help
  const absent = await absentFields(store, [...neededBy(causes), 'clientIp'], spike, range)
  const { observed, expected } = episode
  const clients = { spike: sampled, before, observed, expected, range, baseline, filters: beside }
  const findings: Findings = { 'single-client': await singleClientFinding(store.records, clients, absent) }
  const weighed = weighCauses({ causes, spike, before: past, observed, expected, trend, findings, absent })
  const material: Material = { episode, spike, before: past, trend, stale, subRequests, findings }
  return {
    id: spikeId(episode),
    episode,
    selection,
    scope,
    // with nothing to compare with, nothing is known to have changed
    changes: baseline === null ? [] : mainChanges(byStrength(changes)),
    client: clientIn(findings),
    causes: weighed
      .filter(({ cause }) => cause.finding === undefined || findings[cause.finding]?.holds)
      .slice(0, MOST_CAUSES)
      .map((one, i) => ({ cause: one.cause, confidence: one.confidence, facts: factsOf(one, material, i === 0) })),
    codes: episode.status === null ? codesOf(sampled) : [],
    past: { when: baseline?.when ?? 'never', some: before.length > 0 },
    ofStrangers: baseline !== null && isOfStrangers(scope, traffic),
  }
}

/** Of whom less than this part of all requests came before, told from so many of them, is a stranger. */
const STRANGE = 0.003
const LEAST_KNOWN = 200

function isOfStrangers(scope: Scope, traffic: readonly Record[]): boolean {
  if (traffic.length < LEAST_KNOWN) return false
  return (['userAgent', 'asn'] as const).some((dimension) => {
    const value = scope[dimension]
    if (value === undefined) return false
    const [own, all] = traffic.reduce(
      ([mine, sum], record) => [mine + (String(record[dimension]) === value ? record.weight : 0), sum + record.weight],
      [0, 0],
    )
    return own < STRANGE * all
  })
}

const MOST_CAUSES = 8
/** Whoever gave up waiting, and whoever waited to the end, tell of the same slowness. */
const WAITED: ReadonlySet<number> = new Set([499, 504, 524])
/** Codes of a class that a headline names. */
const MOST_CODES = 3

function codesOf(spike: readonly Record[]): { status: number; share: number }[] {
  const sums = new Map<number, number>()
  for (const record of spike)
    sums.set(record.edgeResponseStatus, (sums.get(record.edgeResponseStatus) ?? 0) + record.weight)
  const total = [...sums.values()].reduce((sum, n) => sum + n, 0)
  return [...sums]
    .map(([status, n]) => ({ status, share: n / total }))
    .sort((a, b) => b.share - a.share || a.status - b.status)
    .slice(0, MOST_CODES)
}

/** The past need only tell what is usual. */
const BEFORE_RECORDS = 640
const BEFORE_SLICES = 5

/** What changes, causes and evidence of the episode are made of. */
function fieldsOf(catalogue: Catalogue, { status }: Episode): FieldName[] {
  const evidence =
    status === null
      ? EVIDENCE_FIELDS
      : catalogue
          .causes(status)
          .flatMap((cause) => [
            ...(cause.needs ?? []),
            ...[cause.when, cause.otherwise, cause.against].flatMap((clauses) =>
              (clauses ?? []).flatMap((clause) => Object.keys(clause) as FieldName[]),
            ),
          ])
  return [
    ...new Set<FieldName>([
      ...CONTRAST_DIMENSIONS,
      ...evidence,
      'originResponseStatus',
      'workerStatus',
      'securityAction',
      'totalMs',
    ]),
  ]
}

/** The host of the trouble, and whether naming it tells it from others. An only host sets nothing apart. */
function placeOf(episode: Episode, contrast: Contrast): { host: string | null; sets: boolean; changes: Change[] } {
  if (episode.host === null) {
    const { host, changes } = hostOf(contrast)
    return { host, sets: host !== null, changes }
  }
  const { host } = episode
  const share = (records: readonly Record[]) =>
    records.reduce((sum, r) => sum + (r.host === host ? r.weight : 0), 0) /
    Math.max(
      1,
      records.reduce((sum, r) => sum + r.weight, 0),
    )
  const baselineShare = share(contrast.traffic)
  const sets = contrast.traffic.some((record) => record.host !== host)
  return {
    host,
    sets,
    changes: sets
      ? [
          {
            dimension: 'host',
            value: host,
            share: 1,
            baselineShare,
            comparedWith: 'all-requests',
            usual: baselineShare,
            excessShare: 1,
            certainty: Infinity,
            defines: true,
          },
        ]
      : [],
  }
}

const byStrength = (changes: readonly Change[]) =>
  [...changes].sort((a, b) => b.excessShare - b.usual - (a.excessShare - a.usual))

function span(ranges: readonly TimeRange[]): TimeRange {
  return { from: Math.min(...ranges.map(({ from }) => from)), to: Math.max(...ranges.map(({ to }) => to)) }
}

function isOfOrigin({ statusClass, source }: Episode): boolean {
  return (statusClass === '5xx' || statusClass === '499') && source !== 'edge' && source !== 'cache'
}

/** A code of a class must make up so much of it for its causes to be listed. */
const LEAST_OF_CLASS = 0.1

/** The causes of the status; of a whole class, and behind a Worker, those of the codes that make up a part of it. */
function causesFor(catalogue: Catalogue, episode: Episode, spike: readonly Record[]): readonly Cause[] {
  const counts = new Map<number, number>()
  for (const { edgeResponseStatus } of spike) counts.set(edgeResponseStatus, (counts.get(edgeResponseStatus) ?? 0) + 1)
  const codes = [...counts]
    .filter(([status, n]) => status !== episode.status && n >= spike.length * LEAST_OF_CLASS)
    .sort((a, b) => b[1] - a[1])
    .map(([status]) => status)
  return [...(episode.status === null ? [] : [episode.status]), ...codes].flatMap((status) => catalogue.causes(status))
}

/** Dimensions that the spike's records carry and the export of the time before does not. */
async function untoldDimensions(
  store: ReadStore,
  spike: readonly Record[],
  past: readonly Record[],
  baseline: Baseline | null,
): Promise<ReadonlySet<ContrastDimension>> {
  if (baseline === null || past.length === 0) return new Set()
  const carried = CONTRAST_DIMENSIONS.filter((dimension) => spike.some((record) => record[dimension] !== null))
  return (await absentFields(store, carried, past, span(baseline.ranges))) as ReadonlySet<ContrastDimension>
}

function clientIn(findings: Findings): ClientFigures | null {
  const fact = findings['single-client']?.facts.find((one) => one.kind === 'client')
  return fact?.kind === 'client' ? fact.client : null
}

function neededBy(causes: readonly Cause[]): FieldName[] {
  return [...new Set(causes.flatMap((cause) => cause.needs ?? []))]
}
