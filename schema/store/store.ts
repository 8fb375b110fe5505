/**
 * The one door to where things rest. Records are the millions, the ledger is the small truth beside them; what must be one
 * commit over both (a part of a batch) goes through `batches`. Implementations: ../sqlite.
 */
import type { BatchReport, DeletionReport, RejectedLine } from '../api/batches.js'
import type { Ledger } from './ledger.js'
import type { MovingBlock } from './moving-block.js'
import type { ReadRecords, Records } from './records.js'

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

/** What whoever only reads needs: what was counted, and what the batches brought. */
export interface ReadStore {
  readonly records: ReadRecords
  readonly ledger: Pick<Ledger, 'reports'>
}

export interface Store {
  readonly url: string
  readonly batches: BatchWriter
  readonly records: Records
  readonly ledger: Ledger
  /** Called after every commit, also of another process on the same store, with what is known of the change. Returns the way to stop. */
  onChange(listener: (change: { batch: number | null }) => void): () => void
  /** A consistent copy of the whole store while it is in use. */
  backup(path: string): Promise<void>
  /** Bytes on disk, everything in the store's folder that belongs to it. */
  size(): Promise<number>
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
