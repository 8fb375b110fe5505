/** Tells open pages that spikes came, went or moved: after new data, and only while somebody listens. */
import { DAY, MINUTE, SECOND } from '../../schema/words/duration.js'
import type { SpikeService } from '../../analyze/spikes/service.js'

/** Data streams in parts: so long after the last one, ms. */
const QUIET_MS = 2 * SECOND
/** Where it never ends, nobody waits longer than this, ms. */
const MOST_WAIT_MS = MINUTE
/** A look costs the detector a moment: at most so often, ms; one that took long is followed by a rest as long as itself. */
const LEAST_BETWEEN_MS = 15 * SECOND
/** The page asks for its last 24 hours on whole steps of ten minutes; the same question is answered once for both. */
const STEP_MS = 10 * MINUTE

export interface SpikeNewsOptions {
  find: SpikeService['find']
  /** last event time stored, epoch ms; null: nothing is stored */
  newest(): Promise<number | null>
  isHeard(): boolean
  publish(ids: string[]): void
  onError(error: Error): void
  now?: () => number
  quietMs?: number
  mostWaitMs?: number
  leastBetweenMs?: number
}

export interface SpikeNews {
  /** New data came, or some went. */
  stir(): void
  /** Resolves when no look is under way any more. */
  stop(): Promise<void>
}

export function createSpikeNews(options: SpikeNewsOptions): SpikeNews {
  const { now = Date.now, quietMs = QUIET_MS, mostWaitMs = MOST_WAIT_MS, leastBetweenMs = LEAST_BETWEEN_MS } = options
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | null = null
  /** the first change that was not looked at yet; null: none */
  let stirredAt: number | null = null
  let lookedAt = -Infinity
  let lookedFor = 0
  let told: string | null = null
  let stopped = false

  async function look(): Promise<void> {
    const newest = await options.newest()
    const time = Math.ceil(now() / MINUTE) * MINUTE
    // a store of history alone has its last day at its own end
    const end = newest !== null && newest < time - DAY ? newest + 1 : time
    const question = {
      from: Math.floor((end - DAY) / STEP_MS) * STEP_MS,
      to: Math.ceil(end / STEP_MS) * STEP_MS,
      filters: [],
    }
    const spikes = newest === null ? [] : (await options.find(question)).explained
    const seen = JSON.stringify(
      spikes.map(({ id, episode: { end, ongoing, observed } }) => [id, end, ongoing, observed]),
    )
    if (seen === told) return
    const first = told === null
    told = seen
    // at first nobody knows what was told before: an empty list is no news
    if (!first || spikes.length > 0) options.publish(spikes.map(({ id }) => id))
  }

  function plan(): void {
    clearTimeout(timer)
    if (stopped || looking) return
    timer = setTimeout(
      () => {
        if (!options.isHeard()) return
        stirredAt = null
        lookedAt = performance.now()
        looking = look()
          .catch(options.onError)
          .finally(() => {
            looking = null
            lookedFor = performance.now() - lookedAt
            if (stirredAt !== null) plan()
          })
      },
      Math.max(
        Math.min(quietMs, (stirredAt ?? 0) + mostWaitMs - performance.now()),
        lookedAt + Math.max(leastBetweenMs, 2 * lookedFor) - performance.now(),
      ),
    )
    timer.unref()
  }

  return {
    stir() {
      stirredAt ??= performance.now()
      plan()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
    },
  }
}
