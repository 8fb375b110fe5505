/**
 * One sum per value over all segments, for breakdowns by one dimension. Addresses and paths have millions of values over
 * a month: a table of all of them would miss the cache at every step. Since segments keep their values in the order of
 * their hashes, all lists are merged piece by piece: first whatever begins with the bits 00000000, then 00000001 …, in a
 * table that fits into the cache. In the end this is done part by part, and of each part only those are kept that may be
 * asked for: how many there are and what they come to is added up on the way.
 */
import { largest } from '../../store/largest.js'
import type { Dictionary } from '../columns/dictionary.js'
import { addRest, restOf, type Rest } from './rest.js'
import { ListedValues, mapped, type KeptValues } from './kept-values.js'
import { Picked, type Merged } from './picked-values.js'
import {
  endOfPart,
  MergedList,
  mergeInto,
  mergeLists,
  PARTS,
  sumOf,
  type CodeSums,
  type Sums,
  type ValueList,
} from './value-lists.js'

export type { Merged } from './picked-values.js'
export type { CodeSums } from './value-lists.js'

/** Lists merged at once. With more, the pieces of each are too short for the memory to be read ahead. */
const FAN_IN = 16
/** So many entries are merged at once in the end: a part of more takes no less time, but all of them as much more memory. */
const FEW_IN_ALL = 200_000

/** The merged values of several segments, and what of them has no name. */
export interface Together {
  values: KeptValues
  rest: Rest
  dictionaries: readonly (() => Dictionary)[]
}

/** Rough memory in bytes. */
export function weightOf({ values, dictionaries }: Together): number {
  const ofValues = values instanceof ListedValues ? values.size * (values.weighted ? 48 : 40) : 500
  return ofValues + dictionaries.length * 300 + 2_000
}

export class MergedValues {
  /** how to get at the dictionaries again: keeping them would keep all hashes in memory */
  private readonly dictionaries: (() => Dictionary)[] = []
  /** waiting[n]: lists that were merged n times */
  private readonly waiting: ValueList[][] = []
  /** what was merged before and is not in memory, and the number of its first dictionary here */
  private readonly filed: { values: KeptValues; firstDictionary: number }[] = []
  /** what was added and has no name here */
  rest: Rest = restOf()

  /**
   * Adds what a segment has; codes without records do not count. `dictionary` is asked again for the texts at the
   * end. Of more than `keep` values those with the most requests have a name, the others are in the rest.
   */
  add(dictionary: () => Dictionary, sums: CodeSums, keep = Infinity): void {
    this.dictionaries.push(dictionary)
    const { folded, exact, size } = dictionary()
    const firstDictionary = this.dictionaries.length - 1
    const { code } = sums
    const list: ValueList =
      code === null
        ? { ...sums, size, folded, exact, firstDictionary, dictionary: null }
        : {
            ...sums,
            size: code.length,
            folded: picked(folded, code),
            exact: picked(exact, code),
            firstDictionary,
            dictionary: null,
          }
    this.put(this.cut(list, keep), 0)
  }

  /** Adds what was merged before. */
  addMerged({ values, rest, dictionaries }: Together): void {
    const firstDictionary = this.dictionaries.length
    if (values instanceof ListedValues) this.put({ ...values.list, firstDictionary }, 0)
    else this.filed.push({ values, firstDictionary })
    this.dictionaries.push(...dictionaries)
    this.rest = addRest(this.rest, rest)
  }

  /** All that was added, to be kept and added again; where there are more than `most` values, `keep` by name. */
  together(keep = Infinity, most = keep): Together {
    if (this.filed.length > 0) throw new Error('what is not in memory is merged part by part')
    const merged = mergeLists(this.waiting.flat())
    const list = merged.size > most ? this.cut(merged, keep) : merged
    const values = new ListedValues(mapped(list, (column) => column.slice(0, list.size) as typeof column))
    return { values, rest: this.rest, dictionaries: this.dictionaries }
  }

