/**
 * The small truth: little of it, often changed, never wrong. Each call is one commit, durable when it resolves; two at once
 * never mix. Times are epoch milliseconds of the caller's clock. What is listed comes in pages (paging.ts).
 */
import type { IdentityKey } from './identity.js'
import type { Annotations } from './ledger/annotations.js'
import type { Audit } from './ledger/audit.js'
import type { Checkpoints } from './ledger/checkpoints.js'
import type { Incidents } from './ledger/incidents.js'
import type { Reports } from './ledger/reports.js'
import type { Sessions } from './ledger/sessions.js'
import type { Settings } from './ledger/settings.js'
import type { Tokens } from './ledger/tokens.js'

export interface Ledger {
  /** The key of the identity hash, made once per store: readers need it before the first line. */
  identityKey(): Promise<IdentityKey>
  /**
   * Takes the key of another store over, so that its records can be copied here and are still known when they come again.
   * False: this store holds records already, whose hashes were made with its own key.
   */
  adoptIdentityKey(key: IdentityKey): Promise<boolean>
  readonly reports: Reports
  readonly settings: Settings
  readonly checkpoints: Checkpoints
  readonly tokens: Tokens
  readonly sessions: Sessions
  readonly audit: Audit
  readonly annotations: Annotations
  readonly incidents: Incidents
}

/** What of the ledger is read and written apart from the batches. */
export type SmallRooms = Omit<Ledger, 'identityKey' | 'adoptIdentityKey' | 'reports'>
