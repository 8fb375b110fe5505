/** What rests of which day, how much room that takes, and what of it has to go. */
import { DAY } from '../words/duration.js'
import type { Expiry, Limit } from './expiry.js'

/** A day (UTC) of event times. */
export interface KeptDay {
  /** its beginning, epoch ms */
  from: number
  records: number
  /** room that its records take with all that is summed up of them, at least */
  bytes: number
  /** records that are gone and only counted, and the room that their counts take */
  counted?: { records: number; bytes: number }
  /** records by zone, where some are counted only: what is asked by counting knows both */
  zones?: { [zone: string]: number }
}

export interface Kept {
  /** Bytes in use, everything that belongs to the store. What is free within a file does not count: new records go there first. */
  used: number
  /** days with records, the oldest first */
  days: KeptDay[]
}

/** How long something is kept. */
export interface Ages {
  /** whole days by event time; null: for ever */
  days: number | null
  /** counts of records that are gone stay until they are so old; null, or no more than `days`: they go with their records */
  countsDays?: number | null
}

export interface KeepLimits extends Ages {
  /** bytes in use; null: as many as there are */
  bytes: number | null
  /** zones with limits of their own, by name in lower case; '' is what has no zone */
  zones?: ReadonlyMap<string, Ages>
}

/** What a limit takes away. */
export interface Removal {
  /** records of an event time before this go, epoch ms */
  before: number
  /** why: by age, or by size */
  by: 'age' | 'size'
}

/**
 * Which records have to go, the oldest first; null: none. By size whole days go. The last day that has begun stays whatever the limit:
 * what is going on now is worth more than room, and a limit that is smaller than a day would remove all there is. How much becomes free is an estimate, rather less than it will be.
 */
export function removalOf({ used, days }: Kept, limits: KeepLimits, now: number): Removal | null {
  const byAge = limits.days === null ? -Infinity : now - limits.days * DAY
  const bySize = limits.bytes === null || used <= limits.bytes ? -Infinity : cut(days, used - limits.bytes, now)
  const before = Math.max(byAge, bySize)
  if (days.length === 0 || before <= days[0].from) return null
  return { before, by: bySize > byAge ? 'size' : 'age' }
}

/** Do counts stay longer, or zones for different times? */
export const isLayered = ({ days, countsDays, zones }: KeepLimits): boolean =>
  (zones?.size ?? 0) > 0 || (days !== null && (countsDays ?? 0) > days)

/**
 * The same by age, where limits are layered: whole days (UTC) go, since of a day there are records or counts. Null: nothing is ever too
 * old.
 */
export function expiryOf(limits: KeepLimits, now: number): Expiry | null {
  const one = ({ days, countsDays }: Ages): Limit => {
    if (days === null) return { before: -Infinity, countsBefore: -Infinity }
    const dayOf = (age: number) => Math.floor((now - age * DAY) / DAY) * DAY
    return { before: dayOf(days), countsBefore: dayOf(Math.max(days, countsDays ?? 0)) }
  }
  const zones = new Map([...(limits.zones ?? [])].map(([zone, ages]) => [zone, one(ages)]))
  const all = one(limits)
  return [all, ...zones.values()].every(({ before }) => before === -Infinity) ? null : { ...all, zones }
}

/**
 * What goes by size where limits are layered: the records of the oldest day that has some, then the counts of the oldest day.
 * Null: only the last day is left.
 */
export function oldestOf({ days }: Kept, now: number): { before: number; what: 'records' | 'counts' } | null {
  const begun = days.filter(({ from, records }) => records > 0 && from <= now)
  if (begun.length > 1) return { before: begun[0].from + DAY, what: 'records' }
  const counted = days.find((day) => day.counted !== undefined)
  return counted === undefined ? null : { before: counted.from + DAY, what: 'counts' }
}

/** At least all records (and with `counts` all counts) before a time. */
export function withAll({ zones, ...all }: Expiry, before: number, counts: boolean): Expiry {
  const one = (limit: Limit): Limit => {
    const raised = Math.max(limit.before, before)
    const countsBefore = limit.countsBefore ?? limit.before
    return { before: raised, countsBefore: counts ? Math.max(countsBefore, before) : Math.min(countsBefore, raised) }
  }
  return { ...one(all), zones: new Map([...(zones ?? [])].map(([zone, limit]) => [zone, one(limit)])) }
}

/** The end of the first days that take so many bytes together. */
function cut(days: readonly KeptDay[], bytes: number, now: number): number {
  // a record of next year, of a clock that was wrong, makes no day that has begun
  const begun = days.filter(({ from }) => from <= now)
  const removable = begun.slice(0, -1)
  let freed = 0
  let before = -Infinity
  for (const day of removable) {
    if (freed >= bytes) break
    freed += day.bytes
    before = day.from + DAY
  }
  return before
}

/** Is more in use than allowed, though nothing older is left to remove? */
export function isOverfull(kept: Kept, limits: KeepLimits, now: number): boolean {
  return limits.bytes !== null && kept.used > limits.bytes && removalOf(kept, limits, now) === null
}
