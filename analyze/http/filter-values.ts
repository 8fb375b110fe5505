/** Values that a filter can never meet: a slip that would silently count nothing, or in an alert never fire. */
import type { Dimension, Filter } from '../../schema/store/query.js'
import { SOURCES } from '../../schema/words/sources.js'
import { STATUS_CLASSES } from '../../schema/status/status-class.js'
import { isPattern } from '../../schema/words/pattern.js'

/** Values of one filter; more is a list that belongs elsewhere. */
export const MOST_VALUES = 500
/** Values with `*` of a whole question: each is looked for in all the texts that there are. */
export const MOST_PATTERNS = 100

/** What is too much in these filters, as a sentence without its end; null: nothing. */
export function amountProblem(filters: readonly Filter[]): string | null {
  const long = filters.find(({ values }) => values.length > MOST_VALUES)
  if (long)
    return `"${long.dimension}" has ${long.values.length} values, ${MOST_VALUES} is the limit of one filter. Use * or ask twice`
  const patterns = filters.flatMap(({ values }) => values.filter(isPattern)).length
  if (patterns <= MOST_PATTERNS) return null
  return `${patterns} values have a *, ${MOST_PATTERNS} is the limit of a question. Leave some out or ask twice`
}

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
