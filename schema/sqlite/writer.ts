/** Everything that changes records and batches. Runs in the writer's thread, one call after the other, each one transaction. */
import type { BatchReport, DeletionReport } from '../api/batches.js'
import {
  batchClosed,
  batchGone,
  partConflict,
  type BatchOrigin,
  type BatchProgress,
  type Changed,
  type Part,
  type PartOutcome,
  type WholeBatch,
} from '../store/batches.js'
import { hexOfKey, type IdentityKey } from '../store/identity.js'
import { StoreError } from '../store/store-error.js'
import { checkAlertLayout } from './alerts/layout.js'
import { attempt, BUSY_TIMEOUT_MS, openToWrite, type Connection } from './database.js'
import { storeError } from './errors.js'
import { at, type Failpoint } from './failpoints.js'
import { ensureIdentityKey, keepIdentityKey, Keys } from './identity-key.js'
import { batchId, batchNumber } from '../store/rows/batch-id.js'
import { BatchTable } from './ledger/batches.js'
import { ReportTable } from './ledger/reports.js'
import { Patience } from './patience.js'
import { returned } from './returned.js'
import { SameFile } from './same-file.js'
import { Catalog, SegmentTable } from './segments/catalog.js'
import { SegmentSource } from './segments/segment.js'
import { ensureSlots, readSlots } from './segments/slots.js'
import { mergeSegments, nextMerge } from './writing/compact.js'
import { Deduper } from './writing/dedupe.js'
import { insertRecords } from './writing/insert.js'
import { Owners } from './writing/owners.js'
import { batchCounted } from '../store/counts-only.js'
import type { Erased, Erasure } from '../store/erasure.js'
import type { Expiry } from '../store/expiry.js'
import { WriteAheadLog } from './write-ahead-log.js'
import { eraseRecords } from './writing/erase.js'
import { expireRecords, type Expired } from './writing/expire.js'
import { removeRecords } from './writing/remove.js'
import { renewSegments } from './writing/renew.js'

/** What rewriting segments and settling suspicions keep of what they read. */
const SOURCE_CACHE_BYTES = 16 * 1024 * 1024

/** Fewer free pages than this (4 MB) are left for what comes next. */
const FREE_PAGES = 512

/** Trouble with the file itself: whatever else is tried meets it too. */
const OF_FILE: readonly string[] = ['STORE_BUSY', 'STORE_FULL', 'STORE_UNUSABLE', 'STORE_CLOSED']
const isOfFile = (error: unknown) => error instanceof StoreError && OF_FILE.includes(error.code)

/** What batches that were given together came to: each its report, or why it was refused. */
export type Taken = Changed<({ value: BatchReport } | { error: unknown })[]>

export class Writer {
  readonly db: Connection
  readonly catalog: Catalog
  readonly segments: SegmentTable
  /** counts of records that are gone */
  readonly counted: SegmentTable
  readonly source: SegmentSource
  readonly deduper: Deduper
  readonly keys: Keys
  private readonly owners: Owners
  private readonly batches: BatchTable
  private readonly reports: ReportTable
  private readonly isCounted
  private readonly openBatches = new Set<number>()
  private readonly file: SameFile
  private readonly patience: Patience
  private readonly log: WriteAheadLog

  /** Throws StoreError if the file can not be used. `giveWay` returns when others of this process have written. */
  constructor(
    readonly path: string,
    owner: string,
    private readonly giveWay: () => void = () => {},
    waitMs = BUSY_TIMEOUT_MS,
  ) {
    this.db = openToWrite(path, waitMs)
    this.patience = new Patience(this.db, waitMs)
    this.log = new WriteAheadLog(this.db, path)
    this.file = new SameFile(path, this.log.save)
    attempt(path, 'open the store', () => {
      checkAlertLayout(this.db)
      ensureSlots(this.db)
      this.db.transaction(() => ensureIdentityKey(this.db)).immediate()
    })
    this.keys = new Keys(this.db)
    this.segments = new SegmentTable(this.db, readSlots(this.db))
    this.counted = new SegmentTable(this.db, readSlots(this.db), 'counted_segment')
    this.catalog = new Catalog(this.db)
    this.source = new SegmentSource(this.db, SOURCE_CACHE_BYTES)
    this.deduper = new Deduper(this.db, this.catalog, this.source)
    this.isCounted = this.db.prepare('select 1 from counted_segment_batch where batch = ? limit 1')
    this.owners = new Owners(this.db, owner)
    this.batches = new BatchTable(this.db)
    this.reports = new ReportTable(this.db)
    attempt(path, 'bring the records to the layout of today in', () => renewSegments(this))
  }

  /** Number of the last commit that changed an answer. */
  lastChange(): number {
    return attempt(this.path, 'read', () => this.db.prepare('select counter from change').pluck().get() as number)
  }

