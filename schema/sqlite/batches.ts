/** Reports of batches and their rejected lines, as rows. */
import type { BatchReport, MissingField, RejectedLine } from '../api/batches.js'
import type { Connection } from './database.js'

/** Shown in the report itself; the rest is fetched page by page. */
const REJECTIONS_IN_REPORT = 100

interface BatchRow {
  id: number
  input: string
  name: string | null
  state: BatchReport['state']
  message: string | null
  lines: number
  stored: number
  duplicates: number
  rejected: number
  rejected_by_reason: string
  missing_fields: string
  bytes: number
  first_time: number | null
  last_time: number | null
  received_at: number
  written_at: number
  seconds: number
}

export class BatchTable {
  private readonly page
  private readonly one
  private readonly rejections

  constructor(db: Connection) {
    this.page = db.prepare('select * from batch where id < ? order by id desc limit ?')
    this.one = db.prepare('select * from batch where id = ?')
    this.rejections = db.prepare(
      'select input, line, reason, sample from rejected_line where batch = ? and n > ? order by n limit ?',
    )
  }

  /** Newest first. */
  list({ limit, before }: { limit: number; before: number | null }): BatchReport[] {
    const rows = this.page.all(before ?? Number.MAX_SAFE_INTEGER, limit) as BatchRow[]
    return rows.map((row) => this.toReport(row))
  }

  get(id: number): BatchReport | null {
    const row = this.one.get(id) as BatchRow | undefined
    return row ? this.toReport(row) : null
  }

  /** In the order in which they came; `after` is how many were seen already. */
  rejectedLines(id: number, { limit, after }: { limit: number; after: number }): RejectedLine[] {
    return this.rejections.all(id, after, limit) as RejectedLine[]
  }

  private toReport(row: BatchRow): BatchReport {
    const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString())
    return {
      id: row.id,
      input: row.input,
      name: row.name,
      state: row.state,
      message: row.message,
      lines: row.lines,
      stored: row.stored,
      duplicates: row.duplicates,
      rejected: row.rejected,
      rejectedByReason: JSON.parse(row.rejected_by_reason) as { [reason: string]: number },
      rejections: row.rejected === 0 ? [] : this.rejectedLines(row.id, { limit: REJECTIONS_IN_REPORT, after: 0 }),
      missingFields: JSON.parse(row.missing_fields) as MissingField[],
      bytes: row.bytes,
      from: iso(row.first_time),
      to: iso(row.last_time),
      receivedAt: new Date(row.received_at).toISOString(),
      lagSeconds: row.last_time === null ? null : Math.max(0, row.written_at - row.last_time) / 1000,
      seconds: row.seconds,
    }
  }
}
