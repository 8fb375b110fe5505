/** Which segments there are, putting them in and taking them out. */
import type { Connection } from '../database.js'
import type { EncodedSegment } from './encode.js'
import { chunkBits } from './fingerprints.js'
import { DAY_MS } from './order.js'
import { SLOTS_PER_SEGMENT, type Slots } from './slots.js'

export interface SegmentInfo {
  id: number
  day: number
  rows: number
  /** epoch ms of the first and the last record */
  firstTime: number
  lastTime: number
  chunkBits: number
  bytes: number
}

const COLUMNS = 'id, day, rows, first_time as firstTime, last_time as lastTime, chunk_bits as chunkBits, bytes'

export class Catalog {
  private readonly overlappingStatement
  private readonly everyStatement
  private readonly oneStatement

  constructor(db: Connection) {
    this.overlappingStatement = db.prepare(`select ${COLUMNS} from segment
      where day between ? and ? and last_time >= ? and first_time < ? order by first_time, id`)
    this.everyStatement = db.prepare(`select ${COLUMNS} from segment order by first_time, id`)
    this.oneStatement = db.prepare(`select ${COLUMNS} from segment where id = ?`)
  }

  /** Segments with records from `from` up to but not at `to`, oldest first. */
  overlapping(from: number, to: number): SegmentInfo[] {
    if (!(from < to)) return []
    return this.overlappingStatement.all(Math.floor(from / DAY_MS), Math.floor(to / DAY_MS), from, to) as SegmentInfo[]
  }

  every(): SegmentInfo[] {
    return this.everyStatement.all() as SegmentInfo[]
  }

  one(id: number): SegmentInfo | null {
    return (this.oneStatement.get(id) as SegmentInfo | undefined) ?? null
  }
}

/** Writes and removes whole segments; the caller holds the transaction. */
export class SegmentTable {
  private readonly insertSegment
  private readonly insertBatch
  private readonly insertBlob
  private readonly insertFingerprint
  private readonly removals

  constructor(
    db: Connection,
    private readonly slots: Slots,
  ) {
    this.insertSegment = db.prepare(`insert into segment (day, rows, first_time, last_time, chunk_bits, bytes)
      values (?, ?, ?, ?, ?, ?)`)
    this.insertBatch = db.prepare('insert into segment_batch (batch, segment, rows) values (?, ?, ?)')
    this.insertBlob = db.prepare('insert into segment_blob (id, data) values (?, ?)')
    this.insertFingerprint = db.prepare('insert into fingerprint (id, data) values (?, ?)')
    this.removals = [
      db.prepare('delete from segment_blob where id between :first and :last'),
      db.prepare('delete from fingerprint where id between :first and :last'),
      db.prepare('delete from segment_batch where segment = :segment'),
      db.prepare('delete from segment where id = :segment'),
    ]
  }

  /** Gives the new segment's id. */
  insert(segment: EncodedSegment): number {
    const bytes = [...segment.blobs.map(([, blob]) => blob), ...segment.fingerprints].reduce(
      (sum, blob) => sum + blob.byteLength,
      0,
    )
    const bits = chunkBits(segment.rows)
    const { lastInsertRowid } = this.insertSegment.run(
      segment.day,
      segment.rows,
      segment.firstTime,
      segment.lastTime,
      bits,
      bytes,
    )
    const id = Number(lastInsertRowid)
    for (const [batch, rows] of segment.batches) this.insertBatch.run(batch, id, rows)
    const sorted = segment.blobs
      .map(([name, blob]) => [this.slots.get(name) as number, blob] as const)
      .sort(([a], [b]) => a - b)
    for (const [slot, blob] of sorted) this.insertBlob.run(id * SLOTS_PER_SEGMENT + slot, blob)
    segment.fingerprints.forEach((blob, chunk) => this.insertFingerprint.run(id * SLOTS_PER_SEGMENT + chunk, blob))
    return id
  }

  remove(segment: number): void {
    const first = segment * SLOTS_PER_SEGMENT
    const last = first + SLOTS_PER_SEGMENT - 1
    const [blobs, fingerprints, ...others] = this.removals
    blobs.run({ first, last })
    fingerprints.run({ first, last })
    for (const statement of others) statement.run({ segment })
  }
}
