/**
 * What happens at the same time every day or every week: a nightly job that fails each night, a Sunday import.
 *
 * Five-minute slots that ran clearly above the baseline are remembered with their highest minute. A slot's habit is
 * what several earlier days (or weeks) had within a quarter of an hour of the same time, so that neither one
 * incident yesterday nor two in a week make a habit, and a job that starts ten minutes late is still one.
 */
export interface Habit {
  /** Highest minute above the baseline, by slot, around a ring of four weeks and a day; null until there is one. */
  peaks: Float32Array | null
  seen: number
  mean: number
  peak: number
  /** Requests a minute that habit adds in the slot under way. */
  now: number
}

export const SLOT_MINUTES = 5
const DAY = 1440 / SLOT_MINUTES
const WEEK = 7 * DAY
const RING = 4 * WEEK + DAY
/** Slots by which a job may come early or late. */
const JITTER = 3

export function newHabit(): Habit {
  return { peaks: null, seen: 0, mean: 0, peak: 0, now: 0 }
}

export function copyHabit(h: Habit): Habit {
  const copy = newHabit()
  copy.peaks = h.peaks && h.peaks.slice()
  copy.seen = h.seen
  copy.mean = h.mean
  copy.peak = h.peak
  copy.now = h.now
  return copy
}

/** To be called in the first minute of each slot: what is the habit now? */
export function beginSlot(h: Habit, slot: number, habits: boolean): void {
  h.seen = h.mean = h.peak = 0
  h.now = habits && h.peaks ? Math.max(nth(h.peaks, slot, DAY, 7), nth(h.peaks, slot, WEEK, 4)) : 0
}

export function addMinute(h: Habit, seen: number, mean: number): void {
  h.seen += seen
  h.mean += mean
  if (seen - mean > h.peak) h.peak = seen - mean
}

/** To be called in the last minute of each slot. `clear`: the slot ran clearly above the baseline. */
export function endSlot(h: Habit, slot: number, clear: boolean): void {
  if (clear && !h.peaks) h.peaks = new Float32Array(RING)
  if (h.peaks) h.peaks[slot % RING] = clear ? h.peak : 0
}

/** The second highest of two or three earlier times, the third highest of more. */
function nth(peaks: Float32Array, slot: number, period: number, most: number): number {
  const known = Math.min(most, Math.floor(slot / period))
  if (known < 2) return 0
  let first = 0
  let second = 0
  let third = 0
  for (let back = 1; back <= known; back++) {
    let peak = 0
    for (let s = slot - back * period - JITTER; s <= slot - back * period + JITTER; s++) {
      if (s >= 0 && peaks[s % RING] > peak) peak = peaks[s % RING]
    }
    if (peak > first) [first, second, third] = [peak, first, second]
    else if (peak > second) [second, third] = [peak, second]
    else if (peak > third) third = peak
  }
  return known < 4 ? second : third
}
