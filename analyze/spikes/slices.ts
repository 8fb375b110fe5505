/**
 * What drowns in a site's noise: a path, a country, a data centre, a network or a rule of which nearly everything fails, while
 * the site has the same code all day. Found in two steps: cheap counts of errors by value and quarter of an hour name
 * suspects; only of those all requests are read, and the detector judges them as if they were a site of their own.
 */
import { HOUR, MINUTE } from '../../schema/words/duration.js'
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { statusClassOf } from '../../schema/status/status-class.js'
import type { Episode, TroubleClass } from './detect/index.js'
import type { RunFunction } from './episodes.js'
import type { TimeRange } from './sample.js'
import { trafficOf } from './traffic.js'

const QUARTER = 15 * MINUTE
/** In the order in which a reader wants them; a spike is told once, by the first. */
export const SLICED = ['host', 'securityRuleId', 'path', 'country', 'colo', 'asn'] as const
export type SlicedDimension = (typeof SLICED)[number]

export interface Slice {
  dimension: SlicedDimension
  value: string
}

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
/** Values watched of each dimension: those with the most errors. */
const MOST_VALUES = 60
/** Suspects looked at closely; each takes a read of some hours. */
const MOST_SUSPECTS = 12
/** Failing clients (requests, where clients are not told apart) in half an hour, and times the mean of the hours before, that make a suspect. */
const LEAST_ERRORS = 10
const LEAST_TIMES = 3
/** Past that is read for a suspect. */
const PAST_MS = 20 * HOUR
const AFTER_MS = 3 * HOUR
/** Only the last of a long range: every error of it is read, with its values. */
const LONGEST_MS = 3 * 24 * HOUR
/** Part of the slice's requests that must fail: less is for the site as a whole to show. */
const EXTREME = 0.6
/** ... of a host. */
const PARTED = 0.15
/** A rise that overlaps this much of it has told it already. */
const SAME_TIME = 0.5

interface Suspect extends Slice {
  statusClass: TroubleClass
  at: number
  until: number
  errors: number
  times: number
}

export async function sliceEpisodes(
  store: ReadRecords,
  run: RunFunction,
  logs: TimeRange,
  asked: TimeRange,
  filters: Filter[],
  told: readonly Rise[],
): Promise<SliceEpisode[]> {
  const to = Math.min(logs.to, asked.to)
  const range = { from: Math.max(logs.from, asked.from - PAST_MS, to - LONGEST_MS), to }
  if (range.to - range.from < HOUR) return []
  const suspects = (await Promise.all(SLICED.map((dimension) => suspectsOf(store, dimension, range, filters))))
    .flat()
    .filter((suspect) => suspect.until > asked.from)
    .filter((suspect, _, all) => !PARTING.includes(suspect.dimension) || valuesBeside(suspect, all) <= MOST_PARTS)
    .sort((a, b) => b.errors * Math.log(b.times) - a.errors * Math.log(a.times))
  const found: SliceEpisode[] = []
  let looked = 0
  for (const suspect of suspects) {
    if (looked >= MOST_SUSPECTS) break
    if (isTold(suspect, found) || (!PARTING.includes(suspect.dimension) && isCovered(suspect, told))) continue
    looked++
    found.push(...(await judged(store, run, logs, filters, suspect, told, found)))
  }
  return found.filter(
    (e) =>
      !PARTING.includes(e.slice.dimension) ||
      !told.some((rise) => isSame(e, rise)) ||
      told.some((rise) => isPartedBy(rise, found) && meets(e, rise)),
  )
}

/** Values of the dimension that are suspected at the same time: what befalls many of them befalls the site. */
function valuesBeside({ dimension, statusClass, at, until }: Suspect, all: readonly Suspect[]): number {
  const beside = all.filter(
    (other) =>
      other.dimension === dimension && other.statusClass === statusClass && other.at < until && at < other.until,
  )
  return new Set(beside.map(({ value }) => value)).size
}

