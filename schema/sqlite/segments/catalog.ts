/** Which segments there are, putting them in and taking them out. */
import type { KeptDay } from '../../store/kept.js'
import type { Connection } from '../database.js'
import { bitsOf, blobCrc, damaged, segmentCrc } from './checksum.js'
import type { EncodedSegment } from './encode.js'
import { chunkBits } from './fingerprints.js'
import { nameOf, type SegmentInfo } from './info.js'
import { DAY_MS } from './order.js'
import { SLOTS_PER_SEGMENT, type Slots } from './slots.js'

export type { SegmentInfo } from './info.js'

const COLUMNS =
  'id, day, rows, first_time as firstTime, last_time as lastTime, chunk_bits as chunkBits, bytes, slots, checksum'

/** No event time lies farther from 1970, ms. */
const LONGEST = 8.64e15

interface Total {
  day: number
  segments: number
  checksums: number
}

/**
 * What was read is kept and checked once: a segment never changes, so of those that are known only their numbers and checksums are
 * asked again. A row that is damaged later is met where it is read next, and figures rest on what it said when it was whole.
 */
export class Catalog {
  private readonly namesOfDays
  private readonly ofDays
  private readonly totalsOfDays
  private readonly oneStatement
  private known = new Map<number, SegmentInfo>()

  /** Of segments with records, or of those with counts only. */
  constructor(db: Connection, kind: 'segment' | 'counted_segment' = 'segment') {
    const columns = kind === 'segment' ? COLUMNS : `${COLUMNS}, true as counted`
    const ofDays = `from ${kind} where day between ? and ? order by first_time, id`
    this.namesOfDays = db.prepare(`select id, checksum ${ofDays}`).raw()
    this.ofDays = db.prepare(`select ${columns} ${ofDays}`)
    this.totalsOfDays = db.prepare(`select * from ${kind}_total where day between ? and ?`)
    this.oneStatement = db.prepare(`select ${columns} from ${kind} where id = ?`)
  }

  /** Segments with records from `from` up to but not at `to`, oldest first. Throws where one of their days is not whole. */
  overlapping(from: number, to: number): SegmentInfo[] {
    if (!(from < to)) return []
    const segments = this.ofWholeDays(
      Math.floor(Math.max(from, -LONGEST) / DAY_MS),
      Math.floor(Math.min(to, LONGEST) / DAY_MS),
    )
    return segments.filter(({ firstTime, lastTime }) => lastTime >= from && firstTime < to)
  }

  /** Throws where a day is not whole. */
  every(): SegmentInfo[] {
    return this.ofWholeDays(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  }

  one(id: number): SegmentInfo | null {
    const segment = (this.oneStatement.get(id) as SegmentInfo | undefined) ?? null
    if (segment !== null) checkRow(segment)
    return segment
  }

  private ofWholeDays(first: number, last: number): SegmentInfo[] {
    const names = this.namesOfDays.all(first, last) as [number, number | null][]
    const segments =
      names.filter(([id, checksum]) => this.known.get(id)?.checksum !== checksum).length > FEW_NEW
        ? (this.ofDays.all(first, last) as SegmentInfo[])
        : names.map(([id, checksum]) => {
            const known = this.known.get(id)
            return known?.checksum === checksum ? known : (this.oneStatement.get(id) as SegmentInfo)
          })
    checkWhole(segments, this.totalsOfDays.all(first, last) as Total[], this.known)
    // those that have gone since
    if (this.known.size > MOST_GONE + 2 * segments.length) this.known.clear()
    for (const segment of segments) this.known.set(segment.id, segment)
    return segments
  }
}

/** Days with records or counts, the oldest first. */
export function keptDays(segments: readonly SegmentInfo[], counted: readonly SegmentInfo[]): KeptDay[] {
  const days = new Map<number, KeptDay>()
  const of = (day: number) => days.get(day) ?? { from: day * DAY_MS, records: 0, bytes: 0 }
  for (const { day, rows, bytes } of segments) {
    const known = of(day)
    days.set(day, { ...known, records: known.records + rows, bytes: known.bytes + bytes })
  }
  for (const { day, rows, bytes } of counted) {
    const known = of(day)
    const { records, bytes: before } = known.counted ?? { records: 0, bytes: 0 }
    days.set(day, { ...known, counted: { records: records + rows, bytes: before + bytes } })
  }
  return [...days.values()].sort((a, b) => a.from - b.from)
}

/** So many rows are read one by one. */
const FEW_NEW = 64
/** So many that have gone, or are of other days than those asked for now, are kept. */
const MOST_GONE = 10_000

function checkRow(segment: SegmentInfo): void {
  if (segment.checksum === null) throw damaged(`${nameOf(segment)} could not be brought to the layout of today`)
  if (segment.slots === null || segmentCrc(segment) !== segment.checksum) throw damaged(`the row of ${nameOf(segment)}`)
}

/** Each row is what it was, and none is missing or there twice. `checked`: rows that were looked at before. */
function checkWhole(
  segments: readonly SegmentInfo[],
  totals: readonly Total[],
  checked: ReadonlyMap<number, SegmentInfo>,
): void {
  const days = new Map(totals.map((total) => [total.day, { ...total }]))
  for (const segment of segments) {
    if (checked.get(segment.id) !== segment) checkRow(segment)
    const total = days.get(segment.day)
    if (total === undefined) throw damaged(`nobody knows of ${nameOf(segment)}`)
    total.segments--
    total.checksums = (total.checksums - segment.checksum) >>> 0
  }
  for (const { day, segments: missing, checksums } of days.values()) {
    if (missing !== 0 || checksums !== 0)
      throw damaged(`segments of ${new Date(day * DAY_MS).toISOString().slice(0, 10)} are missing`)
  }
}

/** Writes and removes whole segments; the caller holds the transaction. */
export class SegmentTable {
  private readonly insertSegment
  private readonly finishSegment
  private readonly insertBatch
  private readonly insertBlob
  private readonly insertFingerprint
  private readonly addToTotal
  private readonly known
  private readonly removals

