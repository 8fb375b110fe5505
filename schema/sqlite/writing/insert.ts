/** Records into segments: a segment per day of what is new. The caller holds the transaction. */
import { openBlock, type MovingBlock } from '../../store/moving-block.js'
import { bytesOf } from '../columns/bytes.js'
import type { Connection } from '../database.js'
import type { Keys } from '../identity-key.js'
import type { StoredPart } from '../ledger/batches.js'
import type { SegmentTable } from '../segments/catalog.js'
import { encodeSegment } from '../segments/encode.js'
import { rowsByDay } from '../segments/order.js'
import { rowsOfBlocks } from '../segments/rows.js'
import type { Deduper } from './dedupe.js'

export function insertRecords(
  { db, segments, deduper, keys }: { db: Connection; segments: SegmentTable; deduper: Deduper; keys: Keys },
  batch: number,
  blocks: readonly MovingBlock[],
): StoredPart {
  const outcome: StoredPart = { stored: 0, duplicates: 0, from: null, to: null }
  const filled = blocks.filter((block) => block.rows > 0)
  if (filled.length === 0) return outcome
  const rows = rowsOfBlocks(filled.map(openBlock), batch, keys.text)
  for (const { order } of rowsByDay(rows.time)) {
    const { fresh, duplicates } = deduper.sift(rows, order)
    if (fresh.length > 0) segments.insert(encodeSegment(rows, fresh))
    const from = rows.time[order[0]]
    const to = rows.time[order[order.length - 1]]
    if (duplicates.length > 0) {
      const insert = db.prepare('insert into duplicate (batch, first_time, last_time, keys) values (?, ?, ?, ?)')
      insert.run(batch, from, to, bytesOf(duplicates))
    }
    outcome.stored += fresh.length
    outcome.duplicates += duplicates.length / 2
    outcome.from = Math.min(outcome.from ?? from, from)
    outcome.to = Math.max(outcome.to ?? to, to)
  }
  return outcome
}
