/**
 * Expired copies as trouble: while the origin cannot be reached the cache answers in its place, visitors get a 200, and no error
 * rises. The detector judges them as if each were an error, host by host.
 * https://developers.cloudflare.com/cache/concepts/cache-responses/
 */
import { DAY, MINUTE } from '../../schema/words/duration.js'
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { curveRange, type Curve } from './curve.js'
import type { Episode, MinuteSeries, TroubleClass } from './detect/index.js'
import type { RunFunction } from './episodes.js'
import type { ExplainedSpike } from './explain.js'
import type { TimeRange } from './sample.js'
import { STALE } from './stale.js'

/** Only the last of a long range, and the past that is read for it. */
const LONGEST_MS = 3 * DAY
const PAST_MS = DAY
/** Hosts with the most of them. */
const MOST_HOSTS = 20
const LEAST_COPIES = 20
/** Part of the requests that must get one: a busy file that is fetched anew gives some every day. */
const LEAST_SHARE = 0.02
/** Part of the copies that makes them those of one host. */
const PART_OF_HOST = 0.9

/** Rises of expired copies. Their class is that of the answers, 2xx. */
export async function staleIn(
  store: ReadRecords,
  run: RunFunction,
  logs: TimeRange,
  asked: TimeRange,
  filters: Filter[],
): Promise<Episode[]> {
  const to = Math.min(logs.to, asked.to)
  const from = Math.floor(Math.max(logs.from, asked.from - PAST_MS, to - LONGEST_MS) / MINUTE) * MINUTE
  const minutes = Math.ceil((to - from) / MINUTE)
  if (minutes <= 0) return []
  const bounds = Float64Array.from({ length: minutes + 1 }, (_, i) => from + i * MINUTE)
  const selection = { from, to: bounds[minutes], audience: 'visitors' as const }
  const copies = await store.counts({
    ...selection,
    filters: [...filters, STALE],
    bounds,
    by: ['host'],
    limit: MOST_HOSTS,
  })
  if (copies.total.requests < LEAST_COPIES) return []
  const hosts = copies.groups.map(([host]) => host).filter((host) => host !== '')
  const all = await store.counts({ ...selection, filters, bounds, by: [] })
  const ofHosts = await store.counts({
    ...selection,
    filters: [...filters, { dimension: 'host', values: hosts }],
    bounds,
    by: ['host'],
  })
  const totals = new Map<string | null, Float64Array>([[null, minutesOf(all, minutes)]])
  for (const host of hosts) totals.set(host, minutesOf(ofHosts, minutes, host))
  const alone = hosts.length === 1 && sum(totals.get(hosts[0])) >= sum(totals.get(null))
  const { episodes } = await run(
    {
      from,
      minutes,
      totals,
      series: [seriesOf(null), ...(alone ? [] : hosts.map(seriesOf))],
    },
    { reportFrom: asked.from },
  )
  return episodes
    .map((episode) => ({ ...episode, host: episode.host ?? hostOfMost(episode) }))
    .filter(({ observed, expected, host, start, end }) => {
      const [a, b] = [start, end].map((time) => Math.round((time - from) / MINUTE))
      return observed - expected >= LEAST_SHARE * sum(totals.get(host)?.subarray(a, b))
    })
    .map((episode) => ({ ...episode, status: null, statusClass: '2xx' as TroubleClass }))

  /** The host that nearly all copies of a rise are of; null: they are of several. */
  function hostOfMost({ start, end, observed }: Episode): string | null {
    const [a, b] = [start, end].map((time) => Math.round((time - from) / MINUTE))
    const isMost = (host: string) => sum(minutesOf(copies, minutes, host).subarray(a, b)) >= PART_OF_HOST * observed
    return alone ? null : (hosts.find(isMost) ?? null)
  }

  /** Judged as what a healthy site hardly has. */
  function seriesOf(host: string | null): MinuteSeries {
    const counts = minutesOf(copies, minutes, host)
    return { status: 200, statusClass: '5xx', source: 'cache', host, counts }
  }
}

interface Counted {
  groups: readonly (readonly string[])[]
  group: ArrayLike<number>
  bucket: ArrayLike<number>
  requests: ArrayLike<number>
}

function minutesOf(
  { groups, group, bucket, requests }: Counted,
  minutes: number,
  host: string | null = null,
): Float64Array {
  const counts = new Float64Array(minutes)
  for (let i = 0; i < bucket.length; i++)
    if (host === null || groups[group[i]][0] === host) counts[bucket[i]] += requests[i]
  return counts
}

const sum = (counts: Float64Array | undefined): number => counts?.reduce((all, n) => all + n, 0) ?? 0

/** Expired copies minute by minute, before, during and after. */
export async function staleCurve(store: ReadRecords, { episode }: ExplainedSpike): Promise<Curve> {
  const extent = await store.extent()
  const range = curveRange(episode)
  const from = Math.floor(Math.max(extent.from ?? range.from, range.from) / MINUTE) * MINUTE
  const to = Math.min(range.to, (extent.to ?? range.to) + 1)
  const minutes = Math.max(1, Math.ceil((to - from) / MINUTE))
  const counted = await store.counts({
    from,
    to: from + minutes * MINUTE,
    filters: [STALE, ...(episode.host === null ? [] : [{ dimension: 'host' as const, values: [episode.host] }])],
    audience: 'visitors',
    bounds: Float64Array.from({ length: minutes + 1 }, (_, i) => from + i * MINUTE),
    by: [],
  })
  const points = [...minutesOf(counted, minutes)].map((n, minute) => [from + minute * MINUTE, n])
  const each = (episode.expected * MINUTE) / Math.max(MINUTE, episode.end - episode.start)
  return { step: MINUTE, unit: 'requests', points, expected: points.map(([time]) => [time, each]), upper: [] }
}
