/**
 * Reading many records, for exports, copies and checks: in one order, a page at a time, so that a reader of a billion records
 * holds one page, can stop, and go on tomorrow.
 */
import type { FieldName } from '../words/fields.js'
import type { MovingBlock } from './moving-block-shape.js'
import type { Selection } from './query.js'

/** Records of a page at most; large pages are read faster. */
export const MOST_SCANNED = 50_000

export interface ScanQuery extends Selection {
  /** records of a page, at most MOST_SCANNED */
  limit: number
  /** `next` of the page before; null: from the beginning */
  after: string | null
  /** only records that this batch stored */
  batch?: string
  /** A hint of what will be looked at: other columns may come as absent, which saves a store from reading them. */
  fields?: readonly FieldName[]
}

export interface ScanPage {
  /**
   * Oldest first, in the order of record-order.ts; may be empty though there are further pages, where a filter passes little.
   * The hashes of its identities are made with this store's own key.
   */
  block: MovingBlock
  /** which batch stored row i: `ids[of[i]]` */
  batches: { ids: string[]; of: Uint32Array }
  /** where to go on, also in another process and after records came and went; null at the end */
  next: string | null
}

export interface Scannable {
  scan(query: ScanQuery): Promise<ScanPage>
}
