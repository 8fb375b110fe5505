/** Values that a filter can never meet: a slip that would silently count nothing, or in an alert never fire. */
import type { Dimension } from '../../schema/store/query.js'
import { SOURCES } from '../../schema/words/sources.js'
import { STATUS_CLASSES } from '../../schema/status/status-class.js'

/** What is wrong with a value of this dimension, as the end of a sentence; null: nothing. '' means absent. */
export function valueProblem(dimension: Dimension, value: string): string | null {
  const plain = value.toLowerCase()
  switch (dimension) {
    case 'class':
      return oneOf(STATUS_CLASSES, plain) ? null : `"${value}" is no class; there are ${STATUS_CLASSES.join(', ')}`
    case 'source':
      return oneOf(SOURCES, plain) ? null : `"${value}" is no source; there are ${SOURCES.join(', ')}`
    case 'status':
      return /^\d{1,3}$/.test(value) ? null : `"${value}" is no status; write one like 403, or filter by class: 4xx`
    case 'originStatus':
      return /^\d{0,3}$/.test(value)
        ? null
        : `"${value}" is no status; write one like 502, or leave it empty for absent`
    case 'asn':
      return /^\d{0,10}$/.test(value) ? null : `"${value}" is no network number; write it like 13335`
    default:
      return null
  }
}

const oneOf = (list: readonly string[], value: string): boolean => list.includes(value)
