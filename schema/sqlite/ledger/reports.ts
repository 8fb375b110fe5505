/** Reports of batches and their rejected lines, read. */
import { iso, isoOrNull } from '../../words/iso.js'
import type { BatchReport, MissingField, RejectedLine } from '../../api/batches.js'
import type { ReadingOfBatch } from '../../store/batches.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { badCursor, pageOf, type Page, type PageQuery } from '../../store/paging.js'
import type { Connection } from '../database.js'
import { batchId, batchNumber } from './batch-id.js'

/** Shown in the report itself; the rest is fetched page by page. */
const REJECTIONS_IN_REPORT = 100

interface BatchRow {
  id: number
  input: string
  name: string | null
  job: string | null
  state: BatchReport['state']
  message: string | null
  lines: number
  stored: number
  duplicates: number
  rejected: number
  rejected_by_reason: string
  missing_fields: string
  reading: string
  bytes: number
  first_time: number | null
  last_time: number | null
  received_at: number
  written_at: number
  seconds: number
}

/** What batches of earlier versions say of how they were read. */
const NOTHING_SPECIAL: ReadingOfBatch = { via: [], weighted: false, after: null, leftOut: [] }

type RejectedRow = RejectedLine & { n: number }

export class ReportTable {
  private readonly newest
  private readonly one
  private readonly rejections

  constructor(db: Connection) {
    this.newest = db.prepare('select * from batch where id < ? order by id desc limit ?')
    this.one = db.prepare('select * from batch where id = ?')
    this.rejections = db.prepare(
      'select n, input, line, reason, sample, at, found from rejected_line where batch = ? and n > ? order by n limit ?',
    )
  }

  /** Newest first; the cursor is the id of the last one shown. */
  page({ limit, after }: PageQuery): Page<BatchReport> {
    const before = after === null ? Number.MAX_SAFE_INTEGER : batchNumber(after)
    if (before === null) throw badCursor(after as string)
    const rows = this.newest.all(before, limit + 1) as BatchRow[]
    return pageOf(
      rows,
      limit,
      (row) => this.toReport(row),
      (row) => batchId(row.id),
    )
  }

  get(id: string): BatchReport | null {
    const number = batchNumber(id)
    return number === null ? null : this.ofNumber(number)
  }

  ofNumber(number: number): BatchReport | null {
    const row = this.one.get(number) as BatchRow | undefined
    return row ? this.toReport(row) : null
  }

  /** In the order in which they came. */
  rejectedLines(id: string, { limit, after }: PageQuery): Page<RejectedLine> {
    const number = batchNumber(id)
    const seen = after === null ? 0 : (placeOf(after, ['number'])[0] as number)
    const rows = number === null ? [] : this.rejected(number, seen, limit + 1)
    return pageOf(rows, limit, lineOf, (row) => cursorOf([row.n]))
  }

  private rejected(number: number, seen: number, limit: number): RejectedRow[] {
    return this.rejections.all(number, seen, limit) as RejectedRow[]
  }

  private toReport(row: BatchRow): BatchReport {
    return {
      id: batchId(row.id),
      input: row.input,
      name: row.name,
      job: row.job,
      state: row.state,
      message: row.message,
      lines: row.lines,
      stored: row.stored,
      duplicates: row.duplicates,
      rejected: row.rejected,
      rejectedByReason: JSON.parse(row.rejected_by_reason) as { [reason: string]: number },
      rejections: row.rejected === 0 ? [] : this.rejected(row.id, 0, REJECTIONS_IN_REPORT).map(lineOf),
      missingFields: JSON.parse(row.missing_fields) as MissingField[],
      ...NOTHING_SPECIAL,
      ...(JSON.parse(row.reading) as Partial<ReadingOfBatch>),
      bytes: row.bytes,
      from: isoOrNull(row.first_time),
      to: isoOrNull(row.last_time),
      receivedAt: iso(row.received_at),
      lagSeconds: row.last_time === null ? null : Math.max(0, row.written_at - row.last_time) / 1000,
      seconds: row.seconds,
    }
  }
}

const lineOf = ({ input, line, reason, sample, at, found }: RejectedRow): RejectedLine => ({
  input,
  line,
  reason,
  sample,
  at,
  found,
})
