/**
 * What drowns in a site's noise: a path, a country, a data centre, a network or a rule of which nearly everything fails, while
 * the site has the same code all day. Found in two steps: cheap counts of errors by value and quarter of an hour name
 * suspects; only of those all requests are read, and the detector judges them as if they were a site of their own.
 */
import { HOUR, MINUTE } from '../../schema/words/duration.js'
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { Episode, Traffic } from './detect/index.js'
import type { RunFunction } from './episodes.js'
import type { TimeRange } from './sample.js'
import type { SlicedDimension } from './sliced.js'
import {
  holds,
  isNoisy,
  isPartedBy,
  isSame,
  meets,
  MOST_PARTS,
  PARTING,
  SAME_TIME,
  toldBy,
  type Rise,
  type SliceEpisode,
} from './slices-and-rises.js'
import { QUARTER, suspectsIn, type Suspect } from './suspects.js'
import { trafficOf } from './traffic.js'

/** Suspects looked at closely; each takes a read of some hours. */
const MOST_SUSPECTS = 12
/** Past that is read for a suspect. */
const PAST_MS = 20 * HOUR
const AFTER_MS = 3 * HOUR
/** ... and so much more at a time while it goes on. */
const FURTHER_MS = 24 * HOUR
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
/**
 * A suspected stretch reaches over the trouble at both ends, by up to two hours where that was thin: so it is the quarters of an hour of it of which
 * most fails that say whether it is worth a look. They too reach over a trouble, so that less of them fails.
 */
const OF_STRETCH = 0.4
const WIDTHS = [2, 8]
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
      known = judge(store, run, suspect, range, logs, filters)
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
            found.push({ ...e, detectedAt: knownAt(e, told), slice: { dimension, value } })
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
  logs: TimeRange,
  filters: Filter[],
): Promise<Judged[]> {
  const { dimension, value } = suspect
  const furthest = Math.min(logs.to, range.to + LONGEST_MS)
  const own: Filter[] = [...filters, { dimension, values: [value] }]
  if ((await failingPart(store, suspect, own)) < OF_STRETCH * EXTREME[dimension]) return []
  const until = (to: number) => heldAgainstAll(store, dimension, { ...range, to }, filters, own)
  let traffic = await until(range.to)
  let { episodes } = await run(traffic, {})
  // what goes on beyond it has no end yet, and would be no part of what ended with it
  for (let { to } = range; to < furthest && episodes.some((e) => e.ongoing && e.start < suspect.until);) {
    to = Math.min(furthest, to + FURTHER_MS)
    traffic = await until(to)
    episodes = (await run(traffic, {})).episodes
  }
  const requests = traffic.totals.get(null) as Float64Array
  const minute = (time: number) => Math.round((time - traffic.from) / MINUTE)
  return episodes.map((e) => ({
    ...e,
    requests: requests.subarray(minute(e.start), minute(e.end)).reduce((sum, n) => sum + n, 0),
  }))
}

/** The slice's traffic; hosts within it are for the site to show. */
async function heldAgainstAll(
  store: ReadRecords,
  dimension: SlicedDimension,
  range: TimeRange,
  filters: Filter[],
  own: Filter[],
): Promise<Traffic> {
  const part = await trafficOf(store, { ...range, filters: own, only: [] })
  // what a rule is on record for has no requests that it let pass: they are those of the site
  return dimension === 'securityRuleId' ? { ...part, totals: await siteTotals(store, part, filters) } : part
}

/** 0–1: how much of what the slice was asked for in that time failed, in the half an hour or the two hours in which most did. */
async function failingPart(
  store: ReadRecords,
  { dimension, statusClass, at, until }: Suspect,
  filters: Filter[],
): Promise<number> {
  if (EXTREME[dimension] === 0) return 1
  const quarters = Math.max(1, Math.ceil((until - at) / QUARTER))
  const { groups, group, bucket, requests } = await store.counts({
    from: at,
    to: at + quarters * QUARTER,
    filters,
    audience: 'visitors',
    bounds: Float64Array.from({ length: quarters + 1 }, (_, i) => at + i * QUARTER),
    by: ['class'],
  })
  const [failing, all] = [new Float64Array(quarters), new Float64Array(quarters)]
  for (let i = 0; i < group.length; i++) {
    all[bucket[i]] += requests[i]
    if (groups[group[i]][0] === statusClass) failing[bucket[i]] += requests[i]
  }
  const sum = (of: Float64Array, from: number, width: number) =>
    of.subarray(from, from + width).reduce((total, n) => total + n, 0)
  let most = 0
  for (const width of WIDTHS)
    for (let q = 0; q === 0 || q + width <= quarters; q++) {
      const failed = sum(failing, q, width)
      if (failed >= LEAST_FAILED) most = Math.max(most, failed / sum(all, q, width))
    }
  return most
}
/** Of fewer no share is taken. */
const LEAST_FAILED = 5

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

/** What a rise of many showed first was known then. */
const knownAt = (e: Episode, told: readonly Rise[]): number =>
  Math.min(
    e.detectedAt,
    ...told.filter((rise) => rise.ofMany && isNoisy(rise) && isSame(e, rise)).map((rise) => rise.detectedAt),
  )

/** Is there a rise that many suffer in that time and of that class, which does not lie elsewhere? */
const isCovered = ({ dimension, value, statusClass, at, until }: Suspect, told: readonly Rise[]) =>
  told.some(
    ({ scope, ...rise }) =>
      rise.ofMany &&
      rise.statusClass === statusClass &&
      (scope[dimension] === undefined || (!isNoisy(rise) && holds(scope[dimension], value))) &&
      Math.min(rise.end, until) - Math.max(rise.start, at) >= SAME_TIME * (until - at),
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
