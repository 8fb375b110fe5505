import type { Episode, Scope, Traffic } from '../../../analyze/spikes/detect/types.js'

/**
 * The rule that Cloudflare documents for its traffic anomaly alerts (notifications/reference/traffic-alerts): every
 * five minutes, |z| above 3.5 for the last five against mean and standard deviation of the past four hours, and more
 * than 200 requests. Per zone, here with a filter on each status, as an operator would set it up. Only rises count.
 */
export function cloudflareRule(traffic: Traffic, leastRequests = 200): Episode[] {
  const byStatus = new Map<number, { scope: Scope; counts: Float64Array }>()
  for (const { counts, ...scope } of traffic.series) {
    if (scope.host !== null || scope.status === null) continue
    const known = byStatus.get(scope.status)
    if (known) counts.forEach((n, i) => (known.counts[i] += n))
    else byStatus.set(scope.status, { scope: { ...scope, source: null }, counts: counts.slice() })
  }
  return [...byStatus.values()].flatMap(({ scope, counts }) => alarms(traffic.from, scope, counts, leastRequests))
}

const MINUTE = 60_000
const BUCKET = 5
const PAST = 48
/** Alarms this near to each other are told as one, as the detector joins its own. */
const JOIN = 3

function alarms(from: number, scope: Scope, counts: Float64Array, leastRequests: number): Episode[] {
  const buckets = Array.from({ length: Math.floor(counts.length / BUCKET) }, (_, b) =>
    counts.subarray(b * BUCKET, (b + 1) * BUCKET).reduce((a, n) => a + n, 0),
  )
  const found: Episode[] = []
  for (let b = PAST; b < buckets.length; b++) {
    const past = buckets.slice(b - PAST, b)
    const mean = past.reduce((a, n) => a + n, 0) / PAST
    const deviation = Math.sqrt(past.reduce((a, n) => a + (n - mean) ** 2, 0) / PAST)
    const z = deviation > 0 ? (buckets[b] - mean) / deviation : buckets[b] > mean ? Infinity : 0
    if (z <= 3.5 || buckets[b] <= leastRequests) continue
    const start = from + b * BUCKET * MINUTE
    const end = start + BUCKET * MINUTE
    const last = found.at(-1)
    if (last && start - last.end <= JOIN * BUCKET * MINUTE) last.end = end
    else
      found.push({
        ...scope,
        start,
        end,
        ongoing: false,
        detectedAt: end,
        observed: buckets[b],
        expected: mean,
        score: z,
      })
  }
  return found
}
