/** Where the right end of a chart is still filling: logs arrive minutes after the requests. Pure. */
import type { Summary } from '../../../schema/api/reports.js'
import type { Span } from './range.js'

/** Logpush delivers within about this time (docs: usually under a minute, up to five). */
const lateMs = 5 * 60_000
/** Newest data older than this is no live feed: nothing is still on its way. */
const quietMs = 60 * 60_000

/** Epoch ms from which columns may still grow; null where nothing does. */
export function fillingFrom(span: Span, summary: Summary | null, now: number): number | null {
  const newest = summary?.extent.to ? Date.parse(summary.extent.to) : NaN
  if (!span.moving || !(now - newest < quietMs)) return null
  return Math.min(Math.max(newest, now - quietMs), now - lateMs)
}
