/** A store as somebody sees it who is limited to zones: for questions, and for what is found in the answers. */
import type { Ledger } from '../ledger.js'
import type { ReadStore } from '../store.js'
import { annotationsOfZones } from './annotations.js'
import { recordsOfZones } from './records.js'

export type StoreOfZones = ReadStore & { readonly ledger: Pick<Ledger, 'reports' | 'annotations'> }

/** Reports of batches know no zones: there are none here. */
export function storeOfZones(store: StoreOfZones, zones: readonly string[]): StoreOfZones {
  return {
    records: recordsOfZones(store.records, zones),
    ledger: {
      annotations: annotationsOfZones(store.ledger.annotations, zones),
      reports: {
        get: async () => null,
        page: async () => ({ items: [], next: null }),
        rejectedLines: async () => ({ items: [], next: null }),
      },
    },
  }
}
