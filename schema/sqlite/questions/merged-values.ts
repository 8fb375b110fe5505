/**
 * One sum per value over all segments, for breakdowns by one dimension. Addresses and paths have millions of values over
 * a month: a table of all of them would miss the cache at every step. Since segments keep their values in the order of
 * their hashes, all lists are merged piece by piece: first whatever begins with the bits 00000000, then 00000001 …, in a
 * table that fits into the cache.
 */
import type { Finder } from '../../words/pattern.js'
import { largest } from '../../store/largest.js'
import type { Dictionary } from '../columns/dictionary.js'
import { addRest, restOf, type Rest } from './rest.js'

const PIECES = 256
/** So few are merged in one piece, and put in order afterwards. */
const FEW_ENTRIES = 2_048
/** Lists merged at once. With more, the pieces of each are too short for the memory to be read ahead. */
const FAN_IN = 16

/** Sums by code of one segment. `requests` null: as many as records; `errors` null: nobody asked. */
export interface CodeSums {
  /** which codes they are of, ascending; null: of all, in their order */
  code: Uint32Array | null
  requests: Sums | null
  bytes: Sums
  records: Sums
  errors: Sums | null
}
type Sums = Float64Array | Uint32Array

/** Values with their sums, in ascending order of the first bits of their hash. */
interface List extends CodeSums {
  size: number
  folded: Uint32Array
  exact: Uint32Array
  /** where the text can be read: which dictionary from `firstDictionary` on (null: that one); `code`: which code in it (null: the entry itself) */
  firstDictionary: number
  dictionary: Uint32Array | null
}

/** The merged values of several segments, and what of them has no name. */
export interface Together {
  list: List
  rest: Rest
  dictionaries: readonly (() => Dictionary)[]
}

/** Rough memory in bytes. */
export function weightOf({ list, dictionaries }: Together): number {
  return list.size * (list.requests === null ? 40 : 48) + dictionaries.length * 300 + 2_000
}

export class MergedValues {
  /** how to get at the dictionaries again: keeping them would keep all hashes in memory */
  private readonly dictionaries: (() => Dictionary)[] = []
  /** waiting[n]: lists that were merged n times */
  private readonly waiting: List[][] = []
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
    const list: List =
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
  addMerged({ list, rest, dictionaries }: Together): void {
    this.put({ ...list, firstDictionary: this.dictionaries.length }, 0)
    this.dictionaries.push(...dictionaries)
    this.rest = addRest(this.rest, rest)
  }

  /** All that was added, to be kept and added again; at most `keep` values by name. */
  together(keep = Infinity): Together {
    const { size, requests, errors, ...list } = this.cut(merge(this.waiting.flat()), keep)
    const cut = <A extends Uint32Array | Float64Array>(array: A) => array.slice(0, size) as A
    return {
      list: {
        size,
        firstDictionary: 0,
        folded: cut(list.folded),
        exact: cut(list.exact),
        dictionary: list.dictionary && cut(list.dictionary),
        code: list.code && cut(list.code),
        requests: requests && cut(requests),
        bytes: cut(list.bytes),
        records: cut(list.records),
        errors: errors && cut(errors),
      },
      rest: this.rest,
      dictionaries: this.dictionaries,
    }
  }

