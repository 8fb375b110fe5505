/** One row of a segment as a record. */
import {
  ALL_FIELDS,
  DIMENSION_FIELDS,
  MEASURE_FIELDS,
  type DimensionField,
  type FieldName,
  type MeasureField,
} from '../../words/fields.js'
import { valueOfText } from '../../store/block.js'
import type { Record } from '../../words/record.js'
import type { Segment } from '../segments/segment.js'

export function rayIdOf(segment: Segment, row: number): string | null {
  const odd = segment.oddRays().get(row)
  if (odd !== undefined) return odd
  const ray = segment.ray()
  const high = ray[row * 2]
  const low = ray[row * 2 + 1]
  return rayText(high, low) || null
}

/** '' for none. */
export function rayText(high: number, low: number): string {
  return high === 0 && low === 0 ? '' : high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}

export function recordOf(segment: Segment, row: number): Record {
  return readerOf(segment)(row)
}

/** Looks each column and each value up once per segment: a page of a thousand records has tens of thousands of values. */
export function recordsOf(
  places: readonly { segment: Segment; row: number }[],
  fields?: readonly FieldName[],
): Record[] {
  const readers = new Map<Segment, (row: number) => Record>()
  return places.map(({ segment, row }) => {
    let read = readers.get(segment)
    if (!read) readers.set(segment, (read = readerOf(segment, fields)))
    return read(row)
  })
}

/** Fields that no record is without. */
export const NEVER_ABSENT: ReadonlySet<string> = new Set(
  ALL_FIELDS.filter((field) => field.always).map((field) => field.name),
)
/** The numbers of a measure that nobody asked for: past its end nothing is carried. */
const NONE = new Float64Array()

function readerOf(segment: Segment, fields?: readonly FieldName[]): (row: number) => Record {
  const wanted = (field: FieldName) => fields === undefined || NEVER_ABSENT.has(field) || fields.includes(field)
  const times = segment.time()
  const dimensions = DIMENSION_FIELDS.map((field) => ({
    field,
    valueAt: wanted(field) ? valuesOf(segment, field) : () => null,
  }))
  // where all records stand for one request there is no column of weights, and none is made up
  const numbersOf = (field: MeasureField) => {
    if (field === 'weight') return segment.weights()
    return wanted(field) ? segment.numbers(field) : NONE
  }
  const measures = MEASURE_FIELDS.map((field) => ({ field, numbers: numbersOf(field) }))
  return (row) => {
    const out: { [name: string]: unknown } = { time: times[row], rayId: rayIdOf(segment, row) }
    for (const { field, valueAt } of dimensions) out[field] = valueAt(row)
    for (const { field, numbers } of measures) {
      const value: number | undefined = numbers === null ? 1 : numbers[row]
      out[field] = value === undefined || Number.isNaN(value) ? null : value
    }
    return out as unknown as Record
  }
}

function valuesOf(segment: Segment, field: DimensionField): (row: number) => unknown {
  const codes = segment.codes(field)
  const dictionary = segment.dictionary(field)
  const known = new Map<number, unknown>([[0, null]])
  return (row) => {
    const code = codes[row]
    let value = known.get(code)
    if (value === undefined) known.set(code, (value = valueOfText(field, dictionary.value(code))))
    return value
  }
}
