/** Taking records out: whole segments where all of it goes, else the segment is written again without them. */
import type { DeletionReport } from '../../api/batches.js'
import { bytesOf, view32 } from '../columns/bytes.js'
import type { Connection } from '../database.js'
import { Catalog, type SegmentInfo, type SegmentTable } from '../segments/catalog.js'
import { encodeSegment } from '../segments/encode.js'
import type { Rows } from '../segments/rows.js'
import type { SegmentSource } from '../segments/segment.js'
import { KeySet, recordKey } from './keys.js'

export interface Removal {
  db: Connection
  source: SegmentSource
  segments: SegmentTable
  /** counts of records that are gone */
  counted: SegmentTable
}

/** The records that a batch stored, and what is known of those that it brought again. Needs a transaction around it. */
export function removeRecords(
  { db, source, segments }: Omit<Removal, 'counted'>,
  batch: number,
): Pick<DeletionReport, 'removed' | 'broughtAgain'> {
  const catalog = new Catalog(db)
  const ids = db.prepare('select segment from segment_batch where batch = ?').pluck().all(batch) as number[]
  const touched = ids.map((id) => catalog.one(id)).filter((info): info is SegmentInfo => info !== null)
  const again = new BroughtAgain(db, batch, touched)
  let removed = 0
  for (const info of touched) {
    const segment = source.open(info)
    const rows = segment.toRows()
    const [code] = segment.dictionary('batch').codesOf(String(batch))
    const codes = segment.codes('batch')
    const goes = (row: number) => codes[row] === code
    again.note(rows, goes)
    removed += replaceWithout(segments, info, rows, goes)
  }
  again.forgetNoted()
  db.prepare('delete from duplicate where batch = ?').run(batch)
  return { removed, broughtAgain: again.count }
}

/** Writes a segment again without the rows that go; says how many went. */
export function replaceWithout(
  segments: SegmentTable,
  info: SegmentInfo,
  rows: Rows,
  goes: (row: number) => boolean,
): number {
  const rest = Uint32Array.from({ length: rows.rows }, (_, row) => row).filter((row) => !goes(row))
  if (rest.length === rows.rows) return 0
  if (rest.length > 0) segments.insert(encodeSegment(rows, rest))
  segments.remove(info.id)
  return rows.rows - rest.length
}

/**
 * How many of the removed records another batch had brought as well. Those keys are then forgotten: the records are gone,
 * and whoever stores them next has not been repeated by anybody.
 */
class BroughtAgain {
  private readonly lists: { id: number; keys: Buffer }[]
  private readonly wanted: KeySet
  private readonly noted: KeySet

  constructor(
    private readonly db: Connection,
    batch: number,
    segments: readonly SegmentInfo[],
  ) {
    const from = Math.min(...segments.map((s) => s.firstTime))
    const to = Math.max(...segments.map((s) => s.lastTime))
    // times within a second are the same to a key
    const overlapping = db.prepare(`select id, keys from duplicate
      where batch <> ? and last_time >= ? - 1000 and first_time <= ? + 1000`)
    this.lists = segments.length === 0 ? [] : (overlapping.all(batch, from, to) as { id: number; keys: Buffer }[])
    const keys = this.lists.reduce((sum, list) => sum + list.keys.byteLength / 8, 0)
    this.wanted = new KeySet(keys)
    this.noted = new KeySet(keys)
    for (const { keys: blob } of this.lists) {
      const words = view32(blob, 0, blob.byteLength / 4)
      for (let i = 0; i < words.length; i += 2) this.wanted.add(words[i], words[i + 1])
    }
  }

  get count(): number {
    return this.noted.size
  }

  note(rows: Rows, goes: (row: number) => boolean): void {
    if (this.wanted.size === 0) return
    const hashes = rows.hashes()
    for (let row = 0; row < rows.rows; row++) {
      if (!goes(row)) continue
      const [a, b] = recordKey(
        hashes[row * 2],
        hashes[row * 2 + 1],
        rows.time[row],
        rows.identity[row * 2],
        rows.identity[row * 2 + 1],
      )
      if (this.wanted.has(a, b)) this.noted.add(a, b)
    }
  }

  forgetNoted(): void {
    if (this.noted.size === 0) return
    const update = this.db.prepare('update duplicate set keys = ? where id = ?')
    const remove = this.db.prepare('delete from duplicate where id = ?')
    for (const { id, keys } of this.lists) {
      const words = view32(keys, 0, keys.byteLength / 4)
      const rest: number[] = []
      for (let i = 0; i < words.length; i += 2) {
        if (!this.noted.has(words[i], words[i + 1])) rest.push(words[i], words[i + 1])
      }
      if (rest.length === 0) remove.run(id)
      else if (rest.length < words.length) update.run(bytesOf(Uint32Array.from(rest)), id)
    }
  }
}
