/** What the figures are held against, and whether that can be done: figures against half a period, or none, would cry wolf. Pure. */
import type { Summary } from '../../../schema/api/reports.js'
import type { Span } from './range.js'
import { compareText, type Compare, type View } from './url.js'

/** So much of the other window must be stored, against the range itself. */
const enough = 0.9

/** The figures of the other window; null: there are none, or too few to compare with. */
export function comparedOf(summary: Summary | null, { compare }: Pick<View, 'compare'>): Summary['previous'] {
  if (compare === 'off' || summary === null) return null
  const other = compare === 'auto' ? summary.previous : (summary.compared ?? null)
  return other !== null && other.covered >= enough ? other : null
}

/** As the API is asked for tables: they have their column unless the reader wants none. Null: nothing. */
export function tableComparison(compare: Compare): string | null {
  return compare === 'off' ? null : compare === 'auto' ? 'previous' : compareText(compare)
}

/** As it is asked for charts and head figures: only what the reader chose draws a line. Null: nothing. */
export function chartComparison(compare: Compare): string | null {
  return compare === 'off' || compare === 'auto' ? null : compareText(compare)
}

/** The length of a window that begins at `start` and is as long as the range. */
export const windowFrom = (start: number, { from, to }: Pick<Span, 'from' | 'to'>) => ({
  from: start,
  to: start + (to - from),
})