  constructor(
    db: Connection,
    private readonly slots: Slots,
    kind: 'segment' | 'counted_segment' = 'segment',
  ) {
    this.insertSegment = db.prepare(`insert into ${kind} (day, rows, first_time, last_time, chunk_bits, bytes, slots)
      values (@day, @rows, @firstTime, @lastTime, @chunkBits, @bytes, @slots)`)
    this.finishSegment = db.prepare(`update ${kind} set checksum = ? where id = ?`)
    this.insertBatch = db.prepare(`insert into ${kind}_batch (batch, segment, rows) values (?, ?, ?)`)
    this.insertBlob = db.prepare(`insert into ${kind}_blob (id, data, crc) values (?, ?, ?)`)
    this.insertFingerprint = db.prepare('insert into fingerprint (id, data, crc) values (?, ?, ?)')
    this.addToTotal = db.prepare(`insert into ${kind}_total (day, segments, checksums) values (@day, @n, @checksum)
      on conflict (day) do update set segments = segments + @n, checksums = (checksums + @checksum) & 0xffffffff`)
    this.known = db.prepare(`select day, checksum from ${kind} where id = ?`)
    this.removals = [
      db.prepare(`delete from ${kind}_blob where id between :first and :last`),
      // counts have none
      kind === 'segment' ? db.prepare('delete from fingerprint where id between :first and :last') : null,
      db.prepare(`delete from ${kind}_batch where segment = :segment`),
      db.prepare(`delete from ${kind} where id = :segment`),
    ]
  }

  /** Gives the new segment's id. */
  insert(segment: EncodedSegment): number {
    const sorted = segment.blobs
      .map(([name, blob]) => [this.slots.get(name) as number, blob] as const)
      .sort(([a], [b]) => a - b)
    const { day, rows, firstTime, lastTime } = segment
    const row = {
      day,
      rows,
      firstTime,
      lastTime,
      chunkBits: segment.fingerprints.length === 0 ? 0 : chunkBits(rows),
      bytes: [...segment.blobs.map(([, blob]) => blob), ...segment.fingerprints].reduce(
        (sum, b) => sum + b.byteLength,
        0,
      ),
      slots: bitsOf(sorted.map(([slot]) => slot)),
    }
    const id = Number(this.insertSegment.run(row).lastInsertRowid)
    const checksum = segmentCrc({ id, ...row })
    this.finishSegment.run(checksum, id)
    this.addToTotal.run({ day, n: 1, checksum })
    for (const [batch, ofBatch] of segment.batches) this.insertBatch.run(batch, id, ofBatch)
    const first = id * SLOTS_PER_SEGMENT
    for (const [slot, blob] of sorted) this.insertBlob.run(first + slot, blob, blobCrc(first + slot, blob))
    segment.fingerprints.forEach((blob, chunk) =>
      this.insertFingerprint.run(first + chunk, blob, blobCrc(first + chunk, blob)),
    )
    return id
  }

  remove(segment: number): void {
    const known = this.known.get(segment) as { day: number; checksum: number | null } | undefined
    // one that was written before there were checksums is in no total
    if (known && known.checksum !== null) this.addToTotal.run({ day: known.day, n: -1, checksum: -known.checksum })
    const first = segment * SLOTS_PER_SEGMENT
    const last = first + SLOTS_PER_SEGMENT - 1
    const [blobs, fingerprints, ...others] = this.removals
    blobs?.run({ first, last })
    fingerprints?.run({ first, last })
    for (const statement of others) statement?.run({ segment })
  }
}
