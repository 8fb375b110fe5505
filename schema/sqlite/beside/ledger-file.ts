/**
 * The ledger of a store whose records rest elsewhere. Each call is one transaction; what must be one commit over both is
 * made of them: what is begun is noted here first and reported last, so that whoever comes after a crash knows what to
 * finish.
 */
import { statSync } from 'node:fs'
import type { BatchReport, DeletionReport } from '../../api/batches.js'
import {
  BatchError,
  batchClosed,
  batchGone,
  partConflict,
  type BatchOrigin,
  type BatchProgress,
  type Changed,
  type Part,
  type PartOutcome,
} from '../../store/batches.js'
import {
  WAIT,
  type BatchToDelete,
  type BegunPart,
  type BegunTogether,
  type FinishedTogether,
  type Leftovers,
  type PartSpan,
  type TogetherBatch,
} from '../../store/beside.js'
import type { PageQuery } from '../../store/paging.js'
import { StoreError } from '../../store/store-error.js'
import { checkAlertLayout } from '../alerts/layout.js'
import { attempt, openToWrite, type Connection } from '../database.js'
import { batchId, batchNumber } from '../../store/rows/batch-id.js'
import { BatchTable } from '../ledger/batches.js'
import { ReportTable } from '../ledger/reports.js'
import { returned } from '../returned.js'
import { SameFile } from '../same-file.js'
import { Owners } from '../writing/owners.js'
import { Belonging } from './belonging.js'
import { Lease } from './lease.js'
import { SumNotes } from './sum-notes.js'
import { BESIDE_SQL } from './tables.js'

export class LedgerFile {
  private readonly db: Connection
  private readonly file: SameFile
  private readonly owners: Owners
  private readonly batches: BatchTable
  private readonly reportTable: ReportTable
  private readonly lease: Lease
  readonly sums: SumNotes
  readonly belonging: Belonging
  private readonly openBatches = new Set<number>()

  /** Throws StoreError if the file can not be used. */
  constructor(
    readonly path: string,
    private readonly owner: string,
  ) {
    this.db = openToWrite(path)
    this.file = new SameFile(path)
    attempt(path, 'open the ledger', () => {
      checkAlertLayout(this.db)
      if (this.db.prepare('select 1 from segment limit 1').get() !== undefined) {
        const message = `${path} is a store with records of its own and cannot be the ledger of another one. Name another path.`
        throw new StoreError('STORE_UNUSABLE', message)
      }
      this.db.exec(BESIDE_SQL)
    })
    this.owners = new Owners(this.db, owner)
    const read = <T>(work: () => T) => attempt(path, 'read', work)
    const commit = <T>(tried: string, work: () => T) => this.commit(tried, work)
    this.sums = new SumNotes(this.db, read, commit)
    this.belonging = new Belonging(this.db, read, commit)
    this.batches = new BatchTable(this.db)
    this.reportTable = new ReportTable(this.db)
    // by the file itself: a copy that was made meanwhile is nobody's
    this.lease = new Lease(this.db, `records of ${statSync(path).ino}`, owner)
  }

  lastChange(): number {
    return attempt(this.path, 'read', () => this.db.prepare('select counter from change').pluck().get() as number)
  }

  open(origin: BatchOrigin, key: string | null): Changed<string> {
    return this.change('open a batch in', (unchanged) => {
      this.owners.beat()
      const { number, isNew } = this.batches.open(origin, key, this.owner)
      if (!isNew) return unchanged(batchId(number))
      this.openBatches.add(number)
      return batchId(number)
    })
  }

  /**
   * Notes that a part is on its way and takes the lease, or says what the part came to before. Throws a BatchError where the batch
   * takes no such part.
   */
  begin(
    batch: string,
    number: number,
    span: PartSpan,
    living: readonly string[],
  ): BegunPart | PartOutcome | typeof WAIT {
    return this.commit(`begin part ${number} of batch ${batch} in`, () => {
      const of = this.existing(batch)
      const known = this.known(of, number, span)
      if (known !== null) return known
      if (!this.lease.take(living)) return WAIT
      this.owners.beat()
      return this.beginPart(of, number, span)
    })
  }

  /** As `open` and `begin` of a first part for each; one that takes no such part is told so. */
  beginTogether(batches: readonly TogetherBatch[], living: readonly string[]): BegunTogether[] | typeof WAIT {
    return this.commit(`begin ${batches.length} batches in`, () => {
      if (!this.lease.take(living)) return WAIT
      this.owners.beat()
      return batches.map(({ origin, key, span }) => {
        const { number, isNew } = this.batches.open(origin, key, this.owner)
        if (isNew) this.openBatches.add(number)
        try {
          const of = this.existing(batchId(number))
          return { id: batchId(number), part: this.known(of, 1, span) ?? this.beginPart(of, 1, span) }
        } catch (error) {
          // nothing of it was written: it was there before
          if (!(error instanceof BatchError)) throw error
          return { refused: { code: error.code, message: error.message } }
        }
      })
    })
  }

