import type { Temper } from './temper.js'

/**
 * The usual number of errors per unit of exposure, as two memories: a short one that follows the day, and a long one
 * that holds what is rare. Each leans on a slower one until it has seen enough of its own: the short on the long,
 * the long on what is typical of the class. So a code with one error a day and one with ten thousand a minute are
 * estimated by the same rule, and the first minutes of an export need no special case.
 *
 * Kept twice: for the counts, and for the counts without their bursts (`calm`).
 */
export interface Baseline {
  shortExposure: number
  longExposure: number
  shortSeen: number
  longSeen: number
  shortCalm: number
  longCalm: number
  /** requests behind what was seen */
  longAll: number
  /** newcomers among what was seen */
  longNew: number
}

const SHORT_KEEP = Math.exp(-1 / 120)
const LONG_KEEP = Math.exp(-1 / (2 * 1440))
/** How many events of its own make the short memory as good as the long one. */
const LEAN = 10
/** ... and how many say how many requests each stands for. */
const EACH_PRIOR = 5

export function newBaseline(): Baseline {
  return {
    shortExposure: 0,
    longExposure: 0,
    shortSeen: 0,
    longSeen: 0,
    shortCalm: 0,
    longCalm: 0,
    longAll: 0,
    longNew: 0,
  }
}

/** Expected errors per unit of exposure. */
export function rateOf(b: Baseline, temper: Temper): number {
  const long = (b.longSeen + temper.prior) / (b.longExposure + temper.prior / temper.share)
  return (b.shortSeen + LEAN) / (b.shortExposure + LEAN / long)
}

export function calmRateOf(b: Baseline, temper: Temper): number {
  const long = (b.longCalm + temper.prior) / (b.longExposure + temper.prior / temper.share)
  return (b.shortCalm + LEAN) / (b.shortExposure + LEAN / long)
}

/** How many events the rate rests on: its relative variance is one over this. */
export function evidenceOf(b: Baseline, temper: Temper): number {
  return b.shortSeen + Math.min(LEAN, Math.max(0, b.longSeen - b.shortSeen)) + temper.prior
}

/** How many requests one that is judged stands for: several where a client fails more than once a minute. */
export function requestsEach(b: Baseline): number {
  return Math.max(1, (b.longAll + EACH_PRIOR) / (b.longSeen + EACH_PRIOR))
}

/** The part of what is seen that is new to it, on ordinary days. */
export function newPart(b: Baseline): number {
  return (b.longNew + EACH_PRIOR) / (b.longSeen + EACH_PRIOR)
}

export function feed(
  b: Baseline,
  { seen, calm, all, newcomers }: { seen: number; calm: number; all: number; newcomers: number },
  exposure: number,
): void {
  b.shortExposure = b.shortExposure * SHORT_KEEP + exposure
  b.longExposure = b.longExposure * LONG_KEEP + exposure
  b.shortSeen = b.shortSeen * SHORT_KEEP + seen
  b.longSeen = b.longSeen * LONG_KEEP + seen
  b.shortCalm = b.shortCalm * SHORT_KEEP + calm
  b.longCalm = b.longCalm * LONG_KEEP + calm
  b.longAll = b.longAll * LONG_KEEP + all
  b.longNew = b.longNew * LONG_KEEP + newcomers
}

/** Make a new level the usual one at once. */
export function adopt(b: Baseline, seen: number, exposure: number): void {
  const level = exposure > 0 ? seen / exposure : 0
  b.shortExposure = exposure
  b.shortSeen = b.shortCalm = seen
  const each = requestsEach(b)
  const part = newPart(b)
  b.longSeen = b.longCalm = level * b.longExposure
  b.longAll = b.longSeen * each
  b.longNew = b.longSeen * part
}
