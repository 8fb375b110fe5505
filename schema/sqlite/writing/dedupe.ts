/**
 * Which records are new. A duplicate has the RayID, the whole second of the start and the identity of another record, in
 * the same part or in the store. Fingerprints rule out nearly all segments at once; a suspicion is settled by the columns.
 */
import { LRUCache } from 'lru-cache'
import type { Connection } from '../database.js'
import type { Catalog, SegmentInfo } from '../segments/catalog.js'
import { damaged } from '../segments/checksum.js'
import {
  checkedChunk,
  chunkOf,
  mayHold,
  placesHeld,
  type ByHash,
  type Chunk,
  type KeptChunk,
} from '../segments/fingerprints.js'
import { nameOf } from '../segments/info.js'
import { firstAt } from '../segments/order.js'
import { radixOrder } from '../segments/radix.js'
import type { Rows } from '../segments/rows.js'
import type { SegmentSource } from '../segments/segment.js'
import { SLOTS_PER_SEGMENT } from '../segments/slots.js'

/** Fingerprints of some 20 million records. */
const FINGERPRINT_CACHE_BYTES = 80 * 1024 * 1024

/**
 * Below this share of the rows it is faster to go through them one by one than through all in the order of their
 * hashes.
 */
const FEW = 0.2

export interface Sifted {
  /** rows to store, in the given order */
  fresh: Uint32Array
  /** the others */
  repeated: Uint32Array
}

const secondOf = (time: number) => Math.floor(time / 1000)

export class Deduper {
  private readonly chunksOf
  private readonly cache = new LRUCache<number, Chunk[]>({ maxSize: FINGERPRINT_CACHE_BYTES })

  constructor(
    db: Connection,
    private readonly catalog: Catalog,
    private readonly source: SegmentSource,
  ) {
    this.chunksOf = db.prepare('select id, data, crc from fingerprint where id between ? and ? order by id')
  }

  /** `order`: rows of one day in ascending time; of equal ones the first is kept. Needs a transaction around it. */
  sift(rows: Rows, order: Uint32Array): Sifted {
    const hashes = rows.hashes()
    const duplicate = repeatedWithin(rows, order, hashes)
    const first = secondOf(rows.time[order[0]])
    const last = secondOf(rows.time[order[order.length - 1]])
    const segments = this.catalog.overlapping(first * 1000, (last + 1) * 1000)
    let sorted: ByHash | undefined
    const byHash = () => (sorted ??= sortedByHash(order, hashes))
    for (const segment of segments) {
      const suspects = this.suspects(segment, rows, order, hashes, byHash, duplicate)
      if (suspects.length > 0) this.settle(segment, rows, order, hashes, suspects, duplicate)
    }
    return split(order, duplicate)
  }

  /** Places in `order` whose fingerprint the segment holds, of those in its range of time. */
  private suspects(
    info: SegmentInfo,
    rows: Rows,
    order: Uint32Array,
    hashes: Uint32Array,
    byHash: () => ByHash,
    duplicate: Uint8Array,
  ): number[] {
    const from = firstAt(rows.time, order, secondOf(info.firstTime) * 1000)
    const to = firstAt(rows.time, order, (secondOf(info.lastTime) + 1) * 1000)
    if (from === to) return []
    const chunks = this.fingerprints(info)
    const bits = info.chunkBits
    if (to - from >= order.length * FEW) {
      return placesHeld(chunks, bits, byHash(), from, to).filter((at) => duplicate[at] === 0)
    }
    const suspects: number[] = []
    for (let at = from; at < to; at++) {
      if (duplicate[at] === 1) continue
      const h1 = hashes[order[at] * 2]
      const h2 = hashes[order[at] * 2 + 1]
      if (mayHold(chunks[chunkOf(h1, bits)], bits, h1, h2)) suspects.push(at)
    }
    return suspects
  }

  private fingerprints(info: SegmentInfo): Chunk[] {
    let chunks = this.cache.get(info.id)
    if (!chunks) {
      const first = info.id * SLOTS_PER_SEGMENT
      const kept = this.chunksOf.all(first, first + SLOTS_PER_SEGMENT - 1) as KeptChunk[]
      if (kept.length !== 2 ** info.chunkBits) throw damaged(`fingerprints of ${nameOf(info)}`)
      chunks = kept.map((chunk) => checkedChunk(chunk, info))
      const bytes = chunks.reduce((sum, c) => sum + c.starts.byteLength + c.low.byteLength + c.high.byteLength, 0)
      this.cache.set(info.id, chunks, { size: bytes + 1 })
    }
    return chunks
  }

