/** All records with one RayID. */
import { rayWords } from '../../store/block.js'
import type { Record } from '../../words/record.js'
import type { Connection } from '../database.js'
import type { Catalog } from '../segments/catalog.js'
import { damaged } from '../segments/checksum.js'
import { checkedChunk, chunkOf, mayHold, type KeptChunk } from '../segments/fingerprints.js'
import { nameOf } from '../segments/info.js'
import { rayHash, textHash } from '../segments/hash.js'
import type { Segment, SegmentSource } from '../segments/segment.js'
import { SLOTS_PER_SEGMENT } from '../segments/slots.js'
import { recordOf } from './record.js'

/** Reads one chunk of fingerprints per segment, and the columns of those that match. Oldest first. */
export function recordsWithRayId(db: Connection, catalog: Catalog, source: SegmentSource, rayId: string): Record[] {
  const words = rayWords(rayId)
  const odd = words === null || (words[0] === 0 && words[1] === 0)
  const [h1, h2] = odd ? textHash(rayId) : rayHash(...words)
  const chunk = db.prepare('select id, data, crc from fingerprint where id = ?')
  const found: Record[] = []
  for (const info of catalog.every()) {
    const kept = chunk.get(info.id * SLOTS_PER_SEGMENT + chunkOf(h1, info.chunkBits)) as KeptChunk | undefined
    if (kept === undefined) throw damaged(`fingerprints of ${nameOf(info)}`)
    if (!mayHold(checkedChunk(kept, info), info.chunkBits, h1, h2)) continue
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
