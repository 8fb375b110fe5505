/** A spike's series, minute by minute, with some time around it, against what its past predicts. */
import type { Episode, MinuteSeries, Traffic } from './detect/index.js'

const MINUTE = 60_000
/** Shown before and after the spike: as long as the spike itself, at least this, ms. */
const LEAST_MARGIN_MS = 60 * MINUTE

export interface Curve { step: number; points: number[][]; expected: number[][]; upper: number[][] }

export function curveOf(traffic: Traffic, episode: Episode): Curve {
  const counts = countsOf(traffic, episode)
  const margin = Math.max(LEAST_MARGIN_MS, episode.end - episode.start)
  const first = Math.max(0, Math.floor((episode.start - margin - traffic.from) / MINUTE))
  const last = Math.min(traffic.minutes, Math.ceil((episode.end + margin - traffic.from) / MINUTE))
  const perMinute = episode.expected / Math.max(1, (episode.end - episode.start) / MINUTE)
  const at = (i: number) => traffic.from + i * MINUTE
  const minutes = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
  return {
    step: MINUTE,
    points: minutes.map((i) => [at(i), counts[i]]),
    expected: minutes.filter((i) => at(i) >= episode.start && at(i) < episode.end).map((i) => [at(i), perMinute]),
    upper: [],
  }
}

/** The episode's own series; of a whole class the sum of its series. */
function countsOf(traffic: Traffic, episode: Episode): Float64Array {
  const belongs = (s: MinuteSeries) =>
    s.host === episode.host && s.statusClass === episode.statusClass
    && (episode.status === null || s.status === episode.status) && (episode.source === null || s.source === episode.source)
  const sum = new Float64Array(traffic.minutes)
  for (const series of traffic.series.filter(belongs)) for (let i = 0; i < sum.length; i++) sum[i] += series.counts[i]
  return sum
}
