/**
 * Logs too short to know what is usual: seconds or minutes around a trouble, exported because of it. There is no past to hold
 * them against, so what stands out in them is told as that: a code that so many get is trouble on any site.
 */
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { statusClassOf } from '../../schema/status/status-class.js'
import type { Episode, Source, TroubleClass } from './detect/index.js'
import type { TimeRange } from './sample.js'

/** Shorter logs have no past, ms. */
export const TOO_SHORT_MS = 60 * 60_000
/** Part of the requests from which a code stands out on any site; a 404 has to be a good part, a 5xx need not. */
const STANDS_OUT: { [statusClass in TroubleClass]: number } = { '4xx': 0.2, '499': 0.15, '5xx': 0.05 }
const LEAST_REQUESTS = 20
const LEAST_CLIENTS = 5

/** `told`: what was found all the same, by how it began or ended. */
export async function shortEpisodes(
  store: ReadRecords,
  logs: TimeRange,
  filters: Filter[],
  told: readonly Episode[],
): Promise<Episode[]> {
  const extent = await store.extent()
  if (extent.from === null || extent.to === null) return []
  const range = { from: Math.max(logs.from, extent.from), to: Math.min(logs.to, extent.to + 1) }
  if (range.to <= range.from || range.to - range.from >= TOO_SHORT_MS) return []
  const { groups, group, requests, values } = await store.counts({
    ...range,
    filters,
    audience: 'visitors',
    bounds: null,
    by: ['status', 'source'],
    apart: 'clientIp',
  })
  const sums = groups.map(() => ({ requests: 0, clients: 0 }))
  let all = 0
  for (let i = 0; i < group.length; i++) {
    all += requests[i]
    sums[group[i]].requests += requests[i]
    sums[group[i]].clients += values && values[i] !== 0 ? 1 : requests[i]
  }
  return groups.flatMap(([code, source], g) => {
    const status = Number(code)
    const statusClass = statusClassOf(status)
    if (statusClass !== '4xx' && statusClass !== '499' && statusClass !== '5xx') return []
    const { requests: observed, clients } = sums[g]
    if (observed < LEAST_REQUESTS || clients < LEAST_CLIENTS || observed < STANDS_OUT[statusClass] * all) return []
    if (told.some((e) => e.statusClass === statusClass && (e.status === null || e.status === status))) return []
    return [
      {
        status,
        statusClass,
        source: source as Source,
        host: null,
        start: range.from,
        end: range.to,
        ongoing: false,
        detectedAt: range.to,
        observed,
        expected: 0,
        score: 0,
      },
    ]
  })
}
