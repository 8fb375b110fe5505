/** What a selection demands of a record, in one list: any engine compiles these and nothing else. */
import type { DimensionField } from '../words/fields.js'
import { fieldOfDimension, type Dimension, type Filter, type Selection } from './query.js'

/** All conditions on dimensions that must hold, the audience being one of them. */
export function conditionsOf(selection: Selection): Filter[] {
  if (selection.audience === 'all') return selection.filters
  const visitor = selection.audience === 'visitors' ? 'true' : 'false'
  return [...selection.filters, { dimension: 'visitor', values: [visitor] }]
}

/** The fields behind dimensions, each once. */
export function fieldsOf(dimensions: readonly Dimension[]): Set<DimensionField> {
  return new Set(dimensions.map(fieldOfDimension))
}
