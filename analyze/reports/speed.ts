/** How long the answers of some values of a dimension took: to the visitor, and of that at the origin. */
import type { MiddleAndTail } from '../../schema/api/reports.js'
import type { Dimension, PercentileMeasure, Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'

export interface Speed {
  timeToFirstByteMs: MiddleAndTail
  originDurationMs: MiddleAndTail
}

const QUANTILES = [0.5, 0.95]
const NOTHING: MiddleAndTail = { p50: null, p95: null }

/** Whole tenths of a millisecond; a value that no record carries a measure of has nulls. */
export async function speedOf(
  store: ReadRecords,
  selection: Selection,
  by: Dimension,
  keys: readonly string[],
): Promise<Map<string, Speed>> {
  const filters = [...selection.filters, { dimension: by, values: [...keys] }]
  const [edge, origin] = await Promise.all(
    (['edgeTimeToFirstByteMs', 'originResponseDurationMs'] as const).map((measure) => of(measure)),
  )
  return new Map(
    keys.map((key) => [
      key,
      { timeToFirstByteMs: edge.get(key) ?? NOTHING, originDurationMs: origin.get(key) ?? NOTHING },
    ]),
  )

  async function of(measure: PercentileMeasure): Promise<Map<string, MiddleAndTail>> {
    const question = { ...selection, filters, measure, percentiles: QUANTILES, bounds: null, by: [by] }
    const { group, groups, values } = await store.percentiles(question)
    const told = (value: number) => (Number.isNaN(value) ? null : Math.round(value * 10) / 10)
    return new Map(
      Array.from(group, (g, i) => [groups[g][0], { p50: told(values[i * 2]), p95: told(values[i * 2 + 1]) }]),
    )
  }
}
