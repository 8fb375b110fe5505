import type { Rhythm } from './options.js'
import { gammaAroundOne } from './random.js'
import type { Random } from './random.js'
import type { StreamSpec } from './streams.js'

const minuteMs = 60_000

/**
 * Expected traffic of one stream for every minute, relative to a mean of about 1: night and day, weekends, a slow drift of a
 * few percent a day, a wander that takes about an hour to forget, and the unrest of single minutes. Counts drawn from it are
 * therefore wider than Poisson, as real ones are.
 */
export function minuteWeights(random: Random, spec: StreamSpec, rhythm: Rhythm, fromMs: number, minutes: number): Float64Array {
  const weights = new Float64Array(minutes)
  const driftPerDay = (random.unit() - 0.4) * 0.04
  const keep = 0.985
  const kick = spec.wander * Math.sqrt(1 - keep * keep)
  let wander = spec.wander * random.normal()
  for (let m = 0; m < minutes; m += 1) {
    wander = wander * keep + kick * random.normal()
    const drift = 1 + (driftPerDay * (m - minutes / 2)) / 1_440
    weights[m] = Math.max(0.05, drift) * Math.exp(wander) * gammaAroundOne(random, spec.calm) * expected(spec, rhythm, fromMs + m * minuteMs)
  }
  return weights
}

/** The rhythm without chance. Times are UTC; the evening peak of a European and American audience lies at about 19:00. */
function expected(spec: StreamSpec, rhythm: Rhythm, atMs: number): number {
  if (rhythm === 'flat') return 1
  const hour = (atMs % 86_400_000) / 3_600_000
  const wave = 0.82 * Math.cos((2 * Math.PI * (hour - 18.5)) / 24) + 0.18 * Math.cos((4 * Math.PI * (hour - 14)) / 24)
  const day = 1 + spec.dayDepth * wave
  if (rhythm === 'day') return day
  const weekday = new Date(atMs).getUTCDay()
  return weekday === 0 || weekday === 6 ? day * spec.weekend : day
}
