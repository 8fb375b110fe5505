/** The same questions answered by looking at every record: slow, short and hard to get wrong. */
import {
  fieldOfDimension,
  type CountQuery,
  type Dimension,
  type Filter,
  type PercentileQuery,
  type RecordQuery,
  type Selection,
} from '../../schema/store/query.js'
import { boundsOf } from '../../schema/store/buckets.js'
import type { Record } from '../../schema/words/record.js'
import { statusClassOf } from '../../schema/status/status-class.js'

export function valueOf(record: Record, dimension: Dimension): string {
  if (dimension === 'class') return statusClassOf(record.edgeResponseStatus)
  const value = record[fieldOfDimension(dimension)]
  return value === null ? '' : String(value)
}

const fold = (text: string) => text.replace(/[A-Z]/g, (c) => c.toLowerCase())

/** `*` is any run of characters; a record that carries no value is meant by none. */
function glob(pattern: string, value: string): boolean {
  if (value === '') return false
  const at = pattern.indexOf('*')
  if (at < 0) return pattern === value
  if (!value.startsWith(pattern.slice(0, at))) return false
  const rest = pattern.slice(at + 1)
  for (let i = at; i <= value.length; i++) if (rest === '' || globRest(rest, value.slice(i))) return true
  return false
}
const globRest = (pattern: string, value: string): boolean =>
  value === '' ? /^\**$/.test(pattern) : glob(pattern, value)

export function naiveValues(
  records: readonly Record[],
  query: Selection & { dimension: Dimension; contains: string },
): Map<string, number> {
  const counts = new Map<string, number>()
  for (const record of selected(records, query)) {
    const value = valueOf(record, query.dimension)
    const found = query.contains.includes('*')
      ? glob(fold(query.contains), fold(value))
      : fold(value).includes(fold(query.contains))
    if (found) counts.set(value, (counts.get(value) ?? 0) + record.weight)
  }
  return counts
}

function passes(record: Record, filter: Filter): boolean {
  const value = fold(valueOf(record, filter.dimension))
  return (
    filter.values.some((v) => (v.includes('*') ? glob(fold(v), value) : fold(v) === value)) !== (filter.not ?? false)
  )
}

export function selected(records: readonly Record[], selection: Selection): Record[] {
  return records.filter(
    (r) =>
      r.time >= selection.from &&
      r.time < selection.to &&
      (selection.audience === 'all' || r.visitor === (selection.audience === 'visitors')) &&
      selection.filters.every((f) => passes(r, f)),
  )
}

/** `[bucket, ...values]` as JSON → sums. */
export type Cells = Map<string, { requests: number; bytes: number; records: number }>

function cellKey(record: Record, bounds: Float64Array, by: readonly Dimension[]): string | null {
  const bucket = bounds.findIndex((bound, i) => record.time >= bound && record.time < bounds[i + 1])
  return bucket === -1 ? null : JSON.stringify([bucket, ...by.map((d) => valueOf(record, d))])
}

export function naiveCounts(records: readonly Record[], query: CountQuery): Cells {
  const cells: Cells = new Map()
  const bounds = boundsOf(query)
  for (const record of selected(records, query)) {
    const key = cellKey(record, bounds, query.by)
    if (key === null) continue
    const cell = cells.get(key) ?? { requests: 0, bytes: 0, records: 0 }
    cell.requests += record.weight
    if (query.withBytes) cell.bytes += (record.edgeResponseBytes ?? 0) * record.weight
    cell.records++
    cells.set(key, cell)
  }
  return cells
}

/** Durations with their weights, ascending, per cell. */
export function naiveDurations(
  records: readonly Record[],
  query: PercentileQuery,
): Map<string, [value: number, weight: number][]> {
  const cells = new Map<string, [number, number][]>()
  const bounds = boundsOf(query)
  for (const record of selected(records, query)) {
    const key = cellKey(record, bounds, query.by)
    const value = record[query.measure]
    if (key === null || value === null) continue
    cells.set(key, [...(cells.get(key) ?? []), [value, record.weight]])
  }
  for (const values of cells.values()) values.sort(([a], [b]) => a - b)
  return cells
}

/** Nearest rank: the smallest value that at least this share of the weight does not exceed. */
export function naivePercentile(values: readonly [number, number][], percentile: number): number {
  const total = values.reduce((sum, [, weight]) => sum + weight, 0)
  let sum = 0
  for (const [value, weight] of values) {
    sum += weight
    if (sum >= percentile * total * (1 - 1e-9)) return value
  }
  return values[values.length - 1][0]
}

export function naivePage(records: readonly Record[], query: RecordQuery): Record[] {
  return selected(records, query).sort((a, b) => b.time - a.time || ((a.rayId ?? '') < (b.rayId ?? '') ? -1 : 1))
}