  /** The list with its heaviest values only, in their order; the others go into the rest. Among equals the first hashes stay. */
  private cut(list: ValueList, keep: number): ValueList {
    if (list.size <= keep) return list
    const { records, bytes, errors, dictionary, code } = list
    const requests = list.requests ?? records
    let values = 0
    for (let i = 0; i < list.size; i++) if (records[i] > 0) values++
    if (values <= keep) return list
    const kept = Uint32Array.from(largest(requests, list.size, keep, null)).sort()
    const pick = <A extends Sums>(column: A) => {
      const out = new (column.constructor as new (n: number) => A)(kept.length)
      for (let i = 0; i < kept.length; i++) out[i] = column[kept[i]]
      return out
    }
    const short: ValueList = {
      size: kept.length,
      firstDictionary: list.firstDictionary,
      folded: pick(list.folded),
      exact: pick(list.exact),
      dictionary: dictionary && pick(dictionary),
      code: code === null ? kept : pick(code),
      requests: list.requests && pick(list.requests),
      bytes: pick(bytes),
      records: pick(records),
      errors: errors && pick(errors),
    }
    const without = (all: Sums, some: Sums) => sumOf(all, list.size) - sumOf(some, kept.length)
    const least = short.requests ?? short.records
    this.rest = addRest(this.rest, {
      values,
      requests: without(requests, least),
      bytes: without(bytes, short.bytes),
      records: without(records, short.records),
      errors: errors === null ? 0 : without(errors, short.errors as Sums),
      most: leastOf(least),
    })
    return short
  }

  /** Merges lists as often as any other, so that each entry moves few times. */
  private put(list: ValueList, level: number): void {
    const lists = (this.waiting[level] ??= [])
    lists.push(list)
    if (lists.length < FAN_IN) return
    this.waiting[level] = []
    this.put(mergeLists(lists), level + 1)
  }

  /**
   * The `limit` values with the most requests, equal ones by text, and what all of them come to. Where some have no name, so many
   * as are looked at closely for them: `candidates` says how many. Bytes are left out where nobody asks for them.
   */
  finish(limit = Infinity, { candidates = (n: number) => n, withBytes = true } = {}): Merged {
    const sources: { values: KeptValues; firstDictionary: number }[] = [
      ...this.waiting.flat().map((list) => ({ values: new ListedValues(list), firstDictionary: 0 })),
      ...this.filed,
    ]
    const all = sources.reduce((sum, { values }) => sum + values.size, 0)
    const inParts = all > FEW_IN_ALL || sources.some(({ values }) => !(values instanceof ListedValues))
    const parts = inParts ? PARTS : 1
    const sizes = Array.from({ length: parts }, (_, part) =>
      sources.reduce(
        (sum, { values: { starts } }) => sum + (inParts ? starts[part + 1] - starts[part] : starts[PARTS]),
        0,
      ),
    )
    const [weighted, withErrors] = (['weighted', 'withErrors'] as const).map((has) =>
      sources.some(({ values }) => values[has]),
    )
    const most = this.rest.records > 0 ? candidates(limit) : limit
    const picked = new Picked(most, this.rest.records > 0, weighted, withErrors, (dictionary) => this.open(dictionary))
    const merging = new MergedList(Math.max(...sizes), weighted, withErrors)
    for (let part = 0; part < parts; part++) {
      const lists = sources.map(({ values }, source): ValueList => {
        const list = inParts ? values.part(part, withBytes) : (values as ListedValues).list
        // found again by its place: where texts can be read is asked for the few that stay
        return { ...list, firstDictionary: source, dictionary: null, code: null }
      })
      if (inParts) mergeInto(merging, lists, endOfPart(part - 1), endOfPart(part))
      else mergeInto(merging, lists)
      picked.add(merging, (source, place) => {
        const { values, firstDictionary } = sources[source]
        const [dictionary, code] = values.locate((inParts ? values.starts[part] : 0) + place)
        return [firstDictionary + dictionary, code]
      })
      merging.clear()
    }
    for (const { values } of sources) values.done?.()
    return { ...picked.all(), rest: this.rest, steps: merging.steps }
  }

  private readonly opened: (Dictionary | undefined)[] = []

  private open(dictionary: number): Dictionary {
    return (this.opened[dictionary] ??= this.dictionaries[dictionary]())
  }
}

function picked(hashes: Uint32Array, codes: Uint32Array): Uint32Array {
  const out = new Uint32Array(codes.length)
  for (let i = 0; i < codes.length; i++) out[i] = hashes[codes[i]]
  return out
}

function leastOf(column: Sums): number {
  let least = Infinity
  for (let i = 0; i < column.length; i++) if (column[i] < least) least = column[i]
  return least
}
