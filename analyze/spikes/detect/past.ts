import { calmRateOf, evidenceOf, rateOf, type Baseline } from './baseline.js'
import type { Temper } from './temper.js'

/** The last minutes of one series: what they brought, and what was known before each of them. */
export interface Past {
  /** Sums over all minutes before minute i, at i & MASK; the sum up to now is in `now`. */
  seen: Float64Array
  calm: Float64Array
  exposure: Float64Array
  habit: Float64Array
  /** Minutes with data, and minutes of extraordinary traffic. */
  data: Float64Array
  odd: Float64Array
  /** Expectation and baseline before minute i. */
  rate: Float64Array
  calmRate: Float64Array
  evidence: Float64Array
  baseline: Float64Array
  now: Sums
}

export interface Sums {
  seen: number
  calm: number
  exposure: number
  habit: number
  data: number
  odd: number
}

/** How many minutes are kept, a power of two: the widest stretch and the lag of learning must fit into it. */
export const RING = 256
export const MASK = RING - 1
const FIELDS = 6

export function newPast(): Past {
  const ring = () => new Float64Array(RING)
  return {
    seen: ring(),
    calm: ring(),
    exposure: ring(),
    habit: ring(),
    data: ring(),
    odd: ring(),
    rate: ring(),
    calmRate: ring(),
    evidence: ring(),
    baseline: new Float64Array(RING * FIELDS),
    now: { seen: 0, calm: 0, exposure: 0, habit: 0, data: 0, odd: 0 },
  }
}

/** Open minute i: what was summed up and known before it. */
export function openMinute(p: Past, i: number, b: Baseline, temper: Temper): void {
  const k = i & MASK
  const { now } = p
  p.seen[k] = now.seen
  p.calm[k] = now.calm
  p.exposure[k] = now.exposure
  p.habit[k] = now.habit
  p.data[k] = now.data
  p.odd[k] = now.odd
  rememberBaseline(p, i, b, temper)
}

export function rememberBaseline(p: Past, i: number, b: Baseline, temper: Temper): void {
  const k = i & MASK
  p.rate[k] = rateOf(b, temper)
  p.calmRate[k] = calmRateOf(b, temper)
  p.evidence[k] = evidenceOf(b, temper)
  const at = k * FIELDS
  p.baseline[at] = b.shortExposure
  p.baseline[at + 1] = b.longExposure
  p.baseline[at + 2] = b.shortSeen
  p.baseline[at + 3] = b.longSeen
  p.baseline[at + 4] = b.shortCalm
  p.baseline[at + 5] = b.longCalm
}

/** The baseline as it was before minute i. */
export function restoreBaseline(p: Past, i: number, b: Baseline): void {
  const at = (i & MASK) * FIELDS
  b.shortExposure = p.baseline[at]
  b.longExposure = p.baseline[at + 1]
  b.shortSeen = p.baseline[at + 2]
  b.longSeen = p.baseline[at + 3]
  b.shortCalm = p.baseline[at + 4]
  b.longCalm = p.baseline[at + 5]
}

/** What the minutes [from, to) brought, where `last` is the minute that is open. */
export function between(p: Past, from: number, to: number, last: number): Sums {
  const a = from & MASK
  const b = to & MASK
  const open = to === last + 1
  const { now } = p
  return {
    seen: (open ? now.seen : p.seen[b]) - p.seen[a],
    calm: (open ? now.calm : p.calm[b]) - p.calm[a],
    exposure: (open ? now.exposure : p.exposure[b]) - p.exposure[a],
    habit: (open ? now.habit : p.habit[b]) - p.habit[a],
    data: (open ? now.data : p.data[b]) - p.data[a],
    odd: (open ? now.odd : p.odd[b]) - p.odd[a],
  }
}
