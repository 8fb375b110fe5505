/** Which records one means: filters, a range of time. */
import type { Dimension } from './dimensions.js'

export { DIMENSIONS, fieldOfDimension, isDimension, type Dimension } from './dimensions.js'

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
