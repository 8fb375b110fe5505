/** The ledger's clock on this node: what one node plans another may go on with, whatever the clocks of their machines say. */
import { systemClock, type WaitingClock } from '../runtime/clock.js'
import type { Leases } from './leases.js'

/** Clocks drift apart by less than 20 ms in so long, ms. */
const ASK_EVERY_MS = 60_000

export interface LedgerClock extends WaitingClock {
  stop(): void
}

/** Resolves once the ledger has said what time it is. */
export async function ledgerClock(
  leases: Pick<Leases, 'now'>,
  local: WaitingClock = systemClock,
): Promise<LedgerClock> {
  let ahead = 0
  async function ask(): Promise<void> {
    const sent = local.monotonic()
    const now = await leases.now()
    // it was asked somewhere on the way
    ahead = now - (sent + local.monotonic()) / 2
  }
  await ask()
  const timer = setInterval(() => void ask().catch(() => {}), ASK_EVERY_MS)
  timer.unref()
  return {
    now: () => Math.round(ahead + local.monotonic()),
    monotonic: () => local.monotonic(),
    wait: (ms, signal) => local.wait(ms, signal),
    stop: () => clearInterval(timer),
  }
}
