/**
 * How far an input has come: one value per key (a zone, an object in a bucket, a file), changed only by whoever knows what
 * stands there. So two processes that fetch the same cannot both believe that they were the one to go on.
 */
import type { Json } from '../../words/json.js'
import type { Page, PageQuery } from '../paging.js'

export interface Checkpoint {
  input: string
  key: string
  /** a few KB at most */
  value: Json
  /** another one after every change; only good for comparing and for `put` */
  version: string
  updatedAt: number
}

export interface Checkpoints {
  get(input: string, key: string): Promise<Checkpoint | null>
  /** Those of an input in the order of their keys; `prefix`: of keys that begin so. */
  page(input: string, query: PageQuery & { prefix?: string }): Promise<Page<Checkpoint>>
  /**
   * Puts a value in the place of the one whose version is `expected`; null: there is none yet. Gives what now stands there,
   * or null: somebody else was here first, read again. After a cut connection reading again tells whether it was you.
   */
  put(input: string, key: string, value: Json, expected: string | null): Promise<Checkpoint | null>
  /** Takes it away if it is still of this version. False: it is not, or is gone. */
  remove(input: string, key: string, expected: string): Promise<boolean>
}
