/** From the scanner's columns to a block of its own memory, its values numbered within the block. */
import { packTexts, perField, rayWords, type Block, type DimensionColumn } from '../../../schema/block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField } from '../../../schema/fields.js'
import type { Record } from '../../../schema/record.js'
import { Coding } from './coding.js'
import * as L from './layout.js'
import { codeValues, FACT_FIELDS, KEPT_COLUMNS, type Meanings } from './meanings.js'
import type { Scanner } from './scanner.js'
import { codeTexts, TEXT_COLUMNS } from './texts.js'

/** A record that the slow reader made, for a row that the scanner left empty. */
export interface OddRow { row: number; record: Record; identity: readonly [number, number] }

const NONE = packTexts([''])

const BYTES_PER_ROW = 8 * (3 + MEASURE_FIELDS.length) + 2 * DIMENSION_FIELDS.length

/** The block of the rows scanned since the scanner's `begin`. `weight`: what each record stands for. */
export function makeBlock(scanner: Scanner, meanings: Meanings, odd: readonly OddRow[], weight: number): Block {
  const { rows } = scanner
  const buffer = new ArrayBuffer(rows * BYTES_PER_ROW)
  let at = 0
  const place = (bytes: number) => (at += rows * bytes) - rows * bytes
  const numbers = (column: number) => {
    const out = new Float64Array(buffer, place(8), rows)
    out.set(scanner.numbers(column))
    return out
  }
  const pairs = (column: number) => {
    const out = new Uint32Array(buffer, place(8), rows * 2)
    out.set(scanner.pairs(column))
    return out
  }
  const block: Block = {
    rows,
    time: numbers(L.TIME_COLUMN),
    ray: pairs(L.RAY_COLUMN),
    oddRays: new Map(),
    identity: pairs(L.IDENTITY_COLUMN),
    measures: {
      edgeResponseBytes: numbers(L.BYTES_COLUMN),
      edgeTimeToFirstByteMs: numbers(L.FIRST_BYTE_COLUMN),
      originResponseDurationMs: numbers(L.ORIGIN_DURATION_COLUMN),
      totalMs: numbers(L.TOTAL_COLUMN),
      weight: new Float64Array(buffer, place(8), rows).fill(weight),
    },
    dimensions: perField(DIMENSION_FIELDS, (): DimensionColumn => ({ codes: new Uint16Array(buffer, place(2), rows), values: NONE })),
  }
  const codings = codeColumns(scanner, meanings, block.dimensions)
  for (const row of odd) fill(block, codings, row)
  for (const field of DIMENSION_FIELDS) block.dimensions[field].values = codings[field].values()
  return block
}

type Codings = { [field in DimensionField]: Coding }

/** Codes and values of the rows that the scanner made. */
function codeColumns(scanner: Scanner, meanings: Meanings, dimensions: Block['dimensions']): Codings {
  const codings = perField(DIMENSION_FIELDS, () => new Coding())
  for (const column of TEXT_COLUMNS) {
    const map = codeTexts(codings[column.field], scanner, column)
    translate(scanner.codes(column.dictionary), map, dimensions[column.field].codes)
  }
  KEPT_COLUMNS.forEach(({ field, dictionary }, i) => {
    const map = codeValues(codings[field], meanings.values[field], scanner.usedNumbers(dictionary), meanings.columns[i], 1, 0)
    translate(scanner.codes(dictionary), map, dimensions[field].codes)
  })
  const sets = scanner.codes(L.FACTS)
  const used = scanner.usedNumbers(L.FACTS)
  FACT_FIELDS.forEach((field, i) => {
    const map = codeValues(codings[field], meanings.values[field], used, meanings.facts, FACT_FIELDS.length, i)
    translate(sets, map, dimensions[field].codes)
  })
  return codings
}

/** `map`: from the scanner's numbers to codes; none where they are the same. */
function translate(from: Uint16Array, map: Uint16Array | undefined, to: Block['dimensions'][DimensionField]['codes']): void {
  if (map === undefined) to.set(from)
  else for (let row = 0; row < from.length; row++) to[row] = map[from[row]]
}

function fill(block: Block, codings: Codings, { row, record, identity }: OddRow): void {
  block.time[row] = record.time
  block.identity.set(identity, row * 2)
  const words = record.rayId === null ? null : rayWords(record.rayId)
  block.ray.set(words ?? [0, 0], row * 2)
  if (record.rayId !== null && (words === null || (words[0] === 0 && words[1] === 0))) block.oddRays.set(row, record.rayId)
  for (const field of DIMENSION_FIELDS) block.dimensions[field].codes[row] = codings[field].codeOf(record[field])
  for (const field of MEASURE_FIELDS) block.measures[field][row] = record[field] ?? Number.NaN
}
