/**
 * Fingerprints of a segment's RayIDs: says in a few dozen nanoseconds, from 3.5 bytes a row, that a RayID is not in the
 * segment (wrong once in four million times, so a match is always looked up in the columns).
 *
 * A segment has 2^bits chunks of about 4,000 rows, one blob each, so that a look-up reads little of each segment. The
 * highest bits of h1 choose the chunk, the next 10 a bucket in it, 24 bits of h2 are the fingerprint.
 *
 * Blob: starts of the buckets u16 × 1025, count u16 | low 16 bits u16 … | high 8 bits u8 …
 */
import { view16, type Bytes } from '../columns/bytes.js'
import { nameOf } from './info.js'
import { blobCrc, damaged } from './checksum.js'

const CHUNK_ROWS = 4096
const BUCKET_BITS = 10
const BUCKETS = 1 << BUCKET_BITS
const HEAD = (BUCKETS + 2) * 2

export interface Chunk {
  starts: Uint16Array
  low: Uint16Array
  high: Uint8Array
}

/** log2 of the number of chunks; skewed hashes are not to be feared, they are mixed well. */
export function chunkBits(rows: number): number {
  return rows <= CHUNK_ROWS ? 0 : Math.min(8, Math.ceil(Math.log2(rows / CHUNK_ROWS)))
}

/** One blob per chunk. `hashes`: two words a row. */
export function encodeFingerprints(hashes: Uint32Array): Uint8Array[] {
  const rows = hashes.length / 2
  const bits = chunkBits(rows)
  const shift = 32 - bits - BUCKET_BITS
  // counting sort by (chunk, bucket)
  const ends = new Uint32Array((BUCKETS << bits) + 1)
  for (let i = 0; i < rows; i++) ends[(hashes[i * 2] >>> shift) + 1]++
  for (let b = 1; b < ends.length; b++) ends[b] += ends[b - 1]
  const next = ends.slice()
  const sorted = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) sorted[next[hashes[i * 2] >>> shift]++] = hashes[i * 2 + 1]
  return Array.from({ length: 1 << bits }, (_, chunk) =>
    encodeChunk(...distinct(sorted, ends.subarray(chunk << BUCKET_BITS, ((chunk + 1) << BUCKET_BITS) + 1))),
  )
}

/** Each fingerprint of a chunk once, should they be more than two bytes can count: an export may give all its lines one RayID. */
function distinct(sorted: Uint32Array, ends: Uint32Array): [Uint32Array, Uint32Array] {
  if (ends[BUCKETS] - ends[0] <= 0xffff) return [sorted, ends]
  const kept: number[] = []
  const keptEnds = new Uint32Array(BUCKETS + 1)
  for (let b = 0; b < BUCKETS; b++) {
    for (const fingerprint of new Set(sorted.subarray(ends[b], ends[b + 1]))) kept.push(fingerprint)
    keptEnds[b + 1] = kept.length
  }
  return [Uint32Array.from(kept), keptEnds]
}

function encodeChunk(sorted: Uint32Array, ends: Uint32Array): Uint8Array {
  const from = ends[0]
  const count = ends[BUCKETS] - from
  const out = new Uint8Array(HEAD + count * 3)
  const starts = new Uint16Array(out.buffer, 0, BUCKETS + 2)
  for (let b = 0; b <= BUCKETS; b++) starts[b] = ends[b] - from
  starts[BUCKETS + 1] = count
  const low = new Uint16Array(out.buffer, HEAD, count)
  for (let i = 0; i < count; i++) {
    low[i] = sorted[from + i]
    out[HEAD + count * 2 + i] = sorted[from + i] >>> 16
  }
  return out
}

export function decodeChunk(bytes: Bytes): Chunk {
  const starts = view16(bytes, 0, BUCKETS + 2)
  const count = starts[BUCKETS + 1]
  return { starts, low: view16(bytes, HEAD, count), high: bytes.subarray(HEAD + count * 2, HEAD + count * 3) }
}

/** A chunk as it rests. */
export interface KeptChunk {
  id: number
  data: Buffer
  crc: number
}

/** Throws where it is not what was written. */
export function checkedChunk({ id, data, crc }: KeptChunk, info: { id: number; day: number }): Chunk {
  if (!Buffer.isBuffer(data) || blobCrc(id, data) !== crc) throw damaged(`fingerprints of ${nameOf(info)}`)
  return decodeChunk(data)
}

export function chunkOf(h1: number, bits: number): number {
  return bits === 0 ? 0 : h1 >>> (32 - bits)
}

export function mayHold(chunk: Chunk, bits: number, h1: number, h2: number): boolean {
  const bucket = (h1 >>> (32 - bits - BUCKET_BITS)) & (BUCKETS - 1)
  const { starts, low, high } = chunk
  const wanted = h2 & 0xffff
  for (let i = starts[bucket], end = starts[bucket + 1]; i < end; i++) {
    if (low[i] === wanted && high[i] === ((h2 >>> 16) & 0xff)) return true
  }
  return false
}

/** Hashes in ascending order of h1, each with a number of the caller's. */
export interface ByHash {
  h1: Uint32Array
  h2: Uint32Array
  place: Uint32Array
}

/**
 * Numbers from `from` up to but not at `to` whose hash the segment may hold. Fingerprints are in the order of h1 as well, so
 * both are read from front to back: this loop decides how fast a large store takes in more.
 */
export function placesHeld(
  chunks: readonly Chunk[],
  bits: number,
  { h1, h2, place }: ByHash,
  from: number,
  to: number,
): number[] {
  const held: number[] = []
  const shift = 32 - bits - BUCKET_BITS
  let i = 0
  for (let c = 0; c < chunks.length; c++) {
    const { starts, low, high } = chunks[c]
    const limit = (c + 1) * 2 ** (32 - bits)
    for (; i < h1.length && h1[i] < limit; i++) {
      const at = place[i]
      if (at < from || at >= to) continue
      const bucket = (h1[i] >>> shift) & (BUCKETS - 1)
      const hash = h2[i]
      for (let k = starts[bucket], end = starts[bucket + 1]; k < end; k++) {
        if (low[k] === (hash & 0xffff) && high[k] === ((hash >>> 16) & 0xff)) {
          held.push(at)
          break
        }
      }
    }
  }
  return held
}
