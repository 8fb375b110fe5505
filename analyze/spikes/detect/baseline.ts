import { ALL, CALM, EXPOSURE, NEWCOMERS, SEEN } from './sums.js'
import type { Temper } from './temper.js'

/**
 * The usual number of errors per unit of exposure, as two memories: a short one that follows the day, and a long one
 * that holds what is rare. Each leans on a slower one until it has seen enough of its own: the short on the long,
 * the long on what is typical of the class. So a code with one error a day and one with ten thousand a minute are
 * estimated by the same rule, and the first minutes of an export need no special case.
 *
 * Kept three times: for the counts, for the counts without their bursts (`calm`), and for the newcomers among them.
 */
export type Baseline = Float64Array

const SHORT_EXPOSURE = 0
const LONG_EXPOSURE = 1
const SHORT_SEEN = 2
const LONG_SEEN = 3
const SHORT_CALM = 4
const LONG_CALM = 5
/** requests behind what was seen */
const LONG_ALL = 6
/** newcomers among what was seen */
const LONG_NEW = 7
const SHORT_NEW = 8
export const BASELINE_NUMBERS = 9

/** The numbers of a baseline from one place to another. */
export function copyBaseline(from: Float64Array, at: number, to: Float64Array, toAt: number): void {
  for (let n = 0; n < BASELINE_NUMBERS; n++) to[toAt + n] = from[at + n]
}

const SHORT_KEEP = Math.exp(-1 / 120)
const LONG_KEEP = Math.exp(-1 / (2 * 1440))
/** How many events of its own make the short memory as good as the long one. */
const LEAN = 10
/** ... and how many say how many requests each stands for. */
const EACH_PRIOR = 5

export function newBaseline(): Baseline {
  return new Float64Array(BASELINE_NUMBERS)
}

/** Expected errors per unit of exposure. A baseline may stand among other numbers, from place `at` on. */
export function rateOf(b: Float64Array, at: number, { prior, share }: Temper): number {
  const long = (b[at + LONG_SEEN] + prior) / (b[at + LONG_EXPOSURE] + prior / share)
  return (b[at + SHORT_SEEN] + LEAN) / (b[at + SHORT_EXPOSURE] + LEAN / long)
}

export function calmRateOf(b: Float64Array, at: number, { prior, share }: Temper): number {
  const long = (b[at + LONG_CALM] + prior) / (b[at + LONG_EXPOSURE] + prior / share)
  return (b[at + SHORT_CALM] + LEAN) / (b[at + SHORT_EXPOSURE] + LEAN / long)
}

/** Expected newcomers per unit of exposure, and how many events that rests on. */
export function newRateOf(b: Float64Array, at: number, { prior, share }: Temper): number {
  const long = (b[at + LONG_NEW] + prior) / (b[at + LONG_EXPOSURE] + prior / share)
  return (b[at + SHORT_NEW] + LEAN) / (b[at + SHORT_EXPOSURE] + LEAN / long)
}

export function newEvidenceOf(b: Float64Array, at: number, temper: Temper): number {
  const short = b[at + SHORT_NEW]
  return short + Math.min(LEAN, Math.max(0, b[at + LONG_NEW] - short)) + temper.prior
}

/** How many events the rate rests on: its relative variance is one over this. */
export function evidenceOf(b: Float64Array, at: number, temper: Temper): number {
  const short = b[at + SHORT_SEEN]
  return short + Math.min(LEAN, Math.max(0, b[at + LONG_SEEN] - short)) + temper.prior
}

/** How many requests one that is judged stands for: several where a client fails more than once a minute. */
export function requestsEach(b: Baseline): number {
  return Math.max(1, (b[LONG_ALL] + EACH_PRIOR) / (b[LONG_SEEN] + EACH_PRIOR))
}

/** The part of what is seen that is new to it, on ordinary days. */
export function newPart(b: Baseline): number {
  return (b[LONG_NEW] + EACH_PRIOR) / (b[LONG_SEEN] + EACH_PRIOR)
}

/** One more minute, by its sums. */
export function feed(b: Baseline, minute: Float64Array): void {
  b[SHORT_EXPOSURE] = b[SHORT_EXPOSURE] * SHORT_KEEP + minute[EXPOSURE]
  b[LONG_EXPOSURE] = b[LONG_EXPOSURE] * LONG_KEEP + minute[EXPOSURE]
  b[SHORT_SEEN] = b[SHORT_SEEN] * SHORT_KEEP + minute[SEEN]
  b[LONG_SEEN] = b[LONG_SEEN] * LONG_KEEP + minute[SEEN]
  b[SHORT_CALM] = b[SHORT_CALM] * SHORT_KEEP + minute[CALM]
  b[LONG_CALM] = b[LONG_CALM] * LONG_KEEP + minute[CALM]
  b[LONG_ALL] = b[LONG_ALL] * LONG_KEEP + minute[ALL]
  b[LONG_NEW] = b[LONG_NEW] * LONG_KEEP + minute[NEWCOMERS]
  b[SHORT_NEW] = b[SHORT_NEW] * SHORT_KEEP + minute[NEWCOMERS]
}

/** One more minute in which nothing was seen. */
export function feedNothing(b: Baseline, exposure: number): void {
  b[SHORT_EXPOSURE] = b[SHORT_EXPOSURE] * SHORT_KEEP + exposure
  b[LONG_EXPOSURE] = b[LONG_EXPOSURE] * LONG_KEEP + exposure
  b[SHORT_SEEN] *= SHORT_KEEP
  b[LONG_SEEN] *= LONG_KEEP
  b[SHORT_CALM] *= SHORT_KEEP
  b[LONG_CALM] *= LONG_KEEP
  b[LONG_ALL] *= LONG_KEEP
  b[LONG_NEW] *= LONG_KEEP
  b[SHORT_NEW] *= SHORT_KEEP
}

/** Make a new level the usual one at once: so much seen, in so much exposure. */
export function adopt(b: Baseline, seen: number, exposure: number): void {
  const level = exposure > 0 ? seen / exposure : 0
  b[SHORT_EXPOSURE] = exposure
  b[SHORT_SEEN] = b[SHORT_CALM] = seen
  const each = requestsEach(b)
  const part = newPart(b)
  b[LONG_SEEN] = b[LONG_CALM] = level * b[LONG_EXPOSURE]
  b[LONG_ALL] = b[LONG_SEEN] * each
  b[LONG_NEW] = b[LONG_SEEN] * part
  b[SHORT_NEW] = seen * part
}

/** A level times the exposure that the short memory has. */
export function adoptLevel(b: Baseline, rate: number): void {
  adopt(b, rate * b[SHORT_EXPOSURE], b[SHORT_EXPOSURE])
}
