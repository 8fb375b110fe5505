/** What different people see of one store: all of it, or some zones as if there were no others. */
import { LRUCache } from 'lru-cache'
import type { Annotations } from '../schema/store/ledger/annotations.js'
import type { ReadRecords } from '../schema/store/records.js'
import type { ReadStore, Store } from '../schema/store/store.js'
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

/** Spikes are found by many questions, some of them long: pages do not wait behind them. */
export function createViews(
  { records, patient, ledger }: ReadStore & Pick<Store, 'patient'>,
  spikesIn: (seen: ReadStore) => SpikeService,
): Views {
  const viewOf = (as: (seen: ReadStore) => ReadStore): View => ({
    records: as({ records, ledger }).records,
    annotations: as({ records, ledger }).ledger.annotations,
    spikes: spikesIn(as({ records: patient, ledger })),
  })
  const whole = viewOf((seen) => seen)
  const limited = new LRUCache<string, View>({ max: MOST })
  return {
    of(zones) {
      if (zones === null) return whole
      const key = JSON.stringify(zones)
      const known = limited.get(key) ?? viewOf((seen) => storeOfZones(seen, zones))
      limited.set(key, known)
      return known
    },
    forget() {
      whole.spikes.forget()
      for (const view of limited.values()) view.spikes.forget()
    },
  }
}
