/** How many records carry a value in a field: tells what an export lacks. */
import { fieldOf, type DimensionField, type FieldName, type MeasureField } from '../../words/fields.js'
import type { Selection } from '../../store/query.js'
import { conditionsOf } from '../../store/conditions.js'
import type { SegmentInfo } from '../segments/catalog.js'
import type { Segment, SegmentSource } from '../segments/segment.js'
import { codeFilters, selectRows } from './filters.js'
import { recordTable } from './tables.js'

export function presence(
  source: SegmentSource,
  segments: readonly SegmentInfo[],
  selection: Selection,
  fields: readonly string[],
): { [field: string]: number } {
  const conditions = conditionsOf(selection)
  const found = Object.fromEntries(fields.map((field) => [field, 0]))
  for (const info of segments) {
    const segment = source.open(info)
    const filters = codeFilters(segment, conditions)
    if (filters === null) continue
    const table = recordTable(segment)
    const ranges = [{ from: table.rowAt(selection.from), to: table.rowAt(selection.to) }]
    const rows = selectRows(ranges, filters, (field) => segment.packed(field))
    for (const field of fields) found[field] += rowsWith(segment, rows, field as FieldName)
  }
  return found
}

function rowsWith(segment: Segment, rows: Uint32Array, field: FieldName): number {
  if (field === 'time') return rows.length
  let n = 0
  if (field === 'rayId') {
    const ray = segment.ray()
    const odd = segment.oddRays()
    for (const row of rows) if (ray[row * 2] !== 0 || ray[row * 2 + 1] !== 0 || odd.has(row)) n++
  } else if (fieldOf(field).role === 'dimension') {
    const codes = segment.packed(field as DimensionField).pick(rows)
    for (let i = 0; i < codes.length; i++) if (codes[i] !== 0) n++
  } else {
    const values = segment.numbers(field as MeasureField)
    for (let i = 0; i < rows.length; i++) if (!Number.isNaN(values[rows[i]])) n++
  }
  return n
}
