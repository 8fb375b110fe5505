/** What one job of an input brought, in figures, from the reports of its batches. */
import type { InputFlow } from '../../schema/api/inputs.js'
import { iso, isoOrNull } from '../../schema/words/iso.js'
import { DAY, HOUR, MINUTE } from '../../schema/words/duration.js'
import { gapsOf, type Gaps } from './gaps.js'
import type { Arrived } from './known-batches.js'

/** What is counted, is counted over so long, ms; paces and missing fields over the last hour. */
export const COUNTED_MS = DAY
const PACE_MS = HOUR

export interface Flow {
  shown: InputFlow
  silentSince: number | null
  /** ms by which its newest event was ahead of the clock; 0: it was not */
  aheadMs: number
  /** lines that were read since `from` */
  lines: number
}

/** `batches`: of this job, newest first. `judgedTo`: see gaps.ts; null: nobody promised anything. */
export function flowOf(batches: readonly Arrived[], now: number, judgedTo: number | null): Flow {
  const counted = batches.filter(({ receivedAt }) => now - receivedAt <= COUNTED_MS)
  const lately = counted.filter(({ receivedAt }) => now - receivedAt <= PACE_MS)
  const sum = (of: readonly Arrived[], figure: (batch: Arrived) => number) =>
    of.reduce((total, batch) => total + figure(batch), 0)
  const { gaps, silentSince }: Gaps = judgedTo === null ? { gaps: [], silentSince: null } : gapsOf(batches, judgedTo)
  const last = batches.at(0)
  const since = lately.length === 0 ? PACE_MS : Math.max(MINUTE, now - Math.min(...lately.map((b) => b.receivedAt)))
  const perMinute = (total: number) => total / (Math.min(PACE_MS, since) / MINUTE)
  const newest = batches.reduce((latest, { to }) => Math.max(latest, to ?? -Infinity), -Infinity)
  const byReason: { [reason: string]: number } = {}
  for (const batch of counted)
    for (const [reason, n] of Object.entries(batch.byReason)) byReason[reason] = (byReason[reason] ?? 0) + n
  const missing = new Map(
    (lately.length > 0 ? lately : batches.slice(0, 1)).flatMap((b) =>
      b.missingFields.map((m) => [m.field, m] as const),
    ),
  )
  return {
    silentSince,
    aheadMs: Math.max(0, ...lately.map(({ to, receivedAt, lag }) => (lag === 0 && to !== null ? to - receivedAt : 0))),
    lines: sum(counted, (b) => b.lines),
    shown: {
      batches: counted.length,
      lastBatchAt: isoOrNull(last?.receivedAt),
      lastBatch: last?.id ?? null,
      everyMs: usualDistance(counted),
      newest: isoOrNull(Number.isFinite(newest) ? newest : null),
      lagMs: lagOf(counted),
      recordsPerMinute: perMinute(sum(lately, (b) => b.stored)),
      bytesPerMinute: perMinute(sum(lately, (b) => b.bytes)),
      gaps: gaps.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
      retries: counted.filter((b) => b.duplicates > 0 && b.stored === 0).length,
      duplicates: sum(counted, (b) => b.duplicates),
      interrupted: counted.filter((b) => b.state === 'aborted').length,
      rejected: { lines: sum(counted, (b) => b.rejected), byReason },
      missingFields: [...missing.values()],
    },
  }
}

/** Median time between two batches that came after each other; null with fewer than three. */
function usualDistance(batches: readonly Arrived[]): number | null {
  if (batches.length < 3) return null
  const distances = batches.slice(1).map(({ receivedAt }, i) => batches[i].receivedAt - receivedAt)
  distances.sort((a, b) => a - b)
  return distances[Math.floor(distances.length / 2)]
}

/**
 * From event to stored. A report tells the lag of its last event and how long its events reach back: between these its records
 * are taken as evenly spread.
 */
function lagOf(batches: readonly Arrived[]): InputFlow['lagMs'] {
  const spread = batches.flatMap(({ state, from, to, lag, stored }) =>
    state === 'open' || from === null || to === null || lag === null || stored === 0
      ? []
      : [{ least: lag, most: lag + to - from, weight: stored }],
  )
  if (spread.length === 0) return null
  const total = spread.reduce((sum, { weight }) => sum + weight, 0)
  const below = (ms: number) =>
    spread.reduce(
      (sum, { least, most, weight }) =>
        sum + weight * (ms >= most ? 1 : ms <= least ? 0 : (ms - least) / (most - least)),
      0,
    )
  const quantile = (q: number) => {
    let [low, high] = [Math.min(...spread.map((s) => s.least)), Math.max(...spread.map((s) => s.most))]
    // to the millisecond: a week halves to one in thirty steps
    while (high - low > 1) {
      const middle = (low + high) / 2
      if (below(middle) < q * total) low = middle
      else high = middle
    }
    return Math.round(high)
  }
  return { p50: quantile(0.5), p95: quantile(0.95) }
}
