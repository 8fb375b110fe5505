import type { Node } from './node.js'
import type { Traffic } from './types.js'

/** Sampled logs: counts of records for those who judge, counts of requests for those who read. */

/** The same traffic with records in place of requests. */
export function inRecords(traffic: Traffic): Traffic {
  const { weights } = traffic
  if (!weights) return traffic
  const records = (counts: Float64Array) => counts.map((n, i) => (weights[i] > 0 ? n / weights[i] : n))
  return {
    ...traffic,
    totals: new Map([...traffic.totals].map(([host, counts]) => [host, records(counts)])),
    // clients are counted by records already
    series: traffic.series.map((series) => ({ ...series, counts: records(series.counts) })),
  }
}

/**
 * Requests that a record of `node` stands for in minutes [start, end), where `weights` begin with minute `first`;
 * minutes that are forgotten are taken to have been like the others.
 */
export function weightOf(node: Node, start: number, end: number, weights: Float64Array, first: number): number {
  let requests = 0
  let records = 0
  for (let m = Math.max(start, first, node.first); m < end; m++) {
    const n = node.counts[m - node.first]
    records += n
    requests += n * weights[m - first]
  }
  return records > 0 ? requests / records : 1
}
