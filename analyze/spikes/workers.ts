/**
 * A site behind Workers: the visitor's record carries origin status 0, because the fetch is logged apart. What
 * the origin did stands in the sub-requests, so a failing one speaks in its parent's place.
 * https://developers.cloudflare.com/logs/faq/worker-subrequests/
 */
import type { FieldName } from '../../schema/words/fields.js'
import type { Record } from '../../schema/words/record.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { TimeRange } from './sample.js'

/** Parents looked up at once; each brings its sub-requests. */
const MOST_PARENTS = 200
const READ = [
  'parentRayId',
  'edgeResponseStatus',
  'originResponseStatus',
  'originIp',
  'originResponseDurationMs',
  'cacheStatus',
] as const satisfies readonly FieldName[]
/** A sub-request belongs to a parent that began at most this long before, ms. */
const REACH_MS = 5 * 60_000

/** What the Worker's own requests to the origin came to. */
export interface SubRequests {
  /** the status that most failing sub-requests have */
  status: number
  /** 0–1 of the sub-requests of the spike's records, and of the requests before */
  share: number
  before: number | null
}

/** Some of the records that a Worker answered, spread evenly over them, with their sub-requests; null where there are none. */
async function childrenOf(
  store: ReadRecords,
  records: readonly Record[],
  { from, to }: TimeRange,
): Promise<{ looked: Set<Record>; children: Record[] } | null> {
  const all = records.filter((record) => isOfWorker(record) && record.rayId !== null)
  const parents =
    all.length <= MOST_PARENTS
      ? all
      : Array.from({ length: MOST_PARENTS }, (_, i) => all[Math.floor((i * all.length) / MOST_PARENTS)])
  if (parents.length === 0) return null
  const { records: children } = await store.newest({
    from: from - REACH_MS,
    to: to + REACH_MS,
    audience: 'internal',
    limit: 1_000,
    after: null,
    fields: READ,
    filters: [{ dimension: 'parentRayId', values: parents.map((record) => record.rayId as string) }],
  })
  return children.length === 0 ? null : { looked: new Set(parents), children }
}

/** A Worker ran for it: it answered, or it passed on that the origin failed (52x, 502, 504 with origin status 0). */
function isOfWorker(record: Record): boolean {
  return (
    record.source === 'worker' ||
    (record.source === 'origin-failure' && record.workerStatus !== null && record.workerStatus !== 'unknown')
  )
}

const failed = (record: Record) => record.edgeResponseStatus >= 400

/**
 * The records, those of failing Workers replaced by what their failing sub-request says of the origin, and the
 * figures. A Worker's records that were not looked up are left out: those that were speak for them.
 */
export async function withSubRequests(
  store: ReadRecords,
  records: Record[],
  range: TimeRange,
  usual: readonly Record[],
  usualRange: TimeRange | null,
): Promise<{ records: Record[]; subRequests: SubRequests | null }> {
  const found = await childrenOf(store, records, range)
  if (found === null) return { records, subRequests: null }
  const failing = new Map(found.children.filter(failed).map((record) => [record.parentRayId, record]))
  if (failing.size === 0) return { records, subRequests: null }
  const status = commonestStatus([...failing.values()])
  const shareOf = (children: readonly Record[]) =>
    children.filter((record) => record.edgeResponseStatus === status).length / children.length
  const before = usualRange === null ? null : await childrenOf(store, usual, usualRange)
  return {
    records: records
      .filter((record) => found.looked.has(record) || !isOfWorker(record))
      .map((record) => {
        const child = failing.get(record.rayId)
        return child ? asTheOriginSaw(record, child) : record
      }),
    subRequests: { status, share: shareOf(found.children), before: before && shareOf(before.children) },
  }
}

function asTheOriginSaw(record: Record, child: Record): Record {
  return {
    ...record,
    edgeResponseStatus: child.edgeResponseStatus,
    originResponseStatus: child.originResponseStatus,
    source: child.source,
    originIp: child.originIp,
    originResponseDurationMs: child.originResponseDurationMs,
    cacheStatus: child.cacheStatus,
  }
}

function commonestStatus(records: readonly Record[]): number {
  const counts = new Map<number, number>()
  for (const { edgeResponseStatus } of records)
    counts.set(edgeResponseStatus, (counts.get(edgeResponseStatus) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0][0]
}
