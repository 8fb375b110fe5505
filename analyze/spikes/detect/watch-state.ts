import { newBaseline, type Baseline } from './baseline.js'
import { copyBursts, newBursts, type Bursts } from './bursts.js'
import { newDispersion, type Dispersion, type Scatter } from './dispersion.js'
import { copyHabit, newHabit, type Habit } from './habit.js'
import { newHours, type Hours } from './hours.js'
import { copyPast, newPast, type Past } from './past.js'
import type { Run } from './run.js'
import type { Temper } from './temper.js'

/**
 * What is known of one series. While an episode is open the baseline stands still, and it goes on afterwards as if the episode had not
 * been.
 */
export interface Watch {
  /** Minutes seen so far. */
  minute: number
  baseline: Baseline
  dispersion: Dispersion
  calmDispersion: Dispersion
  newDispersion: Dispersion
  habit: Habit
  bursts: Bursts
  past: Past
  /** First minute that a stretch may include: what came before was an episode. */
  floor: number
  open: Run | null
  /** The last closed run, which a new rise soon after continues. */
  last: Run | null
  /** A run so long that others are looked for on top of it; it goes on beside them until it ends. */
  standing: Run | null
  /** Hours, for series so sparse that minutes say nothing. */
  hours: Hours
}

/** What is watched, by minute. */
export interface Judged {
  /** what is judged: clients where the logs tell them apart, else requests; and those that are new to it */
  heads: Float64Array
  newcomers: Float64Array
  /** requests */
  counts: Float64Array
}

export interface Tuning {
  temper: Temper
  /** how calm counts scatter, before the series has shown it */
  calmScatter: Scatter
  newScatter: Scatter
  /** Score from which a rise is an episode. */
  threshold: number
  /** Whether what comes at the same time each day is usual: no, where it is known that many suffer each time. */
  habits: boolean
}

/** What a watch writes: runs as they begin, and what it expected of each minute (index 0 is minute `first`). */
export interface Trace {
  runs: Run[]
  first: number
  expected: Float32Array
  /** Asked for each minute's expectation where someone wants to draw a band. */
  onExpected?: (w: Watch, minute: number, usual: number, habit: number, evidence: number) => void
}

export function newWatch(): Watch {
  return watchOf(
    0,
    newBaseline(),
    newDispersion(),
    newDispersion(),
    newDispersion(),
    newHabit(),
    newBursts(),
    newPast(),
  )
}

/** One that knows what another does, of a series that had no episode itself. Made like any other: what `structuredClone` makes is compiled for anew. */
export function likeWatch(w: Watch): Watch {
  const { minute, baseline, dispersion, calmDispersion, newDispersion, habit, bursts, past, hours, floor } = w
  const copy = watchOf(
    minute,
    baseline.slice(),
    dispersion.slice(),
    calmDispersion.slice(),
    newDispersion.slice(),
    copyHabit(habit),
    copyBursts(bursts),
    copyPast(past),
  )
  copy.floor = floor
  copy.hours.ring.set(hours.ring)
  copy.hours.slots = hours.slots
  return copy
}

function watchOf(
  minute: number,
  baseline: Baseline,
  dispersion: Dispersion,
  calmDispersion: Dispersion,
  newDispersion: Dispersion,
  habit: Habit,
  bursts: Bursts,
  past: Past,
): Watch {
  return {
    minute,
    baseline,
    dispersion,
    calmDispersion,
    newDispersion,
    habit,
    bursts,
    past,
    floor: 0,
    open: null,
    last: null,
    standing: null,
    hours: newHours(),
  }
}
