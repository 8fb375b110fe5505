import { adopt, evidenceOf, feed, newBaseline, rateOf, type Baseline } from './baseline.js'
import { learnStretch, newDispersion, scaleOf, SCALES, varianceOf, type Dispersion } from './dispersion.js'
import { addMinute, beginSlot, endSlot, newHabit, SLOT_MINUTES, type Habit } from './habit.js'
import { surprise } from './tail.js'
import { MIN_RATIO, TEMPERS, type Temper } from './temper.js'
import type { TroubleClass } from './types.js'

/**
 * One series, minute by minute, never looking ahead: scan for a rise, follow it to its end, learn from the rest.
 *
 * The scan compares every stretch of 1 to 60 minutes that ends now with the rate known before the stretch began (so
 * the tested minutes are never part of their own baseline): short ones catch steps at once, long ones weak incidents
 * and slow ramps. While an episode is open the baseline stands still, and it goes on as if the episode had not been.
 */
export interface Watch {
  /** Minutes seen so far. */
  minute: number
  baseline: Baseline
  dispersion: Dispersion
  habit: Habit
  past: Past
  /** First minute that a stretch may include: what came before was an episode. */
  floor: number
  open: Run | null
  /** The last closed run, which a new rise soon after continues. */
  last: Run | null
}

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
  /** Rate and evidence frozen when it began. */
  rate: number
  evidence: number
  /** Log likelihood ratio "still on" against "back to normal", its maximum, and ordinary minutes since. */
  level: number
  top: number
  quiet: number
  /** Of [start, now): requests seen and expected; and of [start, end). */
  seen: number
  expected: number
  seenAtEnd: number
  expectedAtEnd: number
  /** Recent excess and exposure: how strong it is now. */
  excess: number
  exposure: number
  /** The last two hours, for the day on which it has become the usual level. */
  recentSeen: number
  recentExposure: number
}

/** The last 256 minutes, by minute modulo 256: sums of all minutes before, and what was known before. */
interface Past {
  seen: Float64Array
  exposure: Float64Array
  habit: Float64Array
  data: Float64Array
  rate: Float64Array
  evidence: Float64Array
  shortSeen: Float64Array
  shortExposure: Float64Array
  longSeen: Float64Array
  longExposure: Float64Array
  /** The same sums up to now. */
  sums: { seen: number; exposure: number; habit: number; data: number }
}

/** Where a watch writes what it expected of each minute. Index 0 is minute `first`. */
export interface Trace {
  first: number
  expected: Float32Array
}

const RING = 256
const MASK = RING - 1
const WIDTHS = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60]
const WIDTH_SCALES = WIDTHS.map(scaleOf)
/** How far back the start of a rise is looked for. */
const REACH = 120
/** A rise again within so many minutes of data is the same incident. */
const JOIN = 15
/** Log likelihood by which "back to normal" must lead, or so many ordinary minutes. */
const DROP = 4
const QUIET_AT_MOST = 45
/** An episode this long has become the usual level. */
const ADOPT = 1440
/** Minutes over which an episode's present strength is measured. */
const STRENGTH_KEEP = Math.exp(-1 / 20)
const RECENT_KEEP = Math.exp(-1 / 120)
/** An episode goes on while the counts are nearer to this part of its strength than to nothing. */
const PART = 0.25

export function newWatch(): Watch {
  const ring = () => new Float64Array(RING)
  return {
    minute: 0,
    baseline: newBaseline(),
    dispersion: newDispersion(),
    habit: newHabit(),
    past: {
      seen: ring(),
      exposure: ring(),
      habit: ring(),
      data: ring(),
      rate: ring(),
      evidence: ring(),
      shortSeen: ring(),
      shortExposure: ring(),
      longSeen: ring(),
      longExposure: ring(),
      sums: { seen: 0, exposure: 0, habit: 0, data: 0 },
    },
    floor: 0,
    open: null,
    last: null,
  }
}

/** Watch the next minutes. Runs that begin are appended to `runs`; `trace` gets the expectations. */
export function watch(
  w: Watch,
  counts: Float64Array,
  exposure: Float64Array,
  { statusClass, threshold }: { statusClass: TroubleClass; threshold: number },
  trace: Trace,
  runs: Run[],
): void {
  const temper = TEMPERS[statusClass]
  for (let j = 0; j < counts.length; j++) {
    const i = w.minute
    if (i % SLOT_MINUTES === 0) beginSlot(w.habit, i / SLOT_MINUTES)
    const habit = exposure[j] > 0 ? w.habit.now : 0
    begin(w, i, temper)
    const sums = w.past.sums
    sums.seen += counts[j]
    sums.exposure += exposure[j]
    sums.habit += habit
    if (exposure[j] > 0) {
      sums.data++
      if (w.open) follow(w, w.open, i, temper, trace)
      else settle(w, i, temper, threshold, trace, runs)
      const local = rate(w, i) * exposure[j]
      addMinute(w.habit, counts[j], local)
    }
    if (i % SLOT_MINUTES === SLOT_MINUTES - 1) closeSlot(w, i, temper)
    learnStretches(w, i, temper)
    w.minute++
  }
}

