/** Filters against a segment's dictionaries: which codes pass. */
import { fieldOfDimension, type Filter } from '../../store/query.js'
import type { DimensionField } from '../../words/fields.js'
import { finderOf, isPattern } from '../../words/pattern.js'
import { statusClassOf } from '../../status/status-class.js'
import type { Dictionary } from '../columns/dictionary.js'
import { listRows, type PackedCodes } from '../columns/packed-codes.js'
import type { Segment } from '../segments/segment.js'

/** `pass[code]` is 1 for the codes that a row may have. */
export interface CodeFilter {
  field: DimensionField
  pass: Uint8Array
  /** of the codes, those that pass; 0–1 */
  share: number
}

/** The filters that decide anything in this segment; null if no row can pass. */
export function codeFilters(segment: Segment, conditions: readonly Filter[]): CodeFilter[] | null {
  const filters: CodeFilter[] = []
  for (const condition of conditions) {
    const field = fieldOfDimension(condition.dimension)
    const pass = passingCodes(segment.dictionary(field), condition)
    const passing = countPassing(pass)
    if (passing === 0) return null
    if (passing < pass.length) filters.push({ field, pass, share: passing / pass.length })
  }
  return filters
}

/** A loop of its own, see ../columns/integers.ts. */
export function countPassing(pass: Uint8Array): number {
  let n = 0
  for (let code = 0; code < pass.length; code++) n += pass[code]
  return n
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

/** Rows of the ranges that pass all filters, ascending. The filter that leaves the fewest goes first, the others look at what it left. */
export function selectRows(
  ranges: readonly { from: number; to: number }[],
  filters: readonly CodeFilter[],
  columnOf: (field: DimensionField) => PackedCodes,
): Uint32Array {
  if (filters.length === 0) return listRows(ranges, new Uint32Array(ranges.reduce((sum, r) => sum + r.to - r.from, 0)))
  const asked = filters.map(({ field, pass, share }) => {
    const column = columnOf(field)
    return { column, pass, likely: column.likely(pass, share) }
  })
  asked.sort((a, b) => a.likely - b.likely)
  const [first, ...others] = asked
  let rows = first.column.select(ranges, first.pass)
  for (const { column, pass } of others) rows = column.keep(rows, pass)
  return rows
}
