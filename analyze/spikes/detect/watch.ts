import { adopt, adoptLevel, feed, newBaseline, requestsEach } from './baseline.js'
import { beganAmid } from './began-amid.js'
import type { Exposure } from './exposure.js'
import { addMinute, beginSlot, SLOT_MINUTES } from './habit.js'
import { firstSlotSeen, openHour, restoreHour, scanHours, sinceHour, type RiseOfHours } from './hours.js'
import { closeSlot, learnScatter } from './learn.js'
import {
  between,
  evidenceBefore,
  openMinute,
  rateBefore,
  minuteOf,
  rememberBaseline,
  restoreBaseline,
  RING,
} from './past.js'
import { isCalm, passQuiet } from './quiet.js'
import { failingIn, follow, isLong, isOver, JOIN, keepOf, newRun, stillOn, type Run } from './run.js'
import { scan, type Rise } from './scan.js'
import { ALL, SUMS, CALM, DATA, EXPOSURE, HABIT, NEWCOMERS, ODD, REQUESTS, SEEN } from './sums.js'
import type { Temper } from './temper.js'
import type { Judged, Trace, Tuning, Watch } from './watch-state.js'

/** A minute's calm count is cut this many deviations of plain chance above the expectation. */
const CALM_DEVIATIONS = 3
/** How far back the start of a rise is looked for, and by how much better an earlier start must not be beaten. */
const REACH = 180
const GIVE_UP = 10

/**
 * Watch the next minutes of one series, never looking ahead: scan for a rise, follow it to its end, learn from the rest.
 */
export function watch(w: Watch, judged: Judged, exposure: Exposure, tuning: Tuning, trace: Trace): void {
  const { temper } = tuning
  const { past, habit } = w
  for (let j = 0; j < judged.heads.length; j++) {
    if (judged.heads[j] === 0 && isCalm(w, tuning, trace)) {
      j += passQuiet(w, judged, exposure, j, tuning, trace)
      if (j === judged.heads.length) return
    }
    const i = w.minute
    if (i % SLOT_MINUTES === 0) beginSlot(habit, i / SLOT_MINUTES, tuning.habits)
    openMinute(past, i, w.baseline, temper)
    openHour(w.hours, i, past, w.baseline)
    if (exposure.due[j] > 0) {
      bring(w, judged, exposure, j)
      if (w.open) goOn(w, w.open, i, temper, trace)
      else settle(w, i, judged, exposure, j, tuning, trace)
      if (w.standing) stand(w, w.standing, i, temper)
    }
    if (i % SLOT_MINUTES === SLOT_MINUTES - 1) closeSlot(w, i, temper)
    if (!w.open && (i & 7) === 7) learnScatter(w, i, tuning)
    w.minute++
  }
}

/** What minute j of the judged brings. */
function bring(w: Watch, { heads, counts, newcomers }: Judged, exposure: Exposure, j: number): void {
  const { past, habit } = w
  const { now } = past
  const due = exposure.due[j]
  const seen = heads[j]
  const usual = (w.open ? w.open.rate : rateBefore(past, w.minute)) * due
  const expected = usual + habit.now
  now[SEEN] += seen
  now[ALL] += counts[j]
  now[NEWCOMERS] += newcomers[j]
  // one is never cut
  now[CALM] += seen <= 1 ? seen : Math.min(seen, Math.floor(expected + CALM_DEVIATIONS * Math.sqrt(expected) + 1))
  now[EXPOSURE] += due
  now[REQUESTS] += exposure.requests[j]
  now[HABIT] += habit.now
  now[DATA]++
  now[ODD] += 1 - exposure.ordinary[j]
  addMinute(habit, seen, usual)
}

/** The minute at hand, by its sums. */
const minute = new Float64Array(SUMS)

/** An ordinary minute, or the one that shows a rise. */
function settle(
  w: Watch,
  i: number,
  { heads }: Judged,
  exposure: Exposure,
  j: number,
  { temper, threshold }: Tuning,
  trace: Trace,
): void {
  const { past, habit } = w
  const seen = heads[j]
  const usual = rateBefore(past, i) * exposure.due[j]
  // silence is watched without a trace
  if (trace.expected.length > 0) trace.expected[i - trace.first] = usual + habit.now
  trace.onExpected?.(w, i, usual, habit.now, evidenceBefore(past, i, temper))
  if (seen > usual + habit.now) {
    const rise = scan(w, i, temper, threshold) ?? scanHours(w, i, temper, threshold)
    if (rise) return begin(w, i, rise, temper, trace)
  } else if (i < RING && trace.runs.length === 0 && !w.last) {
    const run = beganAmid(w, i, temper, threshold)
    if (run) return startAfter(w, run, i, temper, trace)
  }
  if (exposure.ordinary[j] === 0) return
  minuteOf(past, i, i, minute)
  // A habit is no part of the baseline; but if it stayed away, nothing is taken off.
  const own = habit.now > 0 ? Math.max(Math.min(seen, usual), seen - habit.now) : seen
  minute[SEEN] = own
  minute[CALM] = Math.min(own, minute[CALM])
  minute[EXPOSURE] = exposure.due[j]
  feed(w.baseline, minute)
}