  private known(of: number, number: number, span: PartSpan): PartOutcome | null {
    const known = this.batches.knownPart(of, number)
    if (known) {
      if (known.rows !== span.rows) throw partConflict(batchId(of), number, known.rows, span.rows)
      return { stored: known.stored, duplicates: known.duplicates }
    }
    if (this.batches.state(of) === 'closed') throw batchClosed(batchId(of))
    const begun = this.db.prepare('select rows from part_begun where batch = ? and number = ?').pluck()
    const rows = begun.get(of, number) as number | undefined
    if (rows !== undefined && rows !== span.rows) throw partConflict(batchId(of), number, rows, span.rows)
    return null
  }

  private beginPart(of: number, number: number, span: PartSpan): BegunPart {
    this.openBatches.add(of)
    const find = this.db.prepare('select turn from part_begun where batch = ? and number = ?').pluck()
    const note = this.db.prepare(
      'insert into part_begun (batch, number, rows, first_time, last_time, owner) values (?, ?, ?, ?, ?, ?)',
    )
    const turn =
      (find.get(of, number) as number | undefined) ??
      Number(note.run(of, number, span.rows, span.from, span.to, this.owner).lastInsertRowid)
    if (span.from !== null && span.to !== null) this.sums.hours.touch(span.from, span.to)
    return { batch: of, number, turn }
  }

  /**
   * The part rests: counts it in and gives the lease back. Null: others took us for dead and took out what it had stored; what
   * arrived since is noted as left over.
   */
  finish(begun: BegunPart, part: Omit<Part, 'blocks'>, span: PartSpan, stored: number): Changed<PartOutcome> | null {
    return this.commit(`write part ${begun.number} of batch ${begun.batch} to`, () => {
      this.lease.release()
      const outcome = this.finishPart(begun, part, span, stored)
      return outcome === null ? null : { value: outcome, change: this.counted() }
    })
  }

  /** As `finish` and `close` for each; what had come to something before is closed only. */
  finishTogether(parts: readonly FinishedTogether[]): Changed<(BatchReport | null)[]> {
    return this.commit(`write ${parts.length} batches to`, () => {
      this.lease.release()
      let isNew = false
      const value = parts.map(({ id, part, rest, span, stored, message }) => {
        const number = batchNumber(id) as number
        if ('turn' in part) {
          if (this.finishPart(part, rest, span, stored) === null) return null
          isNew = true
        }
        this.openBatches.delete(number)
        if (this.batches.state(number) !== 'closed') {
          this.batches.close(number, 'complete', rest.progress, message)
          isNew = true
        }
        return this.reportTable.ofNumber(number) as BatchReport
      })
      return { value, change: isNew ? this.counted() : null }
    })
  }

  private finishPart(begun: BegunPart, part: Omit<Part, 'blocks'>, span: PartSpan, stored: number): PartOutcome | null {
    if (this.db.prepare('select 1 from part_begun where turn = ?').get(begun.turn) === undefined) {
      const note = this.db.prepare(
        'insert or ignore into part_begun (turn, batch, number, rows, first_time, last_time, owner) values (?, ?, ?, ?, ?, ?, ?)',
      )
      note.run(begun.turn, begun.batch, begun.number, span.rows, span.from, span.to, this.owner)
      return null
    }
    const outcome = { stored, duplicates: span.rows - stored }
    const { from, to, rows } = span
    this.batches.addPart(begun.batch, { ...part, rows }, { ...outcome, from, to }, this.owner)
    this.forget(begun.turn)
    return outcome
  }

  /** False: another one holds it. */
  takeLease(living: readonly string[]): boolean {
    return this.commit('take the lease in', () => this.lease.take(living))
  }

  releaseLease(): void {
    this.commit('give the lease back in', () => this.lease.release())
  }

  close(
    batch: string,
    state: 'complete' | 'aborted',
    progress: BatchProgress,
    message: string | null,
  ): Changed<BatchReport> {
    return this.change(`close batch ${batch} in`, (unchanged) => {
      const number = this.existing(batch)
      this.openBatches.delete(number)
      if (this.batches.state(number) === 'closed') return unchanged(this.reportTable.ofNumber(number) as BatchReport)
      this.batches.close(number, state, progress, message)
      return this.reportTable.ofNumber(number) as BatchReport
    })
  }

