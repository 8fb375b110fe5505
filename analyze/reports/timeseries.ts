/** How many requests, over time, by one dimension. */
import type { Timeseries } from '../../schema/api/reports.js'
import type { Counts, Dimension, Selection, Step } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { bucketsIn } from '../../schema/store/buckets.js'
import { unlessGone } from '../../schema/store/counts-only.js'
import { chartBuckets, checkSeries, seriesAsked, type MostSeries } from './buckets.js'
import { comparedRange, comparedTimes, movedBuckets, type Compare } from './compare.js'
import { rounded } from './counts.js'

export async function timeseries(
  store: ReadRecords,
  selection: Selection,
  by: Dimension,
  step: Step,
  zone: string,
  most: MostSeries,
  compare: Compare | null = null,
): Promise<Timeseries> {
  const bounds = chartBuckets(selection, step, zone)
  const points = bucketsIn(selection.from, selection.to, step)
  const mostSeries = seriesAsked(most, points)
  const leftOut = async (range: Selection) =>
    range.audience === 'visitors'
      ? (await store.counts({ ...range, audience: 'internal', bounds: null, by: [] })).total.records
      : 0
  const [counts, excluded] = await Promise.all([
    store.counts({ ...selection, bounds, by: [by], limit: mostSeries }),
    leftOut(selection),
  ])
  checkSeries(counts.groups.length, points)
  const own = { step, series: seriesOf(counts, mostSeries), excluded }
  if (compare === null) return own
  const other = comparedRange(selection, compare, zone)
  const moved = movedBuckets(counts.bounds, selection, compare, zone)
  const [before, excludedThen] = await Promise.all([
    unlessGone(store.counts({ ...other, bounds: moved.bounds, by: [by], limit: mostSeries })),
    leftOut(other),
  ])
  if (before === null) return own
  const compared = { step, series: seriesOf(before, mostSeries, moved), excluded: excludedThen }
  return { ...own, compared: { ...comparedTimes(other), ...compared } }
}

/** Every series carries every bucket, empty ones as 0; the largest first, ties by key. */
function seriesOf(
  counts: Counts,
  most: number,
  places?: { starts: Float64Array; at: Int32Array },
): Timeseries['series'] {
  const { bounds } = counts
  const buckets = Math.max(0, bounds.length - 1)
  const values = counts.groups.map(() => new Float64Array(buckets))
  const totals = new Float64Array(counts.groups.length)
  for (let i = 0; i < counts.requests.length; i++) {
    values[counts.group[i]][counts.bucket[i]] += counts.requests[i]
    totals[counts.group[i]] += counts.requests[i]
  }
  const points = (column: Float64Array): [number, number][] =>
    places
      ? Array.from(places.at, (bucket, i) => [places.starts[i], bucket < 0 ? 0 : rounded(column[bucket])])
      : Array.from(column, (n, i) => [bounds[i], rounded(n)])
  return counts.groups
    .map((group, i) => ({ key: group[0], total: totals[i], counts: values[i] }))
    .sort((a, b) => b.total - a.total || (a.key < b.key ? -1 : 1))
    .slice(0, most)
    .map(({ key, counts: column }) => ({ key, points: points(column) }))
}
