/** Keeps records for so many days: removes what is older at start, then once a day. */
import { DAY } from '../words/duration.js'
import type { Records } from './records.js'

export interface RetentionOptions {
  /** whole days by event time; what an upload brings from before is removed at the next turn too */
  days: number
  records: Pick<Records, 'expire'>
  /** records that went, and before which event time, epoch ms */
  onExpired?(removed: number, before: number): void
  /** it is tried again the next day */
  onError(error: Error): void
  now?: () => number
  everyMs?: number
}

export interface Retention {
  /** Resolves when a removal under way has ended. */
  stop(): Promise<void>
}

export function keepForDays({
  days,
  records,
  onExpired,
  onError,
  now = Date.now,
  everyMs = DAY,
}: RetentionOptions): Retention {
  let turning: Promise<void> = Promise.resolve()

  function turn(): void {
    const before = now() - days * DAY
    turning = turning
      .then(() => records.expire(before))
      .then((removed) => {
        if (removed > 0) onExpired?.(removed, before)
      })
      .catch(onError)
  }

  turn()
  const timer = setInterval(turn, everyMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await turning
    },
  }
}
