/** Until when records go, and until when what was counted of them. */

import { StoreError } from './store-error.js'

export interface Limit {
  /** records of an event time before this go, epoch ms; −Infinity: none */
  before: number
  /**
   * counts before this go too; not given: with the records. Where counts stay longer both are the beginning of a day (UTC): of a day
   * there are records or counts.
   */
  countsBefore?: number
}

export interface Expiry extends Limit {
  /** zones with limits of their own, by name in lower case; '' is what has no zone */
  zones?: ReadonlyMap<string, Limit>
}

export const limitOf = (expiry: Expiry, zone: string): Limit => expiry.zones?.get(zone.toLowerCase()) ?? expiry

/** The one limit of an engine that does not keep counts. Throws a StoreError where more is asked of it. */
export function plainLimit(expiry: number | Expiry): number {
  if (typeof expiry === 'number') return expiry
  if (isPlain(expiry)) return expiry.before
  throw cannotKeepCounts()
}

export const cannotKeepCounts = () =>
  new StoreError(
    'STORE_UNUSABLE',
    'This store cannot keep counts longer than their records, nor zones for different times: only SQLite can. ' +
      'Leave FAULTLINE_RETENTION_COUNTS_DAYS and FAULTLINE_RETENTION_ZONES out.',
  )

/** Is anything to be kept longer than its records, or told apart by zones? */
export const isPlain = (expiry: Expiry): boolean =>
  (expiry.zones?.size ?? 0) === 0 && (expiry.countsBefore ?? expiry.before) >= expiry.before
