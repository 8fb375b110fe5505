import { scaleOf, varianceOf, type Dispersion } from './dispersion.js'
import { between, type Past } from './past.js'
import { surprise } from './tail.js'
import type { Temper } from './temper.js'

/** An episode of one series, in minutes since the beginning. */
export interface Run {
  start: number
  /** Exclusive. */
  end: number
  /** The number of minutes that were needed to know. */
  knownAt: number
  /** True once enough ordinary minutes have passed. */
  over: boolean
  score: number
  /** Expected errors per unit of exposure, frozen when it began, and how many events that rests on. */
  rate: number
  evidence: number
  /** Log likelihood ratio of "still on" against "back to normal", its maximum, and ordinary minutes since. */
  level: number
  top: number
  quiet: number
  /** Requests seen and expected in [start, now), and in [start, end). */
  seen: number
  expected: number
  seenAtEnd: number
  expectedAtEnd: number
  /** How strong it is now: recent excess and exposure. */
  excess: number
  exposure: number
  /** The last two hours, for the day on which it has become the usual level. */
  recentSeen: number
  recentExposure: number
}

/** A rise again within so many minutes of data is the same incident. */
export const JOIN = 15
/** Log likelihood by which "back to normal" must lead, or so many ordinary minutes. */
const DROP = 4
const QUIET_AT_MOST = 45
/** An episode this long has become the usual level. */
const USUAL_AFTER = 1440
/** An episode goes on while the counts are nearer to this part of its strength than to nothing. */
const PART = 0.35
const STRENGTH_KEEP = Math.exp(-1 / 20)
const RECENT_KEEP = Math.exp(-1 / 120)
/** Requests of exposure for which the strength found by the scan stands in. */
const FIRST_GUESS = 10
/** Requests a minute below which no expectation is trusted to say "never". */
const LEAST_MEAN = 0.05

export interface Followed {
  past: Past
  dispersion: Dispersion
}

/** A run that begins with minute `start`; `excess` is per unit of exposure. */
export function newRun(
  start: number,
  knownAt: number,
  score: number,
  rate: number,
  evidence: number,
  excess: number,
): Run {
  return {
    start,
    end: start,
    knownAt,
    over: false,
    score,
    rate,
    evidence,
    level: 0,
    top: 0,
    quiet: 0,
    seen: 0,
    expected: 0,
    seenAtEnd: 0,
    expectedAtEnd: 0,
    excess: excess * FIRST_GUESS,
    exposure: FIRST_GUESS,
    recentSeen: 0,
    recentExposure: 0,
  }
}

/** Log likelihood ratio of minute j of data up to minute `last`: part of this excess against the usual alone. */
export function stillOn(f: Followed, j: number, last: number, rate: number, excess: number, temper: Temper): number {
  const { seen, exposure, habit } = between(f.past, j, j + 1, last)
  if (exposure === 0) return 0
  const mean = Math.max(LEAST_MEAN, rate * exposure + habit)
  const extra = Math.max(PART * excess * exposure, 0.3 * mean)
  const fano = varianceOf(f.dispersion, 0, mean, temper.fano, temper.wobble) / mean
  return (seen * Math.log1p(extra / mean) - extra) / fano
}

/** Follow a run through minute j of data up to minute `last`. */
export function follow(f: Followed, run: Run, j: number, last: number, temper: Temper): void {
  const { seen, exposure, habit } = between(f.past, j, j + 1, last)
  if (exposure === 0) return
  const mean = run.rate * exposure + habit
  run.level += stillOn(f, j, last, run.rate, Math.max(0, run.excess / run.exposure), temper)
  run.seen += seen
  run.expected += mean
  run.excess = run.excess * STRENGTH_KEEP + seen - mean
  run.exposure = run.exposure * STRENGTH_KEEP + exposure
  run.recentSeen = run.recentSeen * RECENT_KEEP + seen
  run.recentExposure = run.recentExposure * RECENT_KEEP + exposure
  if (run.level <= run.top) {
    run.quiet++
    return
  }
  run.top = run.level
  run.end = j + 1
  run.quiet = 0
  run.seenAtEnd = run.seen
  run.expectedAtEnd = run.expected
  const scale = scaleOf(j + 1 - run.start)
  const variance = varianceOf(f.dispersion, scale, run.expected, temper.fano, temper.wobble)
  run.score = Math.max(run.score, surprise(run.seen, run.expected, variance + run.expected ** 2 / run.evidence))
}

export function isOver(run: Run): boolean {
  return run.quiet >= JOIN && (run.top - run.level >= DROP || run.quiet >= QUIET_AT_MOST)
}

/** Is there, for now, nothing that says it is over? */
export function isOngoing(run: Run): boolean {
  return !run.over && run.quiet < JOIN && run.top - run.level < DROP
}

export function hasBecomeUsual(run: Run, now: number): boolean {
  return now - run.start >= USUAL_AFTER
}
