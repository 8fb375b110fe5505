/**
 * What drowns in a site's noise: a path, a country, a data centre, a network or a rule of which nearly everything fails, while
 * the site has the same code all day. Found in two steps: cheap counts of errors by value and quarter of an hour name
 * suspects; only of those all requests are read, and the detector judges them as if they were a site of their own.
 */
import { HOUR, MINUTE } from '../../schema/words/duration.js'
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { Episode } from './detect/index.js'
import type { RunFunction } from './episodes.js'
import type { TimeRange } from './sample.js'
import type { Slice, SlicedDimension } from './sliced.js'
import { suspectsIn, type Suspect } from './suspects.js'
import { trafficOf } from './traffic.js'

export interface SliceEpisode extends Episode {
  slice: Slice
}

/** A rise that was told, where it is, and whether many suffer it. */
export interface Rise extends Episode {
  scope: { readonly [dimension: string]: string }
  ofMany: boolean
}

/** What a trouble of everybody has in common is no trouble of its own; but two hosts or two rules may be two causes. */
const PARTING: readonly SlicedDimension[] = ['host', 'securityRuleId']
/** More hosts or rules at a time are no separate causes. */
const MOST_PARTS = 4
/** Suspects looked at closely; each takes a read of some hours. */
const MOST_SUSPECTS = 12
/** Past that is read for a suspect. */
const PAST_MS = 20 * HOUR
const AFTER_MS = 3 * HOUR
/** Only the last of a long range: every error of it is read, with its values. */
const LONGEST_MS = 3 * 24 * HOUR
/** Part of the slice's requests that must fail: less is for the site as a whole to show. */
const EXTREME: { [dimension in SlicedDimension]: number } = {
  host: 0.15,
  // what a rule is on record for are failures only
  securityRuleId: 0,
  // a path is small enough for its own past to tell
  path: 0.08,
  country: 0.6,
  colo: 0.6,
  asn: 0.6,
}
/** ... and so many times what was expected. */
const TIMES: { [dimension in SlicedDimension]?: number } = { path: 3 }
/** A suspected stretch is of whole quarters of an hour: it reaches over the trouble at both ends, so that less of it fails. */
const OF_STRETCH = 0.4
/** A rise that overlaps this much of it has told it already. */
const SAME_TIME = 0.5
/** Traffic that was judged and is kept; while nothing arrives in it, it is judged the same. */
const MOST_JUDGED = 60

/** An episode of a slice, and all requests of the slice meanwhile. */
interface Judged extends Episode {
  requests: number
}

export interface SliceFinder {
  find(
    logs: TimeRange,
    asked: TimeRange,
    filters: Filter[],
    told: readonly Rise[],
    requestsIn: (range: TimeRange) => number,
  ): Promise<SliceEpisode[]>
}

