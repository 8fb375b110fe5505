/** The report's figures as one table for spreadsheets, a figure a row; no cell is a formula. */
import type { StandaloneReport } from '../../schema/api/standalone-report.js'
import { iso } from '../../schema/words/iso.js'
import { csvLine } from '../../schema/words/csv.js'

/** `table` says what a row is of: figure, spike, errors, requests, latency, or a chart by its name. */
const HEAD = ['table', 'dimension', 'key', 'label', 'time', 'value', 'share']

export function reportCsv(report: StandaloneReport): string {
  const { summary, spikes, breakdowns, charts, latency, taken, clients } = report
  const figure = (key: string, value: number | null) => ['figure', null, key, null, null, value, null]
  const rows = [
    HEAD,
    ...(['lines', 'stored', 'duplicates', 'rejected'] as const).map((name) => figure(name, taken[name])),
    figure('requests', summary.requests),
    figure('errorRate', summary.errorRate),
    figure('bytes', summary.bytes),
    figure('clients', clients),
    figure('timeToFirstByteMs.p50', summary.timeToFirstByteMs.p50),
    figure('timeToFirstByteMs.p95', summary.timeToFirstByteMs.p95),
    ...taken.missingFields.map(({ field, spoils }) => ['missing', null, field, spoils, null, null, null]),
    ...spikes.spikes.map((one) => ['spike', one.source, one.id, one.summary, one.start, one.observed, null]),
    ...breakdowns.flatMap(({ of, dimension, rows: own }) =>
      own.map(({ key, label, count, share }) => [of, dimension, key, label, null, count, share]),
    ),
    ...latency.flatMap(({ key, p50, p95 }) => [
      ['latency', 'host', key, 'p50', null, p50, null],
      ['latency', 'host', key, 'p95', null, p95, null],
    ]),
    ...Object.entries(charts).flatMap(([name, { series }]) =>
      series.flatMap(({ key, points }) =>
        points.filter(([, n]) => n > 0).map(([at, n]) => [name, null, key, null, iso(at), n, null]),
      ),
    ),
  ]
  return rows.map(csvLine).join('')
}
