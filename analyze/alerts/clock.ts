/** Notices when the wall clock jumps. */
import type { Clock } from '../../schema/runtime/clock.js'

/** Wall and monotonic time may drift this far apart between two looks, ms. */
const TOLERANCE_MS = 30_000

export interface Jump {
  forward: number
}

/** Says how far it jumped since the last look: set by hand, or the machine was asleep. */
export function watchClock(clock: Clock): () => Jump | null {
  let wall = clock.now()
  let steady = clock.monotonic()
  return () => {
    const forward = clock.now() - wall - (clock.monotonic() - steady)
    wall = clock.now()
    steady = clock.monotonic()
    return Math.abs(forward) > TOLERANCE_MS ? { forward } : null
  }
}
