/**
 * The one door to where things rest. Split by who uses it: the pipeline writes batches, the reports ask
 * questions, the operator keeps house. Implementations: sqlite/.
 */
import type { BatchReport, DeletionReport, RejectedLine } from '../api/batches.js'
import type { MovingBlock } from './moving-block.js'
import type { IdentityKey } from './identity.js'
import type { Counts, CountQuery, PercentileQuery, Percentiles, RecordQuery, Selection } from './query.js'
import type { Record } from '../words/record.js'

/** Where a batch came from; shown in its report. */
export interface BatchOrigin {
  input: 'upload' | 'logpush' | 'logpull' | 'file' | 'stdin' | 'simulate' | 'bucket'
  /** file name or the like, as the sender gave it; null if it gave none */
  name: string | null
}

/** A piece of a batch: at most 50,000 lines or 2 s. All of it is committed, or nothing. The blocks' buffers move into the store. */
export interface Part {
  blocks: MovingBlock[]
  rejected: RejectedLine[]
  /** the report so far; the store fills in stored, duplicates, from and to */
  progress: BatchProgress
}

/** What the pipeline knows of a batch; the store adds what only it can know. */
export type BatchProgress = Pick<
  BatchReport,
  'lines' | 'rejected' | 'rejectedByReason' | 'missingFields' | 'bytes' | 'seconds'
>

/** The report as it stands after the part, and what this part added. */
export interface PartOutcome {
  stored: number
  duplicates: number
}

export interface BatchWriter {
  /** The key of the identity hash: readers need it before the first line. */
  identityKey(): Promise<IdentityKey>
  open(origin: BatchOrigin): Promise<number>
  /** Resolves when records, rollups, rejected lines and the report so far are durable. */
  write(batch: number, part: Part): Promise<PartOutcome>
  /** `message` says why a batch was aborted. Resolves with the final report, durable. */
  close(
    batch: number,
    state: 'complete' | 'aborted',
    progress: BatchProgress,
    message: string | null,
  ): Promise<BatchReport>
  /** Takes the records that this batch stored out again, rollups included. Null: there is no such batch. */
  delete(batch: number): Promise<DeletionReport | null>
}

export interface RecordPage {
  records: Record[]
  /** give it as `after` for the next page; null at the end */
  next: string | null
}

export interface StoreExtent {
  records: number
  /** first and last event time, epoch ms; null in an empty store */
  from: number | null
  to: number | null
}

export interface Questions {
  counts(query: CountQuery): Promise<Counts>
  percentiles(query: PercentileQuery): Promise<Percentiles>
  /** Rejects with a RangeError of code BAD_CURSOR if `after` is none of this store's. */
  records(query: RecordQuery): Promise<RecordPage>
  /** Every record with this RayID, oldest first; [] if none. */
  byRayId(rayId: string): Promise<Record[]>
  extent(): Promise<StoreExtent>
  /** How many records of the selection carry a value in each of these fields: tells what an export lacks. */
  presence(selection: Selection, fields: readonly string[]): Promise<{ [field: string]: number }>
  batches(page: { limit: number; before: number | null }): Promise<BatchReport[]>
  batch(id: number): Promise<BatchReport | null>
  /** In the order in which they came; `after`: how many of them were seen already. */
  rejectedLines(id: number, page: { limit: number; after: number }): Promise<RejectedLine[]>
}

export interface Housekeeping {
  /** A consistent copy of the whole store while it is in use. */
  backup(path: string): Promise<void>
  /** Removes records and rollups older than `before` (epoch ms); says how many records went. */
  expire(before: number): Promise<number>
  /** Bytes on disk, everything in the store's folder that belongs to it. */
  size(): Promise<number>
  /** Settings and states that belong to the data (a few KB each), by name. */
  getSetting(name: string): Promise<string | null>
  setSetting(name: string, value: string): Promise<void>
}

export interface Store {
  readonly url: string
  readonly batches: BatchWriter
  readonly questions: Questions
  readonly housekeeping: Housekeeping
  /** Called after every commit, also of another process on the same store, with what is known of the change. Returns the way to stop. */
  onChange(listener: (change: { batch: number | null }) => void): () => void
  close(): Promise<void>
}

/** Trouble outside of the data: the file, the disk, another version. Says what was tried and what to do. */
export class StoreError extends Error {
  readonly code: 'STORE_NEWER' | 'STORE_UNUSABLE' | 'STORE_BUSY' | 'STORE_FULL' | 'STORE_CLOSED' | 'STORE_URL'
  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}
