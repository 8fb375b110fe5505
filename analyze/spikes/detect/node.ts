import type { Run } from './run.js'
import type { Scope } from './types.js'

/** One watched series. `counts` and `expected` begin with minute `first`. */
export interface Node {
  scope: Scope
  first: number
  /** what is judged: clients where the logs tell them apart, else requests */
  counts: Float64Array
  /** requests */
  requests: Float64Array
  expected: Float32Array
  runs: Run[]
}

/**
 * The run of just these minutes, or one that has stood for days in nearly the same: what was expected of single minutes is its own level
 * from the second day on, so that only it knows how much it is above the usual.
 */
function runOf({ runs }: Node, start: number, end: number): Run | undefined {
  return (
    runs.find((r) => r.start === start && r.end === end) ??
    runs.find((r) => r.standing && Math.min(r.end, end) - Math.max(r.start, start) >= NEARLY_ALL * (end - start))
  )
}
const NEARLY_ALL = 0.9

/** Requests seen and expected in [start, end). A run knows its own sums, also of minutes that are forgotten. */
export function sumsOf(node: Node, start: number, end: number): { observed: number; expected: number } {
  const run = runOf(node, start, end)
  if (run) return { observed: run.seenAtEnd, expected: run.expectedAtEnd }
  let observed = 0
  let expected = 0
  for (let m = Math.max(start, node.first); m < end; m++) {
    observed += node.counts[m - node.first]
    expected += node.expected[m - node.first]
  }
  return { observed, expected }
}

/** Requests in [start, end), and how many were expected. */
export function requestsOf(node: Node, start: number, end: number): { observed: number; expected: number } {
  const judged = sumsOf(node, start, end)
  const run = runOf(node, start, end)
  let observed = run?.allAtEnd ?? 0
  if (!run) for (let m = Math.max(start, node.first); m < end; m++) observed += node.requests[m - node.first]
  // as many requests each as it used to be, but no more than now: one client's hundreds are not what was expected
  const usual = (run ?? node.runs.find((r) => r.start < end && start < r.end))?.each ?? 1
  const each = Math.min(usual, judged.observed > 0 ? observed / judged.observed : 1)
  return { observed, expected: judged.expected * Math.max(1, each) }
}

export function excess(node: Node, start: number, end: number): number {
  const { observed, expected } = sumsOf(node, start, end)
  return observed - expected
}

/** Excess that is more than scatter, or 0. */
export function clearExcess(node: Node, start: number, end: number): number {
  const { observed, expected } = sumsOf(node, start, end)
  return observed - expected > 3 * Math.sqrt(expected + 1) ? observed - expected : 0
}
