/**
 * Brings segments of before to the layout of today: checksums, and dictionaries in the order of keyed hashes. Each is written
 * again in a transaction of its own; who is stopped in the middle goes on when the file is opened next.
 */
import type { Connection } from '../database.js'
import { at } from '../failpoints.js'
import type { Keys } from '../identity-key.js'
import type { SegmentInfo, SegmentTable } from '../segments/catalog.js'
import { encodeSegment } from '../segments/encode.js'
import { rehashed } from '../segments/rows.js'
import { SegmentSource } from '../segments/segment.js'
import { SLOTS_PER_SEGMENT } from '../segments/slots.js'
import { bitsOf } from '../segments/checksum.js'

/** Columns of one segment, each of which is asked for once or twice. */
const KEPT_BYTES = 1024 * 1024

interface Renewed {
  db: Connection
  segments: SegmentTable
  keys: Keys
}

/** One that can not be read stays as it is, and whoever asks for it is told. */
export function renewSegments(store: Renewed): void {
  const { db } = store
  const next =
    db.prepare(`select id, day, rows, first_time as firstTime, last_time as lastTime, chunk_bits as chunkBits, bytes
    from segment where checksum is null and id > ? order by id limit 1`)
  for (let after = 0; ;) {
    const info = next.get(after) as Omit<SegmentInfo, 'slots' | 'checksum'> | undefined
    if (info === undefined) return
    after = info.id
    db.transaction(() => {
      // another process may do the same
      if (db.prepare('select 1 from segment where id = ? and checksum is null').get(info.id) !== undefined)
        renew(store, info)
    }).immediate()
    at('renew/committed')
  }
}

function renew({ db, segments, keys }: Renewed, info: Omit<SegmentInfo, 'slots' | 'checksum'>): void {
  const first = info.id * SLOTS_PER_SEGMENT
  const ids = db
    .prepare('select id from segment_blob where id between ? and ?')
    .pluck()
    .all(first, first + SLOTS_PER_SEGMENT - 1) as number[]
  const slots = bitsOf(ids.map((id) => id - first))
  let encoded
  try {
    const rows = new SegmentSource(db, KEPT_BYTES, false).open({ ...info, slots, checksum: 0 }).toRows()
    const order = Uint32Array.from({ length: rows.rows }, (_, row) => row)
    encoded = encodeSegment(rehashed(rows, keys.text), order)
  } catch {
    return
  }
  segments.remove(info.id)
  segments.insert(encoded)
  at('renew/replaced')
}
