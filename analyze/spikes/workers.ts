/**
 * A site behind Workers: the visitor's record carries origin status 0, because the fetch is logged apart. What
 * the origin did stands in the sub-requests, so a failing one speaks in its parent's place.
 * https://developers.cloudflare.com/logs/faq/worker-subrequests/
 */
import type { Record } from '../../schema/record.js'
import type { Questions } from '../../schema/store.js'
import type { Episode } from './detect/index.js'

/** Parents looked up; each brings its sub-requests. */
const MOST_PARENTS = 200
/** A sub-request belongs to a parent that began at most this long before, ms. */
const REACH_MS = 5 * 60_000

/** The records, those of failing Workers replaced by what their failing sub-request says of the origin. */
export async function withSubRequests(store: Questions, records: Record[], episode: Episode): Promise<Record[]> {
  if (episode.status === null || episode.status < 500 || !records.some((r) => r.source === 'worker')) return records
  const parents = records.filter((r) => r.source === 'worker' && r.rayId !== null).slice(0, MOST_PARENTS)
  const { records: children } = await store.records({
    from: episode.start - REACH_MS, to: episode.end + REACH_MS, audience: 'internal', limit: 1_000, after: null,
    filters: [{ dimension: 'parentRayId', values: parents.map((r) => r.rayId as string) }],
  })
  const failing = new Map(children.filter((r) => r.edgeResponseStatus >= 500).map((r) => [r.parentRayId, r]))
  if (failing.size === 0) return records
  const looked = new Set(parents)
  return records.map((record) => {
    const child = looked.has(record) ? failing.get(record.rayId) : undefined
    if (!child) return record
    return {
      ...record, edgeResponseStatus: child.edgeResponseStatus, originResponseStatus: child.originResponseStatus, source: child.source,
      originIp: child.originIp, originResponseDurationMs: child.originResponseDurationMs, cacheStatus: child.cacheStatus,
    }
  })
}
