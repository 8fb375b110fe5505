/**
 * What a store whose records rest elsewhere needs of its ledger. There is no transaction over both: what is begun is noted here
 * first and reported last, so that whoever comes after a crash knows what to finish. Each call is one commit.
 */
import type { StoreCondition } from './store.js'
import type { BatchReport, DeletionReport } from '../api/batches.js'
import type { AlertLog } from './alert-log.js'
import type { BatchError, BatchOrigin, BatchProgress, Changed, Part, PartOutcome } from './batches.js'
import type { IdentityKey } from './identity.js'
import type { Leases } from './leases.js'
import type { Reports } from './ledger/reports.js'
import type { SmallRooms } from './ledger.js'

/** A part that may be sent to the other store. */
export interface BegunPart {
  batch: number
  number: number
  /** grows with every part that is begun */
  turn: number
}

/** What was begun by somebody who will not finish it. */
export interface Leftovers {
  parts: (BegunPart & { from: number | null; to: number | null })[]
  deletions: string[]
}

/** Times are epoch ms of the first and the last record; null: there is none. */
export interface PartSpan {
  rows: number
  from: number | null
  to: number | null
}

/** An hour or a day whose sums are right: it is read by this generation of them. */
export interface Summed {
  /** hours or days since 1970 */
  at: number
  generation: number
}

/** A batch of one part, of those that share a commit. */
export interface TogetherBatch {
  origin: BatchOrigin
  key: string | null
  span: PartSpan
}

/** `part`: as `begin` answers. */
export type BegunTogether =
  { id: string; part: BegunPart | PartOutcome } | { refused: { code: BatchError['code']; message: string } }

export interface FinishedTogether {
  id: string
  part: BegunPart | PartOutcome
  rest: Omit<Part, 'blocks'>
  span: PartSpan
  stored: number
  message: string | null
}

/** Another one writes: ask again in a moment. */
export const WAIT = 'wait'

/** A batch that is to be taken out. `noted`: its deletion was begun before. */
export interface BatchToDelete {
  number: number
  from: number
  to: number
  noted: DeletionReport | null
}

export interface BesideNotes {
  /** number of the last commit that changed an answer */
  lastChange(): Promise<number>
  open(origin: BatchOrigin, key: string | null): Promise<Changed<string>>
  /**
   * Notes that a part is on its way and takes the turn to write, or says what the part came to before. Rejects with a
   * BatchError where the batch takes no such part.
   */
  begin(batch: string, number: number, span: PartSpan): Promise<BegunPart | PartOutcome | typeof WAIT>
  /**
   * The part rests: counts it in and gives the turn back. Null: others took the writer for dead meanwhile and took out what the
   * part had stored; nothing is counted, and the same part may be given again.
   */
  finish(
    begun: BegunPart,
    part: Omit<Part, 'blocks'>,
    span: PartSpan,
    stored: number,
  ): Promise<Changed<PartOutcome> | null>
  /**
   * As `open` and `begin` of a first part for each, in one commit. One that takes no such part is told so beside the others; of two
   * with one key the second must wait until the first is finished.
   */
  beginTogether(batches: readonly TogetherBatch[]): Promise<BegunTogether[] | typeof WAIT>
  /**
   * As `finish` and `close` for each, in one commit, and gives the turn back; what had come to something before is closed only.
   * Null: see `finish`.
   */
  finishTogether(parts: readonly FinishedTogether[]): Promise<Changed<(BatchReport | null)[]>>
  /** Parts that are begun and not finished: what rests of them may go again. Holds for whoever has the turn. */
  unfinished(): Promise<{ batch: number; number: number }[]>
  /** The turn to write, for what is no part. False: another one has it. */
  takeLease(): Promise<boolean>
  releaseLease(): Promise<void>
  close(
    batch: string,
    state: 'complete' | 'aborted',
    progress: BatchProgress,
    message: string | null,
  ): Promise<Changed<BatchReport>>
  /** Null: there is no such batch. */
  batchToDelete(batch: string): Promise<BatchToDelete | null>
  /** Before anything is taken out. */
  noteDeletion(report: DeletionReport, span: { from: number; to: number }): Promise<void>
  /** Its records are gone: the report goes too. */
  remove(batch: string): Promise<Changed<null>>
  /** What was begun and nobody will finish: of batches that are closed or given up. Holds for whoever has the turn. */
  leftovers(): Promise<Leftovers>
  /** Nothing of that part rests any more. */
  forgetPart(turn: number): Promise<void>
  /** What old batches lost, and what their parts came to. */
  expire(before: number): Promise<Changed<null>>
  /** Says that this process lives, and gives up the open batches of those that do not. */
  abandonDead(): Promise<void>
  checkWritable(): Promise<void>

  /** Records of that time are about to change. Times are epoch ms, the last one included. */
  touch(from: number, to: number): Promise<void>
  touchBefore(before: number): Promise<void>
  summedHours(from: number, to: number): Promise<Summed[]>
  /** Hours with records that no sums tell, in order. */
  unsummedHours(): Promise<number[]>
  /**
   * Hours to sum up now, all of one day: not touched for a while, and without a part on its way. They get a new generation, so
   * that an attempt that failed leaves nothing that is read.
   */
  beginSums(quietMs: number, most: number): Promise<{ hours: number[]; generation: number } | null>
  /** Read from now on, where nothing has touched them since. */
  finishSums(generation: number): Promise<void>
  /** Hours with sums of before that nobody can be reading any more. */
  oldSums(touchedAgoMs: number, most: number): Promise<Summed[]>
  forgetOldSums(hours: readonly Summed[]): Promise<void>
  /** The same of days. */
  summedDays(from: number, to: number): Promise<Summed[]>
  beginDay(quietMs: number): Promise<Summed | null>
  finishDay(day: Summed): Promise<void>
  oldDays(touchedAgoMs: number, most: number): Promise<Summed[]>
  forgetOldDays(days: readonly Summed[]): Promise<void>

  /** Which store's ledger this is, and its key; both null in a new one. */
  belongsTo(): Promise<{ store: string | null; key: IdentityKey | null }>
  /** Makes it that store's. `batches`: numbers up to this one are taken there. */
  assign(store: string, key: IdentityKey | null, batches: number): Promise<IdentityKey>
  keepKey(key: IdentityKey): Promise<void>
}

export interface LedgerBeside {
  /** for people: where it rests, without what must stay secret */
  readonly place: string
  readonly rooms: SmallRooms
  readonly reports: Reports
  readonly alerts: AlertLog
  readonly notes: BesideNotes
  /** null: it is of one machine, where whoever is asked does everything */
  readonly leases: Leases | null
  /** Bytes that it takes. */
  size(): Promise<number>
  /** How it does, for whoever runs it. */
  condition(): Promise<StoreCondition>
  /** A consistent copy into a folder; rejects with a StoreError where it cannot be copied from here. */
  backup(folder: string): Promise<void>
  /** Rings when another process changed what alerting remembers. `edited`: a person did. Returns the way to stop. */
  onAlerts(listener: (edited: boolean) => void): () => void
  close(): Promise<void>
}