  /** Made once per store. */
  identityKey(): IdentityKey {
    return attempt(this.path, 'read the key of', () => this.keys.identity)
  }

  /** False where records rest already, which bear hashes of the key of before. */
  adoptIdentityKey(key: IdentityKey): boolean {
    return this.commit('keep the identity key of', () => {
      if (this.db.prepare('select 1 from segment union all select 1 from counted_segment').get() !== undefined)
        return false
      keepIdentityKey(this.db, hexOfKey(key))
      return true
    })
  }

  open(origin: BatchOrigin, key: string | null = null): Changed<string> {
    return this.change('open a batch in', 'open/committed', (unchanged) => {
      this.owners.beat()
      const { number, isNew } = this.batches.open(origin, key, this.owners.id)
      if (!isNew) return unchanged(batchId(number))
      this.openBatches.add(number)
      at('open/inserted')
      return batchId(number)
    })
  }

  /** What is new of the part, its summaries, its rejected lines and the report so far; or nothing if it was given before. */
  write(batch: string, part: Part): Changed<PartOutcome> {
    return this.change(`write part ${part.number} of batch ${batch} to`, 'write/committed', (unchanged) => {
      const number = this.existing(batch)
      const rows = part.blocks.reduce((sum, block) => sum + block.rows, 0)
      const known = this.batches.knownPart(number, part.number)
      if (known) {
        if (known.rows !== rows) throw partConflict(batch, part.number, known.rows, rows)
        return unchanged({ stored: known.stored, duplicates: known.duplicates })
      }
      if (this.batches.state(number) === 'closed') throw batchClosed(batch)
      this.owners.beat()
      this.openBatches.add(number)
      const [stored] = insertRecords(this, [{ batch: number, blocks: part.blocks }])
      at('write/records')
      this.batches.addPart(number, { ...part, rows }, stored, this.owners.id)
      at('write/report')
      return { stored: stored.stored, duplicates: stored.duplicates }
    })
  }

  /**
   * Batches of one part each, opened, written and closed in one commit; what each came to, in their order. One that cannot be
   * taken is refused alone. Throws where none can be stored: the file is held by another process, the disk is full.
   */
  take(batches: readonly WholeBatch[]): Taken {
    const tried = batches.length === 1 ? 'store a batch in' : `store ${batches.length} batches in`
    const all = <T>(work: () => T): Changed<T> => this.change(tried, 'take/committed', () => work())
    try {
      return all(() => this.takeTogether(batches).map((value) => ({ value })))
    } catch (error) {
      if (isOfFile(error) || batches.length === 1) throw error
      // whatever was wrong with one of them was undone with all of them: now each for itself
      return all(() => batches.map((batch) => this.takeAlone(batch)))
    }
  }

  /** Once: what was closed stays as it was closed. */
  close(
    batch: string,
    state: 'complete' | 'aborted',
    progress: BatchProgress,
    message: string | null,
  ): Changed<BatchReport> {
    return this.change(`close batch ${batch} in`, 'close/committed', (unchanged) => {
      const number = this.existing(batch)
      this.openBatches.delete(number)
      if (this.batches.state(number) === 'closed') return unchanged(this.reports.ofNumber(number) as BatchReport)
      this.batches.close(number, state, progress, message)
      at('close/report')
      return this.reports.ofNumber(number) as BatchReport
    })
  }

  delete(batch: string): Changed<DeletionReport | null> {
    return this.change(`delete batch ${batch} from`, 'delete/committed', (unchanged) => {
      const number = batchNumber(batch)
      if (number === null || this.batches.state(number) === null) return unchanged(null)
      if (this.isCounted.get(number) !== undefined) throw batchCounted(batch)
      this.openBatches.delete(number)
      const removed = removeRecords(this, number)
      at('delete/records')
      this.batches.remove(number)
      at('delete/report')
      return { id: batch, ...removed }
    })
  }

  /** One step: of at most `most` segments. A number: everything older goes, counts with the records. */
  expire(expiry: number | Expiry, most = Infinity): Changed<Expired> {
    return this.change('remove old records from', 'expire/committed', (unchanged) => {
      const expired = expireRecords(this, typeof expiry === 'number' ? { before: expiry } : expiry, most)
      at('expire/records')
      return expired.removed === 0 && !expired.counts ? unchanged(expired) : expired
    })
  }

  /** What was free or becomes free is overwritten, so that nothing of it is left in the file. */
  erase(what: Erasure): Changed<Erased> {
    const tried = 'erase records from'
    const before = this.db.pragma('secure_delete', { simple: true }) as number
    this.db.pragma('secure_delete = 1')
    try {
      const erased = this.change(tried, 'expire/committed', () => eraseRecords(this, what))
      // what was written before is in the log as well
      attempt(this.path, tried, () => this.db.pragma('wal_checkpoint(TRUNCATE)'))
      return erased
    } finally {
      this.db.pragma(`secure_delete = ${before}`)
    }
  }

