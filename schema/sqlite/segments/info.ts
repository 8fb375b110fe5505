/** What is known of a segment before it is opened. */
import { DAY_MS } from './order.js'

export interface SegmentInfo {
  id: number
  day: number
  rows: number
  /** epoch ms of the first and the last record */
  firstTime: number
  lastTime: number
  chunkBits: number
  bytes: number
  /** one bit for each slot that has a blob */
  slots: Uint8Array
  checksum: number
  /** it has counts of records that are gone, see counted.ts */
  counted?: true
}

export const nameOf = ({ id, day, counted }: { id: number; day: number; counted?: true }): string =>
  `${counted ? 'counted ' : ''}segment ${id} of ${new Date(day * DAY_MS).toISOString().slice(0, 10)}`