export function sliceFinder(store: ReadRecords, run: RunFunction): SliceFinder {
  const suspects = suspectsIn(store)
  const judgements = new Map<string, Promise<Judged[]>>()

  /** The suspect's own traffic before the detector. */
  function judged(
    suspect: Suspect,
    logs: TimeRange,
    filters: Filter[],
    requestsIn: (range: TimeRange) => number,
  ): Promise<Judged[]> {
    const range = { from: Math.max(logs.from, suspect.at - PAST_MS), to: Math.min(logs.to, suspect.until + AFTER_MS) }
    const { dimension, value } = suspect
    const key = JSON.stringify([dimension, value, range, filters, requestsIn(range)])
    let known = judgements.get(key)
    if (!known) {
      known = judge(store, run, suspect, range, filters)
      known.catch(() => judgements.delete(key))
      judgements.set(key, known)
      if (judgements.size > MOST_JUDGED) judgements.delete(judgements.keys().next().value as string)
    }
    return known
  }

  return {
    async find(logs, asked, filters, told, requestsIn) {
      const to = Math.min(logs.to, asked.to)
      const range = { from: Math.max(logs.from, asked.from - PAST_MS, to - LONGEST_MS), to }
      if (range.to - range.from < HOUR) return []
      const sorted = (await suspects.find(range, filters, requestsIn))
        .filter((suspect) => suspect.until > asked.from)
        .filter((suspect, _, all) => !PARTING.includes(suspect.dimension) || valuesBeside(suspect, all) <= MOST_PARTS)
        .sort((a, b) => b.errors * Math.log(b.times) - a.errors * Math.log(a.times))
      const [beside, apart] = [
        sorted.filter((suspect) => isBeside(suspect, told)),
        sorted.filter((suspect) => !isBeside(suspect, told)),
      ]
      const found: SliceEpisode[] = []
      let looked = 0
      for (const suspect of inTurns(apart, beside)) {
        if (looked >= MOST_SUSPECTS) break
        const { dimension, value } = suspect
        if (isTold(suspect, found) || (!PARTING.includes(dimension) && isCovered(suspect, told))) continue
        looked++
        const episodes = await judged(suspect, logs, filters, requestsIn)
        for (const { requests, ...e } of episodes) {
          const isExtreme =
            e.observed - e.expected >= EXTREME[dimension] * requests &&
            e.observed >= (TIMES[dimension] ?? 0) * e.expected
          if (
            isExtreme &&
            e.start < suspect.until &&
            suspect.at < e.end &&
            !found.some((other) => other.slice.dimension !== dimension && isSame(e, other)) &&
            !toldBy(e, dimension, value, told)
          )
            found.push({ ...e, slice: { dimension, value } })
        }
      }
      return found.filter(
        (e) =>
          !PARTING.includes(e.slice.dimension) ||
          !told.some((rise) => isSame(e, rise)) ||
          told.some((rise) => isPartedBy(rise, found) && meets(e, rise)),
      )
    },
  }
}

async function judge(
  store: ReadRecords,
  run: RunFunction,
  suspect: Suspect,
  range: TimeRange,
  filters: Filter[],
): Promise<Judged[]> {
  const { dimension, value } = suspect
  const own: Filter[] = [...filters, { dimension, values: [value] }]
  if ((await failingPart(store, suspect, own)) < OF_STRETCH * EXTREME[dimension]) return []
  // hosts within a slice are for the site to show
  const part = await trafficOf(store, { ...range, filters: own, only: [] })
  // what a rule is on record for has no requests that it let pass: they are those of the site
  const traffic = dimension === 'securityRuleId' ? { ...part, totals: await siteTotals(store, part, filters) } : part
  const { episodes } = await run(traffic, {})
  const requests = traffic.totals.get(null) as Float64Array
  const minute = (time: number) => Math.round((time - traffic.from) / MINUTE)
  return episodes.map((e) => ({
    ...e,
    requests: requests.subarray(minute(e.start), minute(e.end)).reduce((sum, n) => sum + n, 0),
  }))
}

/** 0–1: how much of what the slice was asked for in that time failed. */
async function failingPart(
  store: ReadRecords,
  { dimension, statusClass, at, until }: Suspect,
  filters: Filter[],
): Promise<number> {
  if (EXTREME[dimension] === 0) return 1
  const { groups, group, requests, total } = await store.counts({
    from: at,
    to: until,
    filters,
    audience: 'visitors',
    bounds: null,
    by: ['class'],
  })
  let failing = 0
  for (let i = 0; i < group.length; i++) if (groups[group[i]][0] === statusClass) failing += requests[i]
  return total.requests > 0 ? failing / total.requests : 0
}

/** Values of the dimension that are suspected at the same time: what befalls many of them befalls the site. */
function valuesBeside({ dimension, statusClass, at, until }: Suspect, all: readonly Suspect[]): number {
  const beside = all.filter(
    (other) =>
      other.dimension === dimension && other.statusClass === statusClass && other.at < until && at < other.until,
  )
  return new Set(beside.map(({ value }) => value)).size
}

/**
 * An outage makes suspects of all paths and countries, and they outweigh any other: those of a time in which nothing is told have
 * every second place.
 */
const isBeside = ({ statusClass, at, until }: Suspect, told: readonly Rise[]) =>
  told.some(
    ({ ofMany, statusClass: other, start, end }) => ofMany && other === statusClass && start < until && at < end,
  )

const inTurns = <T>(a: readonly T[], b: readonly T[]): T[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [...a.slice(i, i + 1), ...b.slice(i, i + 1)]).flat()

