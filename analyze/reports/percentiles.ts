/** How long answers took, over time. */
import type { Dimension, PercentileMeasure, Percentiles, Selection, Step } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { bucketsIn } from '../../schema/store/buckets.js'
import { unlessGone } from '../../schema/store/counts-only.js'
import { chartBuckets, checkSeries, seriesAsked, type MostSeries } from './buckets.js'
import { comparedRange, comparedTimes, movedBuckets, type Compare, type MovedBuckets } from './compare.js'

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
  compared?: { from: string; to: string; series: PercentileReport['series'] }
}

export async function percentileReport(
  store: ReadRecords,
  selection: Selection,
  measure: PercentileMeasure,
  percentiles: number[],
  by: Dimension | null,
  step: Step | null,
  zone: string,
  most: MostSeries,
  compare: Compare | null = null,
): Promise<PercentileReport> {
  const bounds = step === null ? null : chartBuckets(selection, step, zone)
  // a point carries each percentile
  const points = step === null ? 1 : bucketsIn(selection.from, selection.to, step) * Math.max(1, percentiles.length / 2)
  const question = { measure, percentiles, by: by === null ? [] : [by], limit: seriesAsked(most, points) }
  const answer = await store.percentiles({ ...selection, ...question, bounds })
  checkSeries(answer.groups.length, points)
  const own = { measure, percentiles, step, series: seriesOf(answer, percentiles) }
  if (compare === null) return own
  const other = comparedRange(selection, compare, zone)
  const moved = movedBuckets(answer.bounds, selection, compare, zone)
  const before = await unlessGone(store.percentiles({ ...other, ...question, bounds: moved.bounds }))
  if (before === null) return own
  return { ...own, compared: { ...comparedTimes(other), series: seriesOf(before, percentiles, moved) } }
}

/** Every series carries every bucket; null where nothing was measured. */
function seriesOf(answer: Percentiles, percentiles: number[], moved?: MovedBuckets): PercentileReport['series'] {
  const nothing = percentiles.map(() => null)
  const columns = answer.groups.map(() =>
    Array.from({ length: Math.max(0, answer.bounds.length - 1) }, (): (number | null)[] => nothing),
  )
  for (let i = 0; i < answer.bucket.length; i++)
    columns[answer.group[i]][answer.bucket[i]] = percentiles.map((_, p) => {
      const value = answer.values[i * percentiles.length + p]
      return Number.isNaN(value) ? null : Math.round(value * 10) / 10
    })
  return answer.groups.map((group, g) => ({
    key: group[0] ?? '',
    points: moved
      ? Array.from(moved.at, (bucket, i) => [moved.starts[i], ...(columns[g][bucket] ?? nothing)])
      : columns[g].map((values, i) => [answer.bounds[i], ...values]),
  }))
}
