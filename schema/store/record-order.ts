/** The order of records, and places in it: the same in every engine, so that a page is a page and a copy can be gone on with. */
import { cursorOf, placeOf } from './cursor.js'

/** No two records share one: whoever had all three of another would be its duplicate. */
export interface RecordPlace {
  /** epoch milliseconds */
  time: number
  /** '' for none */
  ray: string
  /** the identity's hash, 16 hex digits */
  identity: string
}

/** Newest first, equal times by RayID, those without one first; the identity tells equal RayIDs apart. */
export function newestFirst(a: RecordPlace, b: RecordPlace): number {
  return b.time - a.time || compare(a.ray, b.ray) || compare(a.identity, b.identity)
}

/** Oldest first, equal times as in `newestFirst`. */
export function oldestFirst(a: RecordPlace, b: RecordPlace): number {
  return a.time - b.time || compare(a.ray, b.ray) || compare(a.identity, b.identity)
}

/** By code unit, as SQL compares bytes of ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A place as a cursor: it stays right while records come and go. */
export function cursorOfPlace({ time, ray, identity }: RecordPlace): string {
  return cursorOf([time, identity, ray])
}

/** Throws `badCursor` (paging.ts). */
export function placeOfCursor(cursor: string): RecordPlace {
  const [time, identity, ray] = placeOf(cursor, ['number', 'string', 'string']) as [number, string, string]
  return { time, ray, identity }
}

/** The two words of an identity as a place has them. */
export function identityText(high: number, low: number): string {
  const hex = (word: number) => word.toString(16).padStart(8, '0')
  return hex(high) + hex(low)
}
