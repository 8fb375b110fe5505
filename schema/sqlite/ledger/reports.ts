/** Reports of batches and their rejected lines, read. */
import type { BatchReport, RejectedLine } from '../../api/batches.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { badCursor, pageOf, type Page, type PageQuery } from '../../store/paging.js'
import { lineOf, reportOf, REJECTIONS_IN_REPORT, type BatchRow, type RejectedRow } from '../../store/rows/reports.js'
import type { Connection } from '../database.js'
import { batchId, batchNumber } from '../../store/rows/batch-id.js'

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
    return reportOf(batchId(row.id), row, row.rejected === 0 ? [] : this.rejected(row.id, 0, REJECTIONS_IN_REPORT))
  }
}
