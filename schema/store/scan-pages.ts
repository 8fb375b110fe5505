/** Walking through all that a scan gives. */
import type { Record } from '../words/record.js'
import { recordReader } from './block.js'
import { openBlock } from './moving-block.js'
import { MOST_SCANNED, type Scannable, type ScanPage, type ScanQuery } from './scan.js'

/** All pages, one after the other; the next is asked for when the one before was taken. */
export async function* scanPages(
  records: Scannable,
  query: Omit<ScanQuery, 'limit' | 'after'> & { limit?: number; after?: string | null },
): AsyncGenerator<ScanPage> {
  for (let after = query.after ?? null; ;) {
    const page: ScanPage = await records.scan({ limit: MOST_SCANNED, ...query, after })
    yield page
    if (page.next === null) return
    after = page.next
  }
}

/** The records of a page. */
export function* recordsOfPage({ block: moving }: ScanPage): Generator<Record> {
  const block = openBlock(moving)
  const read = recordReader(block)
  for (let row = 0; row < block.rows; row++) yield read(row)
}
