/** Buckets of time: fixed steps from the epoch, or the hours, days and weeks of a time zone. */
import { DateTime, IANAZone } from 'luxon'
import { badRequest } from '../../schema/api/errors.js'

export type Step = number | 'hour' | 'day' | 'week'

export const MIN_STEP_MS = 1_000
const WIDTH = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 }
/** More points than this no chart can show. */
export const MAX_BUCKETS = 12_000

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Steps that people read easily, ms. */
const NICE = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY]
/** Beyond so many weeks the weeks are taken together. */
const MOST_WEEKS = 1_000

/** The smallest nice step that gives at most `most` buckets. */
export function niceStep(from: number, to: number, most = 400): number {
  const nice = NICE.find((step) => (to - from) / step <= most)
  if (nice !== undefined) return nice
  // years, or a stray line of another century: whole weeks, as many as it takes
  return Math.max(1, Math.ceil((to - from) / (7 * DAY) / MOST_WEEKS)) * 7 * DAY
}

export function parseStep(text: string | undefined, range: { from: number; to: number }): Step {
  if (text === undefined) return niceStep(range.from, range.to)
  if (text === 'hour' || text === 'day' || text === 'week') return text
  const step = Number(text)
  if (!Number.isInteger(step) || step < MIN_STEP_MS) {
    throw badRequest('BAD_STEP', `"step=${text}" must be whole milliseconds from ${MIN_STEP_MS}, or hour, day or week.`)
  }
  return step
}

export function parseZone(text: string | undefined): string {
  const zone = text ?? 'UTC'
  if (!IANAZone.isValidZone(zone))
    throw badRequest('BAD_ZONE', `"tz=${zone}" is no time zone. Write it like Europe/Paris, or leave it out for UTC.`)
  return zone
}

/** n + 1 ascending times for n buckets that cover [from, to). The first may begin before `from`. */
export function bucketBounds(from: number, to: number, step: Step, zone: string): Float64Array {
  // in UTC every hour and day is as long as the next
  const fixed = typeof step === 'number' ? step : zone === 'UTC' && step !== 'week' ? WIDTH[step] : null
  const bounds =
    fixed !== null ? fixedBounds(from, to, fixed) : zoneBounds(from, to, step as Exclude<Step, number>, zone)
  return Float64Array.from(bounds)
}

function tooMany(count: number): never {
  throw badRequest(
    'TOO_MANY_POINTS',
    `That would be ${Math.round(count)} points, ${MAX_BUCKETS} is the limit. Ask for a larger step or a shorter range.`,
  )
}

function fixedBounds(from: number, to: number, step: number): number[] {
  const first = Math.floor(from / step) * step
  const count = Math.max(0, Math.ceil((to - first) / step))
  if (count > MAX_BUCKETS) tooMany(count)
  return Array.from({ length: count + 1 }, (_, i) => first + i * step)
}

/** A day of a zone has 23, 24 or 25 hours: the calendar counts, not a fixed width. */
function zoneBounds(from: number, to: number, unit: 'hour' | 'day' | 'week', zone: string): number[] {
  const width = WIDTH[unit]
  if ((to - from) / width > MAX_BUCKETS) tooMany((to - from) / width)
  let at = DateTime.fromMillis(from, { zone }).startOf(unit)
  const bounds = [at.toMillis()]
  while (bounds[bounds.length - 1] < to) {
    at =
      unit === 'hour'
        ? DateTime.fromMillis(at.toMillis() + HOUR, { zone }).startOf('hour')
        : at.plus({ [unit]: 1 }).startOf(unit)
    bounds.push(at.toMillis())
  }
  return bounds
}
