/** Which values of one dimension, how many requests each. */
import type { Breakdown } from '../../schema/api/reports.js'
import type { Dimension, Filter, Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { byKey, rounded } from './counts.js'

export interface BreakdownOptions {
  limit: number
  comparePrevious: boolean
  /** only values that contain this text, case ignored; null: all */
  search: string | null
}

export async function breakdown(
  store: ReadRecords,
  selection: Selection,
  by: Dimension,
  options: BreakdownOptions,
): Promise<Breakdown> {
  const top = await store.counts({
    ...selection,
    bounds: null,
    by: [by],
    withErrors: true,
    ...(options.search === null ? { limit: options.limit } : {}),
  })
  const wanted = options.search?.toLowerCase() ?? ''
  const largest = [...byKey(top)]
    .filter(([key]) => key.toLowerCase().includes(wanted))
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, options.limit)
  const errors = byKey({ ...top, requests: top.errors ?? new Float64Array(top.requests.length) })
  const onlyThese: Filter[] = [...selection.filters, { dimension: by, values: largest.map(([key]) => key) }]
  const previous =
    options.comparePrevious && largest.length > 0
      ? byKey(await store.counts({ ...previousOf(selection), filters: onlyThese, bounds: null, by: [by] }))
      : null
  const { requests: total, values } = top.total
  const rows = largest.map(([key, count]) => ({
    key,
    count: rounded(count),
    share: total === 0 ? 0 : count / total,
    errors: rounded(errors.get(key) ?? 0),
    ...(options.comparePrevious ? { previous: rounded(previous?.get(key) ?? 0) } : {}),
  }))
  const shown = rows.reduce((sum, row) => sum + row.count, 0)
  return { rows, total: rounded(total), other: rounded(Math.max(0, total - shown)), values }
}

/** The period of the same length just before. */
export function previousOf<S extends Selection>(selection: S): S {
  return { ...selection, from: selection.from - (selection.to - selection.from), to: selection.from }
}
