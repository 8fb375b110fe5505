/**
 * Histograms of durations with a bounded relative error, the same buckets everywhere so that they can be added up.
 * Log-linear: each power of two is cut into 32 equal buckets, which are the five highest bits of a double's fraction.
 * From 2^-6 (smaller counts as 0) to 2^32; whole numbers below 64 keep a bucket of their own and come back exactly.
 */
const SUB_BITS = 5
const LOWEST = 2 ** -6
const HIGHEST = 2 ** 32
/** high word of LOWEST, shifted: the index of the first bucket after that of 0 */
const BASE = (1023 - 6) << SUB_BITS
const SHIFT = 20 - SUB_BITS

export const HISTOGRAM_BUCKETS = (38 << SUB_BITS) + 1

/** The largest relative error of a value that has gone through a bucket. */
export const HISTOGRAM_ERROR = 1 / 32

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

/** The bucket of a value: 0 for what is below 2^-6 (and not negative in our data), the last for what is beyond 2^32. */
export function bucketOf(value: number): number {
  if (!(value >= LOWEST)) return 0
  if (value >= HIGHEST) return HISTOGRAM_BUCKETS - 1
  double[0] = value
  return (words[HIGH_WORD] >>> SHIFT) - BASE + 1
}

/** The value that stands for all of a bucket: its lower end where buckets are at most 1 wide, else its middle. */
export function valueOf(bucket: number): number {
  if (bucket === 0) return 0
  words[HIGH_WORD] = ((bucket - 1 + BASE) << SHIFT) >>> 0
  words[1 - HIGH_WORD] = 0
  const low = double[0]
  const width = 2 ** Math.floor(Math.log2(low)) / (1 << SUB_BITS)
  return width <= 1 ? low : low + width / 2
}

/**
 * Weighted percentiles (0–1, nearest rank) of the histogram in `weights[from … from + HISTOGRAM_BUCKETS)`,
 * written into `out[at …]`; NaN if it is empty.
 */
export function percentilesOf(
  weights: Float64Array,
  from: number,
  percentiles: readonly number[],
  out: Float64Array,
  at: number,
): void {
  let total = 0
  for (let b = 0; b < HISTOGRAM_BUCKETS; b++) total += weights[from + b]
  for (let p = 0; p < percentiles.length; p++) {
    out[at + p] = total > 0 ? valueOf(bucketAtRank(weights, from, percentiles[p] * total)) : Number.NaN
  }
}

function bucketAtRank(weights: Float64Array, from: number, rank: number): number {
  let sum = 0
  let last = 0
  for (let b = 0; b < HISTOGRAM_BUCKETS; b++) {
    if (weights[from + b] === 0) continue
    sum += weights[from + b]
    last = b
    // a hair of tolerance: 0.95 * 20 is 18.999…96 in binary
    if (sum >= rank - 1e-9 * rank) return b
  }
  return last
}
