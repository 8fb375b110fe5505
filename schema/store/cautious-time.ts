/** Time for what is removed by age: a clock that is wrong for an hour must not cost what years have gathered. */
import { DAY, HOUR } from '../words/duration.js'
import { systemClock, type Clock } from '../runtime/clock.js'

/** A clock that is ahead of the time that has passed by more than this has jumped, ms. */
const TOLERANCE_MS = HOUR
/** It is believed when it has stood so for so long, ms: whoever looks once a day believes it at the next look. */
const BELIEVED_AFTER_MS = DAY - HOUR

export interface CautiousTimeOptions {
  clock?: Clock
  /** it has gone forward by so many ms, and is not believed yet: the machine slept, or the clock is wrong */
  onJump?(forward: number): void
}

/**
 * Wall time, as long as it goes with the time that passes. After a jump forward the time that passed is counted on from before; a
 * jump back is believed at once, since it removes nothing.
 */
export function cautiousTime({ clock = systemClock, onJump }: CautiousTimeOptions = {}): () => number {
  let wall = clock.now()
  let steady = clock.monotonic()
  let doubtedSince: number | null = null
  return () => {
    const now = clock.now()
    const passed = clock.monotonic()
    const expected = wall + (passed - steady)
    const forward = now - expected
    if (forward > TOLERANCE_MS) {
      if (doubtedSince === null) onJump?.(forward)
      doubtedSince ??= passed
      if (passed - doubtedSince < BELIEVED_AFTER_MS) return expected
    }
    doubtedSince = null
    wall = now
    steady = passed
    return now
  }
}
