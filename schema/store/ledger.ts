/** The small truth: little of it, often changed, never wrong. */
import type { BatchReport, RejectedLine } from '../api/batches.js'
import type { IdentityKey } from './identity.js'

export interface Ledger {
  /** The key of the identity hash, made once per store: readers need it before the first line. */
  identityKey(): Promise<IdentityKey>
  readonly reports: Reports
  readonly settings: Settings
}

/** What the batches brought. */
export interface Reports {
  /** Newest first. */
  page(page: { limit: number; before: number | null }): Promise<BatchReport[]>
  get(id: number): Promise<BatchReport | null>
  /** In the order in which they came; `after`: how many of them were seen already. */
  rejectedLines(id: number, page: { limit: number; after: number }): Promise<RejectedLine[]>
}

/** Settings and states that belong to the data (a few KB each), by name. */
export interface Settings {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
}
