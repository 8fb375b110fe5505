/** Records into segments: a segment per day of what is new, whichever batches it came with. The caller holds the transaction. */
import type { MovingBlock } from '../../store/moving-block.js'
import { bytesOf } from '../columns/bytes.js'
import type { Connection } from '../database.js'
import type { Keys } from '../identity-key.js'
import type { StoredPart } from '../ledger/batches.js'
import type { SegmentTable } from '../segments/catalog.js'
import type { SegmentSource } from '../segments/segment.js'
import { encodeSegment } from '../segments/encode.js'
import { rowsByDay } from '../segments/order.js'
import { rowsOfBlocks, type Rows } from '../segments/rows.js'
import { CountedDays } from './counted-days.js'
import type { Deduper } from './dedupe.js'
import { recordKey } from './keys.js'
import { openOnce, type OwnedBlock } from './owned-blocks.js'

export interface Insertion {
  db: Connection
  segments: SegmentTable
  source: SegmentSource
  deduper: Deduper
  keys: Keys
}

export interface Brought {
  batch: number
  blocks: readonly MovingBlock[]
}

/** What each came to, in their order. Of a record that two of them bring, one is told that it is new. */
export function insertRecords(
  { db, segments, source, deduper, keys }: Insertion,
  brought: readonly Brought[],
): StoredPart[] {
  const parts = brought.map(({ batch, blocks }) => ({ batch, blocks: blocks.filter(({ rows }) => rows > 0) }))
  const outcomes = parts.map((): StoredPart => ({ stored: 0, duplicates: 0, from: null, to: null }))
  if (parts.every(({ blocks }) => blocks.length === 0)) return outcomes
  const opened = openOnce(parts.map(({ blocks }) => blocks))
  const rows = rowsOfBlocks(
    opened.map(({ block, owners }) => ({
      block,
      batches: owners.map((owner) => ({ batch: parts[owner.part].batch, rows: owner.rows })),
    })),
    keys.text,
  )
  const partOf = partOfRow(opened, rows.rows)
  const keep = db.prepare('insert into duplicate (batch, first_time, last_time, keys) values (?, ?, ?, ?)')
  const countedDays = new CountedDays(db, source)
  for (const { day, order: all } of rowsByDay(rows.time)) {
    const order = countedDays.without(rows, all, day)
    if (order.length === 0) continue
    const { fresh, repeated } = deduper.sift(rows, order)
    if (fresh.length > 0) segments.insert(encodeSegment(rows, fresh))
    const spans = spansIn(order, rows, partOf, parts.length)
    countByPart(fresh, partOf, parts.length).forEach((count, part) => {
      outcomes[part].stored += count
    })
    for (const [part, own] of byPart(repeated, partOf)) {
      const span = spans[part] as Span
      keep.run(parts[part].batch, span.from, span.to, bytesOf(keysOf(rows, own)))
      outcomes[part].duplicates += own.length
    }
    spans.forEach((span, part) => {
      if (span !== null) widen(outcomes[part], span)
    })
  }
  return outcomes
}

interface Span {
  from: number
  to: number
}

/** Which part a row came with. */
function partOfRow(opened: readonly OwnedBlock[], rows: number): Uint16Array {
  const out = new Uint16Array(rows)
  let at = 0
  for (const { owners } of opened) for (const owner of owners) out.fill(owner.part, at, (at += owner.rows))
  return out
}

/** First and last time of each part's rows in `order`, which is ascending; null: it has none there. */
function spansIn(order: Uint32Array, { time }: Rows, partOf: Uint16Array, parts: number): (Span | null)[] {
  if (parts === 1) return [{ from: time[order[0]], to: time[order[order.length - 1]] }]
  const spans: (Span | null)[] = Array.from({ length: parts }, () => null)
  for (const row of order) {
    const span = spans[partOf[row]]
    if (span === null) spans[partOf[row]] = { from: time[row], to: time[row] }
    else span.to = time[row]
  }
  return spans
}

// A loop over all rows stands in a function of its own: the engine compiles a loop while it runs, and all of the function for it.
function countByPart(rows: Uint32Array, partOf: Uint16Array, parts: number): Uint32Array {
  const counts = new Uint32Array(parts)
  if (parts === 1) return counts.fill(rows.length)
  for (let i = 0; i < rows.length; i++) counts[partOf[rows[i]]]++
  return counts
}

function byPart(rows: Uint32Array, partOf: Uint16Array): Map<number, number[]> {
  const out = new Map<number, number[]>()
  for (const row of rows) {
    const own = out.get(partOf[row])
    if (own) own.push(row)
    else out.set(partOf[row], [row])
  }
  return out
}

/** Two words each. */
function keysOf(rows: Rows, of: readonly number[]): Uint32Array {
  const { time, identity } = rows
  const hashes = rows.hashes()
  const keys = new Uint32Array(of.length * 2)
  of.forEach((row, i) => {
    const [a, b] = [row * 2, row * 2 + 1]
    keys.set(recordKey(hashes[a], hashes[b], time[row], identity[a], identity[b]), i * 2)
  })
  return keys
}

function widen(outcome: StoredPart, { from, to }: Span): void {
  outcome.from = Math.min(outcome.from ?? from, from)
  outcome.to = Math.max(outcome.to ?? to, to)
}
