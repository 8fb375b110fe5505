/** A spike's series, minute by minute, with some time around it, against what its past predicts. */
import { MINUTE } from '../../schema/words/duration.js'
import type { Band, Episode, MinuteSeries, Scope, Traffic } from './detect/index.js'

/** Shown before and after the spike: as long as the spike itself, at least this, ms. */
const LEAST_MARGIN_MS = 60 * MINUTE

/**
 * [epoch ms, requests] per `step`, whole minutes; `upper` is the level that is a spike when it is held for as long as this one lasted.
 * A minute alone would have to be far higher: a bound for it would lie above the very spike that it marks.
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
  const upper = heldBound(counts, band, episode, traffic.from)
  const begins = Math.max(0, Math.floor((episode.start - traffic.from) / MINUTE))
  const ends = Math.min(traffic.minutes, Math.ceil((episode.end - traffic.from) / MINUTE))
  const each = WIDTHS.find((width) => standsOut(counts, upper, { begins, ends, width })) ?? 1
  // whole columns, one of them begins with the spike
  const from = begins - Math.floor((begins - first) / each) * each
  const columns = Array.from({ length: Math.max(0, Math.floor((last - from) / each)) }, (_, n) => from + n * each)
  const drawn = (values: ArrayLike<number>) =>
    columns.map((i) => [traffic.from + i * MINUTE, Math.round(sumOf(values, i, i + each) * 100) / 100])
  const step = each * MINUTE
  return { step, unit: 'requests', points: drawn(counts), expected: drawn(band.expected), upper: drawn(upper) }
}

/** Minutes of a column: one, unless the spike has so few requests that its minutes look as if half of it were none. */
const WIDTHS = [1, 2, 5, 10]
const NEARLY_ALL = 0.9
const FEWEST_COLUMNS = 6

function standsOut(
  counts: ArrayLike<number>,
  upper: ArrayLike<number>,
  { begins, ends, width }: { begins: number; ends: number; width: number },
): boolean {
  const columns = Math.floor((ends - begins) / width)
  if (columns < FEWEST_COLUMNS) return false
  let above = 0
  for (let i = begins; i < begins + columns * width; i += width)
    if (sumOf(counts, i, i + width) > sumOf(upper, i, i + width)) above++
  return above >= NEARLY_ALL * columns
}

function sumOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += values[i] ?? 0
  return sum
}

/** The bound of one minute, brought to the minutes of the episode: of so many minutes chance makes less than of one. */
function heldBound(counts: Float64Array, { expected, upper }: Band, episode: Episode, origin: number): Float64Array {
  const first = Math.max(0, Math.floor((episode.start - origin) / MINUTE))
  const minutes = Math.max(1, Math.round((Math.max(episode.detectedAt, episode.end) - episode.start) / MINUTE))
  const mean = (values: ArrayLike<number>) => sumOf(values, first, first + minutes) / minutes
  const usual = Math.max(mean(expected), LEAST_EXPECTED)
  const bound = mean(upper)
  if (bound <= usual) return Float64Array.from(upper)
  const held = asRare(usual, bound, minutes)
  // these minutes are a spike: the true bound is no higher than what they held
  const factor = Math.max(0, Math.min(held, mean(counts)) - usual) / (bound - usual)
  return Float64Array.from(upper, (one, i) => expected[i] + (one - expected[i]) * factor)
}

/** Of what never comes no multiple can be told. */
const LEAST_EXPECTED = 1e-4

/** How rare so many are where so many are usual, as a bound of the tail of Poisson's distribution has it: minus its logarithm. */
const rarity = (count: number, usual: number): number => count * Math.log(count / usual) - count + usual

/** How many a minute are as rare in each of so many minutes together as `bound` is in one. */
function asRare(usual: number, bound: number, minutes: number): number {
  const wanted = rarity(bound, usual) / minutes
  let [low, high] = [usual, bound]
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (rarity(middle, usual) < wanted) low = middle
    else high = middle
  }
  return high
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
