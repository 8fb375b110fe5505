/** When to try again, and when to give up. */
import { DAY, HOUR, SECOND } from '../../../schema/words/duration.js'

const FIRST_MS = 10 * SECOND
const MOST_MS = HOUR
/** What a receiver may ask for with Retry-After. */
const MOST_PATIENCE_MS = 6 * HOUR
/** An answer that says the notice or the address is wrong is asked again less eagerly: somebody has to mend it. */
const PERMANENT_FIRST_MS = 5 * 60 * SECOND
/** After this a notice is given up: it stays in the log, marked as failed, and can be sent again by hand. */
export const GIVE_UP_AFTER_MS = DAY

export interface Failure {
  permanent: boolean
  retryAfterMs: number | null
}

/**
 * Wall time of the next attempt; null: given up. `failures`: how many attempts failed, this one included.
 * `random`: 0 to 1; spreads the attempts of many notices by half to one and a half.
 */
export function retryAt(
  failure: Failure,
  failures: number,
  createdAt: number,
  now: number,
  random: number,
): number | null {
  if (now - createdAt >= GIVE_UP_AFTER_MS) return null
  const first = failure.permanent ? PERMANENT_FIRST_MS : FIRST_MS
  const wait = Math.min(MOST_MS, first * 2 ** Math.min(30, failures - 1)) * (0.5 + random)
  const asked = failure.retryAfterMs === null ? 0 : Math.min(MOST_PATIENCE_MS, failure.retryAfterMs)
  return now + Math.round(Math.max(wait, asked))
}
