/** The report of a batch and its rejected lines as rows. */
import type { BatchReport, MissingField, RejectedLine } from '../../api/batches.js'
import { iso, isoOrNull } from '../../words/iso.js'
import type { ReadingOfBatch } from '../batches.js'

/** Shown in the report itself; the rest is fetched page by page. */
export const REJECTIONS_IN_REPORT = 100

export interface BatchRow {
  id: number
  input: string
  name: string | null
  job: string | null
  sender: string | null
  sender_address: string | null
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

export type RejectedRow = RejectedLine & { n: number }

/** What batches of earlier versions say of how they were read. */
const NOTHING_SPECIAL: ReadingOfBatch = { via: [], weighted: false, after: null, leftOut: [] }

/** `rejections`: the first of its rejected lines. */
export function reportOf(id: string, row: BatchRow, rejections: readonly RejectedRow[]): BatchReport {
  return {
    id,
    input: row.input,
    name: row.name,
    job: row.job,
    sender: row.sender,
    senderAddress: row.sender_address,
    state: row.state,
    message: row.message,
    lines: row.lines,
    stored: row.stored,
    duplicates: row.duplicates,
    rejected: row.rejected,
    rejectedByReason: JSON.parse(row.rejected_by_reason) as { [reason: string]: number },
    rejections: rejections.map(lineOf),
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

export const lineOf = ({ input, line, reason, sample, at, found }: RejectedRow): RejectedLine => ({
  input,
  line,
  reason,
  sample,
  at,
  found,
})
