/** Time that passes when it is waited for. */
import type { WaitingClock } from '../../../schema/runtime/clock.js'

export interface SimulatedClock extends WaitingClock {
  /** goes on by itself up to here; whoever waits for later waits for good */
  until: number
  /** somebody waits for later */
  isOver: boolean
  /** the true time */
  truth(): number
}

/** `off`: by how much the clock that is read differs from the true one, ms. */
export function simulatedClock(start: number, until: number, off = 0): SimulatedClock {
  let now = start
  const clock = {
    until,
    isOver: false,
    truth: () => now,
    now: () => now + off,
    monotonic: () => now - start,
    async wait(ms: number, signal: AbortSignal) {
      if (signal.aborted) return
      if (now + ms > clock.until) {
        clock.isOver = true
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        return
      }
      now += ms
      // the others have their turn
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
  return clock
}
