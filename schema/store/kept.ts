/** What rests of which day, how much room that takes, and what of it has to go. */
import { DAY } from '../words/duration.js'

/** A day (UTC) of event times. */
export interface KeptDay {
  /** its beginning, epoch ms */
  from: number
  records: number
  /** room that its records take with all that is summed up of them, at least */
  bytes: number
}

export interface Kept {
  /** Bytes in use, everything that belongs to the store. What is free within a file does not count: new records go there first. */
  used: number
  /** days with records, the oldest first */
  days: KeptDay[]
}

export interface KeepLimits {
  /** whole days by event time; null: for ever */
  days: number | null
  /** bytes in use; null: as many as there are */
  bytes: number | null
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
