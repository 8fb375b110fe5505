/** Rows of segments as records. */
import { ALL_FIELDS, DIMENSION_FIELDS, MEASURE_FIELDS, type FieldName, type MeasureField } from '../../words/fields.js'
import { valueOfText } from '../../store/block.js'
import type { Record } from '../../words/record.js'
import { recordsOf, type RecordColumns } from '../../store/record-columns.js'
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
  return recordsOf(columnsOf([{ segment, row }]))[0]
}

/** Fields that no record is without. */
export const NEVER_ABSENT: ReadonlySet<string> = new Set(
  ALL_FIELDS.filter((field) => field.always).map((field) => field.name),
)
/** Rows of any segments, of the columns that will be looked at. Each value is looked up once per segment. `ray`: where it was read already. */
export function columnsOf(
  places: readonly { segment: Segment; row: number; ray?: string }[],
  fields?: readonly FieldName[],
): RecordColumns {
  const wanted = (field: FieldName) => fields === undefined || NEVER_ABSENT.has(field) || fields.includes(field)
  const bySegment = new Map<Segment, number[]>()
  places.forEach(({ segment }, i) => {
    const mine = bySegment.get(segment)
    if (mine) mine.push(i)
    else bySegment.set(segment, [i])
  })
  const numbers = (readerOf: (segment: Segment) => (row: number) => number) => {
    const out = new Float64Array(places.length)
    for (const [segment, mine] of bySegment) {
      const read = readerOf(segment)
      for (const i of mine) out[i] = read(places[i].row)
    }
    return out
  }
  return {
    time: numbers((segment) => {
      const times = segment.time()
      return (row) => times[row]
    }),
    rayId: places.map(({ segment, row, ray }) => (ray === undefined ? rayIdOf(segment, row) : ray || null)),
    dimensions: DIMENSION_FIELDS.filter(wanted).map((field) => {
      const codes = new Uint32Array(places.length)
      const values: unknown[] = [null]
      for (const [segment, mine] of bySegment) {
        const column = segment.packed(field)
        // codes[i] stays that of absent
        if (column.constant === 0) continue
        const known = new Map<number, number>([[0, 0]])
        for (const i of mine) {
          const code = column.at(places[i].row)
          let at = known.get(code)
          if (at === undefined)
            known.set(code, (at = values.push(valueOfText(field, segment.texts(field).at(code - 1))) - 1))
          codes[i] = at
        }
      }
      return { field, codes, values }
    }),
    measures: MEASURE_FIELDS.filter((field) => field === 'weight' || wanted(field)).map((field) => ({
      field,
      numbers: numbers((segment) => readerOf(segment, field)),
    })),
  }
}

function readerOf(segment: Segment, field: MeasureField): (row: number) => number {
  if (field !== 'weight') return segment.numberReader(field)
  // where all records stand for one request there is no column of weights, and none is made up
  const weights = segment.weights()
  return weights === null ? () => 1 : (row) => weights[row]
}
