/** How long answers took, over time. */
import type { Dimension, PercentileMeasure, Selection, Step } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { chartBuckets } from './buckets.js'

export const PERCENTILE_MEASURES: readonly PercentileMeasure[] = [
  'edgeTimeToFirstByteMs',
  'originResponseDurationMs',
  'totalMs',
]

export interface PercentileReport {
  measure: PercentileMeasure
  percentiles: number[]
  step: Step | null
  series: { key: string; points: (number | null)[][] }[]
}

export async function percentileReport(
  store: ReadRecords,
  selection: Selection,
  measure: PercentileMeasure,
  percentiles: number[],
  by: Dimension | null,
  step: Step | null,
  zone: string,
): Promise<PercentileReport> {
  const bounds = step === null ? null : chartBuckets(selection, step, zone)
  const answer = await store.percentiles({ ...selection, measure, percentiles, bounds, by: by === null ? [] : [by] })
  const series = answer.groups.map((group) => ({
    key: group[0] ?? '',
    points: Array.from({ length: answer.bounds.length - 1 }, (_, i): (number | null)[] => [
      answer.bounds[i],
      ...percentiles.map(() => null),
    ]),
  }))
  for (let i = 0; i < answer.bucket.length; i++) {
    const point = series[answer.group[i]].points[answer.bucket[i]]
    for (let p = 0; p < percentiles.length; p++) {
      const value = answer.values[i * percentiles.length + p]
      point[p + 1] = Number.isNaN(value) ? null : Math.round(value * 10) / 10
    }
  }
  return { measure, percentiles, step, series }
}
