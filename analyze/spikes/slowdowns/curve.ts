/** How long answers took minute by minute, before, during and after they were slow. */
import { MINUTE } from '../../../schema/words/duration.js'
import type { PercentileMeasure } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { curveRange, type Curve } from '../curve.js'
import type { ExplainedSpike } from '../explain.js'
import { cloudflareName } from '../slower.js'

const MEASURES: readonly PercentileMeasure[] = ['edgeTimeToFirstByteMs', 'originResponseDurationMs', 'totalMs']

export async function slowCurve(store: ReadRecords, spike: ExplainedSpike): Promise<Curve> {
  const extent = await store.extent()
  const range = curveRange(spike.episode)
  const from = Math.floor(Math.max(extent.from ?? range.from, range.from) / MINUTE) * MINUTE
  const to = Math.min(range.to, (extent.to ?? range.to) + 1)
  const minutes = Math.max(1, Math.ceil((to - from) / MINUTE))
  const { measure: name, percentile, before } = spike.slow ?? { measure: '', percentile: 0.5, before: 0 }
  const { bucket, values } = await store.percentiles({
    from,
    to: from + minutes * MINUTE,
    filters: spike.selection.filters,
    audience: 'visitors',
    measure: MEASURES.find((measure) => cloudflareName(measure) === name) ?? 'totalMs',
    percentiles: [percentile],
    bounds: Float64Array.from({ length: minutes + 1 }, (_, i) => from + i * MINUTE),
    by: [],
  })
  const points = [...bucket]
    .map((minute, i) => [from + minute * MINUTE, values[i]])
    .filter(([, ms]) => !Number.isNaN(ms))
  return { step: MINUTE, unit: 'ms', points, expected: points.map(([time]) => [time, before]), upper: [] }
}
