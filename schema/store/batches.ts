/**
 * The door through which batches come in and go: what must be one commit over records and ledger.
 *
 * A part is records, what is summed up of them, rejected lines and the report so far. An engine with transactions (SQLite)
 * commits them at once. One without composes them so that a crash between any two steps leaves what a second attempt
 * mends: records first, the report last, since a record is never counted twice and a report only ever says what rests.
 * That is why nobody but an engine inserts or removes records: there would be figures without a report.
 *
 * Every call may be repeated. Whoever got no answer (a cut connection, a dead thread) asks again with the same words and is
 * told what was true the first time.
 */
import type { BatchReport, DeletionReport, RejectedLine } from '../api/batches.js'
import type { InputName } from '../words/inputs.js'
import type { MovingBlock } from './moving-block.js'

/** Where a batch came from; shown in its report. */
export interface BatchOrigin {
  input: InputName
  /** file name or the like, as the sender gave it; null if it gave none */
  name: string | null
  /** which of several jobs of the input brought it (a zone, a folder, a Logpush job), where that is known */
  job?: string | null
  /** who sent it, where it was sent to us: the name that the token or the sign-in vouches for, and the address */
  sender?: { name: string | null; address: string | null }
}

/** A piece of a batch: at most 50,000 lines or 2 s. All of it is committed, or nothing. The blocks' buffers move into the store. */
export interface Part {
  /** its place in the batch, from 1; the same number is the same part, however often it is given */
  number: number
  blocks: MovingBlock[]
  rejected: RejectedLine[]
  /** the report so far; the store fills in stored, duplicates, from and to */
  progress: BatchProgress
  /** whose it is: a store that lets parts wait takes those of different senders in turn */
  waitsAs?: string
}

/** A batch that is known to its end when it is given: a post of some lines. */
export interface WholeBatch extends Omit<Part, 'number'> {
  origin: BatchOrigin
  /** as that of `open` */
  key?: string
  /** what its report is to say beside the figures */
  message: string | null
}

/** How a batch was read. */
export type ReadingOfBatch = Pick<BatchReport, 'via' | 'weighted' | 'after' | 'leftOut'>

/** What the pipeline knows of a batch; the store adds what only it can know. */
export type BatchProgress = Pick<
  BatchReport,
  'lines' | 'rejected' | 'rejectedByReason' | 'missingFields' | 'bytes' | 'seconds' | keyof ReadingOfBatch
>

/** What this part came to: the same however often it is given. */
export interface PartOutcome {
  stored: number
  duplicates: number
}

/** What a call of an engine changed: the commit's number, which readers see as well; null: nothing, it was so before. */
export interface Changed<T> {
  value: T
  change: number | null
}

export interface Batches {
  /**
   * Gives the id of a new batch, which is the store's own affair: nobody reads anything out of it. `key`: any text of the
   * caller's that it will not use for another batch; with it the second call gives the batch of the first.
   */
  open(origin: BatchOrigin, key?: string): Promise<string>
  /**
   * Resolves when records, rollups, rejected lines and the report so far are durable. A part that was given before is
   * answered as then and changes nothing. Rejects with a BatchError where the batch takes no such part.
   */
  write(batch: string, part: Part): Promise<PartOutcome>
  /**
   * Opens, writes and closes a batch of one part at once. Resolves with its report when all of it is durable. Those that are
   * given at the same time may share a commit; one that is refused spoils no other.
   */
  take(batch: WholeBatch): Promise<BatchReport>
  /**
   * `message` says why a batch was aborted. Resolves with the final report, durable. A batch that was closed stays as it
   * was closed the first time.
   */
  close(
    batch: string,
    state: 'complete' | 'aborted',
    progress: BatchProgress,
    message: string | null,
  ): Promise<BatchReport>
  /** Takes the records that this batch stored out again, rollups included. Null: there is no such batch (any more). */
  delete(batch: string): Promise<DeletionReport | null>
}

/** A batch that can't be written to: nobody's data is at fault, but somebody's doing. */
export class BatchError extends Error {
  constructor(
    readonly code: 'BATCH_GONE' | 'BATCH_CLOSED' | 'PART_CONFLICT',
    message: string,
  ) {
    super(message)
    this.name = 'BatchError'
  }
}

export const batchGone = (batch: string) =>
  new BatchError('BATCH_GONE', `There is no batch ${batch} (any more): it was deleted while it was being written`)

export const batchClosed = (batch: string) =>
  new BatchError('BATCH_CLOSED', `Batch ${batch} is closed and takes no further parts: open another one`)

export const partConflict = (batch: string, part: number, before: number, now: number) =>
  new BatchError(
    'PART_CONFLICT',
    `Part ${part} of batch ${batch} came with ${before} records before and now comes with ${now}: ` +
      'only the same part may be given again',
  )
