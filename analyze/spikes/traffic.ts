/** What the detector reads, out of the store: visitor requests per minute by status, source and host. */
import type { Counts, Filter, Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { RequestsIn } from './traffic-memory.js'
import type { MinuteSeries, Source, Traffic, TroubleClass } from './detect/index.js'
import { statusClassOf } from '../../schema/status/status-class.js'

const MINUTE = 60_000
/** Hosts watched on their own: the busiest. The others are watched together. */
const MOST_HOSTS = 40
/** A series of fewer requests than this over days can hold no spike worth a page; in a piece of them each one counts. */
const LEAST_REQUESTS = 5
const PIECE_MS = 48 * 60 * MINUTE

export interface TrafficRange {
  from: number
  to: number
  filters: Filter[]
}

/** Whole minutes; the last one only if the data reaches past its end. */
export async function trafficOf(store: ReadRecords, { from, to, filters }: TrafficRange): Promise<Traffic> {
  const first = Math.floor(from / MINUTE) * MINUTE
  const minutes = Math.max(0, Math.ceil((to - first) / MINUTE))
  const bounds = Float64Array.from({ length: minutes + 1 }, (_, i) => first + i * MINUTE)
  const selection: Selection = { from: first, to: first + minutes * MINUTE, filters, audience: 'visitors' }
  const errors: Filter = { dimension: 'class', values: ['4xx', '499', '5xx'] }

  const [all, byStatus, topHosts] = await Promise.all([
    store.counts({ ...selection, bounds, by: [] }),
    store.counts({ ...selection, filters: [...filters, errors], bounds, by: ['status', 'source'] }),
    store.counts({ ...selection, bounds: null, by: ['host'], limit: MOST_HOSTS }),
  ])
  const totals = new Map<string | null, Float64Array>([[null, new Float64Array(minutes)]])
  const series = new Map<string, MinuteSeries>()
  for (let i = 0; i < all.requests.length; i++) (totals.get(null) as Float64Array)[all.bucket[i]] += all.requests[i]
  addSeries(series, byStatus, minutes, false)

  const hosts = topHosts.groups.map(([host]) => host).filter((host) => host !== '')
  if (hosts.length > 1) {
    const onThese: Filter = { dimension: 'host', values: hosts }
    const [perHost, perHostStatus] = await Promise.all([
      store.counts({ ...selection, filters: [...filters, onThese], bounds, by: ['host'] }),
      store.counts({ ...selection, filters: [...filters, onThese, errors], bounds, by: ['status', 'source', 'host'] }),
    ])
    for (const host of hosts) totals.set(host, new Float64Array(minutes))
    for (let i = 0; i < perHost.requests.length; i++) {
      const counts = totals.get(perHost.groups[perHost.group[i]][0])
      if (counts) counts[perHost.bucket[i]] += perHost.requests[i]
    }
    addSeries(series, perHostStatus, minutes, true)
  }
  const watched = [...series.values()]
  return {
    from: first,
    minutes,
    totals,
    series: minutes * MINUTE <= PIECE_MS ? watched : watched.filter(isWorthWatching),
    weights: weightsOf(all, minutes),
  }
}

function addSeries(
  series: Map<string, MinuteSeries>,
  counts: Awaited<ReturnType<ReadRecords['counts']>>,
  minutes: number,
  withHost: boolean,
): void {
  for (let i = 0; i < counts.requests.length; i++) {
    const [status, source, host] = counts.groups[counts.group[i]]
    const key = `${status} ${source} ${withHost ? host : ''}`
    let one = series.get(key)
    if (!one) {
      const code = Number(status)
      one = {
        status: code,
        statusClass: statusClassOf(code) as TroubleClass,
        source: source as Source,
        host: withHost ? host : null,
        counts: new Float64Array(minutes),
      }
      series.set(key, one)
    }
    one.counts[counts.bucket[i]] += counts.requests[i]
  }
}

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
