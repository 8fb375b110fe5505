/** Reports of batches and their rejected lines, read. */
import type { BatchReport } from '../../api/batches.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import type { Reports } from '../../store/ledger/reports.js'
import { badCursor, pageOf } from '../../store/paging.js'
import { batchId, batchNumber } from '../../store/rows/batch-id.js'
import { lineOf, reportOf, REJECTIONS_IN_REPORT, type BatchRow, type RejectedRow } from '../../store/rows/reports.js'
import type { Asked, Database } from '../database.js'

export function reports(db: Database): Reports {
  return {
    page: ({ limit, after }) =>
      db.read('read the reports of', async (ask) => {
        const before = after === null ? Number.MAX_SAFE_INTEGER : batchNumber(after)
        if (before === null) throw badCursor(after as string)
        const rows = await ask.rows<BatchRow>(
          'select * from batch where id < @before::bigint order by id desc limit @limit::int + 1',
          { before, limit },
        )
        const full = new Map<number, BatchReport>()
        for (const row of rows.slice(0, limit)) full.set(row.id, await withLines(ask, row))
        return pageOf(
          rows,
          limit,
          (row) => full.get(row.id) as BatchReport,
          (row) => batchId(row.id),
        )
      }),
    get: (id) =>
      db.read('read a report of', async (ask) => {
        const number = batchNumber(id)
        return number === null ? null : reportOfNumber(ask, number)
      }),
    rejectedLines: async (id, { limit, after }) => {
      const number = batchNumber(id)
      const seen = after === null ? 0 : (placeOf(after, ['number'])[0] as number)
      const rows =
        number === null ? [] : await db.read('read a report of', (ask) => rejected(ask, number, seen, limit + 1))
      return pageOf(rows, limit, lineOf, (row) => cursorOf([row.n]))
    },
  }
}

export async function reportOfNumber(ask: Asked, number: number): Promise<BatchReport | null> {
  const row = await ask.row<BatchRow>('select * from batch where id = @number', { number })
  return row === undefined ? null : withLines(ask, row)
}

export async function reportsOf(ask: Asked, numbers: readonly number[]): Promise<Map<number, BatchReport>> {
  const rows = await ask.rows<BatchRow>('select * from batch where id = any(@numbers::bigint[])', { numbers })
  const out = new Map<number, BatchReport>()
  for (const row of rows) out.set(row.id, await withLines(ask, row))
  return out
}

async function withLines(ask: Asked, row: BatchRow): Promise<BatchReport> {
  return reportOf(batchId(row.id), row, row.rejected === 0 ? [] : await rejected(ask, row.id, 0, REJECTIONS_IN_REPORT))
}

function rejected(ask: Asked, number: number, seen: number, limit: number): Promise<RejectedRow[]> {
  return ask.rows<RejectedRow>(
    `select n, input, line, reason, sample, at, found from rejected_line
    where batch = @number and n > @seen order by n limit @limit::int`,
    { number, seen, limit },
  )
}