  /** The list with its heaviest values only, in their order; the others go into the rest. Among equals the first hashes stay. */
  private cut(list: List, keep: number): List {
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
    const short: List = {
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
  private put(list: List, level: number): void {
    const lists = (this.waiting[level] ??= [])
    lists.push(list)
    if (lists.length < FAN_IN) return
    this.waiting[level] = []
    this.put(merge(lists), level + 1)
  }

  finish(): Merged {
    const { folded, exact, dictionary, code, requests, bytes, records, errors, size, steps } = merge(
      this.waiting.flat(),
    )
    const { rest } = this
    const opened: (Dictionary | undefined)[] = []
    const open = (at: number) => (opened[at] ??= this.dictionaries[at]())
    const textOf = (entry: number) => open(dictionary[entry]).value(code[entry])
    const found = (finder: Finder) => {
      const passes: (Uint8Array | undefined)[] = []
      return Uint32Array.from({ length: size }, (_, entry) => entry).filter((entry) => {
        const from = dictionary[entry]
        return (passes[from] ??= open(from).found(finder))[code[entry]] === 1
      })
    }
    return {
      count: size,
      folded,
      exact,
      requests: requests ?? records,
      bytes,
      records,
      errors,
      rest,
      textOf,
      found,
      steps,
    }
  }
}

export interface Merged {
  count: number
  /** what the last merge cost: places of tables looked at in vain */
  steps: number
  /** hashes of each */
  folded: Uint32Array
  exact: Uint32Array
  requests: Float64Array
  bytes: Float64Array
  records: Float64Array
  errors: Float64Array | null
  /** not in the entries */
  rest: Rest
  textOf(entry: number): string
  /** the entries whose text is found */
  found(finder: Finder): Uint32Array
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

function sumOf(column: Sums, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += column[i]
  return sum
}

/** Room for all entries of the lists: memory that stays untouched costs nothing. */
class MergedList implements List {
  size = 0
  /** places of tables looked at in vain */
  steps = 0
  readonly firstDictionary = 0
  readonly folded: Uint32Array
  readonly exact: Uint32Array
  readonly dictionary: Uint32Array
  readonly code: Uint32Array
  readonly requests: Float64Array | null
  readonly bytes: Float64Array
  readonly records: Float64Array
  readonly errors: Float64Array | null

  constructor(capacity: number, weighted: boolean, withErrors: boolean) {
    this.folded = new Uint32Array(capacity)
    this.exact = new Uint32Array(capacity)
    this.dictionary = new Uint32Array(capacity)
    this.code = new Uint32Array(capacity)
    this.requests = weighted ? new Float64Array(capacity) : null
    this.bytes = new Float64Array(capacity)
    this.records = new Float64Array(capacity)
    this.errors = withErrors ? new Float64Array(capacity) : null
  }

  /** By hash. */
  sort(): void {
    const { folded, size } = this
    const order = Uint32Array.from({ length: size }, (_, entry) => entry).sort((a, b) => folded[a] - folded[b])
    for (const column of [
      folded,
      this.exact,
      this.dictionary,
      this.code,
      this.requests,
      this.bytes,
      this.records,
      this.errors,
    ]) {
      column?.set(column.slice(0, size).map((_, place, before) => before[order[place]]))
    }
  }
}

/** Goes through all lists piece by piece: the values whose hashes begin with the same bits. */
function merge(lists: readonly List[]): MergedList {
  const entries = lists.reduce((sum, list) => sum + list.size, 0)
  const out = new MergedList(
    entries,
    lists.some((list) => list.requests !== null),
    lists.some((list) => list.errors !== null),
  )
  let slots = new Int32Array(256)
  const starts = new Uint32Array(lists.length)
  const ends = new Uint32Array(lists.length)
  const pieces = entries <= FEW_ENTRIES ? 1 : PIECES
  for (let piece = 0; piece < pieces; piece++) {
    const waiting = nextPiece(lists, (piece + 1) * (2 ** 32 / pieces), starts, ends)
    if (slots.length < waiting * 2) slots = new Int32Array(2 ** Math.ceil(Math.log2(waiting * 2)))
    slots.fill(-1)
    for (let l = 0; l < lists.length; l++) mergePiece(lists[l], starts[l], ends[l], out, slots)
  }
  if (pieces === 1) out.sort()
  return out
}

/** Moves on to the entries whose hash is below `limit`; gives their number. */
function nextPiece(lists: readonly List[], limit: number, starts: Uint32Array, ends: Uint32Array): number {
  let entries = 0
  for (let l = 0; l < lists.length; l++) {
    const { folded, size } = lists[l]
    let end = (starts[l] = ends[l])
    while (end < size && folded[end] < limit) end++
    ends[l] = end
    entries += end - starts[l]
  }
  return entries
}

/** Slots hold the entry of `out`, or −1. */
function mergePiece(list: List, start: number, end: number, out: MergedList, slots: Int32Array): void {
  const mask = slots.length - 1
  const { folded, exact, bytes, records, errors, firstDictionary, dictionary, code } = list
  const requests = list.requests ?? records
  const { folded: outFolded, exact: outExact, bytes: outBytes, records: outRecords } = out
  const { requests: outRequests, errors: outErrors } = out
  let { size, steps } = out
  for (let i = start; i < end; i++) {
    if (records[i] === 0) continue
    const f = folded[i]
    const e = exact[i]
    // by the second hash: the first is the same in all spellings of one text
    let slot = e & mask
    let entry = slots[slot]
    while (entry !== -1 && (outFolded[entry] !== f || outExact[entry] !== e)) {
      slot = (slot + 1) & mask
      entry = slots[slot]
      steps++
    }
    if (entry === -1) {
      entry = size++
      slots[slot] = entry
      outFolded[entry] = f
      outExact[entry] = e
      out.dictionary[entry] = dictionary === null ? firstDictionary : firstDictionary + dictionary[i]
      out.code[entry] = code === null ? i : code[i]
    }
    outRecords[entry] += records[i]
    outBytes[entry] += bytes[i]
    if (outRequests !== null) outRequests[entry] += requests[i]
    if (outErrors !== null && errors !== null) outErrors[entry] += errors[i]
  }
  out.size = size
  out.steps = steps
}
