/** Who listens to a store hears of what is committed here at once, and of what other processes commit within a second. */
import type { Changed } from './batches.js'
import type { StoreChange } from './store.js'

/** how soon commits of other processes are noticed */
const POLL_MS = 1_000

export interface Changes {
  /** Returns how to stop listening. */
  onChange(listener: (change: StoreChange) => void): () => void
  /** Does what commits, and tells of each of the batches that it came to; null: of the store as a whole. */
  changing<T>(call: () => Promise<Changed<T>>, batchesOf: (value: T) => readonly (string | null)[]): Promise<T>
  /** Other processes are not looked for any more. */
  stop(): void
}

/** `seen`: the number of the last commit that is known; `lastChange`: that of the newest one now. */
export function changesAfter(seen: number, lastChange: () => Promise<number>): Changes {
  const listeners = new Set<(change: StoreChange) => void>()

  function tell(batch: string | null): void {
    for (const listener of listeners) listener({ batch })
  }

  const poll = setInterval(() => {
    if (listeners.size === 0) return
    lastChange().then(
      (change) => {
        if (change <= seen) return
        seen = change
        tell(null)
      },
      () => {},
    )
  }, POLL_MS)
  poll.unref()

  return {
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async changing(call, batchesOf) {
      const { value, change } = await call()
      if (change === null) return value
      // a gap in the numbers: another process committed in between, the next poll would have missed it
      const others = change > seen + 1
      seen = Math.max(seen, change)
      for (const batch of batchesOf(value)) tell(batch)
      if (others) tell(null)
      return value
    },
    stop: () => clearInterval(poll),
  }
}
