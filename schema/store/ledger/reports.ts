/** What the batches brought. Written through the door of the batches (../store.ts), read here. */
import type { BatchReport, RejectedLine } from '../../api/batches.js'
import type { Page, PageQuery } from '../paging.js'

export interface Reports {
  /** Newest first: one that was opened after a page was given would have stood before it. A batch's id is a cursor as well. */
  page(query: PageQuery): Promise<Page<BatchReport>>
  get(batch: string): Promise<BatchReport | null>
  /** Those that were kept, in the order in which they came. */
  rejectedLines(batch: string, query: PageQuery): Promise<Page<RejectedLine>>
}