/** A rise is known: find where it began, freeze the baseline as it was, and follow it up to now. */
function begin(w: Watch, i: number, rise: Rise | RiseOfHours, temper: Temper, trace: Trace): void {
  const { past, last } = w
  if ('from' in rise) return beginLongAgo(w, i, rise, temper, trace)
  const start = startOf(w, i, rise, temper)
  if (last && last.end > i - RING && between(past, last.end, start, i, DATA) <= JOIN) {
    w.open = last
    w.last = null
    last.over = false
    last.score = Math.max(last.score, rise.score)
    for (let j = w.floor; j <= i; j++) goOn(w, last, j, temper, trace)
    return
  }
  const evidence = evidenceBefore(past, start, temper)
  const failing = failingIn(past, start, i + 1, i)
  const run = newRun(start, i + 1, rise.score, rateBefore(past, start), evidence, rise.excess, failing, rise.newcomers)
  restoreBaseline(past, start, w.baseline)
  run.each = requestsEach(w.baseline)
  run.keep = keepOf((rise.excess * between(past, start, i + 1, i, EXPOSURE)) / (i + 1 - start))
  trace.runs.push(run)
  w.open = run
  for (let j = start; j <= i; j++) goOn(w, run, j, temper, trace)
}

/** A rise of hours: it began where its first failure is found, perhaps before the minutes that are remembered. */
function beginLongAgo(w: Watch, i: number, rise: RiseOfHours, temper: Temper, trace: Trace): void {
  const { past, hours } = w
  const recent = Math.max(rise.from, i - RING + 2)
  const slot = firstSlotSeen(hours, rise.from, recent)
  const start = slot < recent ? slot : firstSeen(w, Math.max(rise.from, recent), i)
  const failing = failingIn(past, Math.max(start, recent), i + 1, i)
  const run = newRun(start, i + 1, rise.score, rise.rate, rise.evidence, rise.excess, failing)
  restoreHour(hours, rise.from, w.baseline)
  run.each = requestsEach(w.baseline)
  const before = (sum: number) => between(past, recent, i + 1, i, sum)
  const { seen, all, exposure } = sinceHour(hours, rise.from, past)
  run.seen = seen - before(SEEN)
  run.all = all - before(ALL)
  run.expected = rise.rate * (exposure - before(EXPOSURE))
  run.exposed = exposure - before(EXPOSURE)
  run.keep = keepOf((rise.excess * exposure) / (i + 1 - start))
  trace.runs.push(run)
  w.open = run
  for (let j = Math.max(start, recent); j <= i; j++) goOn(w, run, j, temper, trace)
}

function firstSeen(w: Watch, from: number, i: number): number {
  for (let j = from; j < i; j++) if (between(w.past, j, j + 1, i, SEEN) > 0) return j
  return i
}

/** One more minute of a run that others are looked for on top of. */
function stand(w: Watch, run: Run, i: number, temper: Temper): void {
  // what rises on top of it is not its own
  if (w.open) return
  follow(w, run, i, i, temper)
  if (!isOver(run)) return
  run.over = true
  w.standing = null
  adoptLevel(w.baseline, run.rate)
}

/** The start that makes the minutes since then most likely to be a rise. */
function startOf(w: Watch, i: number, rise: Rise, temper: Temper): number {
  const rate = rateBefore(w.past, i - rise.width + 1)
  // the stretch reaches over its beginning
  const failing = failingIn(w.past, i - (rise.width >> 1), i + 1, i)
  let start = i
  let level = 0
  let top = -Infinity
  for (let j = i; j >= Math.max(w.floor, i - REACH + 1); j--) {
    level += stillOn(w, j, i, rate, rise.excess, rise.newcomers, temper, failing, rise.few ? 1 : undefined)
    if (level > top) {
      top = level
      start = j
    } else if (j < i - rise.width && top - level > GIVE_UP) break
  }
  return start
}

/** One more minute of an open episode. */
function goOn(w: Watch, run: Run, j: number, temper: Temper, trace: Trace): void {
  const exposure = between(w.past, j, j + 1, w.minute, EXPOSURE)
  follow(w, run, j, w.minute, temper)
  write(w, trace, run, j, run.rate * exposure, between(w.past, j, j + 1, w.minute, HABIT))
  if (j < w.minute) return
  if (isOver(run)) close(w, run, temper)
  else if (isLong(run, j + 1)) becomeStanding(w, run, j)
}

/** It is over: go on with the baseline from before, and the ordinary minutes since the end. */
function close(w: Watch, run: Run, temper: Temper): void {
  const { past, baseline } = w
  run.over = true
  w.open = null
  w.last = run
  w.floor = Math.max(run.end, w.minute - RING + 2)
  for (let j = w.floor; j <= w.minute; j++) {
    rememberBaseline(past, j, baseline, temper)
    minuteOf(past, j, w.minute, minute)
    if (minute[EXPOSURE] > 0 && minute[ODD] === 0) feed(baseline, minute)
  }
}

/** What has lasted for a day goes on, and its level is the one that others have to rise above. */
function becomeStanding(w: Watch, run: Run, j: number): void {
  run.standing = true
  // one may stand for days already, on whose level this one came
  if (w.standing) w.standing.over = true
  w.standing = run
  w.open = null
  w.floor = j + 1
  adopt(w.baseline, run.recentSeen, run.recentExposure)
}

/** The first minutes were an incident: forget what they taught. */
function startAfter(w: Watch, run: Run, i: number, temper: Temper, trace: Trace): void {
  for (let j = 0; j < run.end; j++) {
    write(w, trace, run, j, run.rate * between(w.past, j, j + 1, i, EXPOSURE), 0)
  }
  trace.runs.push(run)
  w.baseline = newBaseline()
  close(w, run, temper)
}

/** What an open episode's frozen expectation makes of a minute. */
function write(w: Watch, trace: Trace, run: Run, at: number, usual: number, habit: number): void {
  if (at < trace.first || at - trace.first >= trace.expected.length) return
  trace.expected[at - trace.first] = usual + habit
  trace.onExpected?.(w, at, usual, habit, run.evidence)
}
