/**
 * How often each address came, by time that passes. The counts of `@fastify/rate-limit` go by the wall clock: set back by hours it
 * would keep whoever was too quick waiting for as long.
 */
import { LRUCache } from 'lru-cache'

/** Addresses that are told apart; beyond, those that came least recently begin anew. */
const MOST_ADDRESSES = 5_000

interface Count {
  current: number
  /** when its time began, ms of the steady clock */
  since: number
}

type Told = (error: Error | null, count: { current: number; ttl: number }) => void

/** A store as the library wants it, which makes one for each limit. */
export class SteadyCounts {
  private readonly counts = new LRUCache<string, Count>({ max: MOST_ADDRESSES })

  incr(key: string, tell: Told, windowMs: number): void {
    const now = performance.now()
    const known = this.running(key, windowMs, now)
    const count = { current: (known?.current ?? 0) + 1, since: known?.since ?? now }
    this.counts.set(key, count)
    tell(null, { current: count.current, ttl: windowMs - (now - count.since) })
  }

  /** The same without counting. */
  read(key: string, tell: Told, windowMs: number): void {
    const now = performance.now()
    const count = this.running(key, windowMs, now)
    tell(
      null,
      count === null ? { current: 0, ttl: 0 } : { current: count.current, ttl: windowMs - (now - count.since) },
    )
  }

  child(): SteadyCounts {
    return new SteadyCounts()
  }

  private running(key: string, windowMs: number, now: number): Count | null {
    const count = this.counts.get(key)
    return count === undefined || now - count.since >= windowMs ? null : count
  }
}
