/**
 * The one door to where things rest. Records are the millions, the ledger is the small truth beside them, the alert log is
 * what alerting remembers; what must be one commit over records and ledger goes through `batches`. Engines: see
 * ../open-store.ts.
 */
import type { AlertLog } from './alert-log.js'
import type { Batches } from './batches.js'
import type { Leases } from './leases.js'
import type { Ledger } from './ledger.js'
import type { ReadRecords, Records } from './records.js'

/** What whoever only reads needs: what was counted, and what the batches brought. */
export interface ReadStore {
  readonly records: ReadRecords
  readonly ledger: Pick<Ledger, 'reports' | 'annotations'>
}

/** Something was stored or taken out. `batch`: of which batch, if it is known and was one. */
export interface StoreChange {
  batch: string | null
}

export interface StoreCondition {
  /** bytes of the write-ahead log of its file */
  logBytes: number
  /** what to see to, in words, while everything still works; mostly nothing */
  advice: string[]
}

export interface Store {
  /** for people: without what must stay secret, see shown-url.ts */
  readonly url: string
  readonly batches: Batches
  readonly records: Records
  /** The same records, for what is found in the background: however much is asked here, who asks `records` does not wait behind it. */
  readonly patient: ReadRecords
  readonly ledger: Ledger
  readonly alerts: AlertLog
  /** Called after every commit that changes an answer, also of another process on the same store. Returns the way to stop. */
  onChange(listener: (change: StoreChange) => void): () => void
  /** Rings when alerting remembers something else than before, by whichever node. `edited`: a person changed it. */
  onAlerts(listener: (edited: boolean) => void): () => void
  /** null: the ledger is of one machine, where whoever is asked does everything */
  readonly leases: Leases | null
  /** A consistent copy of the whole store while it is in use. */
  backup(path: string): Promise<void>
  /** Bytes on disk, everything that belongs to the store. */
  size(): Promise<number>
  /**
   * Rejects with the StoreError that the next part of a batch would meet: no room, another process, a file that is gone.
   * Answers within seconds, whatever is under way.
   */
  checkWritable(): Promise<void>
  /** How it does, for whoever runs it. */
  condition(): Promise<StoreCondition>
  /** What is under way is finished. May be repeated. */
  close(): Promise<void>
}
