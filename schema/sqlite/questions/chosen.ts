/**
 * Some values of a dimension, by their hashes. Unlike a filter, which ignores case, these are the values themselves: of a path in a
 * hundred thousand spellings, one is one.
 */
import type { DimensionField } from '../../words/fields.js'
import type { Dictionary } from '../columns/dictionary.js'
import type { Segment } from '../segments/segment.js'
import { countPassing, type CodeFilter } from './filters.js'

export class Chosen {
  constructor(
    readonly field: DimensionField,
    private readonly folded: Uint32Array,
    private readonly exact: Uint32Array,
  ) {}

  /** By value: its code in a segment, or −1. */
  codesIn(dictionary: Dictionary): Int32Array {
    return Int32Array.from(this.folded, (folded, i) => codeOf(dictionary, folded, this.exact[i]))
  }

  /** Passes the chosen values; null if the segment has none of them. */
  filterIn(dictionary: Dictionary): CodeFilter | null {
    const pass = new Uint8Array(dictionary.size)
    let any = false
    for (const code of this.codesIn(dictionary)) {
      if (code < 0) continue
      pass[code] = 1
      any = true
    }
    return any ? { field: this.field, pass, share: countPassing(pass) / pass.length } : null
  }
}

/** What passes all of them in a segment; null if nothing can. */
export function filtersOf(chosen: readonly Chosen[], segment: Segment): CodeFilter[] | null {
  const filters: CodeFilter[] = []
  for (const values of chosen) {
    const filter = values.filterIn(segment.dictionary(values.field))
    if (filter === null) return null
    filters.push(filter)
  }
  return filters
}

/** Codes are in ascending order of both hashes, "absent" first. */
function codeOf({ folded: of, exact: and, size }: Dictionary, folded: number, exact: number): number {
  if (folded === 0 && exact === 0) return 0
  let low = 1
  let high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (of[middle] < folded || (of[middle] === folded && and[middle] < exact)) low = middle + 1
    else high = middle
  }
  return low < size && of[low] === folded && and[low] === exact ? low : -1
}
