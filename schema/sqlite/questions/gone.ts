/** What a question asks of a time whose records are gone, where only counts remain. */
import { recordsGone } from '../../store/counts-only.js'
import { conditionsOf, fieldsOf } from '../../store/conditions.js'
import type { Filter, Selection } from '../../store/query.js'
import { fieldOfDimension, type Dimension } from '../../store/query.js'
import type { DimensionField } from '../../words/fields.js'
import type { SegmentInfo } from '../segments/info.js'
import { DAY_MS } from '../segments/order.js'
import type { SegmentSource, Table } from '../segments/segment.js'
import { SITE_FIELDS } from '../segments/summed.js'
import { codeFilters, selectRows } from './filters.js'
import { planRanges } from './ranges.js'
import { siteLevels } from './tables.js'

/** Do the counts that remain tell this field apart? */
export const isCounted = (field: DimensionField) => (SITE_FIELDS as readonly string[]).includes(field)
const isKnown = ({ dimension }: Filter) => isCounted(fieldOfDimension(dimension))

/**
 * Until when records that the selection may mean are gone; null: it means none of them. What the counts know of it (no such host at that
 * time) rules a day out, what they do not know leaves it open.
 */
export function goneBefore(
  source: SegmentSource,
  counted: readonly SegmentInfo[],
  selection: Selection,
): number | null {
  const known = conditionsOf(selection).filter(isKnown)
  let before: number | null = null
  for (const info of counted) {
    const end = (info.day + 1) * DAY_MS
    if (before !== null && end <= before) continue
    const segment = source.open(info)
    const filters = codeFilters(segment, known)
    if (filters === null) continue
    const levels = siteLevels(segment)
    let means = false
    const bounds = Float64Array.of(selection.from, selection.to)
    const plan = planRanges(info, levels, { from: selection.from, to: selection.to, bounds }, () => (means = true))
    plan.forEach((ranges, i) => {
      if (ranges.length === 0 || means) return
      const table = levels[i].table() as Table
      means = selectRows(ranges, filters, (field) => table.column(field)).length > 0
    })
    if (means) before = end
  }
  return before
}

/** Throws where the counts that remain cannot tell what the question asks for. */
export function checkAnswerable(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  query: Selection & { by: readonly Dimension[] },
  needsRecords = false,
): void {
  const counted = segments.filter((info) => info.counted)
  if (counted.length === 0) return
  const fields = fieldsOf([...conditionsOf(query).map(({ dimension }) => dimension), ...query.by])
  if (!needsRecords && [...fields].every(isCounted)) return
  const before = goneBefore(source, counted, query)
  if (before !== null) throw recordsGone(before)
}
