/** What the detector reads, out of the store: visitor requests per minute by status, source and host, and how many clients they are. */
import { DAY, MINUTE } from '../../schema/words/duration.js'
import type { Counts, Filter, Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { clientReader, tellsClients, type Clump } from './clients.js'
import type { Traffic } from './detect/index.js'
import { SeriesSums } from './series-sums.js'
import type { RequestsIn } from './traffic-memory.js'

/**
 * Hosts watched on their own: those with the most errors. The others are watched together. Of the last hours many more can be
 * watched than of weeks, and those are the hours in which a host that fails is among them.
 */
const MOST_HOSTS = 40
const MOST_HOSTS_OF_HOURS = 150
const BUSIEST = 5
/** A series that has fewer requests than this on any day can hold no spike; in hours each one counts. */
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
  /** hosts that were chosen for a longer stretch: these are watched and no others */
  only?: readonly string[]
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
  { from, to, filters, hosts: known = [], only }: TrafficRange,
): Promise<TrafficOfClients> {
  const first = Math.floor(from / MINUTE) * MINUTE
  const minutes = Math.max(0, Math.ceil((to - first) / MINUTE))
  const bounds = minuteBounds(first, minutes)
  const range = { from: first, to: first + minutes * MINUTE }
  const selection: Selection = { ...range, filters, audience: 'visitors' }
  const errors: Filter = { dimension: 'class', values: ['4xx', '499', '5xx'] }

  const [all, chosen] = await Promise.all([
    store.counts({ ...selection, bounds, by: [] }),
    only ?? hostsToWatch(store, range, filters, known),
  ])
  const totals = new Map<string | null, Float64Array>([[null, new Float64Array(minutes)]])
  for (let i = 0; i < all.requests.length; i++) (totals.get(null) as Float64Array)[all.bucket[i]] += all.requests[i]

  const hosts = new Set(chosen)
  const sums = new SeriesSums(hosts)
  const reader = clientReader()
  let ofClients = false
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
    const { groups, group, bucket, requests, records, values } = counts
    const series = groups.map((names) => sums.of(names))
    for (let i = 0; i < requests.length; i++) {
      const { code, host, site, own } = series[group[i]]
      const minute = offset + bucket[i]
      const heads = reader.read(minute, code, host, values?.[i] ?? 0, requests[i], records[i])
      if (minute < 0) continue
      site.add(minute, requests[i], heads.site)
      own?.add(minute, requests[i], heads.host)
    }
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
  const isShort = minutes * MINUTE <= PIECE_MS
  return {
    from: first,
    minutes,
    totals,
    series: sums.series(minutes, ofClients, (one) => isShort || one.mostIn(DAY / MINUTE) >= LEAST_REQUESTS),
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

/**
 * The hosts of a range with the most errors, some of the busiest, and those that are known; only the latter where there is but
 * one: it is the whole site.
 */
export async function hostsToWatch(
  store: ReadRecords,
  { from, to }: { from: number; to: number },
  filters: Filter[],
  known: readonly string[] = [],
): Promise<string[]> {
  const { groups, group, requests, errors, total } = await store.counts({
    from,
    to,
    filters,
    audience: 'visitors',
    bounds: null,
    by: ['host'],
    withErrors: true,
  })
  if (total.values < 2) return [...known]
  const most = to - from <= PIECE_MS ? MOST_HOSTS_OF_HOURS : MOST_HOSTS
  const hosts = [...group]
    .map((g, i) => ({ host: groups[g][0], requests: requests[i], errors: errors?.[i] ?? 0 }))
    .filter(({ host }) => host !== '')
  const failing = hosts
    .filter((one) => one.errors > 0)
    .sort((a, b) => b.errors - a.errors || (a.host < b.host ? -1 : 1))
    .slice(0, most)
  // what fails is held against hosts that don't
  const busiest = hosts.sort((a, b) => b.requests - a.requests || (a.host < b.host ? -1 : 1)).slice(0, BUSIEST)
  return [...new Set([...[...failing, ...busiest].map(({ host }) => host), ...known])]
}

/** Requests that a record stands for, by minute; undefined where logs are whole. */
function weightsOf({ bucket, requests, records }: Counts, minutes: number): Float64Array | undefined {
  if (requests.every((n, i) => n === records[i])) return undefined
  const weights = new Float64Array(minutes).fill(1)
  for (let i = 0; i < requests.length; i++) if (records[i] > 0) weights[bucket[i]] = requests[i] / records[i]
  return weights
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
