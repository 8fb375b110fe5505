/** Keeps records for so many days and within so many bytes: removes what is beyond at start, then time and again. */
import { DAY, MINUTE } from '../words/duration.js'
import { isOverfull, removalOf, type KeepLimits, type Removal } from './kept.js'
import type { Records } from './records.js'

export interface RetentionOptions extends KeepLimits {
  records: Pick<Records, 'expire' | 'kept'>
  /** records that went, and why */
  onExpired?(removed: number, removal: Removal): void
  /** the last day alone takes more than the limit: told once until it fits again */
  onOverfull?(used: number): void
  /** it is tried again at the next turn */
  onError(error: Error): void
  now?: () => number
  everyMs?: number
}

export interface Retention {
  /** Resolves when a removal under way has ended. */
  stop(): Promise<void>
}

/** By age a day is early enough; by size the disk fills meanwhile. */
const BY_AGE_MS = DAY
const BY_SIZE_MS = 5 * MINUTE

export function keepWithin({
  days,
  bytes,
  records,
  onExpired,
  onOverfull,
  onError,
  now = Date.now,
  everyMs = bytes === null ? BY_AGE_MS : BY_SIZE_MS,
}: RetentionOptions): Retention {
  let turning: Promise<void> | null = null
  let isTold = false

  async function turn(): Promise<void> {
    const limits = { days, bytes }
    let kept = await records.kept()
    let all = 0
    let last: Removal | null = null
    for (;;) {
      const removal = removalOf(kept, limits, now())
      if (removal === null) break
      // by size a day at a time: how much that frees is known only afterwards
      if (removal.by === 'size') removal.before = Math.min(removal.before, kept.days[0].from + DAY)
      const removed = await records.expire(removal.before)
      if (removed === 0) break
      all += removed
      last = removal
      kept = await records.kept()
    }
    if (last !== null) onExpired?.(all, last)
    const overfull = isOverfull(kept, limits, now())
    if (overfull && !isTold) onOverfull?.(kept.used)
    isTold = overfull
  }

  function start(): void {
    // one that takes long is not followed by another at once
    turning ??= turn()
      .catch(onError)
      .finally(() => {
        turning = null
      })
  }

  start()
  const timer = setInterval(start, everyMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await turning
    },
  }
}
