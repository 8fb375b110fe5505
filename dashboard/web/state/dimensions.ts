/** The dimensions and classes as the page orders them. */
import type { StatusClass } from '../../../schema/status/status-class.js'
import { DIMENSIONS, type Dimension } from '../../../schema/words/dimensions.js'

/** What one looks for first. */
const FIRST: readonly Dimension[] = ['class', 'status', 'source']

export const DIMENSION_NAMES = [...FIRST, ...DIMENSIONS.filter((d) => !FIRST.includes(d))]

/** Dimensions offered by "+ filter": `visitor` has a switch of its own. */
export const FILTERABLE = DIMENSION_NAMES.filter((d) => d !== 'visitor')

export const ERROR_CLASSES: readonly StatusClass[] = ['4xx', '499', '5xx']

/** From the most harmless at the bottom of a stack to what hurts at the top. */
export const SOURCE_ORDER = ['cache', 'origin', 'worker', 'undetermined', 'edge', 'client', 'origin-failure'] as const
