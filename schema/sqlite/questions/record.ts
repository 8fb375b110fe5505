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
  return readerOf(segment)(row)
}

/** Looks each column up once per segment: a page of a thousand records has tens of thousands of values. */
export function recordsOf(places: readonly { segment: Segment; row: number }[]): Record[] {
  const readers = new Map<Segment, (row: number) => Record>()
  return places.map(({ segment, row }) => {
    let read = readers.get(segment)
    if (!read) readers.set(segment, (read = readerOf(segment)))
    return read(row)
  })
}

function readerOf(segment: Segment): (row: number) => Record {
  const times = segment.time()
  const dimensions = DIMENSION_FIELDS.map((field) => ({
    field, codes: segment.codes(field), dictionary: segment.dictionary(field),
  }))
  // where all records stand for one request there is no column of weights, and none is made up
  const measures = MEASURE_FIELDS.map((field) => ({
    field, numbers: field === 'weight' ? segment.weights() : segment.numbers(field),
  }))
  return (row) => {
    const out: { [name: string]: unknown } = { time: times[row], rayId: rayIdOf(segment, row) }
    for (const { field, codes, dictionary } of dimensions) {
      const code = codes[row]
      out[field] = code === 0 ? null : valueOf(field, dictionary.value(code))
    }
    for (const { field, numbers } of measures) {
      const value = numbers === null ? 1 : numbers[row]
      out[field] = Number.isNaN(value) ? null : value
    }
    return out as unknown as Record
  }
}

function valueOf(field: string, text: string): unknown {
  return NUMERIC.has(field) ? Number(text) : field === 'visitor' ? text === 'true' : text
}
