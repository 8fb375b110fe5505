/** Fields that the export lacks: a field that no record carries is either not exported or had nothing to say. */
import { fieldOf, type FieldName } from '../../schema/words/fields.js'
import type { Record } from '../../schema/words/record.js'
import type { Reports } from '../../schema/store/ledger/reports.js'
import type { ReadStore } from '../../schema/store/store.js'
import type { TimeRange } from './sample.js'

/** Reports of batches looked at; the newest are the likeliest to overlap. */
const MOST_REPORTS = 100

/** `fields` that `records` do not carry and, as far as can be told, no other record of `logs` does either. */
export async function absentFields(
  store: ReadStore,
  fields: readonly FieldName[],
  records: readonly Record[],
  logs: TimeRange,
): Promise<ReadonlySet<FieldName>> {
  const doubtful = fields.filter((field) => records.every((record) => record[field] === null))
  if (doubtful.length === 0) return new Set()
  const missing = await missingInReports(store.ledger.reports, logs)
  const undecided = doubtful.filter((field) => missing === null || fieldOf(field).spoils === undefined)
  const present =
    undecided.length === 0 ? {} : await store.records.presence({ ...logs, filters: [], audience: 'all' }, undecided)
  return new Set(
    doubtful.filter((field) =>
      undecided.includes(field) ? present[field] === 0 : missing?.has(fieldOf(field).from[0]),
    ),
  )
}

/** What the reports of all batches around that time call missing, under Cloudflare's names; null if there is none. */
async function missingInReports(reports: Reports, { from, to }: TimeRange): Promise<ReadonlySet<string> | null> {
  const { items } = await reports.page({ limit: MOST_REPORTS, after: null })
  const around = items.filter(
    (report) =>
      report.from !== null && report.to !== null && Date.parse(report.from) < to && Date.parse(report.to) >= from,
  )
  if (around.length === 0) return null
  const [first, ...others] = around.map((report) => new Set(report.missingFields.map(({ field }) => field)))
  return new Set([...first].filter((field) => others.every((missing) => missing.has(field))))
}
