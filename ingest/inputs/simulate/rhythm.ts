import type { Rhythm } from './spec.js'
import { gammaAroundOne } from './random.js'
import type { Random } from './random.js'
import type { StreamSpec } from './streams.js'
import { dayMs, hourMs, minuteMs } from './time.js'

/** How fast a slow wander forgets, per minute: half of it is gone after about 45 minutes. */
const keep = 0.985

/**
 * Expected traffic of one stream for every minute, relative to a mean of about 1: night and day, weekends, a slow
 * drift of a few percent a day, a slow wander, and the unrest of single minutes. Counts drawn from it are therefore
 * wider than Poisson, as real ones are. `unrest` scales all chance in it: 1 is usual, 0 leaves the rhythm alone.
 */
export function minuteWeights(
  random: Random,
  spec: StreamSpec,
  rhythm: Rhythm,
  unrest: number,
  fromMs: number,
  minutes: number,
): Float64Array {
  const weights = moods(random, spec.wander * unrest, spec.calm / unrest ** 2, minutes)
  const driftPerDay = (random.unit() - 0.4) * 0.04
  for (let m = 0; m < minutes; m += 1) {
    const drift = 1 + (driftPerDay * (m - minutes / 2)) / 1_440
    weights[m] *= Math.max(0.05, drift) * expected(spec, rhythm, fromMs + m * minuteMs)
  }
  return weights
}

/**
 * Factors around 1, one per minute: a slow wander (`sigma` of the logarithm) times the unrest of single minutes
 * (gamma of that shape, Infinity for none). Also used for how prone to errors a stream is at the time, because errors
 * come in spells.
 */
export function moods(random: Random, sigma: number, shape: number, minutes: number): Float64Array {
  const factors = new Float64Array(minutes)
  const kick = sigma * Math.sqrt(1 - keep * keep)
  let wander = sigma * random.normal()
  for (let m = 0; m < minutes; m += 1) {
    wander = wander * keep + kick * random.normal()
    factors[m] = Math.exp(wander - (sigma * sigma) / 2) * gammaAroundOne(random, shape)
  }
  return factors
}

/**
 * The rhythm without chance. Times are UTC; the evening peak of a European and American audience lies at about 19:00.
 */
function expected(spec: StreamSpec, rhythm: Rhythm, atMs: number): number {
  if (rhythm === 'flat') return 1
  const hour = (atMs % dayMs) / hourMs
  const wave = 0.82 * Math.cos((2 * Math.PI * (hour - 18.5)) / 24) + 0.18 * Math.cos((4 * Math.PI * (hour - 14)) / 24)
  const day = 1 + spec.dayDepth * wave
  if (rhythm === 'day') return day
  const weekday = new Date(atMs).getUTCDay()
  return weekday === 0 || weekday === 6 ? day * spec.weekend : day
}
