/** Which values of one dimension, how many requests each. */
import type { Breakdown } from '../../schema/api/reports.js'
import type { Dimension, Selection } from '../../schema/query.js'
import type { Questions } from '../../schema/store.js'
import { byKey, ERROR_CLASSES, rounded } from './counts.js'

export interface BreakdownOptions { limit: number; comparePrevious: boolean }

export async function breakdown(store: Questions, selection: Selection, by: Dimension, options: BreakdownOptions): Promise<Breakdown> {
  const errorsOnly: Selection = { ...selection, filters: [...selection.filters, { dimension: 'class', values: [...ERROR_CLASSES] }] }
  const ask = async (wanted: Selection) => byKey(await store.counts({ ...wanted, bounds: null, by: [by] }))
  const [counts, errors, previous] = await Promise.all([
    ask(selection), ask(errorsOnly), options.comparePrevious ? ask(previousOf(selection)) : null,
  ])
  let total = 0
  for (const n of counts.values()) total += n
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  const top = sorted.slice(0, options.limit)
  const rows = top.map(([key, count]) => ({
    key,
    count: rounded(count),
    share: total === 0 ? 0 : count / total,
    errors: rounded(errors.get(key) ?? 0),
    ...(previous ? { previous: rounded(previous.get(key) ?? 0) } : {}),
  }))
  const shown = top.reduce((sum, [, n]) => sum + n, 0)
  return { rows, total: rounded(total), other: rounded(Math.max(0, total - shown)), values: sorted.length }
}

/** The period of the same length just before. */
export function previousOf<S extends Selection>(selection: S): S {
  return { ...selection, from: selection.from - (selection.to - selection.from), to: selection.from }
}