/** Note what is known before minute i. */
function begin(w: Watch, i: number, temper: Temper): void {
  const k = i & MASK
  const { past, baseline } = w
  past.seen[k] = past.sums.seen
  past.exposure[k] = past.sums.exposure
  past.habit[k] = past.sums.habit
  past.data[k] = past.sums.data
  past.shortSeen[k] = baseline.shortSeen
  past.shortExposure[k] = baseline.shortExposure
  past.longSeen[k] = baseline.longSeen
  past.longExposure[k] = baseline.longExposure
  past.rate[k] = rateOf(baseline, temper)
  past.evidence[k] = evidenceOf(baseline, temper)
}

const rate = (w: Watch, i: number): number => (w.open ? w.open.rate : w.past.rate[i & MASK])

/** An ordinary minute, or the one that shows a rise. */
function settle(w: Watch, i: number, temper: Temper, threshold: number, trace: Trace, runs: Run[]): void {
  const { past } = w
  const k = i & MASK
  const seen = past.sums.seen - past.seen[k]
  const exposure = past.sums.exposure - past.exposure[k]
  const habit = past.sums.habit - past.habit[k]
  const expected = past.rate[k] * exposure + habit
  write(trace, i, expected)
  if (seen > expected) {
    const rise = scan(w, i, temper, threshold)
    if (rise) return open(w, i, rise, temper, trace, runs)
  } else if (i < RING && runs.length === 0 && !w.last && beganAmid(w, i, temper, threshold, trace, runs)) return
  // A habit is no part of the baseline; but if it stayed away, nothing is taken off.
  feed(w.baseline, habit > 0 ? Math.max(Math.min(seen, past.rate[k] * exposure), seen - habit) : seen, exposure)
}

interface Rise {
  score: number
  width: number
  /** Requests per exposure above the expectation. */
  excess: number
}

/** The most surprising stretch that ends with minute i, if it is surprising enough. */
function scan(w: Watch, i: number, temper: Temper, threshold: number): Rise | null {
  const { past } = w
  const { sums } = past
  let best: Rise | null = null
  for (let n = 0; n < WIDTHS.length; n++) {
    const width = WIDTHS[n]
    const from = i - width + 1
    if (from < w.floor) break
    const k = from & MASK
    const seen = sums.seen - past.seen[k]
    const exposure = sums.exposure - past.exposure[k]
    const habit = sums.habit - past.habit[k]
    const usual = past.rate[k] * exposure
    const mean = usual + habit
    const excess = seen - mean
    if (excess < (width <= 2 ? temper.minBurst : temper.minExcess) || seen < MIN_RATIO * mean) continue
    const variance =
      varianceOf(w.dispersion, WIDTH_SCALES[n], usual, temper) + (usual * usual) / past.evidence[k] + 0.25 * habit * habit
    // The negative binomial's tail is heavier than the normal one: what fails here fails there.
    if (excess * excess < threshold * threshold * variance) continue
    const score = surprise(seen, mean, variance + habit)
    if (score < threshold || (best && score <= best.score)) continue
    if (!oneBurst(w, from, i, excess, temper)) best = { score, width, excess: excess / exposure }
  }
  return best
}

/** Is the excess little more than what came in two minutes, and that too little to matter? */
function oneBurst(w: Watch, from: number, to: number, excess: number, temper: Temper): boolean {
  if (excess >= temper.minBurst + temper.minExcess) return false
  let burst = 0
  let before = 0
  for (let j = from; j <= to; j++) {
    const { seen, exposure, habit } = minuteOf(w, j)
    const above = seen - w.past.rate[from & MASK] * exposure - habit
    burst = Math.max(burst, above + before, above)
    before = Math.max(0, above)
  }
  return burst < temper.minBurst && excess - burst < temper.minExcess / 2
}

