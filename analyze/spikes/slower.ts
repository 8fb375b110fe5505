/**
 * Did the other answers of the same hosts become slower? It decides between clients that left on their own and
 * clients that could not wait. Cached answers tell nothing of the origin and are left out.
 */
import type { Filter, PercentileMeasure, Selection } from '../../schema/query.js'
import type { Questions } from '../../schema/store.js'
import type { Trend } from './weigh.js'

const MEASURES: readonly PercentileMeasure[] = ['edgeTimeToFirstByteMs', 'originResponseDurationMs']
/** The middle moves when everything is slower, the upper decile when one path is. */
const PERCENTILES = [0.5, 0.9]
/** With fewer answers on either side a percentile says little. */
const LEAST_RECORDS = [20, 60]

export const NO_TREND: Trend = { ratio: null, measure: null, now: null, before: null }

/** `spike` selects the time and status of the spike; `scope` narrows to its hosts (and path, if one defines it). */
export async function trendOf(store: Questions, spike: { from: number; to: number; status: number }, baseline: { from: number; to: number }, scope: { host?: string; path?: string }): Promise<Trend> {
  const filters: Filter[] = [
    { dimension: 'status', values: [String(spike.status), '520', '521', '522', '523', '524', '525', '526', '530'], not: true },
    { dimension: 'source', values: ['cache', 'client', 'edge'], not: true },
  ]
  if (scope.host !== undefined) filters.push({ dimension: 'host', values: [scope.host] })
  const narrow: Filter[] = scope.path === undefined || scope.path.includes(':id') ? [] : [{ dimension: 'path', values: [scope.path] }]
  const found = await Promise.all([filters, ...(narrow.length > 0 ? [[...filters, ...narrow]] : [])].flatMap((f) => MEASURES.map((m) => compare(store, m, f, spike, baseline))))
  const measured = found.filter((trend) => trend.ratio !== null)
  return measured.sort((a, b) => (b.ratio as number) - (a.ratio as number))[0] ?? NO_TREND
}

async function compare(store: Questions, measure: PercentileMeasure, filters: Filter[], spike: { from: number; to: number }, baseline: { from: number; to: number }): Promise<Trend> {
  const ask = (range: { from: number; to: number }) => {
    const selection: Selection = { from: range.from, to: range.to, filters, audience: 'visitors' }
    return store.percentiles({ ...selection, measure, percentiles: PERCENTILES, bounds: null, by: [] })
  }
  const [now, before] = await Promise.all([ask(spike), ask(baseline)])
  let best: Trend = NO_TREND
  PERCENTILES.forEach((_, p) => {
    const enough = Math.min(now.records[0] ?? 0, before.records[0] ?? 0) >= LEAST_RECORDS[p]
    const [a, b] = [now.values[p], before.values[p]]
    // below 20 ms a ratio measures noise
    if (!enough || !(a >= 0) || !(b >= 0)) return
    const ratio = (a + 20) / (b + 20)
    if (best.ratio === null || ratio > best.ratio) best = { ratio, measure, now: a, before: b }
  })
  return best
}
