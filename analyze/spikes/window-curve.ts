/** The series of a chosen window: as much time around it as it lasts, beside what is usual in a step. */
import type { Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { niceStep } from '../reports/buckets.js'
import { curveRange, type Curve } from './curve.js'
import type { ExplainedSpike } from './explain.js'
import { slowCurve } from './slowdowns/curve.js'

/** Columns that a small chart can show; a window of weeks has wider ones. */
const MOST_COLUMNS = 240

/**
 * Its line is what the window was expected to have, by the step: the figure that is told beside it. `upper` is empty: nothing was
 * detected, so there is no bound that was passed.
 */
export async function windowCurve(records: ReadRecords, explained: ExplainedSpike): Promise<Curve> {
  const { episode, selection, past } = explained
  const extent = await records.extent()
  const wanted = curveRange(episode)
  // of what is only counted nobody can tell which requests the window is about
  const first = Math.max(wanted.from, extent.from ?? wanted.from, extent.counted?.to ?? wanted.from)
  const last = Math.min(wanted.to, (extent.to ?? wanted.to) + 1)
  const step = niceStep(first, last, MOST_COLUMNS)
  const [from, to] = [Math.floor(first / step) * step, Math.ceil(last / step) * step]
  if (explained.slow) return slowCurve(records, explained, { from, to, step })
  const counts = await countsIn(records, { ...selection, from, to }, step)
  const usual = (episode.expected * step) / (episode.end - episode.start)
  return {
    step,
    unit: 'requests',
    points: counts,
    expected: past.when === 'never' ? [] : counts.map(([time]) => [time, rounded(usual)]),
    upper: [],
  }
}

async function countsIn(records: ReadRecords, selection: Selection, step: number): Promise<[number, number][]> {
  const { bounds, bucket, requests } = await records.counts({ ...selection, bounds: { step, zone: 'UTC' }, by: [] })
  const sums = new Float64Array(Math.max(0, bounds.length - 1))
  for (let i = 0; i < requests.length; i++) sums[bucket[i]] += requests[i]
  return [...sums].map((sum, i) => [bounds[i], rounded(sum)])
}

const rounded = (n: number): number => Math.round(n * 100) / 100
