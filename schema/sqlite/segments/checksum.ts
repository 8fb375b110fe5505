/**
 * What a byte that changed on the disk is noticed by: CRC-32 of every blob with its number, of the rows that lead to blobs, and
 * counts of what a day has, so that neither wrong nor missing data can become a figure.
 */
import { crc32 } from 'node:zlib'
import { StoreError } from '../../store/store-error.js'
import type { SegmentInfo } from './info.js'

/** Of a blob under its number. */
export function blobCrc(id: number, data: Uint8Array): number {
  return crc32(data, id >>> 0)
}

export function rowCrc(words: readonly (number | string)[]): number {
  return crc32(words.join('\0'))
}

/** Of a segment's row. */
export function segmentCrc(segment: Omit<SegmentInfo, 'checksum'>): number {
  const { id, day, rows, firstTime, lastTime, chunkBits, bytes, slots } = segment
  return rowCrc([id, day, rows, firstTime, lastTime, chunkBits, bytes, Buffer.from(slots).toString('base64')])
}

/** A set of slots as bits. */
export function bitsOf(slots: Iterable<number>): Uint8Array {
  const bits = new Uint8Array(32)
  for (const slot of slots) bits[slot >> 3] |= 1 << (slot & 7)
  return bits
}

export const hasBit = (bits: Uint8Array, slot: number): boolean => ((bits[slot >> 3] >> (slot & 7)) & 1) === 1

export function damaged(what: string): StoreError {
  return new StoreError(
    'STORE_DAMAGED',
    `The store is damaged: ${what}. What rests on it is not shown. \`faultline verify\` names all that is damaged, ` +
      '`faultline verify --repair` makes anew what can be; the rest comes back from a backup.',
  )
}
