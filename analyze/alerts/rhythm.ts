/** When to evaluate and when to send: as logs come, as time passes, and as people change things. */
import type { Clock } from '../../schema/runtime/clock.js'
import { HOUR, MINUTE, SECOND } from '../../schema/words/duration.js'

/** Logs come in parts every second or so; one evaluation for all of them. */
const EVERY_MS = 5 * SECOND
const CLEAN_EVERY_MS = 6 * HOUR

export interface RhythmOptions {
  clock: Clock
  /** so often at most, ms, unless people change something */
  everyMs?: number
  /** Resolves with the wall time at which notices are due even if no logs come; null: none. */
  evaluate(): Promise<number | null>
  /** Not waited for: a receiver that hangs must not hold up the next evaluation. */
  deliver(): Promise<void>
  clean(): Promise<void>
  onError(error: Error): void
}

export interface Rhythm {
  start(): void
  /** Resolves when the turn under way has ended. */
  stop(): Promise<void>
  /** New logs: evaluate at the next turn. */
  stir(): void
  /** Something was changed by people: evaluate at once. */
  nudge(): void
}

export function createRhythm({ clock, everyMs = EVERY_MS, evaluate, deliver, clean, onError }: RhythmOptions): Rhythm {
  let timer: NodeJS.Timeout | undefined
  let stopped = true
  let dirty = true
  let evaluatedAt = -Infinity
  let evaluatedMinute = -1
  let nextAt: number | null = null
  let cleanedAt = 0
  let turning: Promise<void> = Promise.resolve()

  async function turn(): Promise<void> {
    const due = clock.monotonic() - evaluatedAt >= everyMs
    const minute = Math.floor(clock.now() / MINUTE)
    if (due && (dirty || minute !== evaluatedMinute || (nextAt !== null && nextAt <= clock.now()))) {
      dirty = false
      evaluatedAt = clock.monotonic()
      evaluatedMinute = minute
      nextAt = await evaluate()
    }
    deliver().catch(onError)
    if (clock.now() - cleanedAt > CLEAN_EVERY_MS) {
      cleanedAt = clock.now()
      await clean()
    }
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    if (stopped) return
    timer = setTimeout(() => {
      turning = turn()
        .catch(onError)
        .finally(() => schedule(everyMs))
    }, ms)
    timer.unref()
  }

  return {
    start() {
      stopped = false
      schedule(0)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await turning.catch(() => {})
    },
    stir() {
      dirty = true
    },
    nudge() {
      dirty = true
      evaluatedAt = -Infinity
      schedule(0)
    },
  }
}
