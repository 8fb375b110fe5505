import { calmRateOf, copyBaseline, evidenceOf, newEvidenceOf, newRateOf, rateOf, type Baseline } from './baseline.js'
import { SUMS } from './sums.js'
import type { Temper } from './temper.js'

/**
 * The last minutes of one series: what they brought, and what was known before each of them. All numbers of a minute lie beside each
 * other, since they are written and read together; what follows from the baseline is made when somebody asks for it.
 */
export interface Past {
  /** From place (i & MASK) * NUMBERS on: sums over all minutes before minute i, then the baseline as it was. */
  ring: Float64Array
  /** Expectation before minute i, at i & MASK: each minute asks for it. */
  rate: Float64Array
  /** The sums up to now. */
  now: Float64Array
}

/** `SUMS` and `BASELINE_NUMBERS`; as a number, since that is what it is folded to where it counts. */
const NUMBERS = 18

/** How many minutes are kept, a power of two: the widest stretch and the lag of learning must fit into it. */
export const RING = 256
export const MASK = RING - 1

export function newPast(): Past {
  return {
    ring: new Float64Array(RING * NUMBERS),
    rate: new Float64Array(RING),
    now: new Float64Array(SUMS),
  }
}

export function copyPast({ ring, rate, now }: Past): Past {
  const copy = newPast()
  copy.ring.set(ring)
  copy.rate.set(rate)
  copy.now.set(now)
  return copy
}

/** Open minute i: what was summed up and known before it. */
export function openMinute(p: Past, i: number, b: Baseline, temper: Temper): void {
  const { ring, now } = p
  const at = (i & MASK) * NUMBERS
  // written out: this is done for each minute of each series, and a loop takes twice as long
  ring[at] = now[0]
  ring[at + 1] = now[1]
  ring[at + 2] = now[2]
  ring[at + 3] = now[3]
  ring[at + 4] = now[4]
  ring[at + 5] = now[5]
  ring[at + 6] = now[6]
  ring[at + 7] = now[7]
  ring[at + 8] = now[8]
  rememberBaseline(p, i, b, temper)
}

export function rememberBaseline(p: Past, i: number, b: Baseline, temper: Temper): void {
  const { ring } = p
  const at = (i & MASK) * NUMBERS + SUMS
  ring[at] = b[0]
  ring[at + 1] = b[1]
  ring[at + 2] = b[2]
  ring[at + 3] = b[3]
  ring[at + 4] = b[4]
  ring[at + 5] = b[5]
  ring[at + 6] = b[6]
  ring[at + 7] = b[7]
  ring[at + 8] = b[8]
  p.rate[i & MASK] = rateOf(b, 0, temper)
}

/** The baseline as it was before minute i. */
export function restoreBaseline(p: Past, i: number, b: Baseline): void {
  copyBaseline(p.ring, (i & MASK) * NUMBERS + SUMS, b, 0)
}

/** What `rateOf`, `calmRateOf` and `evidenceOf` say of the baseline before minute i. */
export const rateBefore = (p: Past, i: number): number => p.rate[i & MASK]
export const calmRateBefore = (p: Past, i: number, temper: Temper): number =>
  calmRateOf(p.ring, (i & MASK) * NUMBERS + SUMS, temper)
export const evidenceBefore = (p: Past, i: number, temper: Temper): number =>
  evidenceOf(p.ring, (i & MASK) * NUMBERS + SUMS, temper)
export const newRateBefore = (p: Past, i: number, temper: Temper): number =>
  newRateOf(p.ring, (i & MASK) * NUMBERS + SUMS, temper)
export const newEvidenceBefore = (p: Past, i: number, temper: Temper): number =>
  newEvidenceOf(p.ring, (i & MASK) * NUMBERS + SUMS, temper)

/** A sum over all minutes before minute i. */
export const sumBefore = (p: Past, i: number, sum: number): number => p.ring[(i & MASK) * NUMBERS + sum]

/** A sum over the minutes from `from` up to now. */
export const sumSince = (p: Past, from: number, sum: number): number =>
  p.now[sum] - p.ring[(from & MASK) * NUMBERS + sum]

/** What minute i brought, up to `last`, the one that is open. */
export function minuteOf(p: Past, i: number, last: number, into: Float64Array): void {
  const at = (i & MASK) * NUMBERS
  const after = i === last ? 0 : ((i + 1) & MASK) * NUMBERS
  const sums = i === last ? p.now : p.ring
  for (let sum = 0; sum < SUMS; sum++) into[sum] = sums[after + sum] - p.ring[at + sum]
}

/** A sum over the minutes [from, to), where `last` is the minute that is open. */
export function between(p: Past, from: number, to: number, last: number, sum: number): number {
  const end = to === last + 1 ? p.now[sum] : p.ring[(to & MASK) * NUMBERS + sum]
  return end - p.ring[(from & MASK) * NUMBERS + sum]
}
