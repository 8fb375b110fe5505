/** Everything that changes the file. Runs in the writer's thread, one call after the other. */
import { randomBytes } from 'node:crypto'
import { MOST_REJECTED_LINES, type BatchReport, type DeletionReport } from '../api/batches.js'
import type { IdentityKey } from '../store/identity.js'
import { openBlock, type MovingBlock } from '../store/moving-block.js'
import type { BatchOrigin, BatchProgress, Part, PartOutcome } from '../store/store.js'
import { BatchTable } from './batches.js'
import { bytesOf } from './columns/bytes.js'
import { attempt, openToWrite, type Connection } from './database.js'
import { SegmentTable } from './segments/catalog.js'
import { encodeSegment } from './segments/encode.js'
import { rowsByDay } from './segments/order.js'
import { rowsOfBlocks } from './segments/rows.js'
import { SegmentSource } from './segments/segment.js'
import { ensureSlots, readSlots } from './segments/slots.js'
import { mergeSegments, nextMerge } from './writing/compact.js'
import { Deduper } from './writing/dedupe.js'
import { Owners } from './writing/owners.js'
import { deleteBatch, expireRecords } from './writing/remove.js'

/** What rewriting segments and settling suspicions keep of what they read. */
const SOURCE_CACHE_BYTES = 16 * 1024 * 1024

/** Fewer free pages than this (4 MB) are left for what comes next. */
const FREE_PAGES = 512

/** What a call changed: the commit's number, which readers see as well. */
export interface Changed<T> {
  value: T
  change: number
}

export class Writer {
  readonly db: Connection
  readonly segments: SegmentTable
  readonly source: SegmentSource
  private readonly deduper: Deduper
  private readonly owners: Owners
  private readonly batches: BatchTable
  private readonly openBatches = new Set<number>()

  /** Throws StoreError if the file can not be used. */
  constructor(
    readonly path: string,
    owner: string,
  ) {
    this.db = openToWrite(path)
    attempt(path, 'open the store', () => ensureSlots(this.db))
    this.segments = new SegmentTable(this.db, readSlots(this.db))
    this.source = new SegmentSource(this.db, SOURCE_CACHE_BYTES)
    this.deduper = new Deduper(this.db, this.source)
    this.owners = new Owners(this.db, owner)
    this.batches = new BatchTable(this.db)
  }

  /** Number of the last commit that changed an answer. */
  lastChange(): number {
    return attempt(this.path, 'read', () => this.db.prepare('select counter from change').pluck().get() as number)
  }

