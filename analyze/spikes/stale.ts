/**
 * Old copies served because the origin could not be reached: visitors got a 200, and the trouble is larger than its
 * errors. https://developers.cloudflare.com/cache/concepts/cache-responses/
 */
import type { Filter } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { lengthOf, type Baseline } from './baseline.js'
import type { TimeRange } from './sample.js'
import type { Scope } from './scope.js'

export const STALE: Filter = { dimension: 'cacheStatus', values: ['stale'] }
/** Fewer are strays. */
const LEAST_STALE = 5

export interface Stale {
  requests: number
  /** as many the time before would have had in so long a time */
  expected: number
  /** 0–1 of all requests, in the spike and before */
  share: number
  before: number
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
  const count = async (range: TimeRange, own: Filter[]) => {
    const { total } = await store.counts({
      ...range,
      filters: [...filters, ...onHost, ...own],
      audience: 'visitors',
      bounds: null,
      by: [],
    })
    return total.requests
  }
  const stale = [STALE]
  const requests = await count(spike, stale)
  if (requests < LEAST_STALE || baseline === null) return null
  const sum = async (own: Filter[]) =>
    (await Promise.all(baseline.ranges.map((range) => count(range, own)))).reduce((total, n) => total + n, 0)
  const before = await sum(stale)
  const expected = (before * (spike.to - spike.from)) / lengthOf(baseline.ranges)
  if (requests <= 3 * expected + LEAST_STALE) return null
  const [all, allBefore] = await Promise.all([count(spike, []), sum([])])
  return { requests, expected, share: requests / Math.max(1, all), before: before / Math.max(1, allBefore) }
}
