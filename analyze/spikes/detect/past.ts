import { calmRateOf, evidenceOf, rateOf, type Baseline } from './baseline.js'
import type { Temper } from './temper.js'

/** The last minutes of one series: what they brought, and what was known before each of them. */
export interface Past {
  /** Sums over all minutes before minute i, at i & MASK; the sum up to now is in `now`. */
  seen: Float64Array
  calm: Float64Array
  /** requests behind what is seen, and clients that are new to it */
  all: Float64Array
  newcomers: Float64Array
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
  all: number
  newcomers: number
  exposure: number
  habit: number
  data: number
  odd: number
  /** Requests of visitors, of which only hours ask. */
  requests: number
}

/** How many minutes are kept, a power of two: the widest stretch and the lag of learning must fit into it. */
export const RING = 256
export const MASK = RING - 1
/** Numbers of a baseline. */
export const FIELDS = 8

export function newPast(): Past {
  const ring = () => new Float64Array(RING)
  return {
    seen: ring(),
    calm: ring(),
    all: ring(),
    newcomers: ring(),
    exposure: ring(),
    habit: ring(),
    data: ring(),
    odd: ring(),
    rate: ring(),
    calmRate: ring(),
    evidence: ring(),
    baseline: new Float64Array(RING * FIELDS),
    now: { seen: 0, calm: 0, all: 0, newcomers: 0, exposure: 0, habit: 0, data: 0, odd: 0, requests: 0 },
  }
}

/** Open minute i: what was summed up and known before it. */
export function openMinute(p: Past, i: number, b: Baseline, temper: Temper): void {
  const k = i & MASK
  const { now } = p
  p.seen[k] = now.seen
  p.calm[k] = now.calm
  p.all[k] = now.all
  p.newcomers[k] = now.newcomers
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
  storeInto(p.baseline, k, b)
}

/** The baseline as it was before minute i. */
export function restoreBaseline(p: Past, i: number, b: Baseline): void {
  restoreFrom(p.baseline, i & MASK, b)
}

/** Write a baseline into place k of a ring. */
export function storeInto(ring: Float64Array, k: number, b: Baseline): void {
  const at = k * FIELDS
  ring[at] = b.shortExposure
  ring[at + 1] = b.longExposure
  ring[at + 2] = b.shortSeen
  ring[at + 3] = b.longSeen
  ring[at + 4] = b.shortCalm
  ring[at + 5] = b.longCalm
  ring[at + 6] = b.longAll
  ring[at + 7] = b.longNew
}

export function restoreFrom(ring: Float64Array, k: number, b: Baseline): void {
  const at = k * FIELDS
  b.shortExposure = ring[at]
  b.longExposure = ring[at + 1]
  b.shortSeen = ring[at + 2]
  b.longSeen = ring[at + 3]
  b.shortCalm = ring[at + 4]
  b.longCalm = ring[at + 5]
  b.longAll = ring[at + 6]
  b.longNew = ring[at + 7]
}

/** What the minutes [from, to) brought, where `last` is the minute that is open. */
export function between(p: Past, from: number, to: number, last: number): Omit<Sums, 'requests'> {
  const a = from & MASK
  const b = to & MASK
  const open = to === last + 1
  const { now } = p
  return {
    seen: (open ? now.seen : p.seen[b]) - p.seen[a],
    calm: (open ? now.calm : p.calm[b]) - p.calm[a],
    all: (open ? now.all : p.all[b]) - p.all[a],
    newcomers: (open ? now.newcomers : p.newcomers[b]) - p.newcomers[a],
    exposure: (open ? now.exposure : p.exposure[b]) - p.exposure[a],
    habit: (open ? now.habit : p.habit[b]) - p.habit[a],
    data: (open ? now.data : p.data[b]) - p.data[a],
    odd: (open ? now.odd : p.odd[b]) - p.odd[a],
  }
}
