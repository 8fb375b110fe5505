/**
 * How much the counts scatter around the expectation, learned for stretches of 1, 2, 4 … 128 minutes apart: counts
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
  /** The two largest of the squared errors, fading with the rest. */
  largest: Float64Array
  second: Float64Array
}

export const SCALES = 8
/** Minutes between two short stretches that are learned from. */
export const LEARNED_EVERY = 8
const MEMORY_MINUTES = 3 * 1440
const KEEP = Array.from({ length: SCALES }, (_, scale) =>
  Math.exp(-Math.max(LEARNED_EVERY, 1 << scale) / MEMORY_MINUTES),
)
/** Nothing is calmer than chance, and no expectation is exact to less than 5 %. */
const LEAST_FANO = 1.1
const LEAST_WOBBLE = 0.05 ** 2
/** What is known of the class weighs as much as this many stretches. */
const PRIOR_STRETCHES = 8
/** A forecast error beyond this many deviations is an event, not scatter: learned as if it were this large. */
const CLIP = 6
/** Little bursts up to this size are always learned whole, or sparse codes would never show that they have them. */
const SMALL_BURST = 5

export function newDispersion(): Dispersion {
  const zeros = () => new Float64Array(SCALES)
  return { count: zeros(), squares: zeros(), means: zeros(), meanSquares: zeros(), largest: zeros(), second: zeros() }
}

/** The scale that covers a stretch of so many minutes. */
export function scaleOf(minutes: number): number {
  let scale = 0
  while (1 << scale < minutes && scale < SCALES - 1) scale++
  return scale
}

/** Variance of a count with this expectation over a stretch of this scale; `fano` and `wobble` until more is known. */
export function varianceOf(d: Dispersion, scale: number, mean: number, fano: number, wobble: number): number {
  const prior = fano * mean + wobble * wobble * mean * mean
  const count = d.count[scale]
  if (count === 0) return prior
  // Two ways to carry the scatter over to another level of traffic: as a ratio to the mean (bursts), and as a
  // relative wobble of the mean (rhythm). The larger one is taken: each is the careful one in one direction.
  // The two largest errors count no more than chance would make them, given the others: on a sparse code a single
  // incident that was too weak to be found would otherwise hide all that follow.
  const others = d.squares[scale] - d.largest[scale] - d.second[scale]
  const most = (9 * others) / Math.max(1, count - 2)
  const squares = others + Math.min(d.largest[scale], most) + Math.min(d.second[scale], most)
  const ratio = Math.max(LEAST_FANO, squares / d.means[scale])
  const relative = Math.max(LEAST_WOBBLE, (squares - d.means[scale]) / d.meanSquares[scale])
  const learned = Math.max(ratio * mean, mean + relative * mean * mean)
  // Stretches in which hardly anything is due say little about scatter.
  const typical = d.means[scale] / count
  const weight = (count * 2 * typical) / (2 * typical + 1)
  return (weight * learned + PRIOR_STRETCHES * prior) / (weight + PRIOR_STRETCHES)
}

/** Learn from a stretch: requests seen and expected; `fano` and `wobble` as in `varianceOf`. */
export function learnStretch(
  d: Dispersion,
  scale: number,
  seen: number,
  mean: number,
  fano: number,
  wobble: number,
): void {
  if (mean <= 0) return
  let error = seen - mean
  // most stretches are calm: how much they were expected to scatter matters only where that cuts the error
  if (Math.abs(error) > SMALL_BURST) {
    const limit = CLIP * Math.sqrt(varianceOf(d, scale, mean, fano, wobble)) + SMALL_BURST
    error = Math.max(-limit, Math.min(limit, error))
  }
  const keep = KEEP[scale]
  d.count[scale] = d.count[scale] * keep + 1
  const square = error * error
  d.squares[scale] = d.squares[scale] * keep + square
  d.largest[scale] *= keep
  d.second[scale] *= keep
  if (square > d.largest[scale]) {
    d.second[scale] = d.largest[scale]
    d.largest[scale] = square
  } else if (square > d.second[scale]) d.second[scale] = square
  d.means[scale] = d.means[scale] * keep + mean
  d.meanSquares[scale] = d.meanSquares[scale] * keep + mean * mean
}
