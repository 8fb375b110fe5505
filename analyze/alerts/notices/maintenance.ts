/** Windows in which work is planned, recurring by the calendar of a time zone. */
import { DateTime } from 'luxon'
import { timeZoneOf } from '../../../schema/words/time-zone.js'
import { WEEKDAYS, type MaintenanceDraft } from '../../../schema/api/alerts.js'
import { badRequest } from '../../../schema/api/errors.js'
import { DAY, MINUTE, parseDuration } from '../../../schema/words/duration.js'

const MAX_MS = 7 * DAY
/** A window that recurs at all recurs within this many days, unless its last day is over. */
const LOOK_AHEAD_DAYS = 400

export interface Span {
  start: number
  end: number
}

/** The window that `at` lies in; null if none does. */
export function windowAt(draft: MaintenanceDraft, at: number): Span | null {
  const ms = durationOf(draft)
  const day = DateTime.fromMillis(at, { zone: zoneOf(draft) }).startOf('day')
  // a window may have begun days ago
  for (let back = 0; back <= Math.ceil(ms / DAY) + 1; back++) {
    const start = startOn(draft, day.minus({ days: back }))
    if (start !== null && start <= at && at < start + ms) return { start, end: start + ms }
  }
  return null
}

/** The window at `at`, or the next one; null if there is none any more. */
export function nextWindow(draft: MaintenanceDraft, at: number): Span | null {
  const now = windowAt(draft, at)
  if (now) return now
  const first = draft.from ? DateTime.fromISO(draft.from, { zone: zoneOf(draft) }) : null
  let day = DateTime.fromMillis(at, { zone: zoneOf(draft) }).startOf('day')
  if (first && first > day) day = first.startOf('day')
  for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead++) {
    const start = startOn(draft, day.plus({ days: ahead }))
    if (start !== null && start > at) return { start, end: start + durationOf(draft) }
  }
  return null
}

/** Epoch ms at which the window of this day begins; a time that the clock skips in spring is an hour later. */
function startOn(draft: MaintenanceDraft, day: DateTime): number | null {
  if (draft.weekdays && draft.weekdays.length > 0 && !draft.weekdays.includes(WEEKDAYS[day.weekday - 1])) return null
  const date = day.toISODate() as string
  if ((draft.from && date < draft.from) || (draft.until && date > draft.until)) return null
  const [hour, minute] = draft.start.split(':').map(Number)
  return day.set({ hour, minute }).toMillis()
}

const zoneOf = ({ timeZone = 'UTC' }: MaintenanceDraft) => timeZoneOf(timeZone) ?? 'UTC'
const durationOf = (draft: MaintenanceDraft) => parseDuration(draft.duration) ?? 0

/** Throws a RequestError for what the schema cannot tell. */
export function checkMaintenance(draft: MaintenanceDraft): void {
  const ms = parseDuration(draft.duration)
  if (ms === null || ms < MINUTE || ms > MAX_MS) {
    throw badRequest('BAD_DURATION', `"duration": "${draft.duration}" must be a duration from 1m to 7d, like 90m.`)
  }
  if (timeZoneOf(draft.timeZone ?? 'UTC') === null) {
    throw badRequest(
      'BAD_ZONE',
      `"timeZone": "${draft.timeZone}" is no time zone. Write it like Europe/Paris, or leave it out for UTC.`,
    )
  }
  for (const name of ['from', 'until'] as const) {
    const day = draft[name]
    if (day !== undefined && (!/^\d{4}-\d\d-\d\d$/.test(day) || !DateTime.fromISO(day).isValid)) {
      throw badRequest('BAD_DAY', `"${name}": "${day}" is no day. Write it like 2026-05-20.`)
    }
  }
  if (draft.from && draft.until && draft.from > draft.until) {
    throw badRequest('EMPTY_RANGE', `The last day (${draft.until}) lies before the first (${draft.from}).`)
  }
}
