/** How long answers took, before, during and after they were slow. */
import { MINUTE } from '../../../schema/words/duration.js'
import type { PercentileMeasure } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { curveRange, type Curve } from '../curve.js'
import type { ExplainedSpike } from '../explain.js'
import { cloudflareName } from '../slower.js'

const MEASURES: readonly PercentileMeasure[] = ['edgeTimeToFirstByteMs', 'originResponseDurationMs', 'totalMs']

/** Minute by minute around the spike, where nothing else is asked for. */
export async function slowCurve(
  store: ReadRecords,
  spike: ExplainedSpike,
  steps?: { from: number; to: number; step: number },
): Promise<Curve> {
  const { from, to, step } = steps ?? minutesOf(spike, await store.extent())
  const { measure: name, percentile, before } = spike.slow ?? { measure: '', percentile: 0.5, before: 0 }
  const { bounds, bucket, values } = await store.percentiles({
    from,
    to,
    filters: spike.selection.filters,
    audience: 'visitors',
    measure: MEASURES.find((measure) => cloudflareName(measure) === name) ?? 'totalMs',
    percentiles: [percentile],
    bounds: { step, zone: 'UTC' },
    by: [],
  })
  const points = [...bucket].map((at, i) => [bounds[at], values[i]]).filter(([, ms]) => !Number.isNaN(ms))
  return { step, unit: 'ms', points, expected: points.map(([time]) => [time, before]), upper: [] }
}

function minutesOf({ episode }: ExplainedSpike, extent: { from: number | null; to: number | null }) {
  const range = curveRange(episode)
  const from = Math.floor(Math.max(extent.from ?? range.from, range.from) / MINUTE) * MINUTE
  const to = Math.min(range.to, (extent.to ?? range.to) + 1)
  return { from, to: from + Math.max(1, Math.ceil((to - from) / MINUTE)) * MINUTE, step: MINUTE }
}
