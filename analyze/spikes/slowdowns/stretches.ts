/** Stretches in which answers of a place took far longer than before: a pure function of its cells. */
import { PERCENTILES, type Cells } from './cells.js'

export interface Stretch {
  /** buckets, the last exclusive */
  first: number
  last: number
  /** the bucket whose data sufficed */
  knownAt: number
  /** index into PERCENTILES */
  percentile: number
  /** ms, usual and meanwhile */
  usual: number
  slow: number
  /** how many times as long */
  times: number
}

/** Answers in a bucket below which its percentile tells nothing; so many make one bucket enough. */
const LEAST_ANSWERS = 12
const MANY_ANSWERS = 40
/** Buckets that have to be known before something is unusual, and those that are remembered. */
const LEAST_KNOWN = 6
const MOST_KNOWN = 120
/** Slow: so many times as long as usual, at least so much longer (ms), and so many of the usual deviations away. */
const LEAST_TIMES = 2
const SURE_TIMES = 3
const LEAST_MORE_MS = 80
const LEAST_DEVIATIONS = 5
/** It goes on while answers take this part of the excess (of the logarithm). */
const STILL = 0.5
/** Below this a ratio measures noise, ms; where durations are exported in whole seconds, below one of them. */
const NOISE_MS = 20
/** So many units of what is exported longer, at least. */
const LEAST_MORE_UNITS = 2
/** Buckets back to normal that end it. */
const ENDS_AFTER = 2

/** The clearest of each time. `begin`: the first bucket that is looked at; `unit`: what durations are exported in, ms. */
export function stretchesOf(cells: Cells, begin: number, unit = 1): Stretch[] {
  const all = PERCENTILES.flatMap((_, percentile) => stretchesAt(cells, percentile, begin, unit))
  return all
    .sort((a, b) => b.times - a.times)
    .reduce<Stretch[]>((kept, one) => {
      if (!kept.some((other) => other.first < one.last && one.first < other.last)) kept.push(one)
      return kept
    }, [])
}

function stretchesAt({ answers, percentiles }: Cells, percentile: number, begin: number, unit: number): Stretch[] {
  const noise = Math.max(NOISE_MS, unit)
  const leastMore = Math.max(LEAST_MORE_MS, LEAST_MORE_UNITS * unit)
  const values = percentiles[percentile]
  const found: Stretch[] = []
  const known: number[] = []
  /** the same in order: sorting them anew for each bucket of each place took a tenth of a first listing */
  const ordered: number[] = []
  let open: (Stretch & { calm: number; level: number; sum: number; n: number }) | null = null
  const close = () => {
    if (open && (open.last - open.first >= 2 || open.knownAt >= 0)) {
      const { first, last, knownAt, usual } = open
      const slow = Math.exp(open.sum / open.n) - noise
      if (knownAt >= 0)
        found.push({ first, last, knownAt, percentile, usual, slow, times: (slow + noise) / (usual + noise) })
    }
    open = null
  }
  for (let i = begin; i < values.length; i++) {
    // of the upper decile ten times as many answers are needed for as much certainty
    const least = percentile === 0 ? LEAST_ANSWERS : 3 * LEAST_ANSWERS
    if (!(answers[i] >= least) || Number.isNaN(values[i])) continue
    const value = Math.log(values[i] + noise)
    if (known.length >= LEAST_KNOWN && open === null) {
      const middle = ordered[Math.floor(ordered.length / 2)]
      const isSlow =
        value - middle >= Math.log(LEAST_TIMES) &&
        Math.exp(value) - Math.exp(middle) >= leastMore &&
        value - middle >= LEAST_DEVIATIONS * deviationOf(ordered, middle)
      if (isSlow) {
        const sure = answers[i] >= MANY_ANSWERS && value - middle >= Math.log(SURE_TIMES)
        open = {
          first: i,
          last: i + 1,
          knownAt: sure ? i : -1,
          percentile,
          usual: Math.exp(middle) - noise,
          slow: 0,
          times: 0,
          calm: 0,
          level: middle,
          sum: value,
          n: 1,
        }
        continue
      }
    }
    if (open !== null) {
      const excess = open.sum / open.n - open.level
      if (value - open.level >= STILL * excess) {
        open.last = i + 1
        open.calm = 0
        open.sum += value
        open.n++
        if (open.knownAt < 0) open.knownAt = i
        continue
      }
      if (++open.calm >= ENDS_AFTER) close()
    }
    known.push(value)
    ordered.splice(placeIn(ordered, value), 0, value)
    if (known.length > MOST_KNOWN) ordered.splice(placeIn(ordered, known.shift() as number), 1)
  }
  close()
  return found
}

/** Of the median, from the median; as a standard deviation, and never next to nothing. */
function deviationOf(ordered: readonly number[], middle: number): number {
  const away = ordered.map((one) => Math.abs(one - middle)).sort((a, b) => a - b)
  return Math.max(0.06, 1.48 * away[Math.floor(away.length / 2)])
}

/** The first place at which a value of this size, or a greater one, stands. */
function placeIn(ordered: readonly number[], value: number): number {
  let [low, high] = [0, ordered.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ordered[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}