const isTold = (suspect: Suspect, found: readonly SliceEpisode[]) =>
  found.some(
    ({ slice, start, end }) =>
      slice.dimension === suspect.dimension &&
      slice.value === suspect.value &&
      start < suspect.until &&
      suspect.at < end,
  )

/** Is there a rise that many suffer in that time and of that class, which does not lie elsewhere? */
const isCovered = ({ dimension, value, statusClass, at, until }: Suspect, told: readonly Rise[]) =>
  told.some(
    ({ ofMany, scope, statusClass: other, start, end }) =>
      ofMany &&
      other === statusClass &&
      (scope[dimension] === undefined || holds(scope[dimension], value)) &&
      Math.min(end, until) - Math.max(start, at) >= SAME_TIME * (until - at),
  )

async function siteTotals(
  store: ReadRecords,
  { from, minutes }: { from: number; minutes: number },
  filters: Filter[],
): Promise<Map<string | null, Float64Array>> {
  const bounds = Float64Array.from({ length: minutes + 1 }, (_, i) => from + i * MINUTE)
  const range = { from, to: from + minutes * MINUTE }
  const { bucket, requests } = await store.counts({ ...range, filters, audience: 'visitors', bounds, by: [] })
  const site = new Float64Array(minutes)
  for (let i = 0; i < bucket.length; i++) site[bucket[i]] += requests[i]
  return new Map([[null, site]])
}

/** Is it that value, or a path among those of a pattern, or under a path? */
function holds(scope: string, value: string): boolean {
  if (scope === value) return true
  if (!scope.startsWith('/')) return false
  const parts = value.split('/')
  return scope.split('/').every((part, i) => part === parts[i] || (part.startsWith(':') && parts[i] !== undefined))
}

/** Has a rise told it, by the same place? */
function toldBy(e: Episode, dimension: SlicedDimension, value: string, told: readonly Rise[]): boolean {
  return told.some((rise) => {
    if (!rise.ofMany || !isSame(e, rise)) return false
    if (rise.scope[dimension] !== undefined && holds(rise.scope[dimension], value)) return true
    // the same trouble seen from another side, unless that one is known to lie elsewhere
    return !PARTING.includes(dimension) && rise.scope[dimension] === undefined
  })
}

/** The same kind of answers in the same time. */
function isSame(e: Episode, other: Episode): boolean {
  return meets(e, other) && Math.min(e.end, other.end) - Math.max(e.start, other.start) >= SAME_TIME * (e.end - e.start)
}

function meets(e: Episode, other: Episode): boolean {
  if (e.statusClass !== other.statusClass || e.end <= other.start || other.end <= e.start) return false
  return e.status === null || other.status === null || e.status === other.status
}

/** Starts or ends so far apart are those of two troubles, ms; what took long to be known has them less exact, up to the second. */
const APART_MS = 6 * MINUTE
const UNSURE_MS = 15 * MINUTE
/** Parts that come to so much of it together are what a rise is made of. */
const WHOLE = 0.7

/** Is a rise two troubles in truth, of two hosts or two rules, which did not come and go together? */
export function isPartedBy(rise: Rise, slices: readonly SliceEpisode[]): boolean {
  return PARTING.some((dimension) => {
    // several codes of a host, a scan among them, are no part of one code
    const parts = slices.filter(
      ({ slice, ...e }) =>
        slice.dimension === dimension && meets(e, rise) && (e.status === rise.status || rise.status === null),
    )
    const values = new Set(parts.map(({ slice }) => slice.value)).size
    if (values < 2 || values > MOST_PARTS) return false
    const sum = parts.reduce((total, e) => total + e.observed - e.expected, 0)
    if (sum < WHOLE * (rise.observed - rise.expected)) return false
    const spread = (of: (e: Episode) => number) => Math.max(...parts.map(of)) - Math.min(...parts.map(of))
    const unsure = Math.max(...parts.map((e) => Math.min(UNSURE_MS, e.detectedAt - e.start)))
    const apart = Math.max(APART_MS, unsure)
    return spread((e) => e.start) >= apart || spread((e) => e.end) >= apart
  })
}
