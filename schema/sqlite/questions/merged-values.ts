/**
 * One sum per value over all segments, for breakdowns by one dimension. Addresses and paths have millions of values over
 * a month: a table of all of them would miss the cache at every step. Since segments keep their values in the order of
 * their hashes, all lists are merged piece by piece: first whatever begins with the bits 00000000, then 00000001 …, in a
 * table that fits into the cache.
 */
import type { Dictionary } from '../columns/dictionary.js'

const PIECE_BITS = 8
const PIECES = 1 << PIECE_BITS
/** Entries that wait at most before they are merged: bounds the memory. */
const MAX_WAITING = 2_000_000

/** Sums by code of one segment; `errors` null: nobody asked. */
export interface CodeSums { requests: Sums; bytes: Sums; records: Sums; errors: Sums | null }
type Sums = Float64Array | Uint32Array

/** Values in the order of pieces, with their sums. */
interface List extends CodeSums {
  /** first entry of each piece, and the end */
  starts: Uint32Array
  folded: Uint32Array
  exact: Uint32Array
  /** where the text can be read: which dictionary (one for all entries of a segment's list), which code in it (null: the entry itself) */
  dictionary: Uint32Array | number
  code: Uint32Array | null
}

export class MergedValues {
  private readonly dictionaries: Dictionary[] = []
  private lists: List[] = []
  private waiting = 0

  /** Adds what a segment has; codes without records do not count. */
  add(dictionary: Dictionary, sums: CodeSums): void {
    this.dictionaries.push(dictionary)
    const { folded, exact, size } = dictionary
    this.lists.push({ ...sums, folded, exact, starts: piecesOf(folded), dictionary: this.dictionaries.length - 1, code: null })
    this.waiting += size
    if (this.waiting > MAX_WAITING) {
      this.lists = [merge(this.lists)]
      this.waiting = 0
    }
  }

  finish(): Merged {
    const { dictionary, code, requests, bytes, records, errors, count } = merge(this.lists)
    return { count, requests, bytes, records, errors, textOf: (entry) => this.dictionaries[dictionary[entry]].value(code[entry]) }
  }
}

export interface Merged extends Pick<MergedList, 'count' | 'requests' | 'bytes' | 'records' | 'errors'> {
  textOf(entry: number): string
}

/** Codes ascend by hash ("absent", code 0, has the lowest), so the pieces lie one after the other. */
function piecesOf(folded: Uint32Array): Uint32Array {
  const starts = new Uint32Array(PIECES + 1)
  let at = 0
  for (let piece = 0; piece <= PIECES; piece++) {
    const first = piece * 2 ** (32 - PIECE_BITS)
    while (at < folded.length && folded[at] < first) at++
    starts[piece] = at
  }
  return starts
}

/** A list that grows at its end. */
class MergedList implements List {
  count = 0
  readonly starts = new Uint32Array(PIECES + 1)
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
    if (this.count + more <= this.folded.length) return
    const length = Math.max(this.folded.length * 2, this.count + more)
    for (const name of ['folded', 'exact', 'dictionary', 'code'] as const) this[name] = extended(this[name], new Uint32Array(length))
    for (const name of ['requests', 'bytes', 'records', 'errors'] as const) this[name] = extended(this[name], new Float64Array(length))
  }
}

function extended<A extends Float64Array | Uint32Array>(old: A, longer: A): A {
  longer.set(old)
  return longer
}

function merge(lists: readonly List[]): MergedList {
  const out = new MergedList()
  let slots = new Int32Array(1024)
  for (let piece = 0; piece < PIECES; piece++) {
    out.starts[piece] = out.count
    const most = lists.reduce((sum, list) => sum + list.starts[piece + 1] - list.starts[piece], 0)
    while (slots.length < most * 2) slots = new Int32Array(slots.length * 2)
    slots.fill(-1)
    out.reserve(most)
    for (const list of lists) mergePiece(list, piece, out, slots)
  }
  out.starts[PIECES] = out.count
  return out
}

/** Slots hold the entry of `out`, or −1. */
function mergePiece(list: List, piece: number, out: MergedList, slots: Int32Array): void {
  const mask = slots.length - 1
  const { folded, exact, requests, bytes, records, errors, dictionary, code } = list
  const { folded: outFolded, exact: outExact, requests: outRequests, bytes: outBytes, records: outRecords, errors: outErrors } = out
  let { count } = out
  for (let i = list.starts[piece], end = list.starts[piece + 1]; i < end; i++) {
    if (records[i] === 0) continue
    const f = folded[i]
    const e = exact[i]
    let slot = (f ^ (f >>> 11)) & mask
    let entry = slots[slot]
    while (entry !== -1 && (outFolded[entry] !== f || outExact[entry] !== e)) {
      slot = (slot + 1) & mask
      entry = slots[slot]
    }
    if (entry === -1) {
      entry = count++
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
  out.count = count
}