  /** Null: there is no such batch. `noted`: its deletion was begun before. Times are of its first and last record. */
  batchToDelete(batch: string): BatchToDelete | null {
    return attempt(this.path, 'read', () => {
      const number = batchNumber(batch)
      const find = this.db
        .prepare(`select b.id as number, coalesce(min(b.first_time, p.first_time), b.first_time, p.first_time, 0) as "from",
        coalesce(max(b.last_time, p.last_time), b.last_time, p.last_time, 0) as "to", d.removed, d.brought_again as again
        from batch b left join deletion_begun d on d.batch = b.id
        left join (select batch, min(first_time) as first_time, max(last_time) as last_time from part_begun group by batch) p on p.batch = b.id
        where b.id = ?`)
      const row =
        number === null
          ? undefined
          : (find.get(number) as
              { number: number; from: number; to: number; removed: number | null; again: number | null } | undefined)
      if (row === undefined) return null
      const { removed, again, ...rest } = row
      return { ...rest, noted: removed === null ? null : { id: batch, removed, broughtAgain: again as number } }
    })
  }

  /** Before anything is taken out. */
  noteDeletion({ id, removed, broughtAgain }: DeletionReport, span: { from: number; to: number }): void {
    this.commit(`begin to delete batch ${id} from`, () => {
      const note = this.db.prepare(
        'insert or ignore into deletion_begun (batch, removed, brought_again) values (?, ?, ?)',
      )
      note.run(batchNumber(id), removed, broughtAgain)
      this.sums.hours.touch(span.from, span.to)
    })
  }

  /** Its records are gone: the report goes too. */
  remove(batch: string): Changed<null> {
    return this.change(`delete batch ${batch} from`, () => {
      const number = batchNumber(batch) as number
      this.openBatches.delete(number)
      this.batches.remove(number)
      for (const table of ['part_begun', 'deletion_begun'])
        this.db.prepare(`delete from ${table} where batch = ?`).run(number)
      return null
    })
  }

  /** What was begun and nobody will finish: of batches that are closed or given up. Holds for whoever has the lease. */
  leftovers(): Leftovers {
    return attempt(this.path, 'look for what was left half done in', () => {
      const parts = this.db.prepare(`select p.turn, p.batch, p.number, p.first_time as "from", p.last_time as "to"
        from part_begun p left join batch b on b.id = p.batch
        where b.closed_at is not null or b.state <> 'open' or b.id is null`)
      const deletions = this.db.prepare('select batch from deletion_begun').pluck()
      return { parts: parts.all() as Leftovers['parts'], deletions: (deletions.all() as number[]).map(batchId) }
    })
  }

  /** What rests of them may go again. */
  unfinished(): { batch: number; number: number }[] {
    return attempt(this.path, 'look for what is half done in', () => {
      const all = this.db.prepare('select batch, number from part_begun')
      return all.all() as { batch: number; number: number }[]
    })
  }

  /** Nothing of that part rests any more. */
  forgetPart(turn: number): void {
    this.commit('forget a part in', () => this.forget(turn))
  }

  /** What old batches lost, and what their parts came to. */
  expire(before: number): Changed<null> {
    return this.change('remove old reports from', () => {
      const old = "batch in (select id from batch where received_at < ? and state <> 'open')"
      for (const table of ['rejected_line', 'part']) this.db.prepare(`delete from ${table} where ${old}`).run(before)
      return null
    })
  }

  abandonDead(living: readonly string[]): void {
    attempt(this.path, 'look for abandoned batches in', () => {
      this.lease.beat()
      if (this.openBatches.size > 0) this.owners.beat()
      this.owners.abandonDead(living)
    })
  }

  checkWritable(): void {
    attempt(this.path, 'write to', () => {
      this.file.check()
      this.file.checkRoom()
      this.file.checkDisk()
      this.db.transaction(() => {}).immediate()
    })
  }

  reports(page: PageQuery) {
    return attempt(this.path, 'read', () => this.reportTable.page(page))
  }

  report(batch: string) {
    return attempt(this.path, 'read', () => this.reportTable.get(batch))
  }

  rejectedLines(batch: string, page: PageQuery) {
    return attempt(this.path, 'read', () => this.reportTable.rejectedLines(batch, page))
  }

  dispose(): void {
    this.db.close()
  }

  private forget(turn: number): void {
    this.db.prepare('delete from part_begun where turn = ?').run(turn)
  }

  private existing(batch: string): number {
    const number = batchNumber(batch)
    if (number === null || this.batches.state(number) === null) throw batchGone(batch)
    if (this.db.prepare('select 1 from deletion_begun where batch = ?').get(number) !== undefined)
      throw batchGone(batch)
    return number
  }

  private change<T>(tried: string, work: (unchanged: (value: T) => T) => T): Changed<T> {
    return this.commit(tried, () => {
      let isNew = true
      const value = work((same) => {
        isNew = false
        return same
      })
      return { value, change: isNew ? this.counted() : null }
    })
  }

  private counted(): number {
    return returned(this.db.prepare('update change set counter = counter + 1 returning counter').pluck()) as number
  }

  private commit<T>(tried: string, work: () => T): T {
    return attempt(this.path, tried, () => {
      const done = this.db.transaction(work).immediate()
      this.file.check()
      return done
    })
  }
}