  /** Marks batches of dead processes as aborted; `living`: the owners in this process. */
  abandonDead(living: readonly string[]): void {
    attempt(this.path, 'look for abandoned batches in', () => {
      this.file.check()
      if (this.openBatches.size > 0) this.owners.beat()
      this.patience.with(() => this.owners.abandonDead(living))
    })
  }

  /**
   * One piece of tidying, in steps: merges some small segments, or gives free pages back to the disk. False if there was
   * nothing to do. `quiet`: no more data is expected soon.
   */
  *tidy(quiet: boolean): Generator<void, boolean> {
    const group = attempt(this.path, 'read', () => this.db.transaction(() => nextMerge(this.catalog, quiet)).deferred())
    if (group === null) return quiet && this.giveBackPages()
    const steps = mergeSegments(this, group)
    const step = () => {
      this.giveWay()
      return steps.next()
    }
    while (!attempt(this.path, 'merge segments of', step).done) yield
    return true
  }

  /** All of that at once. */
  tidyNow(): void {
    for (;;) {
      const steps = this.tidy(true)
      let step = steps.next()
      while (!step.done) step = steps.next()
      if (!step.value) return
    }
  }

  /** Throws where the file that was opened is not the one that bears its name. */
  checkSame(): void {
    attempt(this.path, 'read', () => this.file.check())
  }

  /** Throws what the next commit would throw: the file is gone, another process holds it, it can't be written. */
  checkWritable(): void {
    attempt(this.path, 'write to', () => {
      this.file.check()
      this.file.checkRoom()
      this.file.checkDisk()
      // begins to write, and takes it back: only so is it known that it can
      this.patience.with(() => this.db.transaction(() => {}).immediate())
    })
  }

  dispose(): void {
    this.db.close()
  }

  private giveBackPages(): boolean {
    return attempt(this.path, 'shrink', () => {
      if ((this.db.pragma('freelist_count', { simple: true }) as number) < FREE_PAGES) return false
      this.db.pragma(`incremental_vacuum(${FREE_PAGES})`)
      return true
    })
  }

  private takeTogether(batches: readonly WholeBatch[]): BatchReport[] {
    this.owners.beat()
    const opened = batches.map((batch) => ({
      batch,
      rows: batch.blocks.reduce((sum, block) => sum + block.rows, 0),
      ...this.batches.open(batch.origin, batch.key ?? null, this.owners.id),
    }))
    at('take/opened')
    const wanted = opened.filter(({ number, rows, isNew }) => isNew || !this.isTaken(number, rows))
    const stored = insertRecords(
      this,
      wanted.map(({ number, batch: { blocks } }) => ({ batch: number, blocks })),
    )
    at('take/records')
    wanted.forEach(({ number, rows, batch: { rejected, progress, message } }, i) => {
      this.batches.addPart(number, { number: 1, rows, rejected, progress }, stored[i], this.owners.id)
      this.batches.close(number, 'complete', progress, message)
    })
    at('take/reports')
    return opened.map(({ number }) => this.reports.ofNumber(number) as BatchReport)
  }

  /** A batch that its key was known of: was it taken before, and is it the same? */
  private isTaken(number: number, rows: number): boolean {
    const known = this.batches.knownPart(number, 1)
    if (known && known.rows !== rows) throw partConflict(batchId(number), 1, known.rows, rows)
    if (!known && this.batches.state(number) === 'closed') throw batchClosed(batchId(number))
    return known !== null
  }

  /** In a savepoint: what fails leaves nothing behind. Throws what is not about this batch. */
  private takeAlone(batch: WholeBatch): Taken['value'][number] {
    try {
      return { value: this.db.transaction(() => this.takeTogether([batch])[0])() }
    } catch (error) {
      const told = storeError(error, this.path, 'store a batch in')
      if (isOfFile(told)) throw told
      return { error: told }
    }
  }

  private existing(batch: string): number {
    const number = batchNumber(batch)
    if (number === null || this.batches.state(number) === null) throw batchGone(batch)
    return number
  }

  /** `work` says `unchanged(value)` where all was so before: nobody need look again. */
  private change<T>(tried: string, done: Failpoint, work: (unchanged: (value: T) => T) => T): Changed<T> {
    const changed = this.commit(tried, () => {
      let isNew = true
      const value = work((same) => {
        isNew = false
        return same
      })
      const count = this.db.prepare('update change set counter = counter + 1 returning counter')
      return { value, change: isNew ? (returned(count.pluck()) as number) : null }
    })
    at(done)
    return changed
  }

  private commit<T>(tried: string, work: () => T): T {
    return attempt(this.path, tried, () => {
      this.file.check()
      this.giveWay()
      const done = this.patience.with(() => this.db.transaction(work).immediate())
      // nobody is told of a commit that went into a file which is gone
      this.file.check()
      this.log.keepSmall()
      return done
    })
  }
}
