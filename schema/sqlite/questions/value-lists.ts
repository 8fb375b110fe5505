/** Lists of values with their sums, in the order of their hashes, and how several become one. */

/** The room of hashes is gone through in so many pieces; what is merged is in the order of pieces, within one in any. */
const PIECES = 256
/** So few are merged in one piece, and put in order afterwards. */
const FEW_ENTRIES = 2_048

/** Sums by code of one segment. `requests` null: as many as records; `errors` null: nobody asked. */
export interface CodeSums {
  /** which codes they are of, ascending; null: of all, in their order */
  code: Uint32Array | null
  requests: Sums | null
  bytes: Sums
  records: Sums
  errors: Sums | null
}
export type Sums = Float64Array | Uint32Array

/** Values with their sums, in ascending order of the first bits of their hash. */
export interface ValueList extends CodeSums {
  size: number
  folded: Uint32Array
  exact: Uint32Array
  /** where the text can be read: which dictionary from `firstDictionary` on (null: that one); `code`: which code in it (null: the entry itself) */
  firstDictionary: number
  dictionary: Uint32Array | null
}

/** The room of hashes in parts: what is too much to be merged at once is merged part by part. */
export const PARTS = 16
/** Hashes from here on lie behind the part. */
export const endOfPart = (part: number) => (part + 1) * (2 ** 32 / PARTS)

/** By part where it begins, and at the end the size. Parts hold whole pieces, so that their order suffices. */
export function partStarts({ folded, size }: Pick<ValueList, 'folded' | 'size'>): Uint32Array {
  const starts = new Uint32Array(PARTS + 1)
  for (let part = 0; part < PARTS; part++) {
    const end = endOfPart(part)
    let low = starts[part]
    let high = size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (folded[middle] < end) low = middle + 1
      else high = middle
    }
    starts[part + 1] = low
  }
  return starts
}

/** Room for some entries: memory that stays untouched costs nothing. */
export class MergedList implements ValueList {
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

  /** As new. */
  clear(): void {
    for (const sums of [this.requests, this.bytes, this.records, this.errors]) sums?.fill(0, 0, this.size)
    this.size = 0
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

/** All of them as one. */
export function mergeLists(lists: readonly ValueList[]): MergedList {
  const out = roomFor([lists])
  mergeInto(out, lists)
  return out
}

/** Room for whichever of the groups has the most entries. */
export function roomFor(groups: readonly (readonly ValueList[])[]): MergedList {
  const has = (column: 'requests' | 'errors') => groups.some((lists) => lists.some((list) => list[column] !== null))
  const entries = Math.max(0, ...groups.map((lists) => lists.reduce((sum, { size }) => sum + size, 0)))
  return new MergedList(entries, has('requests'), has('errors'))
}

/** Goes through all lists piece by piece, of what lies before `to`: the values whose hashes begin with the same bits. */
export function mergeInto(out: MergedList, lists: readonly ValueList[], from = 0, to = 2 ** 32): void {
  const entries = lists.reduce((sum, list) => sum + list.size, 0)
  let slots = new Int32Array(256)
  const starts = new Uint32Array(lists.length)
  const ends = new Uint32Array(lists.length)
  const width = entries <= FEW_ENTRIES ? to - from : 2 ** 32 / PIECES
  for (let end = from + width; end <= to; end += width) {
    const waiting = nextPiece(lists, end, starts, ends)
    if (slots.length < waiting * 2) slots = new Int32Array(2 ** Math.ceil(Math.log2(waiting * 2)))
    slots.fill(-1)
    for (let l = 0; l < lists.length; l++) mergePiece(lists[l], starts[l], ends[l], out, slots)
  }
  if (entries <= FEW_ENTRIES) out.sort()
}

/** Moves on to the entries whose hash is below `limit`; gives their number. */
function nextPiece(lists: readonly ValueList[], limit: number, starts: Uint32Array, ends: Uint32Array): number {
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
function mergePiece(list: ValueList, start: number, end: number, out: MergedList, slots: Int32Array): void {
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

/** Of the first `count`. */
export function sumOf(column: Sums, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += column[i]
  return sum
}
