/** Whether the period before can be compared with: figures against half a period, or none, would cry wolf. Pure. */
import type { Summary } from '../../../schema/api/reports.js'

/** So much of the period before must be stored, against the range itself. */
const enough = 0.9

export function isComparable(summary: Summary | null): boolean {
  return summary?.previous ? summary.previous.covered >= enough : false
}
