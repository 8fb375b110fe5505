/** Which records one means: dimensions, filters, a range of time. */
import { FIELDS, type DimensionField } from './fields.js'

/** What one can group by and filter by: the catalogue's filterable fields under their API name, and the status class. */
export type Dimension = 'class' | Extract<(typeof FIELDS)[number], { filter: string }>['filter']

const fieldByDimension = new Map<string, DimensionField>(
  FIELDS.flatMap((f) => ('filter' in f ? [[f.filter, f.name as DimensionField]] : [])),
)

export const DIMENSIONS: readonly Dimension[] = ['class', ...(fieldByDimension.keys() as Iterable<Dimension>)]

export function isDimension(name: string): name is Dimension {
  return name === 'class' || fieldByDimension.has(name)
}

/** The record field behind a dimension; the class is made of the status. */
export function fieldOfDimension(dimension: Dimension): DimensionField {
  return dimension === 'class' ? 'edgeResponseStatus' : (fieldByDimension.get(dimension) as DimensionField)
}

/**
 * One dimension is one of these values (case of A–Z ignored; '' means absent; `*` stands for any run of characters) or,
 * with `not`, none of them.
 */
export interface Filter {
  dimension: Dimension
  values: string[]
  not?: boolean
}

/** Which records: a range of event time (`from` included, `to` excluded, epoch ms) and filters that must all hold. */
export interface Selection {
  from: number
  to: number
  filters: Filter[]
  /** `visitors` (default in the API) leaves out what no visitor saw; `internal` is only that; `all` is both */
  audience: 'visitors' | 'internal' | 'all'
}