/** A rise is known: find where it began, freeze the baseline as it was, and follow the minutes up to now. */
function open(w: Watch, i: number, rise: Rise, temper: Temper, trace: Trace, runs: Run[]): void {
  const { past } = w
  const oldest = Math.max(w.floor, i - REACH + 1, 0)
  const base = (i - rise.width + 1) & MASK
  let start = i
  let level = 0
  let top = -Infinity
  for (let j = i; j >= oldest; j--) {
    level += evidence(w, j, past.rate[base], rise.excess, temper)
    if (level > top) {
      top = level
      start = j
    } else if (j < i - rise.width && top - level > 10) break
  }
  const last = w.last
  if (last && past.data[start & MASK] - past.data[Math.max(last.end, i - RING + 1) & MASK] <= JOIN && last.end > i - RING) {
    w.open = last
    w.last = null
    last.over = false
    last.score = Math.max(last.score, rise.score)
    for (let j = w.floor; j <= i; j++) follow(w, last, j, temper, trace)
    return
  }
  const run: Run = {
    start,
    end: start,
    knownAt: i + 1,
    over: false,
    score: rise.score,
    rate: past.rate[start & MASK],
    evidence: past.evidence[start & MASK],
    level: 0,
    top: 0,
    quiet: 0,
    seen: 0,
    expected: 0,
    seenAtEnd: 0,
    expectedAtEnd: 0,
    excess: rise.excess * 10,
    exposure: 10,
    recentSeen: 0,
    recentExposure: 0,
  }
  restore(w, start)
  runs.push(run)
  w.open = run
  for (let j = start; j <= i; j++) follow(w, run, j, temper, trace)
}

function restore(w: Watch, minute: number): void {
  const k = minute & MASK
  w.baseline.shortSeen = w.past.shortSeen[k]
  w.baseline.shortExposure = w.past.shortExposure[k]
  w.baseline.longSeen = w.past.longSeen[k]
  w.baseline.longExposure = w.past.longExposure[k]
}

/** Log likelihood ratio of minute j: part of this excess against nothing but the usual. */
function evidence(w: Watch, j: number, usualRate: number, excess: number, temper: Temper): number {
  const { seen, exposure, habit } = minuteOf(w, j)
  if (exposure === 0) return 0
  const mean = Math.max(0.05, usualRate * exposure + habit)
  const extra = Math.max(PART * excess * exposure, 0.3 * mean)
  const fano = varianceOf(w.dispersion, 0, mean, temper) / mean
  return (seen * Math.log1p(extra / mean) - extra) / fano
}

function minuteOf(w: Watch, j: number): { seen: number; exposure: number; habit: number } {
  const { past } = w
  const now = j === w.minute
  const a = j & MASK
  const b = (j + 1) & MASK
  return {
    seen: (now ? past.sums.seen : past.seen[b]) - past.seen[a],
    exposure: (now ? past.sums.exposure : past.exposure[b]) - past.exposure[a],
    habit: (now ? past.sums.habit : past.habit[b]) - past.habit[a],
  }
}

/** One more minute of an open episode. */
function follow(w: Watch, run: Run, j: number, temper: Temper, trace: Trace): void {
  const { seen, exposure, habit } = minuteOf(w, j)
  const mean = run.rate * exposure + habit
  write(trace, j, mean)
  if (exposure === 0) return
  run.level += evidence(w, j, run.rate, Math.max(0, run.excess / run.exposure), temper)
  run.seen += seen
  run.expected += mean
  run.excess = run.excess * STRENGTH_KEEP + seen - mean
  run.exposure = run.exposure * STRENGTH_KEEP + exposure
  run.recentSeen = run.recentSeen * RECENT_KEEP + seen
  run.recentExposure = run.recentExposure * RECENT_KEEP + exposure
  if (run.level > run.top) {
    run.top = run.level
    run.end = j + 1
    run.quiet = 0
    run.seenAtEnd = run.seen
    run.expectedAtEnd = run.expected
    const scale = scaleOf(j + 1 - run.start)
    const variance = varianceOf(w.dispersion, scale, run.expected, temper) + run.expected ** 2 / run.evidence
    run.score = Math.max(run.score, surprise(run.seen, run.expected, variance))
  } else run.quiet++
  if (j < w.minute) return
  if (run.quiet >= JOIN && (run.top - run.level >= DROP || run.quiet >= QUIET_AT_MOST)) close(w, run, temper)
  else if (j + 1 - run.start >= ADOPT) becomeUsual(w, run, j)
}

