/** Merged values as they are kept: in memory here, in a file by kept-file.ts. */
import { partStarts, type Sums, type ValueList } from './value-lists.js'

/** Merged values, in memory or elsewhere. */
export interface KeptValues {
  size: number
  /** some records stand for more than one request */
  weighted: boolean
  withErrors: boolean
  /** by part where it begins, and at the end the size */
  starts: Uint32Array
  /** The values of a part; `bytes` are not needed where `withBytes` is false. */
  part(part: number, withBytes: boolean): ValueList
  /** Where the text of an entry can be read: which dictionary, and its code there. */
  locate(entry: number): [dictionary: number, code: number]
  /** Nothing more is asked for now. */
  done?(): void
  /** They answer the question of now. */
  used?(): void
}

/** Values in memory. */
export class ListedValues implements KeptValues {
  readonly starts: Uint32Array

  constructor(readonly list: ValueList) {
    this.starts = partStarts(list)
  }

  get size(): number {
    return this.list.size
  }

  get weighted(): boolean {
    return this.list.requests !== null
  }

  get withErrors(): boolean {
    return this.list.errors !== null
  }

  part(part: number): ValueList {
    const [from, to] = [this.starts[part], this.starts[part + 1]]
    return { ...mapped(this.list, (column) => column.subarray(from, to) as typeof column), size: to - from }
  }

  locate(entry: number): [number, number] {
    const { firstDictionary, dictionary, code } = this.list
    return [firstDictionary + (dictionary?.[entry] ?? 0), code?.[entry] ?? entry]
  }
}

/** The list with other columns. */
export function mapped(list: ValueList, to: <A extends Sums>(column: A) => A): ValueList {
  const { size, firstDictionary, requests, errors, dictionary, code } = list
  return {
    size,
    firstDictionary,
    folded: to(list.folded),
    exact: to(list.exact),
    dictionary: dictionary && to(dictionary),
    code: code && to(code),
    requests: requests && to(requests),
    bytes: to(list.bytes),
    records: to(list.records),
    errors: errors && to(errors),
  }
}
