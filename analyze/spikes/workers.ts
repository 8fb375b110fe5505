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
/** Sub-requests read of them: the documented 50 each. */
const MOST_CHILDREN = 50 * MOST_PARENTS
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
  if (parents.length === 0 || !(await hasInternal(store, { from: from - REACH_MS, to: to + REACH_MS }))) return null
  const children: Record[] = []
  // a parent may bring fifty: all of them are read, or those parents would speak alone whose fetches came last
  for (let after: string | null = null, more = true; more && children.length < MOST_CHILDREN;) {
    const page = await store.newest({
      from: from - REACH_MS,
      to: to + REACH_MS,
      audience: 'internal',
      limit: 1_000,
      after,
      fields: READ,
      filters: [{ dimension: 'parentRayId', values: parents.map((record) => record.rayId as string) }],
    })
    children.push(...page.records)
    after = page.next
    more = page.next !== null
  }
  return children.length === 0 ? null : { looked: new Set(parents), children }
}

/** Most sites log no sub-requests at all, and counting what is no visitor's is much cheaper than looking for parents. */
async function hasInternal(store: ReadRecords, range: TimeRange): Promise<boolean> {
  const { total } = await store.counts({ ...range, filters: [], audience: 'internal', bounds: null, by: ['status'] })
  return total.records > 0
}

/**
 * A Worker ran for it: it answered, or it passed on that the origin failed (52x, 502, 504 with origin status 0). Where
 * WorkerStatus is not exported an answer without origin may be a Worker's too; its sub-requests tell.
 */
function isOfWorker({ source, workerStatus, securityAction, originResponseStatus }: Record): boolean {
  if (source === 'worker') return true
  if (source === 'origin-failure') return workerStatus !== 'unknown' && originResponseStatus === 0
  return source === 'edge' && workerStatus === null && securityAction === null && originResponseStatus === 0
}

const failed = (record: Record) => record.edgeResponseStatus >= 400

/**
 * The records, those of failing Workers replaced by what their failing sub-request says of the origin, and the
 * figures. A Worker's records that were not looked up are left out: those that were speak for them.
 */
export async function withSubRequests(
  store: ReadRecords,
  { spike, before, range, usual, usualRange }: SubRequestMaterial,
): Promise<{ spike: Record[]; before: Record[]; subRequests: SubRequests | null }> {
  const found = await childrenOf(store, spike, range)
  const failing = found?.children.filter(failed) ?? []
  if (found === null || failing.length === 0) return { spike, before, subRequests: null }
  const status = commonestStatus(failing)
  const shareOf = (children: readonly Record[]) =>
    children.filter((record) => record.edgeResponseStatus === status).length / children.length
  const [past, kind] =
    usualRange === null
      ? [null, null]
      : await Promise.all([childrenOf(store, usual, usualRange), childrenOf(store, before, usualRange)])
  return {
    spike: asSeenByTheOrigin(spike, found),
    // the same kind before is looked at in the same way: what it was made of is what a share is compared with
    before: kind === null ? before.filter((record) => !isOfWorker(record)) : asSeenByTheOrigin(before, kind),
    subRequests: { status, share: shareOf(found.children), before: past && shareOf(past.children) },
  }
}

export interface SubRequestMaterial {
  spike: Record[]
  /** the same status and source before */
  before: Record[]
  range: TimeRange
  /** requests of all kinds before */
  usual: readonly Record[]
  usualRange: TimeRange | null
}

function asSeenByTheOrigin(
  records: readonly Record[],
  { looked, children }: { looked: ReadonlySet<Record>; children: readonly Record[] },
): Record[] {
  const failing = new Map(children.filter(failed).map((record) => [record.parentRayId, record]))
  const told = new Set(children.map((record) => record.parentRayId))
  return records
    .filter((record) => looked.has(record) || !isOfWorker(record) || record.source === 'edge')
    .map((record) => {
      const child = looked.has(record) ? failing.get(record.rayId) : undefined
      if (child) return asTheOriginSaw(record, child)
      // its sub-requests went well: the Worker wrote the status of its own accord
      return record.source === 'edge' && told.has(record.rayId) ? { ...record, source: 'worker' as const } : record
    })
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
