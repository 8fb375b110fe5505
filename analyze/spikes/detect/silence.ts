import { between, type Past } from './past.js'
import { EXPOSURE } from './sums.js'

/**
 * How long nothing may fail within one rise. Where a failure comes every quarter of an hour, three quarters of an hour without one say
 * little; so failures must have been due, and more of them the more there were: among a thousand pauses one is long.
 */
const AT_LEAST = 45
const DUE = 4
const CHANCE = 5
const EACH = 1.7
/** Without any that was due, so many minutes are too long all the same. */
const EVER = 720

/** Are so many minutes, in which so many failures were due, too long a silence for a rise of `seen`? */
export function isLongSilence(minutes: number, due: number, seen: number): boolean {
  if (minutes < AT_LEAST) return false
  return due >= Math.max(DUE, CHANCE + EACH * Math.log(Math.max(1, seen))) || minutes >= EVER
}

/**
 * Does such a silence part minutes `from` to `to`? Two little bursts with an hour of nothing between them are two restarts and no trouble
 * of an hour: a run that began with the first would have been over before the second.
 */
export function isParted(past: Past, from: number, to: number, sum: number): boolean {
  const within = (start: number, end: number, of: number) => between(past, start, end, to, of)
  let began = from
  while (began <= to && within(began, began + 1, sum) === 0) began++
  const seen = within(began, to + 1, sum)
  const rate = seen / within(began, to + 1, EXPOSURE)
  for (let j = began; j <= to; j++) {
    if (within(j, j + 1, sum) === 0) continue
    if (isLongSilence(j - began, rate * within(began, j, EXPOSURE), seen)) return true
    began = j + 1
  }
  return false
}
