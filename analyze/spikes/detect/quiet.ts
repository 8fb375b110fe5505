import { feedNothing } from './baseline.js'
import type { Exposure } from './exposure.js'
import { beginSlot, SLOT_MINUTES } from './habit.js'
import { openHour } from './hours.js'
import { closeSlot, learnScatter } from './learn.js'
import { openMinute, RING } from './past.js'
import { DATA, EXPOSURE, ODD, REQUESTS } from './sums.js'
import type { Judged, Trace, Tuning, Watch } from './watch-state.js'

/**
 * Minutes in which nothing failed. Of the two hundred series of a site half have a failure in one minute of a hundred, and nearly all of
 * what is looked at are such minutes: none of them shows a rise, so that all they do is pass. The result is the same to the last bit as
 * if each had been looked at like any other.
 */

/** Would a minute without a failure be looked at for anything? Not where an episode is on, a habit may be due, or the beginning may have been one. */
export function isCalm(w: Watch, { habits }: Tuning, trace: Trace): boolean {
  if (w.open !== null || w.standing !== null || trace.onExpected !== undefined) return false
  if (habits && w.habit.peaks !== null) return false
  return w.minute >= RING || trace.runs.length > 0 || w.last !== null
}

/** A slot in which nothing failed ends, and there is no burst or habit that it could end. */
const isNothing = ({ habit, bursts }: Watch): boolean =>
  habit.seen === 0 && habit.peaks === null && bursts.slots === 0 && bursts.list.length === 0

/** Lets the minutes from j on pass in which nothing failed, up to the first in which something did; gives how many they are. */
export function passQuiet(
  w: Watch,
  { heads, counts }: Judged,
  { due, requests, ordinary }: Exposure,
  from: number,
  tuning: Tuning,
  { expected, first }: Trace,
): number {
  const { past, habit, baseline, hours } = w
  const { now, rate } = past
  const { temper } = tuning
  // silence is watched without a trace
  const at = expected.length > 0 ? w.minute - first - from : -1
  let i = w.minute
  let j = from
  for (; j < heads.length && heads[j] === 0 && counts[j] === 0; i++, j++) {
    if (i % SLOT_MINUTES === 0) beginSlot(habit, i / SLOT_MINUTES, false)
    openMinute(past, i, baseline, temper)
    openHour(hours, i, past, baseline)
    if (due[j] > 0) {
      const usual = rate[i & (RING - 1)] * due[j]
      now[EXPOSURE] += due[j]
      now[REQUESTS] += requests[j]
      now[DATA]++
      now[ODD] += 1 - ordinary[j]
      habit.mean += usual
      if (at >= 0) expected[at + j] = usual
      if (ordinary[j] !== 0) feedNothing(baseline, due[j])
    }
    if (i % SLOT_MINUTES === SLOT_MINUTES - 1 && !isNothing(w)) closeSlot(w, i, temper)
    if ((i & 7) === 7) learnScatter(w, i, tuning)
  }
  w.minute = i
  return j - from
}
