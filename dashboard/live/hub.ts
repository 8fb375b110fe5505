/** What just happened, told to every open page. */
import type { BatchReport } from '../../schema/api/batches.js'

export interface LiveEvents {
  /** records came or went */
  data: { batch: string | null }
  /** a batch moved on */
  batch: BatchReport
  /** spikes of the last day came, went or moved; their ids, the most important first */
  spikes: { at: string; spikes: string[] }
  /** alerts may have changed: ask again */
  alerts: { at: string }
}

export type LiveEvent = { [name in keyof LiveEvents]: { name: name; value: LiveEvents[name] } }[keyof LiveEvents]

export interface LiveHub {
  publish<N extends keyof LiveEvents>(name: N, value: LiveEvents[N]): void
  subscribe(listener: (event: LiveEvent) => void): () => void
  readonly listeners: number
}

export function createLiveHub(): LiveHub {
  const listeners = new Set<(event: LiveEvent) => void>()
  return {
    publish(name, value) {
      const event = { name, value } as LiveEvent
      for (const listener of listeners) listener(event)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get listeners() {
      return listeners.size
    },
  }
}
