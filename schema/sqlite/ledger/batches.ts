/** Batches as rows, written: opened, moved on part by part, closed. The caller holds the transaction. */
import type { RejectedLine } from '../../api/batches.js'
import { MOST_REJECTED_LINES } from '../../words/rejections.js'
import type { BatchOrigin, BatchProgress, PartOutcome } from '../../store/batches.js'
import type { Connection } from '../database.js'

/** What the records of a part came to. */
export interface StoredPart extends PartOutcome {
  /** event time of the first and the last record, duplicates counted */
  from: number | null
  to: number | null
}

export interface KnownPart extends PartOutcome {
  rows: number
}

export class BatchTable {
  private readonly withKey
  private readonly insert
  private readonly stateOf
  private readonly part
  private readonly lastPart
  private readonly lateRows
  private readonly insertPart
  private readonly count
  private readonly progress
  private readonly finish
  private readonly lastRejected
  private readonly insertRejected
  private readonly removals

  constructor(db: Connection) {
    this.withKey = db.prepare('select id from batch where key = ?').pluck()
    this.insert =
      db.prepare(`insert into batch (input, name, job, sender, sender_address, key, state, owner, received_at, written_at)
      values (@input, @name, @job, @sender, @address, @key, 'open', @owner, @now, @now)`)
    this.stateOf = db.prepare('select closed_at is not null as closed from batch where id = ?').pluck()
    this.part = db.prepare('select rows, stored, duplicates from part where batch = ? and number = ?')
    this.lastPart = db.prepare('select coalesce(max(number), 0) from part where batch = ?').pluck()
    // rows that are neither: of a time whose records are gone and counted
    this.lateRows = db.prepare('select coalesce(sum(rows - stored - duplicates), 0) from part where batch = ?').pluck()
    this.insertPart = db.prepare(
      'insert into part (batch, number, rows, stored, duplicates) values (@batch, @number, @rows, @stored, @duplicates)',
    )
    this.count = db.prepare(`update batch set state = 'open', message = null, owner = @owner,
      stored = stored + @stored, duplicates = duplicates + @duplicates,
      first_time = min(coalesce(first_time, @from), coalesce(@from, first_time)),
      last_time = max(coalesce(last_time, @to), coalesce(@to, last_time))
      where id = @batch`)
    this.progress = db.prepare(`update batch set lines = ?, rejected = ?, rejected_by_reason = ?, missing_fields = ?,
      reading = ?, bytes = ?, seconds = ?, written_at = ? where id = ?`)
    this.finish = db.prepare('update batch set state = ?, message = ?, owner = null, closed_at = ? where id = ?')
    this.lastRejected = db.prepare('select coalesce(max(n), 0) from rejected_line where batch = ?').pluck()
    this.insertRejected = db.prepare(
      'insert into rejected_line (batch, n, input, line, reason, sample, at, found) values (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.removals = ['rejected_line', 'part'].map((table) => db.prepare(`delete from ${table} where batch = ?`))
    this.removals.push(db.prepare('delete from batch where id = ?'))
  }

  /** `isNew`: false where the key was known. */
  open(origin: BatchOrigin, key: string | null, owner: string): { number: number; isNew: boolean } {
    const known = key === null ? undefined : (this.withKey.get(key) as number | undefined)
    if (known !== undefined) return { number: known, isNew: false }
    const { input, name, job = null, sender } = origin
    const sent = { sender: sender?.name ?? null, address: sender?.address ?? null }
    const row = { input, name, job, ...sent, key, owner, now: Date.now() }
    return { number: Number(this.insert.run(row).lastInsertRowid), isNew: true }
  }

  /** Null: there is no such batch. A batch that was given up by others is open to its own process. */
  state(number: number): 'open' | 'closed' | null {
    const closed = this.stateOf.get(number) as number | undefined
    return closed === undefined ? null : closed === 1 ? 'closed' : 'open'
  }

  knownPart(number: number, part: number): KnownPart | null {
    return (this.part.get(number, part) as KnownPart | undefined) ?? null
  }

  /** Counts a part in; its batch belongs to this owner (again). */
  addPart(
    number: number,
    part: { number: number; rows: number; rejected: readonly RejectedLine[]; progress: BatchProgress },
    { stored, duplicates, from, to }: StoredPart,
    owner: string,
  ): void {
    const isLast = part.number > (this.lastPart.get(number) as number)
    this.insertPart.run({ batch: number, number: part.number, rows: part.rows, stored, duplicates })
    this.keepRejected(number, part.rejected)
    // an earlier part that comes late knows less than what is kept
    if (isLast) this.keepProgress(number, part.progress)
    this.count.run({ batch: number, stored, duplicates, from, to, owner })
  }

  close(number: number, state: 'complete' | 'aborted', progress: BatchProgress, message: string | null): void {
    this.keepProgress(number, progress)
    this.finish.run(state, message, Date.now(), number)
  }

  remove(number: number): void {
    for (const removal of this.removals) removal.run(number)
  }

  private keepRejected(number: number, rejected: readonly RejectedLine[]): void {
    if (rejected.length === 0) return
    const kept = this.lastRejected.get(number) as number
    rejected.slice(0, Math.max(0, MOST_REJECTED_LINES - kept)).forEach((line, i) => {
      const { input, reason, sample, at, found } = line
      this.insertRejected.run(number, kept + 1 + i, input, line.line, reason, sample, at, found)
    })
  }

  private keepProgress(number: number, p: BatchProgress): void {
    // what only the store can know: the pipeline tells of what it could not read
    const late = this.lateRows.get(number) as number
    const reasons = late === 0 ? p.rejectedByReason : { ...p.rejectedByReason, 'records-gone': late }
    const [byReason, missing] = [JSON.stringify(reasons), JSON.stringify(p.missingFields)]
    const { via, weighted, after, leftOut } = p
    const reading = JSON.stringify({ via, weighted, after, leftOut })
    this.progress.run(p.lines, p.rejected + late, byReason, missing, reading, p.bytes, p.seconds, Date.now(), number)
  }
}
