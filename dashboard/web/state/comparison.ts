/** Whether the period before can be compared with: figures against half a period, or none, would cry wolf. Pure. */
import type { Summary } from '../../../schema/api/reports.js'
import type { Span } from './range.js'

/** So much of the period before may lie before the first record. */
const tolerance = 0.02

export function isComparable(span: Span, summary: Summary | null, filtered: boolean): boolean {
  if (!summary?.previous || summary.extent.from === null) return false
  // an old export and a new one with nothing between: everything would be new
  if (summary.previous.requests === 0 && !filtered) return false
  const width = span.to - span.from
  return Date.parse(summary.extent.from) <= span.from - width * (1 - tolerance)
}
