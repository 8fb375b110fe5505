/**
 * Old copies served because the origin could not be reached: visitors got a 200, and the trouble is larger than its
 * errors. https://developers.cloudflare.com/cache/concepts/cache-responses/
 */
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { lengthOf, type Baseline } from './baseline.js'
import type { TimeRange } from './sample.js'
import type { Scope } from './scope.js'

/** Fewer are strays. */
const LEAST_STALE = 5

export interface Stale {
  requests: number
  /** as many the time before would have had in so long a time */
  expected: number
}

/** Null where stale answers were no more than usual. */
export async function staleBeside(
  store: ReadRecords,
  spike: TimeRange,
  baseline: Baseline | null,
  scope: Scope,
  filters: readonly Filter[],
): Promise<Stale | null> {
  const onHost: Filter[] = scope.host === undefined ? [] : [{ dimension: 'host', values: [scope.host] }]
  const count = async (range: TimeRange) => {
    const { total } = await store.counts({
      ...range,
      filters: [...filters, ...onHost, { dimension: 'cacheStatus', values: ['stale'] }],
      audience: 'visitors',
      bounds: null,
      by: [],
    })
    return total.requests
  }
  const requests = await count(spike)
  if (requests < LEAST_STALE || baseline === null) return null
  const before = (await Promise.all(baseline.ranges.map(count))).reduce((sum, n) => sum + n, 0)
  const expected = (before * (spike.to - spike.from)) / lengthOf(baseline.ranges)
  return requests > 3 * expected + LEAST_STALE ? { requests, expected } : null
}