/** It is over: go on with the baseline from before, and the ordinary minutes since the end. */
function close(w: Watch, run: Run, temper: Temper): void {
  run.over = true
  w.open = null
  w.last = run
  w.floor = Math.max(run.end, w.minute - RING + 2)
  for (let j = w.floor; j <= w.minute; j++) {
    const { seen, exposure } = minuteOf(w, j)
    const k = j & MASK
    w.past.rate[k] = rateOf(w.baseline, temper)
    w.past.evidence[k] = evidenceOf(w.baseline, temper)
    w.past.shortSeen[k] = w.baseline.shortSeen
    w.past.shortExposure[k] = w.baseline.shortExposure
    w.past.longSeen[k] = w.baseline.longSeen
    w.past.longExposure[k] = w.baseline.longExposure
    if (exposure > 0) feed(w.baseline, seen, exposure)
  }
}

/** What has lasted for a day is the usual level now. */
function becomeUsual(w: Watch, run: Run, j: number): void {
  run.over = true
  run.end = j + 1
  w.open = null
  w.floor = j + 1
  adopt(w.baseline, run.recentSeen, run.recentExposure)
}

/** Stretches before the end of the first 4 hours with which an export may have begun amid an incident. */
const HEADS = [3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180]
/** Ordinary minutes that must follow before such a head is believed. */
const AFTER = 20
const HEAD_RATIO = 3

/** The export began amid an incident: only its end shows that the first minutes were not the usual level. */
function beganAmid(w: Watch, i: number, temper: Temper, threshold: number, trace: Trace, runs: Run[]): boolean {
  const { past } = w
  const after = i + 1 - AFTER
  if (after < HEADS[0]) return false
  const k = after & MASK
  const tailSeen = past.sums.seen - past.seen[k]
  const tailExposure = past.sums.exposure - past.exposure[k]
  const usualRate = (tailSeen + 0.5) / (tailExposure + 0.5 / temper.share)
  for (const head of HEADS) {
    if (head > after) return false
    const seen = past.seen[head] - past.seen[0]
    const mean = usualRate * (past.exposure[head] - past.exposure[0])
    if (seen < HEAD_RATIO * mean || seen - mean < 2 * temper.minExcess) continue
    const variance = temper.fano * mean + (temper.wobble * mean) ** 2 + (mean * mean) / (tailSeen + 0.5)
    const score = surprise(seen, mean, variance)
    if (score < threshold) continue
    const exposure = past.exposure[head] - past.exposure[0]
    const run: Run = {
      start: 0,
      end: 0,
      knownAt: i + 1,
      over: false,
      score,
      rate: usualRate,
      evidence: tailSeen + 0.5,
      level: 0,
      top: 0,
      quiet: 0,
      seen: 0,
      expected: 0,
      seenAtEnd: 0,
      expectedAtEnd: 0,
      excess: ((seen - mean) / exposure) * 10,
      exposure: 10,
      recentSeen: 0,
      recentExposure: 0,
    }
    const probe = { first: 0, expected: new Float32Array(0) }
    for (let j = 0; j < i; j++) follow(w, run, j, temper, probe)
    if (run.end > i + 1 - AFTER / 2) continue
    for (let j = 0; j < run.end; j++) write(trace, j, usualRate * minuteOf(w, j).exposure)
    runs.push(run)
    w.baseline = newBaseline()
    close(w, run, temper)
    return true
  }
  return false
}

/** The slot is over: did it run clearly above the baseline? */
function closeSlot(w: Watch, i: number, temper: Temper): void {
  const { habit } = w
  const excess = habit.seen - habit.mean
  const clear = excess >= 3 && excess * excess > 9 * varianceOf(w.dispersion, 2, habit.mean, temper)
  endSlot(habit, (i + 1) / SLOT_MINUTES - 1, clear)
}

/** Learn from the stretches that end with minute i, unless an episode or a habit is part of them. */
function learnStretches(w: Watch, i: number, temper: Temper): void {
  if (w.open) return
  const { past } = w
  for (let scale = 0; scale < SCALES; scale++) {
    const width = 1 << scale
    if (((i + 1) & (width - 1)) !== 0) return
    const from = i + 1 - width
    if (from < w.floor) return
    const k = from & MASK
    if (past.sums.habit > past.habit[k]) continue
    const mean = past.rate[k] * (past.sums.exposure - past.exposure[k])
    // What rests on next to nothing (the first minutes) tells how good the guess was, not how much counts scatter.
    if (mean > 2 * past.evidence[k]) continue
    learnStretch(w.dispersion, scale, past.sums.seen - past.seen[k], mean, temper)
  }
}

function write(trace: Trace, minute: number, expected: number): void {
  const at = minute - trace.first
  if (at >= 0 && at < trace.expected.length) trace.expected[at] = expected
}