  /** Made once per store. */
  identityKey(): IdentityKey {
    return this.commit('read the identity key of', () => {
      let text = this.db.prepare("select value from setting where name = 'identity-key'").pluck().get() as
        string | undefined
      if (text === undefined) {
        text = randomBytes(16).toString('hex')
        this.db.prepare("insert into setting (name, value) values ('identity-key', ?)").run(text)
      }
      const bytes = Buffer.from(text, 'hex')
      return [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)) as unknown as IdentityKey
    })
  }

  open(origin: BatchOrigin): Changed<number> {
    return this.change('open a batch in', () => {
      this.owners.beat()
      const now = Date.now()
      const { lastInsertRowid } = this.db
        .prepare(
          `insert into batch (input, name, state, owner, received_at, written_at)
        values (?, ?, ?, ?, ?, ?)`,
        )
        .run(origin.input, origin.name, 'open', this.owners.id, now, now)
      this.openBatches.add(Number(lastInsertRowid))
      return Number(lastInsertRowid)
    })
  }

  /** One transaction: what is new of the part, its summaries, its rejected lines and the report so far. */
  write(batch: number, part: Part): Changed<PartOutcome> {
    return this.change(`write a part of batch ${batch} to`, () => {
      this.checkExists(batch)
      this.owners.beat()
      this.openBatches.add(batch)
      const stored = this.storeBlocks(
        batch,
        part.blocks.filter((block) => block.rows > 0),
      )
      this.keepRejected(batch, part)
      this.report(batch, part.progress)
      this.db
        .prepare(
          `update batch set state = 'open', message = null, owner = $owner,
        stored = stored + $stored, duplicates = duplicates + $duplicates,
        first_time = min(coalesce(first_time, $from), coalesce($from, first_time)),
        last_time = max(coalesce(last_time, $to), coalesce($to, last_time))
        where id = $batch`,
        )
        .run({ ...stored, batch, owner: this.owners.id })
      return { stored: stored.stored, duplicates: stored.duplicates }
    })
  }

  close(
    batch: number,
    state: 'complete' | 'aborted',
    progress: BatchProgress,
    message: string | null,
  ): Changed<BatchReport> {
    return this.change(`close batch ${batch} in`, () => {
      this.checkExists(batch)
      this.report(batch, progress)
      this.db.prepare('update batch set state = ?, message = ?, owner = null where id = ?').run(state, message, batch)
      this.openBatches.delete(batch)
      return this.batches.get(batch) as BatchReport
    })
  }

  delete(batch: number): Changed<DeletionReport | null> {
    return this.change(`delete batch ${batch} from`, () => {
      if (this.batches.get(batch) === null) return null
      this.openBatches.delete(batch)
      return deleteBatch(this, batch)
    })
  }

  expire(before: number): Changed<number> {
    return this.change('remove old records from', () => expireRecords(this, before))
  }

  setSetting(name: string, value: string): void {
    this.commit('keep a setting in', () => {
      this.db
        .prepare(
          `insert into setting (name, value) values (?, ?)
        on conflict (name) do update set value = excluded.value`,
        )
        .run(`user:${name}`, value)
    })
  }

  /** Marks batches of dead processes as aborted; `living`: the owners in this process. */
  abandonDead(living: readonly string[]): void {
    attempt(this.path, 'look for abandoned batches in', () => {
      if (this.openBatches.size > 0) this.owners.beat()
      this.owners.abandonDead(living)
    })
  }

  /**
   * One piece of tidying, in steps: merges some small segments, or gives free pages back to the disk. False if there was
   * nothing to do. `quiet`: no more data is expected soon.
   */
  *tidy(quiet: boolean): Generator<void, boolean> {
    const group = attempt(this.path, 'read', () => nextMerge(this.db, quiet))
    if (group === null) return quiet && this.giveBackPages()
    const steps = mergeSegments(this, group)
    while (!attempt(this.path, 'merge segments of', () => steps.next()).done) yield
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

  private storeBlocks(
    batch: number,
    blocks: readonly MovingBlock[],
  ): PartOutcome & { from: number | null; to: number | null } {
    const outcome = { stored: 0, duplicates: 0, from: null as number | null, to: null as number | null }
    if (blocks.length === 0) return outcome
    const rows = rowsOfBlocks(blocks.map(openBlock), batch)
    for (const { order } of rowsByDay(rows.time)) {
      const { fresh, duplicates } = this.deduper.sift(rows, order)
      if (fresh.length > 0) this.segments.insert(encodeSegment(rows, fresh))
      const from = rows.time[order[0]]
      const to = rows.time[order[order.length - 1]]
      if (duplicates.length > 0) {
        const insert = this.db.prepare('insert into duplicate (batch, first_time, last_time, keys) values (?, ?, ?, ?)')
        insert.run(batch, from, to, bytesOf(duplicates))
      }
      outcome.stored += fresh.length
      outcome.duplicates += duplicates.length / 2
      outcome.from = Math.min(outcome.from ?? from, from)
      outcome.to = Math.max(outcome.to ?? to, to)
    }
    return outcome
  }

  private keepRejected(batch: number, { rejected }: Part): void {
    if (rejected.length === 0) return
    const highest = this.db.prepare('select coalesce(max(n), 0) from rejected_line where batch = ?')
    const kept = highest.pluck().get(batch) as number
    const insert = this.db.prepare(`insert into rejected_line (batch, n, input, line, reason, sample)
      values (?, ?, ?, ?, ?, ?)`)
    const room = Math.max(0, MOST_REJECTED_LINES - kept)
    rejected.slice(0, room).forEach((r, i) => {
      insert.run(batch, kept + 1 + i, r.input, r.line, r.reason, r.sample)
    })
  }

  private report(batch: number, p: BatchProgress): void {
    const [byReason, missing] = [JSON.stringify(p.rejectedByReason), JSON.stringify(p.missingFields)]
    this.db
      .prepare(
        `update batch set lines = ?, rejected = ?, rejected_by_reason = ?, missing_fields = ?,
      bytes = ?, seconds = ?, written_at = ? where id = ?`,
      )
      .run(p.lines, p.rejected, byReason, missing, p.bytes, p.seconds, Date.now(), batch)
  }

  private checkExists(batch: number): void {
    if (this.batches.get(batch) === null) {
      const message = `There is no batch ${batch} (any more): it was deleted while it was being written`
      throw Object.assign(new Error(message), { code: 'BATCH_GONE' })
    }
  }

  private change<T>(tried: string, work: () => T): Changed<T> {
    return this.commit(tried, () => {
      const value = work()
      const count = this.db.prepare('update change set counter = counter + 1 returning counter')
      return { value, change: count.pluck().get() as number }
    })
  }

  private commit<T>(tried: string, work: () => T): T {
    return attempt(this.path, tried, () => this.db.transaction(work).immediate())
  }
}
