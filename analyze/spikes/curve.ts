/** A spike's series, minute by minute, with some time around it, against what its past predicts. */
import { MINUTE } from '../../schema/words/duration.js'
import type { Band, Episode, MinuteSeries, Scope, Traffic } from './detect/index.js'

/** Shown before and after the spike: as long as the spike itself, at least this, ms. */
const LEAST_MARGIN_MS = 60 * MINUTE

/**
 * [epoch ms, requests] per minute; `upper` is the level that is a spike when it is held for as long as it took to notice
 * this one. A minute alone would have to be far higher: a bound for it would lie above the very spike that it marks.
 */
export interface Curve {
  step: number
  /** of slowness: durations */
  unit: 'requests' | 'ms'
  points: number[][]
  expected: number[][]
  upper: number[][]
}

export type BandFunction = (traffic: Traffic, scope: Scope) => Promise<Band>

/** The time that the curve of an episode shows. */
export function curveRange(episode: Episode): { from: number; to: number } {
  const margin = Math.max(LEAST_MARGIN_MS, episode.end - episode.start)
  return { from: episode.start - margin, to: episode.end + margin }
}

export async function curveOf(traffic: Traffic, episode: Episode, bandOf: BandFunction): Promise<Curve> {
  const counts = countsOf(traffic, episode)
  const band = await bandOf(traffic, {
    status: episode.status,
    statusClass: episode.statusClass,
    source: episode.source,
    host: episode.host,
  })
  const range = curveRange(episode)
  const first = Math.max(0, Math.floor((range.from - traffic.from) / MINUTE))
  const last = Math.min(traffic.minutes, Math.ceil((range.to - traffic.from) / MINUTE))
  const minutes = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
  const drawn = (values: ArrayLike<number>) =>
    minutes.map((i) => [traffic.from + i * MINUTE, Math.round(values[i] * 100) / 100])
  const upper = heldBound(counts, band, episode, traffic.from)
  return { step: MINUTE, unit: 'requests', points: drawn(counts), expected: drawn(band.expected), upper: drawn(upper) }
}

/** The bound of one minute, brought to the minutes over which the episode was noticed: chance evens out with their root. */
function heldBound(counts: Float64Array, { expected, upper }: Band, episode: Episode, origin: number): Float64Array {
  const first = Math.max(0, Math.floor((episode.start - origin) / MINUTE))
  const minutes = Math.max(1, Math.round((episode.detectedAt - episode.start) / MINUTE))
  const held = Float64Array.from(upper, (bound, i) => expected[i] + (bound - expected[i]) / Math.sqrt(minutes))
  const mean = (values: ArrayLike<number>) => {
    let sum = 0
    for (let i = first; i < first + minutes; i++) sum += values[i] ?? 0
    return sum / minutes
  }
  // these minutes were enough to notice it: the true bound is no higher than what they held
  const room = mean(held) - mean(expected)
  const most = mean(counts) - mean(expected)
  const factor = room > 0 ? Math.min(1, Math.max(0, most / room)) : 1
  return held.map((bound, i) => expected[i] + (bound - expected[i]) * factor)
}

/** The episode's own series; of a whole class the sum of its series. */
function countsOf(traffic: Traffic, episode: Episode): Float64Array {
  const belongs = (s: MinuteSeries) =>
    s.host === episode.host &&
    s.statusClass === episode.statusClass &&
    (episode.status === null || s.status === episode.status) &&
    (episode.source === null || s.source === episode.source)
  const sum = new Float64Array(traffic.minutes)
  for (const series of traffic.series.filter(belongs)) for (let i = 0; i < sum.length; i++) sum[i] += series.counts[i]
  return sum
}
