/** Filters against a segment's dictionaries: which codes pass. */
import { fieldOfDimension, type Filter } from '../../store/query.js'
import type { Codes } from '../../store/block.js'
import type { DimensionField } from '../../words/fields.js'
import { finderOf, isPattern } from '../../words/pattern.js'
import { statusClassOf } from '../../status/status-class.js'
import type { Dictionary } from '../columns/dictionary.js'
import type { Segment } from '../segments/segment.js'

/** `pass[code]` is 1 for the codes that a row may have. */
export interface CodeFilter {
  field: DimensionField
  pass: Uint8Array
}

/** The filters that decide anything in this segment; null if no row can pass. */
export function codeFilters(segment: Segment, conditions: readonly Filter[]): CodeFilter[] | null {
  const filters: CodeFilter[] = []
  for (const condition of conditions) {
    const field = fieldOfDimension(condition.dimension)
    const pass = passingCodes(segment.dictionary(field), condition)
    const passing = pass.reduce((sum, p) => sum + p, 0)
    if (passing === 0) return null
    if (passing < pass.length) filters.push({ field, pass })
  }
  return filters
}

function passingCodes(dictionary: Dictionary, { dimension, values, not }: Filter): Uint8Array {
  const pass = new Uint8Array(dictionary.size)
  if (dimension === 'class') {
    const wanted = new Set(values.map((v) => v.toLowerCase()))
    for (let code = 0; code < pass.length; code++) {
      if (wanted.has(statusClassOf(Number(dictionary.value(code))))) pass[code] = 1
    }
  } else {
    for (const value of values) {
      if (isPattern(value)) dictionary.found(finderOf(value)).forEach((found, code) => (pass[code] |= found))
      else for (const code of dictionary.codesOf(value)) pass[code] = 1
    }
  }
  if (not) for (let code = 0; code < pass.length; code++) pass[code] ^= 1
  return pass
}

/** Rows of the ranges that pass all filters, ascending. */
export function selectRows(
  ranges: readonly { from: number; to: number }[],
  filters: readonly CodeFilter[],
  codesOf: (field: DimensionField) => Codes,
): Uint32Array {
  const most = ranges.reduce((sum, r) => sum + r.to - r.from, 0)
  if (filters.length === 0) return listRows(ranges, new Uint32Array(most))
  const [first, ...others] = filters
  let rows = passingRows(ranges, codesOf(first.field), first.pass, new Uint32Array(most))
  for (const { field, pass } of others) rows = keepPassing(rows, codesOf(field), pass)
  return rows
}

function listRows(ranges: readonly { from: number; to: number }[], rows: Uint32Array): Uint32Array {
  let n = 0
  for (const { from, to } of ranges) for (let row = from; row < to; row++) rows[n++] = row
  return rows
}

function passingRows(
  ranges: readonly { from: number; to: number }[],
  codes: Codes,
  pass: Uint8Array,
  rows: Uint32Array,
): Uint32Array {
  let n = 0
  for (const { from, to } of ranges) {
    for (let row = from; row < to; row++) {
      // without a branch: which rows pass is anybody's guess
      rows[n] = row
      n += pass[codes[row]]
    }
  }
  return rows.subarray(0, n)
}

/** Keeps them in place. */
function keepPassing(rows: Uint32Array, codes: Codes, pass: Uint8Array): Uint32Array {
  let n = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    rows[n] = row
    n += pass[codes[row]]
  }
  return rows.subarray(0, n)
}
