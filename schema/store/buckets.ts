/** Buckets of time: fixed steps from the epoch, or the hours, days and weeks of a time zone. An engine asks here which they are. */
import { DateTime } from 'luxon'
import { DAY, HOUR } from '../words/duration.js'
import type { Bounds, Step } from './query.js'

const WIDTH = { hour: HOUR, day: DAY, week: 7 * DAY }

/** More buckets than this (two years of minutes) are no question but a mistake. */
export const MOST_BUCKETS = 1_100_000

/**
 * The bounds of a question's buckets: n + 1 ascending times for n buckets. Where they are steps they cover [from, to), and the
 * first may begin before `from`: what is counted is of the range all the same. Throws a RangeError of code TOO_MANY_POINTS.
 */
export function boundsOf({ from, to, bounds }: { from: number; to: number; bounds: Bounds }): Float64Array {
  if (bounds === null) return Float64Array.of(from, to)
  return bounds instanceof Float64Array ? bounds : stepBounds(from, to, bounds.step, bounds.zone)
}

/** A question whose bounds are written out: for an engine, or the part of one, that has no calendar of its own. */
export type Bounded<Q> = Omit<Q, 'bounds'> & { bounds: Float64Array }

export function withBounds<Q extends { from: number; to: number; bounds: Bounds }>(query: Q): Bounded<Q> {
  return { ...query, bounds: boundsOf(query) }
}

/** How many buckets steps come to, about: for whoever sets a limit before he asks. */
export function bucketsIn(from: number, to: number, step: Step): number {
  return Math.max(0, Math.ceil((to - from) / (typeof step === 'number' ? step : WIDTH[step])))
}

function stepBounds(from: number, to: number, step: Step, zone: string): Float64Array {
  const count = bucketsIn(from, to, step)
  if (count > MOST_BUCKETS) {
    const message = `That would be ${count} buckets of time, ${MOST_BUCKETS} is the limit. Ask for a larger step or a shorter range.`
    throw Object.assign(new RangeError(message), { code: 'TOO_MANY_POINTS' })
  }
  // in UTC every hour and day is as long as the next
  const fixed = typeof step === 'number' ? step : zone === 'UTC' && step !== 'week' ? WIDTH[step] : null
  return fixed !== null ? fixedBounds(from, to, fixed) : zoneBounds(from, to, step as Exclude<Step, number>, zone)
}

function fixedBounds(from: number, to: number, step: number): Float64Array {
  const first = Math.floor(from / step) * step
  const count = Math.max(0, Math.ceil((to - first) / step))
  return Float64Array.from({ length: count + 1 }, (_, i) => first + i * step)
}

/** A day of a zone has 23, 24 or 25 hours: the calendar counts, not a fixed width. */
function zoneBounds(from: number, to: number, unit: Exclude<Step, number>, zone: string): Float64Array {
  let at: DateTime = DateTime.fromMillis(from, { zone }).startOf(unit)
  const bounds = [at.toMillis()]
  while (at.toMillis() < to) {
    at = next(at, unit)
    bounds.push(at.toMillis())
  }
  return Float64Array.from(bounds)
}

/**
 * The next hour, day or week. Where clocks go back by less than an hour (Lord Howe, by half of one, each April) the hour after an
 * hour begins with the same one, again: it is as long as both.
 */
function next(at: DateTime, unit: Exclude<Step, number>): DateTime {
  for (let ahead = 1; ; ahead++) {
    // in hours that pass: by the calendar the second of two equal hours would be passed over
    const there = unit === 'hour' ? at.plus({ milliseconds: ahead * HOUR }) : at.plus({ [unit]: ahead })
    const start = there.startOf(unit)
    if (start > at) return start
  }
}
