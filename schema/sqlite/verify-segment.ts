/** One segment: is each blob what was written, and is what was summed up of its records what they come to? */
import type { Connection } from './database.js'
import { blobCrc, hasBit } from './segments/checksum.js'
import { encodeSegment, type EncodedSegment } from './segments/encode.js'
import { nameOf, type SegmentInfo } from './segments/info.js'
import { SegmentSource } from './segments/segment.js'
import { COUNTED_ROLLUPS, readSlots, SLOTS_PER_SEGMENT, type SlotName } from './segments/slots.js'

const KEPT_BYTES = 16 * 1024 * 1024

export interface Damage {
  what: string
  /** can be made of the records anew */
  derived: boolean
}

/** Counts whose records are gone: each blob as it was written, and all sums of the same records. */
export function checkCounted(db: Connection, info: SegmentInfo): Damage[] {
  const damages: Damage[] = []
  const damage = (what: string) => damages.push({ what: `${what} of ${nameOf(info)}`, derived: false })
  const kept = blobsOf(db, 'counted_segment_blob', info)
  for (const [name, slot] of readSlots(db)) {
    if (!hasBit(info.slots, slot)) continue
    const blob = kept.get(slot)
    if (blob === undefined) damage(`${name} is missing, part`)
    else if (!blob.whole) damage(name)
  }
  if (damages.length > 0) return damages
  const segment = new SegmentSource(db, KEPT_BYTES).open(info)
  for (const name of COUNTED_ROLLUPS) {
    const counted = segment
      .sections(name)
      ?.integers(3)
      .reduce((sum, n) => sum + n, 0)
    if (counted !== info.rows) damage(`${name} is not the sum`)
  }
  return damages
}

const isDerived = (name: SlotName) => /^(overview|site|tally:|histogram:|dayHistogram:)/.test(name)

/** `anew`: the segment made of its records, null where these are damaged themselves. */
export function checkSegment(db: Connection, info: SegmentInfo): { damages: Damage[]; anew: EncodedSegment | null } {
  const damages: Damage[] = []
  const damage = (what: string, derived: boolean) => damages.push({ what: `${what} of ${nameOf(info)}`, derived })
  const kept = blobsOf(db, 'segment_blob', info)
  for (const [name, slot] of readSlots(db)) {
    if (!hasBit(info.slots, slot)) continue
    const blob = kept.get(slot)
    if (blob === undefined) damage(`${name} is missing, part`, isDerived(name))
    else if (!blob.whole) damage(name, isDerived(name))
  }
  const prints = blobsOf(db, 'fingerprint', info)
  if (prints.size !== 2 ** info.chunkBits || [...prints.values()].some(({ whole }) => !whole))
    damage('fingerprints', true)
  if (damages.some(({ derived }) => !derived)) return { damages, anew: null }

  const rows = new SegmentSource(db, KEPT_BYTES).open(info).toRows()
  const anew = encodeSegment(
    rows,
    Uint32Array.from({ length: info.rows }, (_, row) => row),
  )
  if (damages.length > 0) return { damages, anew }
  const slots = readSlots(db)
  for (const [name, blob] of anew.blobs) {
    // what an older Faultline did not sum up is asked of the records
    const rests = kept.get(slots.get(name) as number)
    if (isDerived(name) && rests !== undefined && !rests.data.equals(blob)) damage(`${name} is not the sum`, true)
  }
  if (anew.fingerprints.some((blob, chunk) => !prints.get(chunk)?.data.equals(blob))) damage('fingerprints', true)
  const ofBatches = db.prepare('select batch, rows from segment_batch where segment = ?').all(info.id) as {
    batch: number
    rows: number
  }[]
  if (ofBatches.length !== anew.batches.size || ofBatches.some((b) => anew.batches.get(b.batch) !== b.rows))
    damage('the list of the batches', true)
  return { damages, anew }
}

function blobsOf(
  db: Connection,
  table: 'segment_blob' | 'fingerprint' | 'counted_segment_blob',
  { id }: SegmentInfo,
): Map<number, { data: Buffer; whole: boolean }> {
  const first = id * SLOTS_PER_SEGMENT
  const rows = db
    .prepare(`select id, data, crc from ${table} where id between ? and ?`)
    .all(first, first + SLOTS_PER_SEGMENT - 1) as { id: number; data: Buffer; crc: number }[]
  return new Map(
    rows.map((row) => [
      row.id - first,
      { data: row.data, whole: Buffer.isBuffer(row.data) && blobCrc(row.id, row.data) === row.crc },
    ]),
  )
}
