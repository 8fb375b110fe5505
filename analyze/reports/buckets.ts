/** Which buckets of time a report asks for; what they come to, the store knows. */
import { COUNTED_STEP } from '../../schema/store/counts-only.js'
import type { RecordsExtent } from '../../schema/store/records.js'
import { badRequest } from '../../schema/api/errors.js'
import { bucketsIn } from '../../schema/store/buckets.js'
import type { Bounds, Step } from '../../schema/store/query.js'
import { DAY, HOUR, MINUTE } from '../../schema/words/duration.js'
import { timeZoneOf } from '../../schema/words/time-zone.js'

export const MIN_STEP_MS = 1_000
/** More points than this no chart can show. */
const MAX_POINTS = 12_000
/** Points of all series of an answer together: a million would keep everybody else waiting for seconds while they are written. */
const MOST_IN_ALL = 250_000

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

/** A step that counts of records that are gone can tell: of a range that reaches back there, none finer than they are. */
export function knownStep(step: Step, { from }: { from: number }, { counted }: RecordsExtent): Step {
  return counted && from < counted.to && typeof step === 'number' ? Math.ceil(step / COUNTED_STEP) * COUNTED_STEP : step
}

export function parseZone(text = 'UTC'): string {
  const zone = timeZoneOf(text)
  if (zone !== null) return zone
  throw badRequest('BAD_ZONE', `"tz=${text}" is no time zone. Write it like Europe/Paris, or leave it out for UTC.`)
}

/** Refuses more points than a chart can show; gives the buckets as a question has them. */
export function chartBuckets({ from, to }: { from: number; to: number }, step: Step, zone: string): Bounds {
  const count = bucketsIn(from, to, step)
  if (count <= MAX_POINTS) return { step, zone }
  throw badRequest(
    'TOO_MANY_POINTS',
    `That would be ${count} points, ${MAX_POINTS} is the limit. Ask for a larger step or a shorter range.`,
  )
}

/**
 * How many series an answer has at most. `wanted` null: as many as are usual, fewer where they have many points; what somebody
 * asks for by number is given or refused, never cut in silence.
 */
export interface MostSeries {
  wanted: number | null
  usual: number
}

/** What a store is asked for: one more than fits, where it would be too many, tells whether there are so many. */
export function seriesAsked({ wanted, usual }: MostSeries, points: number): number {
  const fitting = seriesFitting(points)
  return wanted === null ? Math.min(usual, fitting) : Math.min(wanted, fitting + 1)
}

/** Refuses what does not fit. */
export function checkSeries(found: number, points: number): void {
  const fitting = seriesFitting(points)
  if (found <= fitting) return
  throw badRequest(
    'TOO_MANY_POINTS',
    `That would be more than ${fitting} series of ${points} points, ${MOST_IN_ALL} points in all is the limit. Ask for a larger step, a shorter range or a limit of ${fitting}.`,
  )
}

const seriesFitting = (points: number) => Math.max(1, Math.floor(MOST_IN_ALL / Math.max(1, points)))
