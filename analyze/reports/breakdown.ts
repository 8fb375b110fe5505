/** Which values of one dimension, how many requests each. */
import type { Breakdown } from '../../schema/api/reports.js'
import type { Dimension, Filter, Selection } from '../../schema/query.js'
import type { Questions } from '../../schema/store.js'
import { byKey, ERROR_CLASSES, rounded } from './counts.js'

export interface BreakdownOptions {
  limit: number
  comparePrevious: boolean
  /** only values that contain this text, case ignored; null: all */
  search: string | null
}

export async function breakdown(store: Questions, selection: Selection, by: Dimension, options: BreakdownOptions): Promise<Breakdown> {
  const top = await store.counts({ ...selection, bounds: null, by: [by], ...(options.search === null ? { limit: options.limit } : {}) })
  const largest = [...byKey(top)].filter(([key]) => options.search === null || key.toLowerCase().includes(options.search.toLowerCase()))
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, options.limit)
  const keys = largest.map(([key]) => key)
  const onlyThese: Filter[] = [...selection.filters, { dimension: by, values: keys }]
  const again = async (wanted: Selection) =>
    keys.length === 0 ? new Map<string, number>() : byKey(await store.counts({ ...wanted, bounds: null, by: [by] }))
  const errorClasses: Filter = { dimension: 'class', values: [...ERROR_CLASSES] }
  const [errors, previous] = await Promise.all([
    again({ ...selection, filters: [...onlyThese, errorClasses] }),
    options.comparePrevious ? again({ ...previousOf(selection), filters: onlyThese }) : null,
  ])
  const { requests: total, values } = top.total
  const rows = largest.map(([key, count]) => ({
    key,
    count: rounded(count),
    share: total === 0 ? 0 : count / total,
    errors: rounded(errors.get(key) ?? 0),
    ...(previous ? { previous: rounded(previous.get(key) ?? 0) } : {}),
  }))
  const shown = rows.reduce((sum, row) => sum + row.count, 0)
  return { rows, total: rounded(total), other: rounded(Math.max(0, total - shown)), values }
}

/** The period of the same length just before. */
export function previousOf<S extends Selection>(selection: S): S {
  return { ...selection, from: selection.from - (selection.to - selection.from), to: selection.from }
}