  /** Compares the suspects with the segment's records and marks the duplicates. */
  private settle(
    info: SegmentInfo,
    rows: Rows,
    order: Uint32Array,
    hashes: Uint32Array,
    suspects: readonly number[],
    duplicate: Uint8Array,
  ): void {
    const stored = this.source.open(info).toRows()
    const storedHashes = stored.hashes()
    const byHash = new Map<number, number[]>()
    for (const place of suspects) {
      const key = placeOf(rows, hashes, order[place])
      const same = byHash.get(key)
      if (same) same.push(place)
      else byHash.set(key, [place])
    }
    for (let s = 0; s < info.rows; s++) {
      const places = byHash.get(placeOf(stored, storedHashes, s))
      if (places === undefined) continue
      for (const place of places) if (sameRecord(stored, s, rows, order[place])) duplicate[place] = 1
    }
  }
}

function sortedByHash(order: Uint32Array, hashes: Uint32Array): ByHash {
  const n = order.length
  const keys = new Uint32Array(n)
  for (let i = 0; i < n; i++) keys[i] = hashes[order[i] * 2]
  const place = radixOrder(keys, 0xffff_ffff)
  const h1 = new Uint32Array(n)
  const h2 = new Uint32Array(n)
  for (let i = 0; i < n; i++) {
    h1[i] = keys[place[i]]
    h2[i] = hashes[order[place[i]] * 2 + 1]
  }
  return { h1, h2, place }
}

/** A record's place in a table: of all that tells it apart, since an export may give all its lines one RayID. */
function placeOf({ identity, time }: Rows, hashes: Uint32Array, row: number): number {
  return mixedPlace(hashes[row * 2], identity[row * 2], secondOf(time[row]))
}

function mixedPlace(hash: number, identity: number, second: number): number {
  return (hash ^ identity ^ Math.imul(second, 0x9e3779b1)) >>> 0
}

function sameRecord(a: Rows, i: number, b: Rows, j: number): boolean {
  return (
    a.identity[i * 2] === b.identity[j * 2] &&
    a.identity[i * 2 + 1] === b.identity[j * 2 + 1] &&
    a.ray[i * 2] === b.ray[j * 2] &&
    a.ray[i * 2 + 1] === b.ray[j * 2 + 1] &&
    secondOf(a.time[i]) === secondOf(b.time[j]) &&
    ((a.oddRays.size === 0 && b.oddRays.size === 0) || a.oddRays.get(i) === b.oddRays.get(j))
  )
}

/** Marks the places in `order` whose record has come before in it. */
function repeatedWithin({ ray, identity, time, oddRays }: Rows, order: Uint32Array, hashes: Uint32Array): Uint8Array {
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, order.length * 2)))
  const repeated = new Uint8Array(order.length)
  markRepeated(ray, identity, time, oddRays, order, hashes, new Int32Array(size).fill(-1), repeated)
  return repeated
}

// Of arrays alone: what the loop is compiled for stays what it is given, wherever the rows are from.
function markRepeated(
  ray: Uint32Array,
  identity: Uint32Array,
  time: Float64Array,
  oddRays: ReadonlyMap<number, string>,
  order: Uint32Array,
  hashes: Uint32Array,
  slots: Int32Array,
  repeated: Uint8Array,
): void {
  const mask = slots.length - 1
  for (let i = 0; i < order.length; i++) {
    const row = order[i]
    const a = row * 2
    const second = secondOf(time[row])
    let slot = mixedPlace(hashes[a], identity[a], second) & mask
    for (; slots[slot] !== -1; slot = (slot + 1) & mask) {
      const known = slots[slot]
      const b = known * 2
      if (
        identity[a] === identity[b] &&
        identity[a + 1] === identity[b + 1] &&
        ray[a] === ray[b] &&
        ray[a + 1] === ray[b + 1] &&
        second === secondOf(time[known]) &&
        (oddRays.size === 0 || oddRays.get(row) === oddRays.get(known))
      ) {
        repeated[i] = 1
        break
      }
    }
    if (repeated[i] === 0) slots[slot] = row
  }
}

function split(order: Uint32Array, duplicate: Uint8Array): Sifted {
  const count = duplicate.reduce((sum, d) => sum + d, 0)
  if (count === 0) return { fresh: order, repeated: new Uint32Array(0) }
  return {
    fresh: order.filter((_, i) => duplicate[i] === 0),
    repeated: order.filter((_, i) => duplicate[i] === 1),
  }
}
