/** Time, so that tests can tell it. */
export interface Clock {
  /** wall time, epoch ms: may jump */
  now(): number
  /** ms since any moment: never jumps, never goes back */
  monotonic(): number
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

/** Wall and monotonic time may drift this far apart between two looks, ms. */
const TOLERANCE_MS = 30_000

export interface Jump {
  forward: number
}

/** Notices when the wall clock jumped: set by hand, or the machine was asleep. */
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
