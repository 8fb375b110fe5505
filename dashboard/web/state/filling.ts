/** Where the right end of a chart is still filling: logs arrive minutes after the requests. Pure. */
import type { Inputs } from '../../../schema/api/inputs.js'
import type { Summary } from '../../../schema/api/reports.js'
import type { Span } from './range.js'

/** Until it is known how long logs take here: Logpush delivers within about this time (docs: usually under a minute, up to five). */
const lateMs = 5 * 60_000
/** Newest data older than this is no live feed: nothing is still on its way. */
const quietMs = 60 * 60_000

/** Epoch ms from which columns may still grow: what the inputs say they are complete to; null where nothing does. */
export function fillingFrom(
  span: Span,
  summary: Summary | null,
  now: number,
  inputs: Inputs | null = null,
): number | null {
  const newest = summary?.extent.to ? Date.parse(summary.extent.to) : NaN
  if (!span.moving || !(now - newest < quietMs)) return null
  const complete = inputs?.completeTo ? Date.parse(inputs.completeTo) : now - lateMs
  return Math.max(now - quietMs, Math.min(newest, complete))
}
