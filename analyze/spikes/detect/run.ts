import { scaleOf, varianceOf, type Dispersion } from './dispersion.js'
import { between, type Past } from './past.js'
import { NEW_FANO, type Level } from './scan.js'
import { isLongSilence } from './silence.js'
import { ALL, EXPOSURE, HABIT, NEWCOMERS, REQUESTS, SEEN } from './sums.js'
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
  /** Exposure since then. */
  quietExposure: number
  /** Requests seen and expected in [start, now), and in [start, end). */
  seen: number
  expected: number
  seenAtEnd: number
  expectedAtEnd: number
  /** Requests behind what was seen in [start, now) and in [start, end); how many each one that is expected stands for. */
  all: number
  allAtEnd: number
  each: number
  /** True once it has lasted so long that other rises are looked for on top of it. */
  standing: boolean
  /** What its strength keeps from one minute to the next: a memory of some failures, where they are rare. */
  keep: number
  /** How strong it is now: recent excess and exposure. */
  excess: number
  exposure: number
  /** Who failed and who asked lately: what part of them it befalls. */
  failed: number
  asked: number
  failingAtEnd: number
  /** The same per unit of exposure at the end, and all exposure in [start, now) and in [start, end). */
  strengthAtEnd: number
  exposed: number
  exposureAtEnd: number
  /** Of newcomers, where only they showed it: what is usual per unit of exposure, and the recent excess. */
  newcomers: Level | null
  newcomersAtFirst: number
  /** The last two hours, for the day on which it has become the usual level. */
  recentSeen: number
  recentExposure: number
}

/** A rise again within so many minutes of data is the same incident. */
export const JOIN = 15
/** Log likelihood by which "back to normal" must lead, where no silence says so. */
const DROP = 4
/** On top of an episode this long others are looked for. */
export const LONG = 1440
/** An episode goes on while the counts are nearer to this part of its strength than to nothing. */
const PART = 0.35
/** Newcomers who are no fewer than this part of those who showed it. */
const STILL_NEW = 0.7
/** Where this part of what is asked for fails, whoever is served says that it is over; up to this part of its strength it may be weaker. */
const NEARLY_ALL = 0.6
const PART_OF_ALL = 0.7
/** Of fewer nobody knows: one failure of long before would make a beginning. */
const LEAST_SHARE = 0.02
const MOST_SHARE = 0.97
/** Minutes by which its strength is known, or the time of so many failures where they are rarer than that. */
const STRENGTH_MINUTES = 20
const STRENGTH_FAILURES = 10
const STRENGTH_MINUTES_AT_MOST = 720
const STRENGTH_KEEP = Math.exp(-1 / STRENGTH_MINUTES)
const RECENT_KEEP = Math.exp(-1 / 120)
/** Requests of exposure for which the strength found by the scan stands in. */
const FIRST_GUESS = 10
/** Requests a minute below which no expectation is trusted to say "never". */
const LEAST_MEAN = 0.05
/** ... or below this part of the rise's own strength, where that is fainter still. */
const SPARSE_MEAN = 0.2

export interface Followed {
  past: Past
  dispersion: Dispersion
  newDispersion: Dispersion
}

/** A run that begins with minute `start`; `excess` is per unit of exposure, `failing` the part of who asks. */
export function newRun(
  start: number,
  knownAt: number,
  score: number,
  rate: number,
  evidence: number,
  excess: number,
  failing: number,
  newcomers: Level | null = null,
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
    quietExposure: 0,
    seen: 0,
    expected: 0,
    seenAtEnd: 0,
    expectedAtEnd: 0,
    all: 0,
    allAtEnd: 0,
    each: 1,
    standing: false,
    keep: STRENGTH_KEEP,
    excess: excess * FIRST_GUESS,
    exposure: FIRST_GUESS,
    failed: failing * FIRST_GUESS,
    asked: FIRST_GUESS,
    failingAtEnd: failing,
    strengthAtEnd: excess,
    exposed: 0,
    exposureAtEnd: 0,
    newcomersAtFirst: newcomers?.excess ?? 0,
    newcomers: newcomers && { ...newcomers, excess: newcomers.excess * FIRST_GUESS },
    recentSeen: 0,
    recentExposure: 0,
  }
}

/** The memory of a rise that brings so many failures a minute. */
export function keepOf(perMinute: number): number {
  const minutes = STRENGTH_FAILURES / Math.max(perMinute, STRENGTH_FAILURES / STRENGTH_MINUTES_AT_MOST)
  return Math.exp(-1 / Math.max(STRENGTH_MINUTES, minutes))
}

/**
 * Log likelihood ratio of minute j of data up to minute `last`: part of this excess against the usual alone. Where newcomers showed the
 * rise they speak as well, each by how little it scatters. `failing`: the part of what is asked for that fails while it is on.
 */
export function stillOn(
  f: Followed,
  j: number,
  last: number,
  rate: number,
  excess: number,
  newcomers: Level | null,
  temper: Temper,
  failing: number,
  part = PART,
): number {
  const exposure = between(f.past, j, j + 1, last, EXPOSURE)
  if (exposure === 0) return 0
  if (failing >= NEARLY_ALL) return stillNearlyAll(f, j, last, rate, failing)
  const seen = between(f.past, j, j + 1, last, SEEN)
  const habit = between(f.past, j, j + 1, last, HABIT)
  const mean = Math.max(Math.min(LEAST_MEAN, SPARSE_MEAN * excess * exposure), rate * exposure + habit)
  const extra = Math.max(part * excess * exposure, 0.3 * mean)
  // counts that did not show it cling together over the stretch that newcomers needed: they say as little from minute to minute
  const fano = varianceOf(f.dispersion, newcomers?.scale ?? 0, mean, temper.fano, temper.wobble) / mean
  const ofAll = (seen * Math.log1p(extra / mean) - extra) / fano
  return newcomers === null ? ofAll : ofAll + stillNew(f, j, last, exposure, newcomers, temper, part)
}

