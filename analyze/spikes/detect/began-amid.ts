import { between } from './past.js'
import { EXPOSURE, NEWCOMERS, ODD, SEEN } from './sums.js'
import { failingIn, follow, newRun, type Followed, type Run } from './run.js'
import { NEW_FANO } from './scan.js'
import { surprise } from './tail.js'
import type { Temper } from './temper.js'

/**
 * An export that begins amid an incident: nothing before it shows what is usual, so only its end does. In the first
 * hours, the beginning is compared with the twenty minutes that just passed.
 */

/** Lengths (minutes) that the beginning is tried with. */
const HEADS = [3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180]
/** Ordinary minutes that must follow before it is believed ... */
const AFTER = 20
/** ... of which so many must be free of it. */
const CLEAR = 10
/** How many times what followed it must be: levels drift, more so in hours of which nothing is known. */
const TIMES = 3
/** A level that sinks slowly is a rhythm: the last minutes must stand out as well. */
const LAST = 10
/** Deviations by which newcomers must be more than those of the minutes that follow. */
const NEW_DEVIATIONS = 3

/** The run that the first minutes were, once minute i shows it. */
export function beganAmid(f: Followed, i: number, temper: Temper, threshold: number): Run | null {
  const after = i + 1 - AFTER
  if (after < HEADS[0]) return null
  const tail = (sum: number) => between(f.past, after, i + 1, i, sum)
  if (tail(ODD) > 0 || tail(EXPOSURE) === 0) return null
  const followed = tail(SEEN) + 0.5
  const rate = followed / (tail(EXPOSURE) + 0.5 / temper.share)
  for (const length of HEADS) {
    if (length > after) return null
    const seen = between(f.past, 0, length, i, SEEN)
    const exposure = between(f.past, 0, length, i, EXPOSURE)
    const mean = rate * exposure
    if (
      between(f.past, 0, length, i, NEWCOMERS) < temper.minClients ||
      seen < TIMES * mean ||
      seen - mean < 2 * temper.minExcess
    )
      continue
    const variance = temper.fano * mean + (temper.wobble * mean) ** 2 + (mean * mean) / followed
    const score = surprise(seen, mean, variance)
    if (score < threshold) continue
    const run = newRun(0, i + 1, score, rate, followed, (seen - mean) / exposure, failingIn(f.past, 0, length, i))
    for (let j = 0; j <= i; j++) follow(f, run, j, i, temper)
    if (run.end === 0 || run.end > i + 1 - CLEAR) continue
    if (temper.minClients > 1 && !bringsNewcomers(f, run.end, after, i, temper)) continue
    const last = (sum: number) => between(f.past, Math.max(0, run.end - LAST), run.end, i, sum)
    if (last(SEEN) >= TIMES * rate * last(EXPOSURE)) return run
  }
  return null
}

/**
 * At first everybody is new, the handful of a crawler that is at work too. So it is the second half of the beginning that shows whether
 * people failed, who come and go: it has to bring many more who are new than the minutes that follow.
 */
function bringsNewcomers(f: Followed, end: number, after: number, i: number, temper: Temper): boolean {
  const half = Math.floor(end / 2)
  const followed = between(f.past, after, i + 1, i, NEWCOMERS) + 0.5
  const exposed = between(f.past, after, i + 1, i, EXPOSURE) + 0.5 / temper.share
  const due = (followed / exposed) * between(f.past, half, end, i, EXPOSURE)
  const variance = NEW_FANO * due + (due * due) / followed
  return surprise(between(f.past, half, end, i, NEWCOMERS), due, variance) >= NEW_DEVIATIONS
}
