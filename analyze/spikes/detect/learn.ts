import { learnStretch, SCALES, varianceOf } from './dispersion.js'
import { noteSlot } from './bursts.js'
import { endSlot, SLOT_MINUTES } from './habit.js'
import { calmRateBefore, evidenceBefore, newRateBefore, rateBefore, sumBefore } from './past.js'
import { CALM, EXPOSURE, HABIT, NEWCOMERS, ODD, SEEN } from './sums.js'
import type { Temper } from './temper.js'
import type { Tuning, Watch } from './watch-state.js'

/** What a series teaches besides its rate: how it scatters, its bursts and what comes by the clock. */

/** Minutes after which scatter is learned; with the widest stretch this reaches back as far as the ring. */
const LAG = 120
/** Minutes after which an open episode is none of the habits of the day. */
const NO_HABIT = 480

/** The slot is over: did it run clearly above the baseline? */
export function closeSlot(w: Watch, i: number, temper: Temper): void {
  const { habit, bursts, dispersion } = w
  const slot = (i + 1) / SLOT_MINUTES - 1
  const excess = habit.seen - habit.mean
  const clear = excess >= 3 && excess * excess > 9 * varianceOf(dispersion, 2, habit.mean, temper.fano, temper.wobble)
  // what goes on for hours is no job that comes and goes
  const long = w.standing !== null || (w.open !== null && i - w.open.start > NO_HABIT)
  endSlot(habit, slot, clear && !long)
  noteSlot(bursts, slot, clear, excess)
}

/**
 * To be called in every eighth minute: learn how the stretches that ended two hours before minute i scattered. Two hours, so that no stretch is
 * tested with scatter that it, or the rise it is part of, has made. Every eighth minute is enough; of the stretches
 * shorter than that, one in eight minutes is taken, each time another.
 */
export function learnScatter(w: Watch, i: number, tuning: Tuning): void {
  const end = i + 1 - LAG
  const sample = (end * 5) >> 3
  for (let scale = 0; scale < SCALES; scale++) {
    const width = 1 << scale
    if (width < 8) learnFrom(w, scale, end - ((((sample + scale) & 7) >> scale) << scale) - width, width, tuning)
    else if ((end & (width - 1)) === 0) learnFrom(w, scale, end - width, width, tuning)
    else return
  }
}

/** The stretch at hand: seen and expected. */
const stretch = new Float64Array(2)

/** Learn from one stretch, unless an episode, a habit or extraordinary traffic is part of it. */
function learnFrom(
  w: Watch,
  scale: number,
  from: number,
  width: number,
  { temper, calmScatter, newScatter }: Tuning,
): void {
  if (from < w.floor) return
  const { past } = w
  const to = from + width
  if (sumBefore(past, to, HABIT) > sumBefore(past, from, HABIT)) return
  if (sumBefore(past, to, ODD) > sumBefore(past, from, ODD)) return
  const exposure = sumBefore(past, to, EXPOSURE) - sumBefore(past, from, EXPOSURE)
  const mean = rateBefore(past, from) * exposure
  // What rests on next to nothing (the first minutes) tells how good the guess was, not how much counts scatter.
  if (mean > 2 * evidenceBefore(past, from, temper)) return
  stretch[0] = sumBefore(past, to, SEEN) - sumBefore(past, from, SEEN)
  stretch[1] = mean
  learnStretch(w.dispersion, scale, stretch, temper)
  stretch[0] = sumBefore(past, to, CALM) - sumBefore(past, from, CALM)
  stretch[1] = calmRateBefore(past, from, temper) * exposure
  learnStretch(w.calmDispersion, scale, stretch, calmScatter)
  if (temper.minClients === 1) return
  stretch[0] = sumBefore(past, to, NEWCOMERS) - sumBefore(past, from, NEWCOMERS)
  stretch[1] = newRateBefore(past, from, temper) * exposure
  learnStretch(w.newDispersion, scale, stretch, newScatter)
}
