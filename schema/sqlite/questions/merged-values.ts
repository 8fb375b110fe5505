/**
 * One sum per value over all segments, for breakdowns by one dimension. Addresses and paths have millions of values over
 * a month: a table of all of them would miss the cache at every step. Since segments keep their values in the order of
 * their hashes, all lists are merged piece by piece: first whatever begins with the bits 00000000, then 00000001 …, in a
 * table that fits into the cache.
 */
import type { Dictionary } from '../columns/dictionary.js'

/** Many values are merged in 1,024 pieces, few in one. */
const PIECE_BITS = 10
const FEW = 32_768
/** Entries that wait at most before they are merged: bounds the memory. */
const MAX_WAITING = 1_500_000

/** Sums by code of one segment; `errors` null: nobody asked. */
export interface CodeSums { requests: Sums; bytes: Sums; records: Sums; errors: Sums | null }
type Sums = Float64Array | Uint32Array

/** Values with their sums, in ascending order of the first bits of their hash. */
interface List extends CodeSums {
  size: number
  folded: Uint32Array
  exact: Uint32Array
  /** where the text can be read: which dictionary (one for all entries of a segment's list), which code in it (null: the entry itself) */
  dictionary: Uint32Array | number
  code: Uint32Array | null
}

export class MergedValues {
  /** how to get at the dictionaries again: keeping them would keep all hashes in memory */
  private readonly dictionaries: (() => Dictionary)[] = []
  private lists: List[] = []
  private waiting = 0
  private bits = 0

  /** Adds what a segment has; codes without records do not count. `dictionary` is asked again for the texts at the end. */
  add(dictionary: () => Dictionary, sums: CodeSums): void {
    this.dictionaries.push(dictionary)
    const { folded, exact, size } = dictionary()
    this.lists.push({ ...sums, size, folded, exact, dictionary: this.dictionaries.length - 1, code: null })
    this.waiting += size
    if (this.waiting > FEW) this.bits = PIECE_BITS
    if (this.waiting > MAX_WAITING) {
      this.lists = [merge(this.lists, this.bits)]
      this.waiting = 0
    }
  }

  finish(): Merged {
    const { dictionary, code, requests, bytes, records, errors, size } = merge(this.lists, this.bits)
    return { count: size, requests, bytes, records, errors, textOf: (entry) => this.dictionaries[dictionary[entry]]().value(code[entry]) }
  }
}

export interface Merged extends Pick<MergedList, 'requests' | 'bytes' | 'records' | 'errors'> {
  count: number
  textOf(entry: number): string
}

/** A list that grows at its end. */
class MergedList implements List {
  size = 0
  folded = new Uint32Array(256)
  exact = new Uint32Array(256)
  dictionary = new Uint32Array(256)
  code = new Uint32Array(256)
  requests = new Float64Array(256)
  bytes = new Float64Array(256)
  records = new Float64Array(256)
  errors = new Float64Array(256)

  /** Room for this many more entries. */
  reserve(more: number): void {
    if (this.size + more <= this.folded.length) return
    const length = Math.max(this.folded.length * 2, this.size + more)
    for (const name of ['folded', 'exact', 'dictionary', 'code'] as const) this[name] = extended(this[name], new Uint32Array(length))
    for (const name of ['requests', 'bytes', 'records', 'errors'] as const) this[name] = extended(this[name], new Float64Array(length))
  }
}

function extended<A extends Float64Array | Uint32Array>(old: A, longer: A): A {
  longer.set(old)
  return longer
}

/** Goes through all lists piece by piece: the values whose hashes begin with the same bits. */
function merge(lists: readonly List[], bits: number): MergedList {
  const out = new MergedList()
  out.reserve(lists.reduce((most, list) => Math.max(most, list.size), 0) * 4)
  let slots = new Int32Array(1024)
  const starts = new Uint32Array(lists.length)
  const ends = new Uint32Array(lists.length)
  for (let piece = 0; piece < 1 << bits; piece++) {
    const limit = (piece + 1) * 2 ** (32 - bits)
    let most = 0
    for (let l = 0; l < lists.length; l++) {
      const { folded, size } = lists[l]
      let end = (starts[l] = ends[l])
      while (end < size && folded[end] < limit) end++
      ends[l] = end
      most += end - starts[l]
    }
    if (slots.length < most * 2) slots = new Int32Array(2 ** Math.ceil(Math.log2(most * 2)))
    slots.fill(-1)
    out.reserve(most)
    for (let l = 0; l < lists.length; l++) mergePiece(lists[l], starts[l], ends[l], out, slots)
  }
  return out
}

/** Slots hold the entry of `out`, or −1. */
function mergePiece(list: List, start: number, end: number, out: MergedList, slots: Int32Array): void {
  const mask = slots.length - 1
  const { folded, exact, requests, bytes, records, errors, dictionary, code } = list
  const { folded: outFolded, exact: outExact, requests: outRequests, bytes: outBytes, records: outRecords, errors: outErrors } = out
  let { size } = out
  for (let i = start; i < end; i++) {
    if (records[i] === 0) continue
    const f = folded[i]
    const e = exact[i]
    let slot = f & mask
    let entry = slots[slot]
    while (entry !== -1 && (outFolded[entry] !== f || outExact[entry] !== e)) {
      slot = (slot + 1) & mask
      entry = slots[slot]
    }
    if (entry === -1) {
      entry = size++
      slots[slot] = entry
      outFolded[entry] = f
      outExact[entry] = e
      out.dictionary[entry] = typeof dictionary === 'number' ? dictionary : dictionary[i]
      out.code[entry] = code === null ? i : code[i]
    }
    outRequests[entry] += requests[i]
    outBytes[entry] += bytes[i]
    outRecords[entry] += records[i]
    if (errors !== null) outErrors[entry] += errors[i]
  }
  out.size = size
}
