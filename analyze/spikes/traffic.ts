/** What the detector reads, out of the store: visitor requests per minute by status, source and host, and how many clients they are. */
import { DAY, MINUTE } from '../../schema/words/duration.js'
import type { Counts, Filter, Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { statusClassOf } from '../../schema/status/status-class.js'
import { clientReader, codeOf, partsOfCode, tellsClients, type Clump, type Heads } from './clients.js'
import type { MinuteSeries, Traffic, TroubleClass } from './detect/index.js'
import type { RequestsIn } from './traffic-memory.js'

/**
 * Hosts watched on their own: those with the most errors. The others are watched together. Of the last hours many more can be
 * watched than of weeks, and those are the hours in which a host that fails is among them.
 */
const MOST_HOSTS = 40
const MOST_HOSTS_OF_HOURS = 150
const BUSIEST = 5
/** A series of fewer requests than this over days can hold no spike worth a page; in a piece of them each one counts. */
const LEAST_REQUESTS = 5
const PIECE_MS = 2 * DAY
/** Errors before the range: who failed in the hour before is no newcomer, ms. */
const LEAD_MS = 60 * MINUTE

export interface TrafficRange {
  from: number
  to: number
  filters: Filter[]
  /** hosts to be watched besides those with the most errors: what is known of them goes on */
  hosts?: readonly string[]
}

/** The traffic, and what single clients made of it. */
export interface TrafficOfClients extends Traffic {
  /** Errors of single clients, in minutes since `from`; empty where clients cannot be told apart. */
  clumps: Clump[]
  /** whether they can */
  ofClients: boolean
}

/** Whole minutes; the last one only if the data reaches past its end. */
export async function trafficOf(
  store: ReadRecords,
  { from, to, filters, hosts: known = [] }: TrafficRange,
): Promise<TrafficOfClients> {
  const first = Math.floor(from / MINUTE) * MINUTE
  const minutes = Math.max(0, Math.ceil((to - first) / MINUTE))
  const bounds = minuteBounds(first, minutes)
  const selection: Selection = { from: first, to: first + minutes * MINUTE, filters, audience: 'visitors' }
  const errors: Filter = { dimension: 'class', values: ['4xx', '499', '5xx'] }
  const mostHosts = minutes * MINUTE <= PIECE_MS ? MOST_HOSTS_OF_HOURS : MOST_HOSTS

  const [all, ofHosts] = await Promise.all([
    store.counts({ ...selection, bounds, by: [] }),
    store.counts({ ...selection, bounds: null, by: ['host'], withErrors: true }),
  ])
  const totals = new Map<string | null, Float64Array>([[null, new Float64Array(minutes)]])
  for (let i = 0; i < all.requests.length; i++) (totals.get(null) as Float64Array)[all.bucket[i]] += all.requests[i]

  const hosts = hostsToWatch(ofHosts, mostHosts, known)
  const series = new Map<string, MinuteSeries>()
  const reader = clientReader()
  let ofClients = false
  const read = (minute: number, counts: Counts, i: number): void => {
    const [status, source, host] = counts.groups[counts.group[i]]
    const code = codeOf(status, source)
    const client = counts.values?.[i] ?? 0
    const { site, host: own } = reader.read(minute, code, host, client, counts.requests[i], counts.records[i])
    if (minute < 0) return
    addTo(series, code, null, minutes, minute, counts.requests[i], site)
    if (hosts.has(host)) addTo(series, code, host, minutes, minute, counts.requests[i], own)
  }
  for (const piece of pieces(first, minutes)) {
    const counts = await store.counts({
      ...selection,
      ...piece,
      filters: [...filters, errors],
      bounds: minuteBounds(piece.from, (piece.to - piece.from) / MINUTE),
      by: ['status', 'source', 'host'],
      apart: 'clientIp',
    })
    ofClients ||= tellsClients(counts)
    const offset = (piece.from - first) / MINUTE
    for (let i = 0; i < counts.requests.length; i++) read(offset + counts.bucket[i], counts, i)
  }
  if (hosts.size > 0) {
    const perHost = await store.counts({
      ...selection,
      filters: [...filters, { dimension: 'host', values: [...hosts] }],
      bounds,
      by: ['host'],
    })
    for (const host of hosts) totals.set(host, new Float64Array(minutes))
    for (let i = 0; i < perHost.requests.length; i++) {
      const counts = totals.get(perHost.groups[perHost.group[i]][0])
      if (counts) counts[perHost.bucket[i]] += perHost.requests[i]
    }
  }
  const watched = [...series.values()].map((one) => (ofClients ? one : withoutClients(one)))
  return {
    from: first,
    minutes,
    totals,
    series: minutes * MINUTE <= PIECE_MS ? watched : watched.filter(isWorthWatching),
    weights: weightsOf(all, minutes),
    clumps: reader.clumps(),
    ofClients,
  }
}

const minuteBounds = (from: number, minutes: number): Float64Array =>
  Float64Array.from({ length: minutes + 1 }, (_, i) => from + i * MINUTE)

/** Days, the first with the hour before it: many small answers take less memory than a large one. */
function* pieces(first: number, minutes: number): Generator<{ from: number; to: number }> {
  const end = first + minutes * MINUTE
  let from = first - LEAD_MS
  while (from < end) {
    const to = Math.min(end, Math.floor(from / DAY) * DAY + DAY)
    yield { from, to }
    from = to
  }
}

/** None where there is but one: it is the whole site. */
function hostsToWatch(
  { groups, group, requests, errors, total }: Counts,
  most: number,
  known: readonly string[],
): Set<string> {
  if (total.values < 2) return new Set(known)
  const failing = [...group]
    .map((g, i) => ({ host: groups[g][0], errors: errors?.[i] ?? 0 }))
    .filter(({ host, errors: n }) => host !== '' && n > 0)
    .sort((a, b) => b.errors - a.errors || (a.host < b.host ? -1 : 1))
    .slice(0, most)
  // what fails is held against hosts that don't
  const busiest = [...group]
    .map((g, i) => ({ host: groups[g][0], requests: requests[i] }))
    .filter(({ host }) => host !== '')
    .sort((a, b) => b.requests - a.requests || (a.host < b.host ? -1 : 1))
    .slice(0, BUSIEST)
  return new Set([...failing.map(({ host }) => host), ...busiest.map(({ host }) => host), ...known])
}

function addTo(
  series: Map<string, MinuteSeries>,
  code: string,
  host: string | null,
  minutes: number,
  minute: number,
  requests: number,
  { heads, newcomers }: Heads,
): void {
  const key = `${code} ${host ?? ''}`
  let one = series.get(key)
  if (!one) {
    const { status, source } = partsOfCode(code)
    const empty = () => new Float64Array(minutes)
    one = {
      status,
      statusClass: statusClassOf(status) as TroubleClass,
      source,
      host,
      counts: empty(),
      heads: empty(),
      newcomers: empty(),
    }
    series.set(key, one)
  }
  one.counts[minute] += requests
  if (one.heads) one.heads[minute] += heads
  if (one.newcomers) one.newcomers[minute] += newcomers
}

const withoutClients = ({ status, statusClass, source, host, counts }: MinuteSeries): MinuteSeries => ({
  status,
  statusClass,
  source,
  host,
  counts,
})

/** Requests that a record stands for, by minute; undefined where logs are whole. */
function weightsOf({ bucket, requests, records }: Counts, minutes: number): Float64Array | undefined {
  if (requests.every((n, i) => n === records[i])) return undefined
  const weights = new Float64Array(minutes).fill(1)
  for (let i = 0; i < requests.length; i++) if (records[i] > 0) weights[bucket[i]] = requests[i] / records[i]
  return weights
}

function isWorthWatching(series: MinuteSeries): boolean {
  let sum = 0
  for (const n of series.counts) sum += n
  return sum >= LEAST_REQUESTS
}

/** Requests of visitors between two times, out of the minutes at hand. */
export function requestsIn({ from, minutes, totals }: Traffic): RequestsIn {
  const sums = new Float64Array(minutes + 1)
  totals.get(null)?.forEach((n, i) => {
    sums[i + 1] = sums[i] + n
  })
  const at = (time: number) => sums[Math.min(minutes, Math.max(0, Math.floor((time - from) / MINUTE)))]
  return (range) => at(range.to) - at(range.from)
}
