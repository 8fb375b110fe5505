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
 * The run of just these minutes, or one that has stood for days in nearly all of them, and the part of it that they are: what was expected
 * of single minutes is its own level from the second day on, so that only it knows how much it is above the usual.
 */
function runOf({ runs }: Node, start: number, end: number): { run: Run; part: number } | undefined {
  const own = runs.find((r) => r.start === start && r.end === end)
  if (own) return { run: own, part: 1 }
  const shared = (r: Run) => Math.min(r.end, end) - Math.max(r.start, start)
  const run = runs.find((r) => r.standing && shared(r) >= NEARLY_ALL * (end - start))
  return run && { run, part: shared(run) / (run.end - run.start) }
}
const NEARLY_ALL = 0.9

/** Requests seen and expected in [start, end). A run knows its own sums, also of minutes that are forgotten. */
export function sumsOf(node: Node, start: number, end: number): { observed: number; expected: number } {
  const known = runOf(node, start, end)
  if (known) return { observed: known.run.seenAtEnd * known.part, expected: known.run.expectedAtEnd * known.part }
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
  const known = runOf(node, start, end)
  let observed = known ? known.run.allAtEnd * known.part : 0
  if (!known) for (let m = Math.max(start, node.first); m < end; m++) observed += node.requests[m - node.first]
  // as many requests each as it used to be, but no more than now: one client's hundreds are not what was expected
  const usual = (known?.run ?? node.runs.find((r) => r.start < end && start < r.end))?.each ?? 1
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
