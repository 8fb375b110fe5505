/** What different people see of one store: all of it, or some zones as if there were no others. */
import { LRUCache } from 'lru-cache'
import type { Annotations } from '../schema/store/ledger/annotations.js'
import type { ReadRecords } from '../schema/store/records.js'
import type { ReadStore } from '../schema/store/store.js'
import { storeOfZones } from '../schema/store/zones/store.js'
import type { SpikeService } from './spikes/service.js'

export interface View {
  records: ReadRecords
  annotations: Annotations
  spikes: SpikeService
}

export interface Views {
  /** `zones` null: everything */
  of(zones: readonly string[] | null): View
  /** New data: what was found may be wrong. */
  forget(): void
}

/** Sets of zones whose spikes are remembered. */
const MOST = 16

export function createViews(store: ReadStore, spikesIn: (seen: ReadStore) => SpikeService): Views {
  const viewOf = (seen: ReadStore): View => ({
    records: seen.records,
    annotations: seen.ledger.annotations,
    spikes: spikesIn(seen),
  })
  const whole = viewOf(store)
  const limited = new LRUCache<string, View>({ max: MOST })
  return {
    of(zones) {
      if (zones === null) return whole
      const key = JSON.stringify(zones)
      const known = limited.get(key) ?? viewOf(storeOfZones(store, zones))
      limited.set(key, known)
      return known
    },
    forget() {
      whole.spikes.forget()
      for (const view of limited.values()) view.spikes.forget()
    },
  }
}
