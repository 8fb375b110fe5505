/**
 * How much the counts scatter around the expectation, learned for stretches of 1, 2, 4 … 128 minutes apart: counts
 * that cling together (retries, crawlers) scatter more over ten minutes than ten lone minutes would tell.
 *
 * What is measured is the forecast, made as it is tested: a stretch against the rate known before it began. So an
 * expectation that lags behind the rhythm of the day widens its own band.
 */
export type Dispersion = Float64Array

/** The numbers of a scale, beside each other: stretches remembered, */
const COUNT = 0
/** sums over them: squared forecast errors, expectations, squared expectations, */
const SQUARES = 1
const MEANS = 2
const MEAN_SQUARES = 3
/** the two largest of the squared errors, fading with the rest. */
const LARGEST = 4
const SECOND = 5
const NUMBERS = 6

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
  return new Float64Array(SCALES * NUMBERS)
}

/** The scale that covers a stretch of so many minutes. */
export function scaleOf(minutes: number): number {
  let scale = 0
  while (1 << scale < minutes && scale < SCALES - 1) scale++
  return scale
}

/** Variance of a count with this expectation over a stretch of this scale; `fano` and `wobble` until more is known. */
export function varianceOf(
  d: Dispersion,
  scale: number,
  mean: number,
  fano: number,
  wobble: number,
  prior = fano * mean + wobble * wobble * mean * mean,
): number {
  const at = scale * NUMBERS
  const count = d[at + COUNT]
  if (count === 0) return prior
  // Two ways to carry the scatter over to another level of traffic: as a ratio to the mean (bursts), and as a
  // relative wobble of the mean (rhythm). The larger one is taken: each is the careful one in one direction.
  // The two largest errors count no more than chance would make them, given the others: on a sparse code a single
  // incident that was too weak to be found would otherwise hide all that follow.
  const largest = d[at + LARGEST]
  const second = d[at + SECOND]
  const means = d[at + MEANS]
  const others = d[at + SQUARES] - largest - second
  const most = (9 * others) / Math.max(1, count - 2)
  const squares = others + Math.min(largest, most) + Math.min(second, most)
  const ratio = Math.max(LEAST_FANO, squares / means)
  const relative = Math.max(LEAST_WOBBLE, (squares - means) / d[at + MEAN_SQUARES])
  const learned = Math.max(ratio * mean, mean + relative * mean * mean)
  // Stretches in which hardly anything is due say little about scatter.
  const typical = means / count
  const weight = (count * 2 * typical) / (2 * typical + 1)
  return (weight * learned + PRIOR_STRETCHES * prior) / (weight + PRIOR_STRETCHES)
}

/**
 * The same for stretches of which a day brings a dozen: there for days the class would speak louder than what the series has shown. Of
 * half as long ones twice as many are known, and a whole scatters at most as much, in parts of its mean, as its halves do.
 */
export function varianceByHalves(d: Dispersion, scale: number, mean: number, fano: number, wobble: number): number {
  const prior = fano * mean + wobble * wobble * mean * mean
  if (scale === 0) return varianceOf(d, scale, mean, fano, wobble, prior)
  const halves = 4 * varianceByHalves(d, scale - 1, mean / 2, fano, wobble)
  return varianceOf(d, scale, mean, fano, wobble, Math.min(prior, halves))
}

/** Scatter until more is known. */
export interface Scatter {
  fano: number
  wobble: number
}

/** Learn from a stretch: requests seen and expected. */
export function learnStretch(d: Dispersion, scale: number, stretch: Float64Array, { fano, wobble }: Scatter): void {
  const seen = stretch[0]
  const mean = stretch[1]
  if (mean <= 0) return
  let error = seen - mean
  // most stretches are calm: how much they were expected to scatter matters only where that cuts the error
  if (Math.abs(error) > SMALL_BURST) {
    const limit = CLIP * Math.sqrt(varianceOf(d, scale, mean, fano, wobble)) + SMALL_BURST
    error = Math.max(-limit, Math.min(limit, error))
  }
  const keep = KEEP[scale]
  const at = scale * NUMBERS
  const square = error * error
  const largest = d[at + LARGEST] * keep
  const second = d[at + SECOND] * keep
  d[at + COUNT] = d[at + COUNT] * keep + 1
  d[at + SQUARES] = d[at + SQUARES] * keep + square
  d[at + MEANS] = d[at + MEANS] * keep + mean
  d[at + MEAN_SQUARES] = d[at + MEAN_SQUARES] * keep + mean * mean
  d[at + LARGEST] = Math.max(largest, square)
  d[at + SECOND] = square > largest ? largest : Math.max(second, square)
}
