/** How many requests, over time, by one dimension. */
import type { Timeseries } from '../../schema/api/reports.js'
import type { Counts, Dimension, Selection, Step } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { chartBuckets } from './buckets.js'
import { rounded } from './counts.js'

export async function timeseries(
  store: ReadRecords,
  selection: Selection,
  by: Dimension,
  step: Step,
  zone: string,
  mostSeries: number,
): Promise<Timeseries> {
  const bounds = chartBuckets(selection, step, zone)
  const [counts, internal] = await Promise.all([
    store.counts({ ...selection, bounds, by: [by] }),
    selection.audience === 'visitors'
      ? store.counts({ ...selection, audience: 'internal', bounds: null, by: [] })
      : null,
  ])
  return { step, series: seriesOf(counts, mostSeries), excluded: internal?.total.records ?? 0 }
}

/** Every series carries every bucket, empty ones as 0; the largest first, ties by key. */
function seriesOf(counts: Counts, most: number): Timeseries['series'] {
  const { bounds } = counts
  const buckets = bounds.length - 1
  const values = counts.groups.map(() => new Float64Array(buckets))
  const totals = new Float64Array(counts.groups.length)
  for (let i = 0; i < counts.requests.length; i++) {
    values[counts.group[i]][counts.bucket[i]] += counts.requests[i]
    totals[counts.group[i]] += counts.requests[i]
  }
  return counts.groups
    .map((group, i) => ({ key: group[0], total: totals[i], counts: values[i] }))
    .sort((a, b) => b.total - a.total || (a.key < b.key ? -1 : 1))
    .slice(0, most)
    .map(({ key, counts: column }) => ({
      key,
      points: Array.from(column, (n, i): [number, number] => [bounds[i], rounded(n)]),
    }))
}
