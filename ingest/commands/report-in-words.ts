/** What `faultline ingest` says to people. */
import type { Paint } from '../../schema/command-line/print.js'
import { shown } from '../../schema/command-line/shown.js'
import type { After } from '../../schema/api/batches.js'
import type { IngestReport } from '../take-files.js'

const SHOWN_REJECTIONS = 5
const SHOWN_SAMPLE = 80

export function reportInWords(report: IngestReport, paint: Paint): string {
  const n = (value: number) => value.toLocaleString('en')
  const rejected = `${n(report.rejected)} rejected`
  const lines = [
    `${n(report.lines)} lines: ${n(report.stored)} stored, ${n(report.duplicates)} already there, ` +
      `${report.rejected > 0 ? paint('yellow', rejected) : rejected}, in ${report.seconds.toFixed(1)} s`,
  ]
  if (report.from !== null) lines.push(`from ${report.from} to ${report.to}`)
  if (report.via.length > 0) lines.push(`read through ${shown(report.via.join(', '))}`)
  if (report.weighted) lines.push('records say themselves how many requests they stand for, and count so')
  if (report.after) lines.push(behind(report.after))
  for (const { name, why } of report.leftOut) lines.push(`  left out: ${shown(name)} (${why})`)
  for (const { input, line, reason, sample, at, found } of report.rejections.slice(0, SHOWN_REJECTIONS)) {
    const where = at === null ? '' : ` (stops being JSON at character ${at}${found ? `: ${shown(found)}` : ''})`
    lines.push(`  ${shown(input)}:${line} ${reason}: ${shown(sample.slice(0, SHOWN_SAMPLE))}${where}`)
  }
  if (report.rejections.length > SHOWN_REJECTIONS)
    lines.push(`  … and ${n(report.rejected - SHOWN_REJECTIONS)} more; --json lists the first 100`)
  for (const { field, spoils } of report.missingFields)
    lines.push(`  not in the export: ${shown(field)} – it would tell ${spoils}`)
  for (const { input, message } of report.refused)
    lines.push(`${paint('red', 'refused')} ${shown(input)}: ${shown(message)}`)
  return `${lines.join('\n')}\n`
}

function behind({ what, bytes, sample }: After): string {
  const n = bytes.toLocaleString('en')
  if (what === 'zeros') return `${n} zero bytes stand behind the compressed data`
  const text = `${n} bytes stand behind the compressed data and are not part of it`
  return what === 'text' ? `${text}: ${shown(sample.trim().slice(0, SHOWN_SAMPLE))}` : text
}
