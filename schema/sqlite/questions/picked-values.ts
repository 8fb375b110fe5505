/** The values that go into an answer, picked part by part of what is merged, and what all of them come to. */
import { largest } from '../../store/largest.js'
import type { Dictionary } from '../columns/dictionary.js'
import type { Rest } from './rest.js'
import { MergedList, sumOf } from './value-lists.js'

export interface Merged {
  /** entries: all values, or those with the most requests */
  count: number
  /** what the merging cost: places of tables looked at in vain */
  steps: number
  /** hashes of each */
  folded: Uint32Array
  exact: Uint32Array
  requests: Float64Array
  bytes: Float64Array
  records: Float64Array
  errors: Float64Array | null
  /** of all values that have a name, those that are no entries among them */
  named: { values: number; requests: number; bytes: number; records: number; errors: number }
  /** not in the entries, and in nothing named */
  rest: Rest
  textOf(entry: number): string
}

/** Where a text can be read, of an entry that a merge found in a list at a place. */
type Locate = (list: number, place: number) => [dictionary: number, code: number]

/** The values with the most requests, part by part. */
export class Picked {
  private readonly named = { values: 0, requests: 0, bytes: 0, records: 0, errors: 0 }
  private list: MergedList

  constructor(
    private readonly most: number,
    /** among equals the first, not those whose texts come first: they are no answer yet */
    private readonly anyOfEquals: boolean,
    weighted: boolean,
    withErrors: boolean,
    private readonly open: (dictionary: number) => Dictionary,
  ) {
    this.list = new MergedList(0, weighted, withErrors)
  }

  /** `dictionary` and `code` of the part say in which list an entry was found, and where there. */
  add(part: MergedList, locate: Locate): void {
    const { named, most } = this
    named.values += part.size
    named.requests += sumOf(part.requests ?? part.records, part.size)
    named.bytes += sumOf(part.bytes, part.size)
    named.records += sumOf(part.records, part.size)
    named.errors += part.errors === null ? 0 : sumOf(part.errors, part.size)
    const placeOf = (entry: number) => locate(part.dictionary[entry], part.code[entry])
    const found = this.heaviestOf(part, (entry) => this.textAt(placeOf(entry)))
    this.list = joined(this.list, part, found, placeOf)
    if (this.list.size <= most) return
    const before = this.list
    const kept = this.heaviestOf(before, (entry) => this.textOf(entry))
    this.list = joined(new MergedList(0, part.requests !== null, part.errors !== null), before, kept, (entry) => [
      before.dictionary[entry],
      before.code[entry],
    ])
  }

  all(): Omit<Merged, 'rest' | 'steps'> {
    const { size, folded, exact, requests, bytes, records, errors } = this.list
    const sums = { requests: requests ?? records, bytes, records, errors }
    return { count: size, folded, exact, ...sums, named: this.named, textOf: (entry) => this.textOf(entry) }
  }

  /** In their order. */
  private heaviestOf({ requests, records, size }: MergedList, textOf: (entry: number) => string): Uint32Array {
    if (size <= this.most) return Uint32Array.from({ length: size }, (_, entry) => entry)
    return Uint32Array.from(largest(requests ?? records, size, this.most, this.anyOfEquals ? null : textOf)).sort()
  }

  private textOf(entry: number): string {
    return this.textAt([this.list.dictionary[entry], this.list.code[entry]])
  }

  private textAt([dictionary, code]: [number, number]): string {
    return this.open(dictionary).value(code)
  }
}

/** The list and, behind it, some entries of another; `placeOf` says where their texts can be read. */
function joined(
  list: MergedList,
  other: MergedList,
  entries: Uint32Array,
  placeOf: (entry: number) => [dictionary: number, code: number],
): MergedList {
  const { size } = list
  const out = new MergedList(size + entries.length, other.requests !== null, other.errors !== null)
  out.size = size + entries.length
  for (const name of ['folded', 'exact', 'requests', 'bytes', 'records', 'errors'] as const) {
    const [to, before, from] = [out[name], list[name], other[name]]
    if (to === null || before === null || from === null) continue
    to.set(before.subarray(0, size))
    for (let i = 0; i < entries.length; i++) to[size + i] = from[entries[i]]
  }
  out.dictionary.set(list.dictionary.subarray(0, size))
  out.code.set(list.code.subarray(0, size))
  entries.forEach((entry, i) => {
    const [dictionary, code] = placeOf(entry)
    out.dictionary[size + i] = dictionary
    out.code[size + i] = code
  })
  return out
}
