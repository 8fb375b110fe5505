/** Time, so that tests can tell it. */
import { setTimeout as timeout } from 'node:timers/promises'

export interface Clock {
  /** wall time, epoch ms: may jump */
  now(): number
  /** ms since any moment: never jumps, never goes back */
  monotonic(): number
}

export interface WaitingClock extends Clock {
  /** Resolves after so many ms, or at once when the signal is given. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** Node's timers take no longer span, ms. */
const LONGEST_WAIT = 2 ** 31 - 1

const clock = (keepsAlive: boolean): WaitingClock => ({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  wait: (ms, signal) =>
    timeout(Math.min(ms, LONGEST_WAIT), undefined, { signal, ref: keepsAlive }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error
    }),
})

/** Whoever waits by it does not keep the process alive. */
export const systemClock = clock(false)

/** For commands: the process lives until the wait is over. */
export const commandClock = clock(true)
