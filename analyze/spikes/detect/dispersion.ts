import type { Temper } from './temper.js'

/**
 * How much the counts scatter around the expectation, learned for stretches of 1, 2, 4 … 64 minutes apart: counts
 * that cling together (retries, crawlers) scatter more over ten minutes than ten lone minutes would tell.
 *
 * What is measured is the forecast, made as it is tested: a stretch against the rate known before it began. So an
 * expectation that lags behind the rhythm of the day widens its own band.
 */
export interface Dispersion {
  /** Number of stretches remembered, per scale. */
  count: Float64Array
  /** Sums over them: squared forecast errors, expectations, squared expectations. */
  squares: Float64Array
  means: Float64Array
  meanSquares: Float64Array
}

export const SCALES = 7
const MEMORY_MINUTES = 3 * 1440
/** What is known of the class weighs as much as this many stretches. */
const PRIOR_STRETCHES = 10
/** A forecast error beyond this many deviations is an event, not scatter: learned as if it were this large. */
const CLIP = 6
/** Little bursts up to this size are always learned whole, or sparse codes would never show that they have them. */
const SMALL_BURST = 5

export function newDispersion(): Dispersion {
  const zeros = () => new Float64Array(SCALES)
  return { count: zeros(), squares: zeros(), means: zeros(), meanSquares: zeros() }
}

/** The scale that covers a stretch of so many minutes. */
export function scaleOf(minutes: number): number {
  let scale = 0
  while (1 << scale < minutes && scale < SCALES - 1) scale++
  return scale
}

/** Variance of a count with this expectation over a stretch of this scale. */
export function varianceOf(d: Dispersion, scale: number, mean: number, temper: Temper): number {
  const prior = temper.fano * mean + (temper.wobble * mean) ** 2
  const count = d.count[scale]
  if (count === 0) return prior
  // Two ways to carry the scatter over to another level of traffic: as a ratio to the mean (bursts), and as a
  // relative wobble of the mean (rhythm). The larger one is taken: each is the careful one in one direction.
  const fano = d.squares[scale] / d.means[scale]
  const wobble = (d.squares[scale] - d.means[scale]) / d.meanSquares[scale]
  const learned = Math.max(1.1, fano) * mean
  const wobbly = mean + Math.max(0.0025, wobble) * mean * mean
  // Stretches in which hardly anything is due say little about scatter.
  const typical = d.means[scale] / count
  const weight = (count * 2 * typical) / (2 * typical + 1)
  return (weight * Math.max(learned, wobbly) + PRIOR_STRETCHES * prior) / (weight + PRIOR_STRETCHES)
}

export function learnStretch(d: Dispersion, scale: number, seen: number, mean: number, temper: Temper): void {
  if (mean <= 0) return
  const limit = CLIP * Math.sqrt(varianceOf(d, scale, mean, temper)) + SMALL_BURST
  const error = Math.max(-limit, Math.min(limit, seen - mean))
  const keep = Math.exp(-(1 << scale) / MEMORY_MINUTES)
  d.count[scale] = d.count[scale] * keep + 1
  d.squares[scale] = d.squares[scale] * keep + error * error
  d.means[scale] = d.means[scale] * keep + mean
  d.meanSquares[scale] = d.meanSquares[scale] * keep + mean * mean
}