/** Stretches in which a value's errors ran far above their own past. */
async function suspectsOf(
  store: ReadRecords,
  dimension: SlicedDimension,
  { from, to }: TimeRange,
  filters: Filter[],
): Promise<Suspect[]> {
  const first = Math.floor(from / QUARTER) * QUARTER
  const quarters = Math.ceil((to - first) / QUARTER)
  const bounds = Float64Array.from({ length: quarters + 1 }, (_, i) => first + i * QUARTER)
  const errors: Filter = { dimension: 'class', values: ['4xx', '5xx'] }
  const { groups, group, bucket, records, values } = await store.counts({
    from: first,
    to: first + quarters * QUARTER,
    filters: [...filters, errors],
    audience: 'visitors',
    bounds,
    by: [dimension, 'status'],
    limit: MOST_VALUES,
    apart: 'clientIp',
  })
  const series = groups.map(() => new Float64Array(quarters))
  for (let i = 0; i < group.length; i++) series[group[i]][bucket[i]] += values && values[i] !== 0 ? 1 : records[i]
  return groups.flatMap(([value, status], g) =>
    value === ''
      ? []
      : stretchesOf(series[g]).map((s) => ({
          ...s,
          dimension,
          value,
          statusClass: statusClassOf(Number(status)) as TroubleClass,
          at: first + s.first * QUARTER,
          until: first + s.last * QUARTER,
        })),
  )
}

function stretchesOf(counts: Float64Array): { first: number; last: number; errors: number; times: number }[] {
  const found: { first: number; last: number; errors: number; times: number }[] = []
  let mean = 0
  let known = 0
  for (let q = 0; q < counts.length; q++) {
    const two = counts[q] + (counts[q + 1] ?? 0)
    const usual = 2 * (known > 0 ? mean / known : 0)
    if (known >= 4 && two >= LEAST_ERRORS && two >= LEAST_TIMES * (usual + 1)) {
      const open = found.at(-1)
      if (open && q <= open.last + 1) {
        open.last = q + 2
        open.errors += counts[q]
      } else found.push({ first: q, last: q + 2, errors: two, times: two / (usual + 1) })
      continue
    }
    mean += counts[q]
    known++
  }
  return found
}

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
      (scope[dimension] === undefined || scope[dimension] === value) &&
      Math.min(end, until) - Math.max(start, at) >= SAME_TIME * (until - at),
  )

/** The suspect's own traffic before the detector; what is extreme and was not told is an episode. */
async function judged(
  store: ReadRecords,
  run: RunFunction,
  logs: TimeRange,
  filters: Filter[],
  { dimension, value, at, until }: Suspect,
  told: readonly Rise[],
  found: readonly SliceEpisode[],
): Promise<SliceEpisode[]> {
  const own: Filter[] = [...filters, { dimension, values: [value] }]
  const part = await trafficOf(store, {
    from: Math.max(logs.from, at - PAST_MS),
    to: Math.min(logs.to, until + AFTER_MS),
    filters: own,
  })
  // what a rule is on record for has no requests that it let pass: they are those of the site
  const traffic = dimension === 'securityRuleId' ? { ...part, totals: await siteTotals(store, part, filters) } : part
  const { episodes } = await run(traffic, {})
  const requests = traffic.totals.get(null) as Float64Array
  const minute = (time: number) => Math.round((time - traffic.from) / MINUTE)
  return episodes
    .filter((e) => e.start < until && at < e.end)
    .filter((e) => {
      const all = requests.subarray(minute(e.start), minute(e.end)).reduce((sum, n) => sum + n, 0)
      const least = dimension === 'securityRuleId' ? 0 : dimension === 'host' ? PARTED : EXTREME
      const extreme = e.observed - e.expected >= least * all
      return (
        extreme &&
        !found.some((other) => other.slice.dimension !== dimension && isSame(e, other)) &&
        !toldBy(e, dimension, value, told)
      )
    })
    .map((e) => ({ ...e, slice: { dimension, value } }))
}

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

/** Has a rise told it, by the same place? */
function toldBy(e: Episode, dimension: SlicedDimension, value: string, told: readonly Rise[]): boolean {
  return told.some((rise) => {
    if (!rise.ofMany || !isSame(e, rise)) return false
    if (rise.scope[dimension] === value) return true
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

/** Starts or ends so far apart are those of two troubles, ms. */
const APART_MS = 6 * MINUTE
/** Parts that come to so much of it together are what a rise is made of. */
const WHOLE = 0.7

/** Is a rise two troubles in truth, of two hosts or two rules, which did not come and go together? */
export function isPartedBy(rise: Rise, slices: readonly SliceEpisode[]): boolean {
  return PARTING.some((dimension) => {
    const parts = slices.filter(({ slice, ...e }) => slice.dimension === dimension && meets(e, rise))
    if (parts.length < 2 || parts.length > MOST_PARTS) return false
    const sum = parts.reduce((total, e) => total + e.observed - e.expected, 0)
    if (sum < WHOLE * (rise.observed - rise.expected)) return false
    const spread = (of: (e: Episode) => number) => Math.max(...parts.map(of)) - Math.min(...parts.map(of))
    return spread((e) => e.start) >= APART_MS || spread((e) => e.end) >= APART_MS
  })
}
