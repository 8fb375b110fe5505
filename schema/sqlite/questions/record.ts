/** One row of a segment as a record. */
import { DIMENSION_FIELDS, FIELDS, MEASURE_FIELDS } from '../../fields.js'
import type { Record } from '../../record.js'
import type { Segment } from '../segments/segment.js'

const NUMERIC = new Set<string>(FIELDS.filter((f) => f.role === 'dimension' && f.type === 'integer').map((f) => f.name))

export function rayIdOf(segment: Segment, row: number): string | null {
  const odd = segment.oddRays().get(row)
  if (odd !== undefined) return odd
  const ray = segment.ray()
  const high = ray[row * 2]
  const low = ray[row * 2 + 1]
  if (high === 0 && low === 0) return null
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}

export function recordOf(segment: Segment, row: number): Record {
  const out: { [name: string]: unknown } = { time: segment.time()[row], rayId: rayIdOf(segment, row) }
  for (const field of DIMENSION_FIELDS) {
    const code = segment.codes(field)[row]
    if (code === 0) out[field] = null
    else {
      const value = segment.dictionary(field).value(code)
      out[field] = NUMERIC.has(field) ? Number(value) : field === 'visitor' ? value === 'true' : value
    }
  }
  for (const field of MEASURE_FIELDS) {
    // where all records stand for one request there is no column: making one up for every record would cost its length
    const value = field === 'weight' ? (segment.weights()?.[row] ?? 1) : segment.numbers(field)[row]
    out[field] = Number.isNaN(value) ? null : value
  }
  return out as unknown as Record
}