/** Where nearly all fails, each that is served speaks as well: by the part that fails against the usual one. */
function stillNearlyAll({ past }: Followed, j: number, last: number, rate: number, failing: number): number {
  const usual = Math.min(MOST_SHARE, Math.max(LEAST_SHARE, rate))
  const on = Math.max(usual, usual + PART_OF_ALL * (Math.min(MOST_SHARE, failing) - usual))
  const failed = between(past, j, j + 1, last, SEEN)
  return failed * Math.log(on / usual) + servedIn(past, j, j + 1, last) * Math.log((1 - on) / (1 - usual))
}

const servedIn = (past: Past, from: number, to: number, last: number): number =>
  Math.max(0, between(past, from, to, last, REQUESTS) - between(past, from, to, last, ALL))

/** The part of those who ask in these minutes that fails; whoever tries again and again is one. */
export function failingIn(past: Past, from: number, to: number, last: number): number {
  const seen = between(past, from, to, last, SEEN)
  return seen > 0 ? seen / (seen + servedIn(past, from, to, last)) : 0
}

function stillNew(
  f: Followed,
  j: number,
  last: number,
  exposure: number,
  level: Level,
  temper: Temper,
  part: number,
): number {
  const due = level.excess * exposure
  const mean = Math.max(Math.min(LEAST_MEAN, SPARSE_MEAN * due), level.rate * exposure)
  const extra = Math.max(part * due, 0.3 * mean)
  const fano = varianceOf(f.newDispersion, 0, mean, NEW_FANO, temper.wobble) / mean
  return (between(f.past, j, j + 1, last, NEWCOMERS) * Math.log1p(extra / mean) - extra) / fano
}

/** Follow a run through minute j of data up to minute `last`. */
export function follow(f: Followed, run: Run, j: number, last: number, temper: Temper): void {
  const exposure = between(f.past, j, j + 1, last, EXPOSURE)
  if (exposure === 0) return
  const seen = between(f.past, j, j + 1, last, SEEN)
  const mean = run.rate * exposure + between(f.past, j, j + 1, last, HABIT)
  const newcomers = run.newcomers && {
    ...run.newcomers,
    excess: Math.max(0, run.newcomers.excess / run.exposure),
  }
  run.level += stillOn(
    f,
    j,
    last,
    run.rate,
    Math.max(0, run.excess / run.exposure),
    newcomers,
    temper,
    run.failingAtEnd,
  )
  run.failed = run.failed * run.keep + seen
  run.asked = run.asked * run.keep + seen + servedIn(f.past, j, j + 1, last)
  run.seen += seen
  run.all += between(f.past, j, j + 1, last, ALL)
  run.expected += mean
  run.excess = run.excess * run.keep + seen - mean
  if (run.newcomers) {
    const above = between(f.past, j, j + 1, last, NEWCOMERS) - run.newcomers.rate * exposure
    run.newcomers.excess = run.newcomers.excess * run.keep + above
  }
  run.exposure = run.exposure * run.keep + exposure
  run.exposed += exposure
  run.recentSeen = run.recentSeen * RECENT_KEEP + seen
  run.recentExposure = run.recentExposure * RECENT_KEEP + exposure
  if (run.level <= run.top) {
    run.quiet++
    run.quietExposure += exposure
    return
  }
  run.top = run.level
  run.end = j + 1
  run.quiet = 0
  run.quietExposure = 0
  run.strengthAtEnd = Math.max(0, run.excess) / run.exposure
  run.failingAtEnd = run.failed / run.asked
  run.exposureAtEnd = run.exposed
  run.seenAtEnd = run.seen
  run.expectedAtEnd = run.expected
  run.allAtEnd = run.all
  const scale = scaleOf(j + 1 - run.start)
  const variance = varianceOf(f.dispersion, scale, run.expected, temper.fano, temper.wobble)
  const score = surprise(run.seen, run.expected, variance + run.expected ** 2 / run.evidence)
  if (score <= run.score) return
  run.score = score
  // all show it as clearly by now as the newcomers did, who may get fewer; where they don't, they know its end best
  if (run.newcomers && run.newcomers.excess < STILL_NEW * run.newcomersAtFirst * run.exposure) run.newcomers = null
}

export function isOver(run: Run): boolean {
  if (run.quiet < JOIN) return false
  if (run.top - run.level >= dropOf(run)) return true
  return isLongSilence(run.quiet, dueIn(run), run.seenAtEnd)
}

/** Where whoever is served speaks, too, a few in a row are chance: the more failures there were, the more of them have to be served. */
const dropOf = ({ failingAtEnd, seenAtEnd }: Run): number =>
  failingAtEnd < NEARLY_ALL ? DROP : DROP + Math.log(Math.max(1, seenAtEnd))

/** Failures due in the quiet minutes: as many as lately or as on the whole, since lately may have been a burst of it. */
function dueIn(run: Run): number {
  if (run.exposure <= 0 || run.exposureAtEnd <= 0) return Infinity
  const whole = (run.seenAtEnd - run.expectedAtEnd) / run.exposureAtEnd
  return Math.max(0, Math.min(run.strengthAtEnd, whole)) * run.quietExposure
}

/** Is there, for now, nothing that says it is over? */
export function isOngoing(run: Run): boolean {
  return !run.over && run.quiet < JOIN && run.top - run.level < dropOf(run)
}

export function isLong(run: Run, now: number): boolean {
  return now - run.start >= LONG
}
