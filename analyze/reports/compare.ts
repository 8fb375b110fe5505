/** Another window to hold a range against: the period before, yesterday, last week, or one that somebody chose. */
import { DateTime, IANAZone } from 'luxon'
import { Type } from 'typebox'
import { badRequest } from '../../schema/api/errors.js'
import { iso } from '../../schema/words/iso.js'
import { DAY } from '../../schema/words/duration.js'
import { instant, oneOf, type RawQuery } from '../http/parameters.js'

/** A number is the beginning of a window of the same length, epoch ms. */
export type Compare = 'previous' | 'day' | 'week' | number

export const compareParameter = Type.Optional(
  Type.String({
    description:
      'Also the same figures of another window of this length, under `compared`: previous (just before), day or week (the same hours of the day or week before, by tz), or the time at which it begins. Left out where records of that window are gone by age and counts do not tell',
  }),
)

export function compareOf(query: RawQuery): Compare | null {
  const text = oneOf(query, 'compare')
  if (text === undefined) return null
  if (text === 'previous' || text === 'day' || text === 'week') return text
  if (!/^-?\d/.test(text))
    throw badRequest(
      'BAD_COMPARE',
      `"compare=${text}" is not known. Give previous, day, week, or the time at which the other window begins.`,
    )
  return instant(text, 'compare')
}

interface Range {
  from: number
  to: number
}

const DAYS = { day: 1, week: 7 }

/** Where a moment of the range lies in the other window. Days and weeks go by the clock on the wall: nine o'clock is nine o'clock. */
function moved({ from, to }: Range, compare: Compare, zone: string): (time: number) => number {
  if (compare === 'previous') return (time) => time - (to - from)
  if (typeof compare === 'number') return (time) => time - (from - compare)
  const days = DAYS[compare]
  if (zone === 'UTC' || !IANAZone.isValidZone(zone)) return (time) => time - days * DAY
  return (time) => DateTime.fromMillis(time, { zone }).minus({ days }).toMillis()
}

/** The other window. */
export function comparedRange<S extends Range>(range: S, compare: Compare, zone: string): S {
  const move = moved(range, compare, zone)
  const from = move(range.from)
  return { ...range, from, to: Math.max(from, move(range.to)) }
}

export const comparedTimes = ({ from, to }: Range) => ({ from: iso(from), to: iso(to) })

/** Buckets of the other window, each in the place of one of the range. */
export interface MovedBuckets {
  /** strictly ascending, as a store takes them */
  bounds: Float64Array
  /** the start of the bucket that stands in the place of the n-th of the range */
  starts: Float64Array
  /** which bucket of `bounds` that is; -1: none, the clocks skipped it */
  at: Int32Array
}

/** An hour that the clocks skipped in the other window is empty there; one that they ran through twice holds both. */
export function movedBuckets(bounds: Float64Array, range: Range, compare: Compare, zone: string): MovedBuckets {
  const times = bounds.map(moved(range, compare, zone))
  for (let i = 1; i < times.length; i++) times[i] = Math.max(times[i], times[i - 1])
  const ends = [...new Set(times)]
  const bucketAt = new Map(ends.map((time, i) => [time, i]))
  const starts = times.slice(0, -1)
  return {
    bounds: Float64Array.from(ends),
    starts,
    at: Int32Array.from(starts, (time, i) => (time < times[i + 1] ? (bucketAt.get(time) ?? -1) : -1)),
  }
}
