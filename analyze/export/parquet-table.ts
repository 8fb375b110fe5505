/**
 * Records as a Parquet table: a column a field under the names that NDJSON has, typed; absent values are null. Row groups of
 * some ten thousand records, so that neither who writes nor who reads holds more.
 */
import type { DecodedArray, SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { rayIdAt, valueOfText, type Block } from '../../schema/store/block.js'
import { openBlock } from '../../schema/store/moving-block.js'
import type { ScanPage } from '../../schema/store/scan.js'
import { stringsOf } from '../../schema/store/values.js'
import {
  fieldOf,
  type DimensionField,
  type Field,
  type FieldName,
  type MeasureField,
} from '../../schema/words/fields.js'
import type { Language } from '../../schema/words/languages.js'
import { reasonInWords } from '../../schema/words/source-reasons.js'

/** Records of a row group. */
export const GROUP_ROWS = 50_000

export interface ParquetTable {
  /** What is written by now and was not given yet. */
  add(page: ScanPage): Uint8Array<ArrayBuffer>
  end(): Uint8Array<ArrayBuffer>
}

/** How a field's type is called there: times are UTC in milliseconds, whole numbers have 64 bits. */
const TYPES: { [type in Field['type']]: Omit<SchemaElement, 'name'> } = {
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
}

export function createParquetTable(fields: readonly FieldName[], lang: Language, groupRows = GROUP_ROWS): ParquetTable {
  const writer = new ByteWriter(1_048_576)
  const schema: SchemaElement[] = [
    { name: 'records', num_children: fields.length },
    ...fields.map((field): SchemaElement => ({
      name: field,
      repetition_type: field === 'time' ? 'REQUIRED' : 'OPTIONAL',
      ...TYPES[fieldOf(field).type],
    })),
  ]
  const table = new ParquetWriter({ writer, schema, createdBy: 'faultline' })
  let columns: unknown[][] = fields.map(() => [])
  let rows = 0
  const written = () => {
    const bytes = writer.getBytes().slice() as Uint8Array<ArrayBuffer>
    // offsets in the file go on, the buffer begins anew
    writer.index = 0
    return bytes
  }
  const writeGroup = () => {
    if (rows === 0) return
    void table.write({
      columnData: fields.map((name, i) => ({ name, data: columns[i] as DecodedArray })),
      rowGroupSize: rows,
    })
    columns = fields.map(() => [])
    rows = 0
  }
  return {
    add({ block: moving }) {
      const block = openBlock(moving)
      fields.forEach((field, i) => {
        const value = valuesOf(block, field, lang)
        for (let row = 0; row < block.rows; row++) columns[i].push(value(row))
      })
      rows += block.rows
      if (rows >= groupRows) writeGroup()
      return written()
    },
    end() {
      writeGroup()
      void table.finish()
      return written()
    },
  }
}

/** What stands in the rows of a field, as the writer takes it. */
function valuesOf(block: Block, field: FieldName, lang: Language): (row: number) => unknown {
  if (field === 'time') return (row) => new Date(block.time[row])
  if (field === 'rayId') return (row) => rayIdAt(block, row)
  const { role, type } = fieldOf(field)
  const whole = (value: number) => (type === 'integer' ? BigInt(Math.round(value)) : value)
  if (role === 'measure') {
    const numbers = block.measures[field as MeasureField]
    return (row) => (Number.isNaN(numbers[row]) ? null : whole(numbers[row]))
  }
  const { codes, values } = block.dimensions[field as DimensionField]
  const typed = stringsOf(values).map((text, code) => {
    if (code === 0) return null
    if (field === 'sourceReason') return reasonInWords(text, lang)
    const value = valueOfText(field as DimensionField, text)
    return typeof value === 'number' ? whole(value) : value
  })
  return (row) => typed[codes[row]]
}
