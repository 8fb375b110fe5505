/** Small arithmetic on counts. */
import type { Counts } from '../../schema/store/query.js'

/** Weighted counts of sampled jobs are fractions (1 / 0.3): two decimals are enough to add them up. */
export function rounded(n: number): number {
  return Number.isInteger(n) ? n : Math.round(n * 100) / 100
}

export function totalOf(counts: Counts): number {
  let total = 0
  for (const n of counts.requests) total += n
  return total
}

/** Requests by the values of one dimension (of the groups' key), over all buckets and the other dimensions. */
export function byKey(counts: Counts, dimension = 0): Map<string, number> {
  const sums = new Map<string, number>()
  for (let i = 0; i < counts.requests.length; i++) {
    const key = counts.groups[counts.group[i]][dimension]
    sums.set(key, (sums.get(key) ?? 0) + counts.requests[i])
  }
  return sums
}
