/** All records with one RayID. */
import { rayWords } from '../../store/block.js'
import type { Record } from '../../words/record.js'
import type { Connection } from '../database.js'
import { Catalog } from '../segments/catalog.js'
import { decodeChunk, mayHold } from '../segments/fingerprints.js'
import { rayHash, textHash } from '../segments/hash.js'
import type { Segment, SegmentSource } from '../segments/segment.js'
import { SLOTS_PER_SEGMENT } from '../segments/slots.js'
import { recordOf } from './record.js'

/** Reads one chunk of fingerprints per segment, and the columns of those that match. Oldest first. */
export function recordsWithRayId(db: Connection, source: SegmentSource, rayId: string): Record[] {
  const words = rayWords(rayId)
  const odd = words === null || (words[0] === 0 && words[1] === 0)
  const [h1, h2] = odd ? textHash(rayId) : rayHash(...words)
  const catalog = new Catalog(db)
  const chunks = db.prepare(`select s.id as segment, s.chunk_bits as bits, f.data as data from segment s
    join fingerprint f on f.id = s.id * ${SLOTS_PER_SEGMENT} + (case s.chunk_bits when 0 then 0 else ? >> (32 - s.chunk_bits) end)`)
  const found: Record[] = []
  const matches: number[] = []
  for (const { segment, bits, data } of chunks.iterate(h1) as IterableIterator<{
    segment: number
    bits: number
    data: Buffer
  }>) {
    if (mayHold(decodeChunk(data), bits, h1, h2)) matches.push(segment)
  }
  for (const id of matches) {
    const info = catalog.one(id)
    if (!info) continue
    const segment = source.open(info)
    for (const row of odd ? oddRowsOf(segment, rayId) : rowsOf(segment, words)) found.push(recordOf(segment, row))
  }
  return found.sort((a, b) => a.time - b.time)
}

function oddRowsOf(segment: Segment, rayId: string): number[] {
  return [...segment.oddRays()].filter(([, text]) => text === rayId).map(([row]) => row)
}

function rowsOf(segment: Segment, [high, low]: readonly [number, number]): number[] {
  const ray = segment.ray()
  const rows: number[] = []
  for (let i = 0; i < ray.length; i += 2) if (ray[i] === high && ray[i + 1] === low) rows.push(i / 2)
  return rows
}
