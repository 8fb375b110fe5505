/** From the scanner's columns to a block of its own memory, its values numbered within the block. */
import { perField, rayWords, type Block } from '../../../schema/store/block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField } from '../../../schema/words/fields.js'
import { allocateBlock, sealBlock, setValues, type MovingBlock } from '../../../schema/store/moving-block.js'
import type { Record } from '../../../schema/words/record.js'
import { stringsOf, type Values } from '../../../schema/store/values.js'
import { Coding } from './coding.js'
import { PLAIN_NUMBERS } from './fields.js'
import * as L from './layout.js'
import { codeValues, FACT_FIELDS, KEPT_COLUMNS, type Meanings } from './meanings.js'
import type { Scanner } from './scanner.js'
import { formOf } from '../client-address.js'
import { MAX_SAMPLE_INTERVAL, type ReadSettings } from '../normalise.js'
import { TEXT_COLUMNS } from './text-columns.js'
import { codeTexts } from './texts.js'

/** A record that the slow reader made, for a row that the scanner left empty. */
export interface OddRow {
  row: number
  record: Record
  identity: readonly [number, number]
}

/** A column on its way: the scanner's numbers, the way from them to codes (none: they are the same), and the values. */
interface Coded {
  numbers: Uint16Array
  map: Uint16Array | undefined
  coding: Coding
}

/**
 * The block of the rows scanned since the scanner's `begin`, and its times. `weight`: what other records stand for; `addresses`: in which form those of visitors are kept.
 */
export function makeBlock(
  scanner: Scanner,
  meanings: Meanings,
  odd: readonly OddRow[],
  { weight, addresses }: Pick<ReadSettings, 'weight' | 'addresses'>,
): { block: MovingBlock; time: Float64Array } {
  const columns = codeColumns(scanner, meanings)
  if (addresses !== 'whole') columns.clientIp = changed(columns.clientIp, formOf(addresses))
  const oddCodes = odd.map(({ record }) =>
    perField(DIMENSION_FIELDS, (field) => columns[field].coding.codeOf(record[field])),
  )
  const valuesOf = perField(DIMENSION_FIELDS, (field): Values => columns[field].coding.values())
  const allocated = allocateBlock(scanner.rows, (field) => ({
    codeBytes: 2,
    values: valuesOf[field].size,
    textBytes: valuesOf[field].text.length,
  }))
  const { block } = allocated
  block.time.set(scanner.numbers(L.TIME_COLUMN))
  block.ray.set(scanner.pairs(L.RAY_COLUMN))
  block.identity.set(scanner.pairs(L.IDENTITY_COLUMN))
  PLAIN_NUMBERS.forEach(({ field }, i) => block.measures[field].set(scanner.numbers(i)))
  block.measures.originResponseDurationMs.set(scanner.numbers(L.ORIGIN_DURATION_COLUMN))
  block.measures.totalMs.set(scanner.numbers(L.TOTAL_COLUMN))
  fillWeights(block.measures.weight, scanner.numbers(L.SAMPLE_INTERVAL_COLUMN), weight)
  for (const field of DIMENSION_FIELDS) {
    const { codes, values } = block.dimensions[field]
    translate(columns[field], codes)
    setValues(values, valuesOf[field])
  }
  odd.forEach((row, i) => fill(block, row, oddCodes[i]))
  return { block: sealBlock(allocated), time: block.time }
}

/** As ownWeight in ../normalise.ts. */
const isOwnWeight = (interval: number) => interval >= 1 && interval <= MAX_SAMPLE_INTERVAL

function fillWeights(weights: Float64Array, intervals: Float64Array, weight: number): void {
  weights.fill(weight)
  for (let row = 0; row < intervals.length; row++) if (isOwnWeight(intervals[row])) weights[row] = intervals[row]
}

/** Has one of the scanner's rows a weight of its own? */
export function hasOwnWeight(scanner: Scanner, from: number, to: number): boolean {
  const intervals = scanner.numbers(L.SAMPLE_INTERVAL_COLUMN)
  for (let row = from; row < to; row++) if (isOwnWeight(intervals[row])) return true
  return false
}

function codeColumns(scanner: Scanner, meanings: Meanings): { [field in DimensionField]: Coded } {
  const columns = {} as { [field in DimensionField]: Coded }
  // first: memory may grow meanwhile, and views of it be lost
  const texts = TEXT_COLUMNS.map((column) => codeTexts(scanner, column))
  TEXT_COLUMNS.forEach(({ field, dictionary }, i) => {
    columns[field] = { numbers: scanner.codes(dictionary), ...texts[i] }
  })
  KEPT_COLUMNS.forEach(({ field, dictionary }, i) => {
    const coding = new Coding()
    const map = codeValues(coding, meanings.values[field], scanner.usedNumbers(dictionary), meanings.columns[i], 1, 0)
    columns[field] = { numbers: scanner.codes(dictionary), map, coding }
  })
  const numbers = scanner.codes(L.FACTS)
  const used = scanner.usedNumbers(L.FACTS)
  FACT_FIELDS.forEach((field, i) => {
    const coding = new Coding()
    const map = codeValues(coding, meanings.values[field], used, meanings.facts, FACT_FIELDS.length, i)
    // rows without facts are odd ones, filled in later
    if (used.length > 0) map[0] = map[1]
    columns[field] = { numbers, map, coding }
  })
  return columns
}

/** A column with other values in place of its own; several may become one, or none. */
function changed({ numbers, map, coding: before }: Coded, change: (value: string) => string | null): Coded {
  const coding = new Coding()
  const codes = stringsOf(before.values()).map((value, code) => (code === 0 ? 0 : coding.codeOf(change(value))))
  return { numbers, coding, map: map === undefined ? Uint16Array.from(codes) : map.map((code) => codes[code]) }
}

function translate({ numbers, map }: Coded, to: Block['dimensions'][DimensionField]['codes']): void {
  if (map === undefined) to.set(numbers)
  // one value everywhere, as many columns have it
  else if (isConstant(map)) to.fill(map[0])
  else mapAll(numbers, map, to as Uint16Array)
}

function isConstant(map: Uint16Array): boolean {
  for (let i = 1; i < map.length; i++) if (map[i] !== map[0]) return false
  return true
}

// a loop of its own, which the engine compiles for these arrays alone
function mapAll(numbers: Uint16Array, map: Uint16Array, to: Uint16Array): void {
  for (let row = 0; row < numbers.length; row++) to[row] = map[numbers[row]]
}

function fill(block: Block, { row, record, identity }: OddRow, codes: { [field in DimensionField]: number }): void {
  block.time[row] = record.time
  block.identity.set(identity, row * 2)
  const words = record.rayId === null ? null : rayWords(record.rayId)
  block.ray.set(words ?? [0, 0], row * 2)
  if (record.rayId !== null && (words === null || (words[0] === 0 && words[1] === 0)))
    block.oddRays.set(row, record.rayId)
  for (const field of DIMENSION_FIELDS) block.dimensions[field].codes[row] = codes[field]
  for (const field of MEASURE_FIELDS) block.measures[field][row] = record[field] ?? Number.NaN
}
