/** From the scanner's columns to a block of its own memory: one buffer, and values numbered within the block. */
import { perField, rayWords, type Block, type DimensionColumn } from '../../../schema/block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS, type DimensionField } from '../../../schema/fields.js'
import type { Record } from '../../../schema/record.js'
import * as L from './layout.js'
import { COLUMN_MEANINGS, FACT_FIELDS, type Meanings, type Values } from './meanings.js'
import type { Scanner } from './scanner.js'

/** A record that the slow reader made, for a row that the scanner left empty. */
export interface OddRow { row: number; record: Record; identity: readonly [number, number] }

const BYTES_PER_ROW = 8 * (3 + MEASURE_FIELDS.length) + 2 * DIMENSION_FIELDS.length

/** Numbers the values of one field within a block, in the order in which they are asked for. */
class Numbering {
  readonly texts: string[] = ['']
  /** code → value */
  private readonly owners: number[] = [0]
  /** value → code, of this block or an older one: only what `owners` confirms counts */
  private readonly codes: number[]
  private readonly values: Values

  constructor(values: Values, codes: number[]) {
    this.values = values
    this.codes = codes
  }

  codeOf(value: number): number {
    if (value === 0) return 0
    let code = this.codes[value]
    if (code === undefined || this.owners[code] !== value) {
      code = this.texts.length
      this.codes[value] = code
      this.owners.push(value)
      this.texts.push(this.values.texts[value])
    }
    return code
  }

  codeOfText(value: string | number | boolean | null): number {
    return this.codeOf(this.values.numberOf(value))
  }
}

export class BlockMaker {
  private readonly scanner: Scanner
  private readonly meanings: Meanings
  private readonly codes: { [field in DimensionField]: number[] } = perField(DIMENSION_FIELDS, () => [])

  constructor(scanner: Scanner, meanings: Meanings) {
    this.scanner = scanner
    this.meanings = meanings
  }

  /** The block of the rows scanned since the scanner's `begin`. `weight`: what each record stands for. */
  make(odd: readonly OddRow[], weight: number): Block {
    const { scanner, meanings } = this
    const { rows } = scanner
    const buffer = new ArrayBuffer(rows * BYTES_PER_ROW)
    let at = 0
    const numbers = (column?: number) => {
      const out = new Float64Array(buffer, at, rows)
      at += rows * 8
      if (column === undefined) out.fill(weight)
      else out.set(scanner.numbers(column))
      return out
    }
    const pairs = (column: number) => {
      const out = new Uint32Array(buffer, at, rows * 2)
      at += rows * 8
      out.set(scanner.pairs(column))
      return out
    }
    const time = numbers(L.TIME_COLUMN)
    const measures = {
      edgeResponseBytes: numbers(L.BYTES_COLUMN),
      edgeTimeToFirstByteMs: numbers(L.FIRST_BYTE_COLUMN),
      originResponseDurationMs: numbers(L.ORIGIN_DURATION_COLUMN),
      totalMs: numbers(L.TOTAL_COLUMN),
      weight: numbers(),
    }
    const ray = pairs(L.RAY_COLUMN)
    const identity = pairs(L.IDENTITY_COLUMN)
    const numberings = perField(DIMENSION_FIELDS, (field) => new Numbering(meanings.values[field], this.codes[field]))
    const codes = perField(DIMENSION_FIELDS, () => {
      const out = new Uint16Array(buffer, at, rows)
      at += rows * 2
      return out
    })
    COLUMN_MEANINGS.forEach(({ field, dictionary }, i) => {
      const map = mapOf(scanner.used(dictionary), (entry) => numberings[field].codeOf(meanings.columns[i][entry]))
      translate(scanner.codes(dictionary), map, codes[field])
    })
    const sets = scanner.codes(L.FACTS)
    const used = scanner.used(L.FACTS)
    FACT_FIELDS.forEach((field, i) => {
      const map = mapOf(used, (entry) => numberings[field].codeOf(meanings.facts[entry * FACT_FIELDS.length + i]))
      translate(sets, map, codes[field])
    })
    const block: Block = {
      rows, time, ray, identity, measures, oddRays: new Map(),
      dimensions: perField(DIMENSION_FIELDS, (field): DimensionColumn => ({ codes: codes[field], values: numberings[field].texts })),
    }
    for (const row of odd) fill(block, numberings, row)
    return block
  }
}

/** Number within the scanner's block → code; undefined where they are the same. */
function mapOf(used: Uint32Array, codeOf: (entry: number) => number): Uint16Array | undefined {
  const map = new Uint16Array(used.length + 1)
  let same = true
  for (let i = 0; i < used.length; i++) {
    const code = codeOf(used[i])
    map[i + 1] = code
    if (code !== i + 1) same = false
  }
  return same ? undefined : map
}

function translate(from: Uint16Array, map: Uint16Array | undefined, to: Uint16Array): void {
  if (map === undefined) to.set(from)
  else for (let row = 0; row < from.length; row++) to[row] = map[from[row]]
}

function fill(block: Block, numberings: { [field in DimensionField]: Numbering }, { row, record, identity }: OddRow): void {
  block.time[row] = record.time
  block.identity.set(identity, row * 2)
  block.ray.fill(0, row * 2, row * 2 + 2)
  const words = record.rayId === null ? null : rayWords(record.rayId)
  if (words !== null && (words[0] !== 0 || words[1] !== 0)) block.ray.set(words, row * 2)
  else if (record.rayId !== null) block.oddRays.set(row, record.rayId)
  for (const field of DIMENSION_FIELDS) block.dimensions[field].codes[row] = numberings[field].codeOfText(record[field])
  for (const field of MEASURE_FIELDS) block.measures[field][row] = record[field] ?? Number.NaN
}
