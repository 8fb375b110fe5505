/** Rows of the table, read back: as records, and as a block. */
import { perField, valueOfText, type Block, type Codes } from '../../store/block.js'
import { identityText, type RecordPlace } from '../../store/record-order.js'
import { valuesOf } from '../../store/values.js'
import {
  ALL_FIELDS,
  DIMENSION_FIELDS,
  MEASURE_FIELDS,
  type DimensionField,
  type FieldName,
  type MeasureField,
} from '../../words/fields.js'
import type { Record } from '../../words/record.js'
import { columnOf, RAY_TEXT } from '../columns.js'
import type { Cell } from '../connection.js'

/** Fields that no record is without. */
const NEVER_ABSENT: ReadonlySet<string> = new Set(ALL_FIELDS.filter((field) => field.always).map((field) => field.name))

/** Numbers of 64 bits come in halves: JavaScript's have 53. */
const high = (column: string) => `toUInt32(bitShiftRight(${column}, 32))`
const low = (column: string) => `toUInt32(bitAnd(${column}, 4294967295))`

/** What is read of every row, and the columns that will be looked at. */
export class RowShape {
  readonly dimensions: readonly DimensionField[]
  readonly measures: readonly MeasureField[]
  /** after SELECT */
  readonly sql: string

  constructor(fields: readonly FieldName[] | undefined) {
    const wanted = (field: FieldName) => fields === undefined || NEVER_ABSENT.has(field) || fields.includes(field)
    this.dimensions = DIMENSION_FIELDS.filter(wanted)
    this.measures = MEASURE_FIELDS.filter(wanted)
    this.sql = [
      'time',
      'odd_ray',
      high('ray'),
      low('ray'),
      high('identity'),
      low('identity'),
      'toString(batch)',
      ...[...this.dimensions, ...this.measures].map(columnOf),
    ].join(', ')
  }

  rows(columns: readonly Cell[][]): Rows {
    return new Rows(this, columns)
  }
}

/** In the order of records, `oldest` or newest first. */
export const inOrder = (direction: 'ASC' | 'DESC'): string => `sec ${direction}, ms ${direction}, ${RAY_TEXT}, identity`

/** Those that come behind a place; `time < …` or `time > …` as the order goes. */
export function behind(
  { time, ray, identity }: RecordPlace,
  direction: 'ASC' | 'DESC',
  quote: (text: string) => string,
): string {
  const further = direction === 'ASC' ? '>' : '<'
  const number = /^[0-9a-f]{16}$/.test(identity) ? BigInt(`0x${identity}`).toString() : '0'
  const at =
    identity === '' ? `${RAY_TEXT} >= ${quote(ray)}` : `(${RAY_TEXT}, identity) > (${quote(ray)}, toUInt64(${number}))`
  return `(time ${further} ${time} OR (time = ${time} AND ${at}))`
}

export class Rows {
  readonly count: number
  private readonly byField: ReadonlyMap<string, readonly Cell[]>

  constructor(
    shape: RowShape,
    private readonly columns: readonly Cell[][],
  ) {
    this.count = columns[0]?.length ?? 0
    const named = [...shape.dimensions, ...shape.measures]
    this.byField = new Map(named.map((field, i) => [field, columns[i + 7] ?? []]))
  }

  time(row: number): number {
    return this.columns[0][row] as number
  }

  batch(row: number): string {
    return this.columns[6][row] as string
  }

  place(row: number): RecordPlace {
    const [identityHigh, identityLow] = [this.columns[4][row] as number, this.columns[5][row] as number]
    return { time: this.time(row), ray: this.ray(row), identity: identityText(identityHigh, identityLow) }
  }

  record(row: number): Record {
    const out: { [name: string]: unknown } = { time: this.time(row), rayId: this.ray(row) || null }
    for (const field of DIMENSION_FIELDS) {
      const value = this.byField.get(field)?.[row] ?? ''
      out[field] = value === '' ? null : valueOfText(field, value as string)
    }
    for (const field of MEASURE_FIELDS) out[field] = this.byField.get(field)?.[row] ?? null
    return out as unknown as Record
  }

  /** `rows`: how many of them, from the first. */
  block(rows: number): Block {
    const ray = new Uint32Array(rows * 2)
    const identity = new Uint32Array(rows * 2)
    const oddRays = new Map<number, string>()
    for (let i = 0; i < rows; i++) {
      const odd = this.columns[1][i] as string
      if (odd !== '') oddRays.set(i, odd)
      else {
        ray[i * 2] = this.columns[2][i] as number
        ray[i * 2 + 1] = this.columns[3][i] as number
      }
      identity[i * 2] = this.columns[4][i] as number
      identity[i * 2 + 1] = this.columns[5][i] as number
    }
    return {
      rows,
      time: Float64Array.from({ length: rows }, (_, i) => this.time(i)),
      ray,
      oddRays,
      identity,
      dimensions: perField(DIMENSION_FIELDS, (field) =>
        dictionaryOf((this.byField.get(field) ?? []) as string[], rows),
      ),
      measures: perField(MEASURE_FIELDS, (field) => {
        const column = this.byField.get(field)
        return Float64Array.from({ length: rows }, (_, i) => (column?.[i] as number | null | undefined) ?? Number.NaN)
      }),
    }
  }

  private ray(row: number): string {
    const odd = this.columns[1][row] as string
    const [rayHigh, rayLow] = [this.columns[2][row] as number, this.columns[3][row] as number]
    return odd !== '' ? odd : rayHigh === 0 && rayLow === 0 ? '' : identityText(rayHigh, rayLow)
  }
}

function dictionaryOf(column: readonly string[], rows: number): { codes: Codes; values: ReturnType<typeof valuesOf> } {
  const known = new Map<string, number>([['', 0]])
  const codes = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) {
    const value = column[i] ?? ''
    let code = known.get(value)
    if (code === undefined) known.set(value, (code = known.size))
    codes[i] = code
  }
  return { codes, values: valuesOf([...known.keys()]) }
}
