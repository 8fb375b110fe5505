/** The millions: records and what is asked about them. */
import type { Erased, Erasure } from './erasure.js'
import type { Expiry } from './expiry.js'
import type { Kept } from './kept.js'
import type { Record } from '../words/record.js'
import type {
  Counts,
  CountQuery,
  FoundValues,
  PercentileQuery,
  Percentiles,
  RecordQuery,
  Selection,
  ValueQuery,
} from './query.js'
import type { ScanPage, ScanQuery } from './scan.js'

export interface RecordPage {
  records: Record[]
  /** give it as `after` for the next page, unless `onlyPage` was asked for; null at the end */
  next: string | null
  /** at the end: records before that time (epoch ms) that may have been meant are gone, counts of them remain */
  goneBefore?: number
}

export interface RecordsExtent {
  records: number
  /** first and last event time, epoch ms, of what is counted where no record is left; null in an empty store */
  from: number | null
  to: number | null
  /** of records that are gone, where counts of them remain: how many, from when, and until when (the end of a day) some are gone */
  counted?: { records: number; from: number; to: number }
}

export interface ReadRecords {
  counts(query: CountQuery): Promise<Counts>
  percentiles(query: PercentileQuery): Promise<Percentiles>
  /** Newest first. Rejects with a RangeError of code BAD_CURSOR if `after` is none of this store's. */
  newest(query: RecordQuery): Promise<RecordPage>
  /** Every record with this RayID, oldest first; [] if none. */
  byRayId(rayId: string): Promise<Record[]>
  /** The search for values to choose from: of any dimension, however many it has. */
  values(query: ValueQuery): Promise<FoundValues>
  extent(): Promise<RecordsExtent>
  /** Many records in pages, oldest first; scan-pages.ts walks through them. Rejects as `newest` does for a cursor that is none. */
  scan(query: ScanQuery): Promise<ScanPage>
  /** How many records of the selection carry a value in each of these fields: tells what an export lacks. */
  presence(selection: Selection, fields: readonly string[]): Promise<{ [field: string]: number }>
}

export interface Records extends ReadRecords {
  /** What rests of which day, and how much room it takes. */
  kept(): Promise<Kept>
  /**
   * Removes what is older than its limit (a number: records and counts before that time, epoch ms); says how many records went. Where
   * counts stay longer (an engine that `keepsCounts`), they take the records' place: a record that comes later for a day of which its
   * zone has counts is not stored, as nobody could tell whether it was counted. In steps, each a commit of its own, so that
   * posts go on between them: whoever is stopped amid them has removed some, and removes the rest when asked again.
   */
  expire(expiry: number | Expiry): Promise<number>
  /** Can counts outlive their records, and zones have limits of their own? */
  readonly keepsCounts?: true
  /** Erases what is about one host, one visitor or a range, for good. Not every engine can; then it is not there. */
  erase?(what: Erasure): Promise<Erased>
}
