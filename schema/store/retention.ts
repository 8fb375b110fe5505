/** Keeps records for so many days and within so many bytes: removes what is beyond at start, then time and again. */
import { DAY, MINUTE } from '../words/duration.js'
import { expiryOf, isLayered, isOverfull, oldestOf, removalOf, withAll, type KeepLimits, type Removal } from './kept.js'
import type { Expiry } from './expiry.js'
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

const latestOf = ({ before, zones }: Expiry): number =>
  Math.max(before, ...[...(zones?.values() ?? [])].map((limit) => limit.before))

export function keepWithin({
  days,
  bytes,
  countsDays = null,
  zones,
  records,
  onExpired,
  onOverfull,
  onError,
  now = Date.now,
  everyMs = bytes === null ? BY_AGE_MS : BY_SIZE_MS,
}: RetentionOptions): Retention {
  let turning: Promise<void> | null = null
  let isTold = false

  const limits: KeepLimits = { days, bytes, countsDays, ...(zones && { zones }) }

  async function turn(): Promise<void> {
    if (isLayered(limits)) return turnLayered()
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

  /** Records first, counts of them when they are too old, or when nothing else is left to remove. */
  async function turnLayered(): Promise<void> {
    const never = { before: -Infinity, countsBefore: -Infinity }
    const expiry = expiryOf(limits, now()) ?? never
    const old = await records.expire(expiry)
    if (old > 0) onExpired?.(old, { before: latestOf(expiry), by: 'age' })
    let removed = 0
    let before = -Infinity
    let last = ''
    let kept = await records.kept()
    let overfull = false
    while (bytes !== null && kept.used > bytes) {
      const oldest = oldestOf(kept, now())
      const state = JSON.stringify(oldest)
      overfull = oldest === null || state === last
      if (oldest === null || state === last) break
      last = state
      if (oldest.what === 'records') before = oldest.before
      removed += await records.expire(withAll(expiry, oldest.before, oldest.what === 'counts'))
      kept = await records.kept()
    }
    if (removed > 0) onExpired?.(removed, { before, by: 'size' })
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
