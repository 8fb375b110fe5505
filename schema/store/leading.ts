/** Keeps asking for a lease, and says for as long as it has it: who of many nodes evaluates, or fetches. */
import { systemClock, type Clock } from '../runtime/clock.js'
import type { Fence, Leases } from './leases.js'

/** So often in the time of a lease it is renewed, or asked for. */
const RENEWALS = 3

export interface Leading {
  /** Null: another node has it, or nobody knows. What is done meanwhile is refused by the token, should this be wrong. */
  fence(): Fence | null
  /** Gives it back: another one may go on at once. */
  stop(): Promise<void>
}

export interface LeadingOptions {
  leases: Leases
  lease: string
  /** without a sign of life for so long it is another's */
  ms: number
  clock?: Clock
  /** it has come to us */
  onTaken?(): void
}

/** Asks at once. */
export function lead({ leases, lease, ms, clock = systemClock, onTaken }: LeadingOptions): Leading {
  let held: { fence: Fence; until: number } | null = null
  let stopped = false
  let asking: Promise<void> = Promise.resolve()

  const current = () => (held !== null && clock.monotonic() < held.until ? held.fence : null)

  async function ask(): Promise<void> {
    // from before the question on: the ledger counts from its answer
    const until = clock.monotonic() + ms
    const before = current()
    const fence = await leases.take(lease, ms)
    held = fence && { fence, until }
    if (fence !== null && before?.token !== fence.token && !stopped) onTaken?.()
  }
  const turn = () => {
    // who gets no answer keeps what is held until its time is up
    asking = asking.then(ask).catch(() => {})
  }
  turn()
  const timer = setInterval(turn, ms / RENEWALS)
  timer.unref()

  return {
    fence: current,
    async stop() {
      stopped = true
      clearInterval(timer)
      await asking
      const fence = current()
      held = null
      if (fence !== null) await leases.release(fence).catch(() => {})
    },
  }
}
